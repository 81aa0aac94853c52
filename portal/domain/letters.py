"""The words of mails beside the notices: what happened, what to do, and the link; plain text without a patient."""

from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

INVITED_FOR = timedelta(days=3)
LINK_FOR = timedelta(hours=1)


@dataclass(frozen=True, kw_only=True, slots=True)
class Site:
    """How the portal calls itself, and where it is."""

    name: str
    url: str


@dataclass(frozen=True, kw_only=True, slots=True)
class Words:
    """One mail."""

    subject: str
    body: str


class Change(StrEnum):
    """What of a member's sign-in was changed; the value is what the mail says."""

    PASSWORD = "Your password was changed."  # noqa: S105
    AUTHENTICATOR = "An authenticator app was set up for your sign-in."
    CODES_MADE = "New recovery codes were made for your sign-in. The ones before them no longer work."
    CODE_USED = "A recovery code was used to sign you in."
    PASSKEY_ADDED = "A passkey was added to your sign-in."
    PASSKEY_REMOVED = "A passkey was removed from your sign-in."
    RESET = "Your authenticator app, passkeys and recovery codes were removed. Set up new ones at your next sign-in."


def invitation(site: Site, *, name: str, key: str) -> Words:
    """Return what somebody new is sent."""
    return Words(
        subject=f"Welcome to {site.name}",
        body=f"{name},\n\n"
        f"you are invited to {site.name}, where the clinics read and answer their referrals.\n\n"
        f"Choose your password here, within {INVITED_FOR.days} days:\n{_link(site, key)}\n\n"
        "You then set up a second step for your sign-in: a passkey, or an authenticator app on your phone.\n\n"
        "If you do not know what this is about, leave the link alone; nothing happens without it.\n",
    )


def new_password(site: Site, *, key: str) -> Words:
    """Return what somebody is sent who asked for a new password."""
    return Words(
        subject=f"A new password for {site.name}",
        body=f"Somebody, most likely you, asked for a new password for {site.name}.\n\n"
        f"Choose it here, within the hour:\n{_link(site, key)}\n\n"
        "The link works once. Your second step at sign-in stays as it is.\n"
        "If it was not you, leave the link alone; your password stays as it is.\n",
    )


def changed(site: Site, change: Change) -> Words:
    """Return what a member is sent when something of their sign-in was changed."""
    return Words(
        subject=f"Your sign-in to {site.name} was changed",
        body=f"{change}\n\n"
        "If you did this, there is nothing to do.\n"
        f"If you did not: choose a new password at {site.url}/staff/new-password at once, and tell the "
        "administrator of the network.\n",
    )


def status_link(site: Site, *, reference: str, key: str, until: date) -> Words:
    """Return what a practice is sent that needs a new link to a referral of its own."""
    return Words(
        subject=f"A new link to referral {reference}",
        body=f"Referral {reference}\n\n"
        f"Somebody, most likely at your practice, asked for a new link to it:\n{site.url}/s/{key}\n\n"
        f"The link opens this one referral until {_day(until)}. Keep it to your practice.\n"
        "On the page behind it you can end every older link.\n",
    )


def draft_link(site: Site, *, link: str, until: date) -> Words:
    """Return what somebody is sent who wants to go on later with a form; nobody is named in it."""
    return Words(
        subject=f"Your half-finished form at {site.name}",
        body=f"A half-finished referral form is kept until {_day(until)}. Nothing was sent.\n\n"
        f"Open it here, on any device:\n{link}\n\n"
        "Whoever has this link reads what was typed. Keep it to your practice.\n"
        "If you did not begin a form, leave the link alone and delete this mail.\n",
    )


def _day(day: date) -> str:
    return f"{day:%A} {day.day} {day:%B %Y}"


def stopped(site: Site) -> Words:
    """Return what those on duty are sent when a form was stopped for somebody's safety."""
    return Words(
        subject=f"{site.name}: a referral form was stopped for safety",
        body="A referral form was stopped because somebody may be in danger. A patient was named in it.\n\n"
        f"See who, and call today:\n{site.url}/staff/stops\n\n"
        "Nothing was filed, and nobody else is watching this.\n",
    )


def _link(site: Site, key: str) -> str:
    return f"{site.url}/staff/new-password/{key}"
