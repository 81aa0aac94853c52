"""The words of mails: what happened, what is next, and the link; no name, no condition, no age."""

from email.message import EmailMessage
from email.utils import formatdate

from portal.actions.letters import Mail
from portal.actions.notices import Letter
from portal.config import Settings
from portal.domain.lifecycle import Move

SUBJECTS: dict[Move, str] = {
    Move.SUBMIT: "received",
    Move.ACCEPT: "accepted",
    Move.DECLINE: "declined",
    Move.TRANSFER: "moved to another clinic",
    Move.ASK: "the clinic has a question for you",
    Move.WRITE: "the clinic wrote to you",
    Move.WITHDRAW: "withdrawn",
    Move.CONFIRM_CANCEL: "cancelled",
    Move.KEEP: "it goes on",
}
SAID: dict[Move, str] = {
    Move.SUBMIT: "It is in the queue of {clinic}. The page behind the link says what happens next and by when.",
    Move.ACCEPT: "{clinic} accepted it for a consultation. The clinic calls the patient to set the first visit.",
    Move.DECLINE: "{clinic} declined it. The reason and what you can do next are on the page behind the link.",
    Move.TRANSFER: "It moved to {clinic}. You need not send it again. The reason is on the page behind the link.",
    Move.ASK: "{clinic} needs an answer from you before it can decide. Answer on the page behind the link.",
    Move.WRITE: "{clinic} wrote to you. You need not answer. It is on the page behind the link.",
    Move.WITHDRAW: "It was withdrawn and is closed. Send a new referral if it is needed again.",
    Move.CONFIRM_CANCEL: "{clinic} cancelled it, as was asked. Send a new referral if it is needed again.",
    Move.KEEP: "It was asked to cancel it, and that was taken back. It goes on at {clinic}.",
}


def write(letter: Letter, settings: Settings, *, at: float) -> EmailMessage:
    """Return the mail for a notice; the same notice always has the same Message-ID. `at` is a Unix time."""
    message = _mail(f"notice-{letter.notice_id}", letter.to, settings, at)
    message["Subject"] = f"Referral {letter.reference}: {SUBJECTS[letter.move]}"
    message.set_content(
        f"Referral {letter.reference}\n\n"
        f"{SAID[letter.move].format(clinic=letter.clinic[:1].upper() + letter.clinic[1:])}\n\n"
        f"Status and history:\n{settings.public_url}/s/{letter.status_key}\n\n"
        "The link opens this one referral. Keep it to your practice.\n"
        "This mailbox is not read. If the patient gets worse, do not wait for the clinic: "
        "call 911, or call or text 988. Alaska Careline: 877-266-4357.\n"
    )
    return message


def to_anybody(mail: Mail, settings: Settings, *, at: float) -> EmailMessage:
    """Return the mail for a letter to a member, in the words that were sealed when it was owed."""
    message = _mail(f"letter-{mail.name}", mail.to, settings, at)
    message["Subject"] = mail.subject
    message.set_content(f"{mail.body}\nThis mailbox is not read.\n")
    return message


def _mail(name: str, to: str, settings: Settings, at: float) -> EmailMessage:
    message = EmailMessage()
    message["From"] = settings.mail_from
    message["To"] = to
    message["Date"] = formatdate(at)
    message["Message-ID"] = f"<{name}@{settings.mail_from.partition('@')[2]}>"
    message["Auto-Submitted"] = "auto-generated"
    return message
