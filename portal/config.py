"""Every setting of the portal, from the environment (and `.env` when present); production has no secret defaults."""

from enum import StrEnum
from pathlib import Path

from pydantic import Field, ValidationError, ValidationInfo, field_validator
from pydantic_settings import BaseSettings, SettingsConfigDict

ROOT = Path(__file__).resolve().parent.parent
DEVELOPMENT_SECRET = "development only, known to everybody"


class Environment(StrEnum):
    """Where the portal runs."""

    DEVELOPMENT = "development"
    PRODUCTION = "production"


class Settings(BaseSettings):
    """The settings; a name in upper case is the environment variable (`.env.example` lists them all)."""

    model_config = SettingsConfigDict(env_file=ROOT / ".env", extra="ignore", env_ignore_empty=True)

    portal_env: Environment = Environment.DEVELOPMENT
    # What may hold a secret is left out of every repr, and so of every trace and log.
    secret_key: str = Field(default="", validate_default=True, repr=False)
    """Signs sessions and makes status links; at least 32 characters in production."""
    key_file: Path | None = None
    """The keys that open the database: one a line, `name:key`. Outside the instance folder; empty is beside it."""
    keys: str = Field(default="", repr=False)
    """The same, in the environment instead of a file; commas stand for line ends."""
    audit_head_file: Path | None = None
    """Where the worker keeps the head of the audit chain. Outside the instance folder; empty is beside it."""
    instance_path: Path = ROOT / "instance"
    """Where the database, the mail folder and the built static files live."""
    database_url: str = Field(default="", validate_default=True, repr=False)
    """SQLAlchemy URL; empty means SQLite in the instance folder."""
    public_url: str = "http://localhost:8000"
    """How people reach the portal; links in mails start with it, and https turns on secure cookies."""
    site_name: str = "Clinic Referrals"
    site_tagline: str = "Ketamine infusion"
    phone_line: str = ""
    """A phone number to show on error pages, when the operator has one."""
    mail_url: str = Field(default="", repr=False)
    """smtps://user:password@host:port, or smtp+tls://...; empty writes mails as .eml under instance/mail."""
    mail_from: str = "referrals@clinic-referrals.example"
    notice_delay_seconds: int = Field(default=60, ge=0, le=3600)
    """How long a notice waits before it is sent."""
    status_link_days: int = Field(default=180, ge=1, le=3650)
    draft_days: int = Field(default=30, ge=1, le=365)
    home_state: str = "AK"
    """A bare town name prefers this state."""
    home_zone: str = "America/Anchorage"
    """Times without a clinic are told in this zone."""
    max_body_bytes: int = Field(default=256 * 1024, ge=1024, le=16 * 1024 * 1024)
    trusted_proxies: int = Field(default=0, ge=0, le=10)
    """How many proxies stand in front and add the address they were asked from to X-Forwarded-For; 0 reads none."""
    limits_url: str = Field(default="", pattern=r"^((redis|valkey)s?://.+)?$", repr=False)
    """A Valkey or Redis that counts requests for all server processes; empty counts in each process's memory."""
    limits_factor: int = Field(default=1, ge=0)
    """Multiplies how often one address may ask, for many people behind one; 0 counts nothing."""
    scanner_url: str = ""
    """A clamd that scans attached files: tcp://host:port or unix:///path; empty scans nothing."""
    request_seconds: int = Field(default=10, ge=1, le=60)
    """How long the headers of a request may take, how long a body may keep us waiting, and an idle connection stays."""
    slowest_bytes_per_second: int = Field(default=1024, ge=1)
    """How fast a body must come after its first seconds."""

    @field_validator("secret_key")
    @classmethod
    def _known_to_everybody(cls, given: str) -> str:
        return given or DEVELOPMENT_SECRET

    @field_validator("database_url")
    @classmethod
    def _in_the_instance_folder(cls, given: str, others: ValidationInfo) -> str:
        return given or f"sqlite:///{others.data.get('instance_path', ROOT) / 'portal.sqlite3'}"

    @property
    def key_path(self) -> Path:
        """The key file: as set, or beside the instance folder."""
        return self.key_file or self.instance_path.with_name(f"{self.instance_path.name}.keys")

    @property
    def audit_head_path(self) -> Path:
        """The file of audit heads: as set, or beside the instance folder."""
        return self.audit_head_file or self.instance_path.with_name(f"{self.instance_path.name}.audit-heads")

    @property
    def production(self) -> bool:
        """Whether real patients may be meant."""
        return self.portal_env is Environment.PRODUCTION

    @property
    def secure(self) -> bool:
        """Whether people reach the portal by https."""
        return self.public_url.startswith("https://")


def read_settings() -> Settings:
    """Read the settings; leave the program with a sentence for each that is wrong, and never with its value."""
    try:
        return Settings()
    except ValidationError as wrong:
        said = [
            " ".join(
                (*(str(name).upper() for name in each["loc"]), each["msg"].removeprefix("Value error, "))
            )
            for each in wrong.errors()
        ]
        raise SystemExit("The portal does not start:\n  " + "\n  ".join(said)) from None
