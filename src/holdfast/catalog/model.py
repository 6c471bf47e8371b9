"""Services and connections."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from holdfast.kernel.errors import Conflict, NotFound
from holdfast.timeline.event import Event

TIER_MAX = 5
DEPENDENCIES_MAX = 100
KEYS_MAX = 2  # two active keys, so that senders can change without a gap
KEY_CHARS_MIN = 16
KEY_CHARS_MAX = 128
HEARTBEAT = "heartbeat"


@dataclass(frozen=True, slots=True)
class Service:
    """What can break. `policy` is the escalation policy that its alerts climb."""

    id: str
    name: str
    team: str
    policy: str
    tier: int = 2
    depends_on: tuple[str, ...] = ()
    description: str = ""


@dataclass(frozen=True, slots=True)
class ConnectionKey:
    """A key as it is kept: its hash, and the first characters to tell it by."""

    hash: str
    prefix: str
    made_at: datetime


@dataclass(frozen=True, slots=True)
class Connection:
    """A configured source. `every` and `grace` belong to heartbeats; `settings` to the source."""

    id: str
    kind: str
    service: str
    every: timedelta | None = None
    grace: timedelta | None = None
    settings: Mapping[str, object] = field(default_factory=dict)
    keys: tuple[ConnectionKey, ...] = ()
    last_signal_at: datetime | None = None
    disabled_at: datetime | None = None


class NoSuchService(NotFound):
    """There is no service by that id."""


class NoSuchConnection(NotFound):
    """There is no connection by that id."""


class KeyTaken(Conflict):
    """Another connection has this key."""


class ServiceInUse(Conflict):
    """Something still points at this service."""


@dataclass(frozen=True, slots=True)
class ServiceSaved(Event):
    kind = "service.saved"
    fields: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class ConnectionSaved(Event):
    kind = "connection.saved"
    fields: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class ConnectionKeyMade(Event):
    """A new key for this connection; of the older ones, the newest stays good."""

    kind = "connection.key_made"
    prefix: str = ""
