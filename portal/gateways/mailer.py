"""Mail, by SMTP or as files; a mail carries a reference, a status and a link, and nothing of the patient."""

import smtplib
import ssl
from collections.abc import Callable
from contextlib import suppress
from datetime import datetime
from email.message import EmailMessage
from email.policy import SMTP
from pathlib import Path
from urllib.parse import SplitResult, unquote, urlsplit

TIMEOUT_SECONDS = 20
PERMANENT_FROM = 500

Send = Callable[[EmailMessage], None]


class NotSent(Exception):
    """The mail did not go; `for_good` when trying again cannot help. The text holds no address."""

    def __init__(self, said: str, *, for_good: bool) -> None:
        super().__init__(said)
        self.for_good = for_good


def sender(url: str, folder: Path) -> Send:
    """Return what sends by the mail URL: `smtps://`, `smtp+tls://` (STARTTLS), `smtp://` (for loopback), or files.

    Raises ValueError for another scheme: a slip must not send a password in the clear.
    """
    if not url:
        return _to_folder(folder)
    parts = urlsplit(url)
    if parts.scheme not in _CONNECTED:
        raise ValueError(f"MAIL_URL begins with one of {', '.join(f'{scheme}://' for scheme in _CONNECTED)}")
    return _by_smtp(parts)


def forget(folder: Path, *, before: datetime) -> int:
    """Remove the mails that were written as files before a moment; return how many."""
    count = 0
    for path in folder.glob("*.eml"):
        # Another worker may be at it too.
        with suppress(FileNotFoundError):
            if path.stat().st_mtime < before.timestamp():
                path.unlink()
                count += 1
    return count


def _to_folder(folder: Path) -> Send:
    def send(message: EmailMessage) -> None:
        # A second try of the same notice writes the same file.
        name = message["Message-ID"].strip("<>").partition("@")[0]
        try:
            folder.mkdir(parents=True, exist_ok=True)
            (folder / f"{name}.eml").write_bytes(message.as_bytes(policy=SMTP))
        except OSError as failure:
            raise NotSent(
                f"The mail folder took nothing ({type(failure).__name__})", for_good=False
            ) from None

    return send


def _plain(host: str, port: int | None) -> smtplib.SMTP:
    return smtplib.SMTP(host, port or 25, timeout=TIMEOUT_SECONDS)


def _upgraded(host: str, port: int | None) -> smtplib.SMTP:
    server = smtplib.SMTP(host, port or 587, timeout=TIMEOUT_SECONDS)
    try:
        # Without a context the library would take any certificate.
        server.starttls(context=ssl.create_default_context())
    except BaseException:
        server.close()
        raise
    return server


def _over_tls(host: str, port: int | None) -> smtplib.SMTP:
    return smtplib.SMTP_SSL(host, port or 465, timeout=TIMEOUT_SECONDS, context=ssl.create_default_context())


_CONNECTED: dict[str, Callable[[str, int | None], smtplib.SMTP]] = {
    "smtps": _over_tls,
    "smtp+tls": _upgraded,
    "smtp": _plain,
}


def _by_smtp(parts: SplitResult) -> Send:
    connect = _CONNECTED[parts.scheme]

    def send(message: EmailMessage) -> None:
        try:
            with connect(parts.hostname or "", parts.port) as server:
                if parts.username:
                    server.login(unquote(parts.username), unquote(parts.password or ""))
                server.send_message(message)
        except smtplib.SMTPRecipientsRefused as refused:
            code = next(iter(refused.recipients.values()))[0]
            raise NotSent(
                f"The mail server refused the address ({code})", for_good=code >= PERMANENT_FROM
            ) from None
        except smtplib.SMTPResponseException as answer:
            permanent = answer.smtp_code >= PERMANENT_FROM
            raise NotSent(f"The mail server answered {answer.smtp_code}", for_good=permanent) from None
        except (OSError, smtplib.SMTPException) as failure:
            raise NotSent(
                f"The mail server did not answer ({type(failure).__name__})", for_good=False
            ) from None

    return send
