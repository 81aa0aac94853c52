"""How the sign-in library is set up; what it could do and is not named here or in `routes` is off."""

from datetime import timedelta

from portal.config import Settings
from portal.domain.sessions import FRESH_FOR

# Argon2id with the memory (19 MiB), passes and lanes of OWASP's Password Storage Cheat Sheet.
ARGON2 = {"argon2__memory_cost": 19 * 1024, "argon2__time_cost": 2, "argon2__parallelism": 1}


def read(settings: Settings) -> dict[str, object]:
    """Return the configuration of the library for these settings."""
    return _doors(settings) | _PASSWORDS | _FACTORS | _PAGES


def _doors(settings: Settings) -> dict[str, object]:
    return {
        "SECURITY_POST_LOGIN_VIEW": "/staff/queue",
        "SECURITY_POST_LOGOUT_VIEW": "/",
        "SECURITY_FRESHNESS": FRESH_FOR,
        # Once the minutes are over they are over; what was done in between renews nothing.
        "SECURITY_FRESHNESS_GRACE_PERIOD": timedelta(0),
        # Only a browser's session lets somebody in: no bearer token, no password in a header.
        "SECURITY_API_ENABLED_METHODS": ["session"],
        "SECURITY_FRESHNESS_ALLOW_AUTH_TOKEN": False,
        "SECURITY_EMAIL_VALIDATOR_ARGS": {"check_deliverability": False, "test_environment": True},
        "SECURITY_TOTP_ISSUER": settings.site_name,
        "SECURITY_WAN_RP_NAME": settings.site_name,
    }


_PASSWORDS: dict[str, object] = {
    "SECURITY_PASSWORD_SCHEMES": ["argon2"],
    "SECURITY_PASSWORD_HASH": "argon2",
    # Argon2 alone: mixed with the secret of the sessions, no password would outlive a change of that secret.
    "SECURITY_PASSWORD_SINGLE_HASH": {"argon2"},
    "SECURITY_PASSWORD_HASH_PASSLIB_OPTIONS": ARGON2,
    "SECURITY_PASSWORD_NORMALIZE_FORM": "NFKC",
}

_FACTORS: dict[str, object] = {
    "SECURITY_TWO_FACTOR": True,
    "SECURITY_TWO_FACTOR_REQUIRED": True,
    "SECURITY_TWO_FACTOR_ALWAYS_VALIDATE": True,
    "SECURITY_TWO_FACTOR_ENABLED_METHODS": ["authenticator"],
    # One step of thirty seconds to either side, for a clock that is a little off.
    "SECURITY_TWO_FACTOR_AUTHENTICATOR_VALIDITY": 30,
    # The library asks for a key of its own; the key ring seals the secrets instead.
    "SECURITY_TOTP_SECRETS": {"none": "sealed by the key ring"},
    "SECURITY_MULTI_FACTOR_RECOVERY_CODES": True,
    "SECURITY_WEBAUTHN": True,
}

_PAGES: dict[str, object] = {
    "SECURITY_STATIC_FOLDER": None,
    "SECURITY_JOIN_USER_ROLES": False,
    # Its commands would change members past the trail.
    "SECURITY_CLI_USERS_NAME": None,
    "SECURITY_CLI_ROLES_NAME": None,
    # Words of the library are not shown; pages say theirs.
    "SECURITY_FLASH_MESSAGES": False,
    "SECURITY_RETURN_GENERIC_RESPONSES": True,
}
