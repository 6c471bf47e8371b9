"""What the edge needs of the running program; main.py puts it together."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Protocol

from holdfast.engine.sender import Carrier
from holdfast.sdk.discovery import Integrations
from holdfast.settings import Settings
from holdfast.storage.database import Database
from holdfast.storage.vault import Vault


class Rehearsal(Protocol):
    """The stepped clock of `up --rehearsal`."""

    def advance(self, to: datetime) -> datetime: ...

    def deliveries(self) -> list[dict[str, object]]: ...


@dataclass(slots=True)
class Program:
    """One running Holdfast. `vault` holds the instance's keys; `rehearsal` is None in earnest."""

    settings: Settings
    database: Database
    integrations: Integrations
    carrier: Carrier
    vault: Vault
    node: str
    base_url: str = ""
    rehearsal: Rehearsal | None = None
    # What the engine says of itself: name -> value, for /readyz, /metrics and Settings.
    health: Callable[[], dict[str, object]] = field(default=dict)
