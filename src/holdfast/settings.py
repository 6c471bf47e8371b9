"""Every knob, typed and described; read once, in main."""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping
from pathlib import Path

from pydantic import Field
from pydantic_settings import (
    BaseSettings,
    PydanticBaseSettingsSource,
    SettingsConfigDict,
    TomlConfigSettingsSource,
)

TOML_FILE = "holdfast.toml"


class Settings(BaseSettings):
    """HOLDFAST_... environment variables, flags of `holdfast up`, or lines in holdfast.toml."""

    model_config = SettingsConfigDict(
        env_prefix="HOLDFAST_", toml_file=TOML_FILE, extra="ignore", frozen=True
    )

    data: Path = Field(Path("data"), description="The folder that holds everything of SQLite's.")
    database: str | None = Field(
        None, description="postgresql://… to use PostgreSQL; by default SQLite in the data folder."
    )
    host: str = Field("127.0.0.1", description="The address to listen on.")
    port: int = Field(8080, ge=0, le=65535, description="The port to listen on; 0 picks one.")
    base_url: str | None = Field(
        None,
        description="The outside address that links are made from; by default the one served.",
    )
    outbound_allow: str = Field(
        "",
        description="Private address ranges (CIDR, comma-separated) that outgoing calls may reach.",
    )
    secret_key: str | None = Field(
        None,
        description="An outside key that protects the instance's own keys; by default none.",
    )
    trusted_proxies: int = Field(
        0, ge=0, le=5, description="How many proxies in front of Holdfast may name the client."
    )
    email_host: str = Field("", description="The SMTP server that sends e-mail.")
    email_port: int = Field(587, description="The SMTP server's port.")
    email_security: str = Field("starttls", description="starttls, tls or none.")
    email_username: str = Field("", description="The name to sign in to the SMTP server with.")
    email_password: str = Field("", description="The password for it.", repr=False)
    email_sender: str = Field("", description="The address that e-mail comes from.")
    ntfy_server: str = Field("", description="The ntfy server that the token is for.")
    ntfy_token: str = Field("", description="An access token for the ntfy server.", repr=False)
    senders: int = Field(16, ge=1, le=128, description="How many deliveries leave at a time.")
    inbox_days: int = Field(
        30, ge=1, le=3650, description="How long the raw text of requests is kept."
    )
    alert_days: int = Field(
        400, ge=1, le=3650, description="How long resolved alerts and their pages are kept."
    )
    session_days: int = Field(
        7, ge=1, le=90, description="After how long everybody has to sign in again."
    )
    log_level: str = Field("info", description="debug, info, warning or error.")
    log_format: str = Field("text", description="text for people, json for machines.")
    rehearsal: bool = Field(
        False, description="Run on a clock that moves only when told; nothing leaves the machine."
    )

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,
        dotenv_settings: PydanticBaseSettingsSource,
        file_secret_settings: PydanticBaseSettingsSource,
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        """A flag wins over the environment, and the environment over the file."""
        return (init_settings, env_settings, TomlConfigSettingsSource(settings_cls))

    def look_up(self, more: Mapping[str, str]) -> Callable[[str], str | None]:
        """How notifiers find their settings: `more`, then a setting of ours, then HOLDFAST_…"""

        def find(name: str) -> str | None:
            value = more.get(name) or getattr(self, name, None)
            known = value is not None and value != ""
            return str(value) if known else os.environ.get(f"HOLDFAST_{name.upper()}")

        return find

    @property
    def database_url(self) -> str:
        return self.database or f"sqlite:///{self.data / 'holdfast.db'}"

    @property
    def loopback_only(self) -> bool:
        """An instance that nobody outside this machine reaches may itself call the machine."""
        return self.host in ("127.0.0.1", "::1", "localhost")


def is_secret(name: str) -> bool:
    """Settings whose value is never shown."""
    return name in {"secret_key", "email_password", "ntfy_token"} or name == "database"
