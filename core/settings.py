"""Settings: environment variables with the prefix ``AFTERCARE_``, below them what the home folder remembers.

A home that `aftercare up` has started keeps its own settings (addresses, pace) in ``settings.json``, so that every
other command finds the state by the home alone. A variable that is set wins over the file.
"""

from __future__ import annotations

import contextlib
import json
import os
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Literal
from urllib.parse import urlsplit

from pydantic import Field, SecretStr, ValidationError, field_validator, model_validator
from pydantic.fields import FieldInfo
from pydantic_settings import BaseSettings, PydanticBaseSettingsSource, SettingsConfigDict

from core.errors import NotConfigured

DEFAULT_HOME = Path(".aftercare")
SETTINGS_FILE = "settings.json"
SECRET_FILE = "session-secret"  # noqa: S105 - the name of a file
MASTER_KEYS_FILE = "master-keys"
MINIMUM_SECRET = 32


class RememberedSource(PydanticBaseSettingsSource):
    """What the home folder remembers of its last start: the lowest source, above the defaults."""

    def get_field_value(self, field: FieldInfo, field_name: str) -> tuple[Any, str, bool]:  # noqa: ARG002
        """Unused: the whole mapping is read at once."""
        return None, field_name, False

    def __call__(self) -> dict[str, Any]:
        """The remembered values, an empty mapping for a home that was never started."""
        home = Path(self.current_state.get("home") or DEFAULT_HOME)
        values: dict[str, Any] = {}
        try:
            loaded = json.loads((home / SETTINGS_FILE).read_text())
        except (OSError, ValueError):
            loaded = {}
        if isinstance(loaded, dict):
            values = {key: value for key, value in loaded.items() if key in self.settings_cls.model_fields}
        with contextlib.suppress(OSError):
            values["session_secret"] = (home / SECRET_FILE).read_text().strip()
        with contextlib.suppress(OSError):
            values["master_keys"] = (home / MASTER_KEYS_FILE).read_text().strip()
        return values


