"""A member's own page: the password, the second factors, the passkeys and the open sessions."""

from random import SystemRandom

from flask import render_template
from flask.typing import ResponseReturnValue
from flask_security import current_user

from portal import vault
from portal.actions import second_factors
from portal.domain.second_factors import RECOVERY_CODES, draw_recovery_code, read_recovery_code
from portal.doors import asking
from portal.doors.world import now, site, world
from portal.web import words
from portal.web.forms.base import keeps_typed
from portal.web.forms.sign_in import PressForm
from portal.web.sign_in import open_sessions, pages, passkeys


def account() -> str:
    return render_template(
        "staff/account.html",
        has_authenticator=bool(current_user.tf_totp_secret),
        codes_left=_codes_left(),
        passkeys=passkeys.lines(),
        passkey_trouble=passkeys.trouble(),
        sessions=open_sessions.lines(),
    )


@keeps_typed
def recovery_codes() -> ResponseReturnValue:
    """Make new recovery codes and show them, this once: only their digests are kept."""

    def make(_form: PressForm) -> ResponseReturnValue:
        codes = [draw_recovery_code(SystemRandom()) for _ in range(RECOVERY_CODES)]
        digests = [vault.digest(read_recovery_code(code)) for code in codes]
        second_factors.set_recovery_codes(asking.member(), digests, site=site(), now=now())
        return render_template(
            "staff/recovery_codes_shown.html", codes=codes, made=words.when(now(), world().settings.home_zone)
        )

    return pages.ask("staff/recovery_codes.html", PressForm(), make, codes_left=_codes_left())


def _codes_left() -> int:
    return len(current_user.mf_recovery_codes or [])
