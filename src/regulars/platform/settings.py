"""What a deployment can set, as one frozen object. Built only by :func:`regulars.app.settings.load`, then passed down."""

import os
from ipaddress import IPv4Network, IPv6Network, ip_network
from pathlib import Path
from typing import Annotated, Literal, Self

from pydantic import Field, SecretStr, field_validator, model_validator
from pydantic_settings import BaseSettings, SettingsConfigDict

PREFIX = "REGULARS_"
MIB = 1 << 20
_LOOPBACK = frozenset({"127.0.0.1", "::1", "localhost"})


def default_key_dir() -> Path:
    """Where keys live unless told otherwise: the user's own configuration folder, so that no copy of the data carries its keys."""
    base = os.environ.get("XDG_CONFIG_HOME")
    return (Path(base) if base else Path.home() / ".config") / "regulars" / "keys"


def _networks(text: str) -> tuple[IPv4Network | IPv6Network, ...]:
    return () if text == "none" else tuple(ip_network(one.strip()) for one in text.split(","))


class Settings(BaseSettings):
    """Every setting, its environment name being ``REGULARS_`` + the field's name in capitals (``DATABASE_URL`` has no prefix)."""

    model_config = SettingsConfigDict(
        env_prefix=PREFIX,
        frozen=True,
        extra="forbid",
        env_ignore_empty=True,
        populate_by_name=True,
        hide_input_in_errors=True,
        validate_default=True,
    )

    data_dir: Path = Field(default=Path("data"), description="Everything the installation stores, except its keys.")
    key_dir: Path = Field(default_factory=default_key_dir, description="The keys; outside data_dir, backed up apart from it.")
    database_url: SecretStr | None = Field(
        default=None, validation_alias="DATABASE_URL", description="A PostgreSQL 15 or newer; unset: the embedded one in data_dir."
    )
    pool_size: Annotated[int, Field(ge=2, le=200)] = Field(default=10, description="Database connections kept open by one process.")
    host: Annotated[str, Field(min_length=1, max_length=255)] = Field(default="127.0.0.1", description="Address the API listens on.")
    port: Annotated[int, Field(ge=0, le=65535)] = Field(default=8700, description="Port the API listens on; 0 picks a free one.")
    log_level: Literal["debug", "info", "warning", "error"] = Field(default="info", description="The least important line that is logged.")
    docs: bool = Field(default=True, description="Whether /docs and /openapi.json are served.")
    batch_max: Annotated[int, Field(ge=1, le=10_000)] = Field(default=512, description="Most facts in one commit of the API.")
    batch_wait_ms: Annotated[int, Field(ge=0, le=1000)] = Field(default=1, description="How long a fact waits for company.")
    request_max_bytes: Annotated[int, Field(ge=1024, le=1024 * MIB)] = Field(default=MIB, description="Largest request body.")
    batch_body_max_bytes: Annotated[int, Field(ge=1024, le=16_384 * MIB)] = Field(
        default=64 * MIB, description="Largest body of a batch route."
    )
    upload_max_bytes: Annotated[int, Field(ge=1024, le=1024 * 1024 * MIB)] = Field(
        default=2048 * MIB, description="Largest file that may be sent for import."
    )
    upload_keep_days: Annotated[int, Field(ge=1, le=3650)] = Field(
        default=30, description="How long a file sent for import is kept; it may hold personal data."
    )
    adjustment_limit: Annotated[int, Field(ge=0, le=10**9)] = Field(
        default=10_000, description="Units that one person may give or take by hand; more needs a second person, 0: always."
    )
    session_hours: Annotated[int, Field(ge=1, le=24 * 90)] = Field(default=12, description="How long an operator stays signed in.")
    dev_inbox: Literal["auto", "on", "off"] = Field(
        default="auto",
        description="Whether members' sign-in codes go to GET /v1/dev/inbox; auto: with the embedded database on a loopback address.",
    )
    outbox_lag_max_seconds: Annotated[int, Field(ge=1, le=86_400)] = Field(
        default=300, description="Age of the oldest waiting event from which /health/ready says the worker is behind."
    )
    lake_seconds: Annotated[int, Field(ge=0, le=86_400)] = Field(
        default=60, description="Least time between two exports to the lake by a worker; 0: none."
    )
    webhook_networks: Annotated[str, Field(max_length=2000)] = Field(
        default="none", description="Networks of your own that webhooks may be sent to, also by http, e.g. 10.2.0.0/16,127.0.0.0/8."
    )
    shutdown_seconds: Annotated[int, Field(ge=1, le=600)] = Field(default=20, description="Time for running requests to end at shutdown.")

    @property
    def shows_dev_inbox(self) -> bool:
        """Whether whoever reaches the API can read sign-in codes: never by default where other machines reach it, or with a real server."""
        if self.dev_inbox == "auto":
            return self.database_url is None and self.host in _LOOPBACK
        return self.dev_inbox == "on"

    @property
    def webhook_own(self) -> tuple[IPv4Network | IPv6Network, ...]:
        """The networks of ``webhook_networks``."""
        return _networks(self.webhook_networks)

    @field_validator("webhook_networks")
    @classmethod
    def _are_networks(cls, value: str) -> str:
        try:
            _networks(value)
        except ValueError as wrong:
            raise ValueError("none, or networks like 10.2.0.0/16 with commas between them") from wrong
        return value

    @field_validator("data_dir", "key_dir")
    @classmethod
    def _absolute(cls, value: Path) -> Path:
        return value.expanduser().resolve()

    @field_validator("database_url")
    @classmethod
    def _postgresql(cls, value: SecretStr | None) -> SecretStr | None:
        schemes = ("postgresql://", "postgres://", "postgresql+psycopg://")
        if value is not None and not value.get_secret_value().startswith(schemes):
            raise ValueError("an address that begins with postgresql://")
        return value

    @model_validator(mode="after")
    def _keys_apart(self) -> Self:
        if self.key_dir.is_relative_to(self.data_dir):
            raise ValueError("key_dir must lie outside data_dir: a backup of the data must not carry its keys")
        return self
