"""Mail goes over TLS to a server that shows who it is, and to no other."""

from email.message import EmailMessage
from pathlib import Path

import pytest

from portal.gateways.mailer import NotSent, sender
from tests.servers import certificate, smtp


def mail() -> EmailMessage:
    message = EmailMessage()
    message["From"], message["To"], message["Message-ID"] = (
        "a@example.com",
        "b@example.com",
        "<one@example.com>",
    )
    message.set_content("words")
    return message


@pytest.mark.parametrize(("scheme", "way"), [("smtps", "tls"), ("smtp+tls", "upgrade")])
def test_a_server_whose_certificate_is_trusted_takes_the_mail(
    scheme: str, way: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    shown = certificate.make(tmp_path)
    monkeypatch.setenv("SSL_CERT_FILE", str(shown[0]))
    with smtp.running(**{way: certificate.context(*shown)}) as box:
        sender(f"{scheme}://127.0.0.1:{box.port}", tmp_path)(mail())
        assert len(box.messages) == 1


@pytest.mark.parametrize(("scheme", "way"), [("smtps", "tls"), ("smtp+tls", "upgrade")])
def test_a_server_that_nobody_vouches_for_gets_nothing(scheme: str, way: str, tmp_path: Path) -> None:
    with smtp.running(**{way: certificate.context(*certificate.make(tmp_path))}) as box:
        with pytest.raises(NotSent, match="SSLCertVerificationError"):
            sender(f"{scheme}://user:word@127.0.0.1:{box.port}", tmp_path)(mail())
        assert box.messages == []


def test_a_server_without_tls_gets_nothing_where_tls_is_asked_for(tmp_path: Path) -> None:
    with smtp.running() as box:
        with pytest.raises(NotSent):
            sender(f"smtp+tls://127.0.0.1:{box.port}", tmp_path)(mail())
        assert box.messages == []


@pytest.mark.parametrize("url", ["smtp-tls://mail.example", "mail.example:25", "https://mail.example"])
def test_a_scheme_nobody_knows_is_refused_before_anything_is_sent(url: str, tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="MAIL_URL"):
        sender(url, tmp_path)