class Settings(BaseSettings):
    """Everything that an operator can set, frozen at the start of a process.

    Durations are real seconds. ``epoch`` and ``speed`` describe the product's clock: at ``epoch`` it showed the real
    time, and it runs ``speed`` times as fast.
    """

    model_config = SettingsConfigDict(env_prefix="AFTERCARE_", frozen=True, extra="ignore", env_ignore_empty=True)

    home: Path = DEFAULT_HOME
    embedded: bool = Field(default=False, description="started by `aftercare up`, on one machine")
    sample_data: bool = Field(default=False, description="believable cases are opened at the first start")

    database_url: str = Field(default="", description="SQLAlchemy URL with an async driver; SQLite under home if empty")

    temporal_address: str = "127.0.0.1:7233"
    temporal_namespace: str = "default"
    temporal_ui_url: str = Field(default="", description="address of the Temporal Web UI for staff; no link if empty")
    temporal_timeout: float = Field(default=15.0, gt=0, description="seconds to wait for the engine when connecting")
    task_queue: str = "aftercare"
    worker_grace: float = Field(default=10.0, ge=0, description="seconds that running activities get when stopping")
    max_concurrent_activities: int = Field(default=100, ge=1)
    max_concurrent_workflow_tasks: int = Field(default=20, ge=2)
    max_cached_workflows: int = Field(
        default=4000, ge=0, description="open cases a worker keeps in memory; one beyond them is replayed when it wakes"
    )

    host: str = "127.0.0.1"
    port: int = Field(default=8000, ge=0, le=65535)
    public_url: str = Field(default="", description="how customers and staff reach the pages, without a final slash")

    smtp_url: SecretStr = Field(
        default=SecretStr(""),
        description="smtp://[user:password@]host[:port] or smtps://…; no mail is sent if empty",
    )
    mail_from: str = Field(default="", description="address that mails come from; needed with smtp_url")

    speed: float = Field(default=1.0, gt=0, le=1_000_000)
    epoch: datetime = datetime(2026, 1, 1, tzinfo=UTC)

    session_secret: SecretStr | None = None
    signing_keys: SecretStr = Field(
        default=SecretStr(""),
        description="what archives are signed with, newest first, by commas; a home that `up` started makes its own",
    )
    master_keys: SecretStr = Field(
        default=SecretStr(""),
        description="wrap the keys of cases, newest first: m2:HEX,m1:HEX; a home that `up` started makes its own",
    )
    keys_url: str = Field(
        default="", description="database of the keys of cases, apart from all others; keys.db under home if empty"
    )
    session_hours: float = Field(default=12.0, gt=0, description="after which a sign-in ends, used or not")
    session_idle_hours: float = Field(default=4.0, gt=0, description="after which a sign-in that nobody used ends")
    lock_after: int = Field(default=10, ge=2, description="wrong passwords in a row that lock a name")
    lock_minutes: float = Field(default=15.0, gt=0, description="how long a name stays locked, and wrong ones count")
    access_days: float = Field(default=400.0, gt=0, description="for which the record of who looked is kept")
    password_link_hours: float = Field(default=72.0, gt=0, description="for which a link sets a password")
    request_form: str = Field(
        default="on",
        description="`on`: the public form offers every plan that takes the channel web; `off`; or plans, by commas",
    )
    tracking_days: float = Field(
        default=90.0, gt=0, le=36_500, description="days after the end of a case for which its customer's link works"
    )
    cookie_secure: bool | None = Field(default=None, description="default: as public_url says")

    oidc_issuer: str = Field(
        default="", description="https://… of an OpenID provider people also sign in with; passwords alone if empty"
    )
    oidc_client_id: str = ""
    oidc_client_secret: SecretStr = SecretStr("")
    oidc_scopes: str = Field(default="openid profile email", description="asked of the provider")
    oidc_name: str = Field(default="company account", description="what people call it: Sign in with your …")
    oidc_roles_claim: str = Field(
        default="roles", description="the claim that tells of roles; dots lead into nested ones: realm_access.roles"
    )
    oidc_roles: str = Field(
        default="", description='JSON from its words to our roles: {"desk": ["customer_service"]}; none: we give roles'
    )
    oidc_link_names: bool = Field(
        default=False, description="a first sign-in takes over the person here with the same preferred_username"
    )

    plans_dir: Path = Field(default=Path(__file__).resolve().parents[1] / "plans", description="the service plans")
    attachments_dir: Path = Field(default=Path(), description="photos, videos, documents; under home if not set")
    max_photo_bytes: int = Field(default=15 * 1024 * 1024, ge=1)
    max_document_bytes: int = Field(default=25 * 1024 * 1024, ge=1)
    max_video_bytes: int = Field(default=2 * 1024 * 1024 * 1024, ge=1)
    files_url: str = Field(
        default="",
        description="s3://bucket/prefix keeps files there; in attachments_dir if empty. Keys: AWS_* variables",
    )
    archive_url: str = Field(
        default="",
        description="where archives of closed cases are kept: a folder, or s3://bucket/prefix; under home if empty",
    )
    s3_endpoint: str = Field(default="", description="address of S3-compatible storage that is not Amazon's")
    s3_region: str = "us-east-1"
    spare_disk_bytes: int = Field(
        default=256 * 1024 * 1024, ge=0, description="uploads leave this much of the disk to the databases"
    )
    virus_scan: str = Field(
        default="", description="unix:/run/clamav/clamd.ctl, tcp:host:3310 or exec:command; no scan if empty"
    )
    virus_scan_timeout: float = Field(default=120.0, gt=0, description="seconds a scan may take")
    orphan_days: float = Field(default=7.0, gt=0, description="real days after which a file that nothing names goes")
    clean_files_hours: float = Field(
        default=24.0,
        ge=0,
        description="real hours between the API's own cleanings of files; 0 leaves it to the command",
    )
    max_public_form_bytes: int = Field(
        default=40 * 1024 * 1024, ge=1, description="of what somebody without an account sends at once, photos included"
    )
    max_body_bytes: int = Field(default=1024 * 1024, ge=1, description="of a JSON or form body without files")

    log_level: Literal["debug", "info", "warning", "error"] = "info"
    log_format: Literal["auto", "json", "console"] = "auto"

    @property
    def mails(self) -> bool:
        """True where notices are sent by mail."""
        return bool(self.smtp_url.get_secret_value())

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,
        dotenv_settings: PydanticBaseSettingsSource,
        file_secret_settings: PydanticBaseSettingsSource,
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        """Arguments first, then the environment, then what the home remembers."""
        del dotenv_settings, file_secret_settings  # no file is read that the operator did not name
        return init_settings, env_settings, RememberedSource(settings_cls)

    @field_validator("epoch")
    @classmethod
    def _aware(cls, epoch: datetime) -> datetime:
        if epoch.tzinfo is None:
            raise ValueError("needs an offset, such as 2026-01-01T00:00:00Z")
        return epoch.astimezone(UTC)

    @field_validator("session_secret")
    @classmethod
    def _long_enough(cls, secret: SecretStr | None) -> SecretStr | None:
        if secret is not None and len(secret.get_secret_value()) < MINIMUM_SECRET:
            raise ValueError(f"needs at least {MINIMUM_SECRET} characters, for example from `openssl rand -hex 32`")
        return secret

    @field_validator("oidc_issuer")
    @classmethod
    def _issuer_is_safe(cls, issuer: str) -> str:
        parsed = urlsplit(issuer)
        near = parsed.hostname in ("localhost", "127.0.0.1", "::1")
        if issuer and not (parsed.scheme == "https" or (parsed.scheme == "http" and near)):
            raise ValueError("must be an https:// address")
        return issuer.rstrip("/")

    @field_validator("oidc_roles")
    @classmethod
    def _roles_are_a_mapping(cls, roles: str) -> str:
        _mapped_roles(roles)
        return roles

    @model_validator(mode="after")
    def _provider_knows_us(self) -> Settings:
        if self.oidc_issuer and not self.oidc_client_id:
            raise ValueError("oidc_client_id: is needed beside oidc_issuer")
        return self

    @property
    def role_map(self) -> dict[str, tuple[str, ...]]:
        """Our roles by the provider's words for them; empty where roles are given here."""
        return _mapped_roles(self.oidc_roles)

    @model_validator(mode="before")
    @classmethod
    def _derive(cls, values: dict[str, Any]) -> dict[str, Any]:
        """Fill what follows from other settings, so that readers find plain values."""
        home = Path(values.get("home") or DEFAULT_HOME).expanduser().absolute()
        values["home"] = home
        if not values.get("database_url"):
            values["database_url"] = f"sqlite+aiosqlite:///{home / 'aftercare.db'}"
        if not values.get("keys_url"):
            values["keys_url"] = f"sqlite+aiosqlite:///{home / 'keys.db'}"
        if not values.get("attachments_dir"):
            values["attachments_dir"] = home / "attachments"
        if not values.get("public_url"):
            values["public_url"] = f"http://{values.get('host', '127.0.0.1')}:{values.get('port', 8000)}"
        values["public_url"] = str(values["public_url"]).rstrip("/")
        if values.get("smtp_url") and not values.get("mail_from"):
            raise ValueError("mail_from: is needed beside smtp_url, for example service@example.com")
        if values.get("cookie_secure") is None:
            values["cookie_secure"] = values["public_url"].startswith("https://")
        return values

    @property
    def attachments(self) -> Path:
        """Folder of photos, videos and documents."""
        return self.attachments_dir

    @property
    def master_keys_in_home(self) -> Path | None:
        """The file of a home's own master keys; None where the environment gives them."""
        file = self.home / MASTER_KEYS_FILE
        return file if file.exists() and not os.environ.get("AFTERCARE_MASTER_KEYS") else None

    def secret(self) -> str:
        """The key that signs sessions and tracking links.

        Raises:
            NotConfigured: none is set; nothing is made up in its place.
        """
        if self.session_secret is None:
            raise NotConfigured(
                "set AFTERCARE_SESSION_SECRET to at least 32 random characters, the same for every API process",
                field="AFTERCARE_SESSION_SECRET",
            )
        return self.session_secret.get_secret_value()

    def as_environment(self) -> dict[str, str]:
        """The variables that make another process read the same settings. Secrets stay in their file or variable."""
        values = self.model_dump(
            mode="json",
            exclude={"session_secret", "master_keys", "signing_keys", "smtp_url", "oidc_client_secret"},
            exclude_none=True,
        )
        return {f"AFTERCARE_{name.upper()}": str(value) for name, value in values.items()}


