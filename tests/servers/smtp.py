"""A real mail server on loopback that keeps what it is sent, and can refuse an address or be busy."""

import ssl
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import SMTP as SMTP_POLICY

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, Envelope, Session

from tests.servers.loopback import LOOPBACK, free_port


@dataclass
class Mailbox:
    """What the server has taken, and what it answers; tests read and set these while it runs."""

    port: int = field(default_factory=free_port)
    messages: list[EmailMessage] = field(default_factory=list)
    """Every message taken, in the order it came."""
    refused: set[str] = field(default_factory=set)
    """Addresses that are answered with 550: there is no such mailbox, and never will be."""
    busy: bool = False
    """While true every message is answered with 451: try again later."""

    async def handle_RCPT(  # noqa: N802 - the server finds its answers by these names.
        self, _server: SMTP, _session: Session, envelope: Envelope, address: str, _options: list[str]
    ) -> str:
        """Take or refuse one recipient."""
        if address in self.refused:
            return "550 5.1.1 No such mailbox"
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, _server: SMTP, _session: Session, envelope: Envelope) -> str:  # noqa: N802
        """Take one message, or ask for it to be sent again later."""
        if self.busy:
            return "451 4.3.0 Try again later"
        content = envelope.original_content or b""
        self.messages.append(message_from_bytes(content, EmailMessage, policy=SMTP_POLICY))
        return "250 OK"

    def messages_to(self, address: str) -> list[EmailMessage]:
        """List the messages whose To names this address."""
        return [message for message in self.messages if address in str(message["To"])]


@contextmanager
def running(*, upgrade: ssl.SSLContext | None = None, tls: ssl.SSLContext | None = None) -> Iterator[Mailbox]:
    """Run a mail server on a free loopback port, plain, with STARTTLS or over TLS; yield its mailbox."""
    mailbox = Mailbox()
    controller = Controller(
        mailbox, hostname=LOOPBACK, port=mailbox.port, tls_context=upgrade, ssl_context=tls
    )
    controller.start()
    try:
        yield mailbox
    finally:
        controller.stop()