def _mapped_roles(text: str) -> dict[str, tuple[str, ...]]:
    """Reads `{"their word": "our role", "another": ["our role", "our other role"]}`. Raises ValueError."""
    try:
        read = json.loads(text) if text else {}
    except ValueError:
        raise ValueError('must be JSON such as {"desk": ["customer_service"]}') from None
    found = {}
    for word, roles in read.items() if isinstance(read, dict) else ((None, None),):
        named = [roles] if isinstance(roles, str) else roles
        if not isinstance(word, str) or not isinstance(named, list) or not all(isinstance(one, str) for one in named):
            raise ValueError('must map each word to a role or a list of roles: {"desk": ["customer_service"]}')
        found[word] = tuple(named)
    return found


def load(**overrides: Any) -> Settings:
    """Read the settings; ``overrides`` (such as ``home`` from the command line) win, ``None`` means not given.

    Raises:
        NotConfigured: a value is not valid; names the variable.
    """
    try:
        return Settings(**{key: value for key, value in overrides.items() if value is not None})
    except ValidationError as error:
        first = error.errors()[0]
        name = "AFTERCARE_" + "_".join(str(part) for part in first["loc"]).upper()
        raise NotConfigured(str(first["msg"]), field=name) from None


def write_private(path: Path, text: str) -> None:
    """Write a file that its owner alone can read, in one step: a reader sees the old or the new one."""
    temporary = path.with_name(f".{path.name}.{os.getpid()}")
    descriptor = os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    try:
        with os.fdopen(descriptor, "w") as file:
            file.write(text)
            file.flush()
            os.fsync(file.fileno())
        temporary.replace(path)
    except OSError:
        temporary.unlink(missing_ok=True)
        raise
