"""What the simulator itself remembers: its own small model, kept apart from the product's rows."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime, timedelta

from holdfast.escalation.model import Target
from holdfast.sdk import Outcome, Signal
from holdfast.simulation.faults import Health
from holdfast.simulation.resolver import Directory
from holdfast.storage.duties import Delivery

Key = tuple[str, str]


class Broken(Exception):
    """An invariant does not hold. `code` is its number in promises c.4."""

    def __init__(self, code: str, words: str) -> None:
        super().__init__(f"{code}: {words}")
        self.code = code


@dataclass(slots=True)
class LetterFact:
    """One request that was accepted."""

    id: str
    connection: str
    at: datetime
    signals: tuple[Signal, ...]


@dataclass(slots=True)
class AlertFact:
    id: str
    connection: str
    service: str
    at: datetime
    accepted_at: datetime
    key: Key | None = None
    status: str = "triggered"
    held: bool = False
    held_until: datetime | None = None
    lead: str | None = None
    low: bool = False
    count: int = 1
    started_at: datetime | None = None
    code: str = ""
    attempted_at: datetime | None = None
    quiet_since: datetime | None = None  # nobody is to be paged from this instant on

    @property
    def wanted(self) -> bool:
        """Whether somebody has to be paged for it."""
        return self.status == "triggered" and not self.held


@dataclass(slots=True)
class ClimbFact:
    """One climb of the plan as it stood when it began."""

    steps: list[tuple[tuple[str, ...], timedelta]]
    repeat: int
    last_resort: list[Target]
    due: datetime
    state: str = "climbing"
    step: int = 0
    round: int = 0
    skipping: bool = False  # the step before reached nobody, so this one may not wait
    rescued_at: datetime | None = None
    rescues: int = 0  # how often the last resort was paged
    pushed: int = 0  # how often a person asked for more
    poisoned: bool = False


@dataclass(slots=True)
class PageFact:
    id: str
    about: str
    user: str
    opened_at: datetime
    rungs: tuple[tuple[timedelta, str], ...]
    place: tuple[int, int] | None = None  # (round, step); None for the last resort
    used: int = 0
    ended_at: datetime | None = None
    unreachable: bool = False


@dataclass(slots=True)
class Lease:
    """Who holds a delivery, since when and until when."""

    node: str
    token: int
    at: datetime
    until: datetime


@dataclass(slots=True)
class DeliveryFact:
    id: str
    page: str
    way: str
    lease: Lease
    sends: int = 0
    done: bool = False  # an outcome after which nothing more may be said is committed


@dataclass(frozen=True, slots=True)
class Report:
    """An outcome that is being written; `stale` where its lease was another's by then."""

    delivery: Delivery
    outcome: Outcome
    stale: bool


@dataclass(slots=True)
class Facts:
    """All of it."""

    directory: Directory
    health: Health
    letters: dict[str, LetterFact] = field(default_factory=dict)
    accepted: set[str] = field(default_factory=set)
    digested: set[str] = field(default_factory=set)
    alerts: dict[str, AlertFact] = field(default_factory=dict)
    open_alerts: dict[str, AlertFact] = field(default_factory=dict)
    by_key: dict[Key, str] = field(default_factory=dict)
    climbs: dict[str, ClimbFact] = field(default_factory=dict)
    pages: dict[str, PageFact] = field(default_factory=dict)
    open_pages: dict[str, dict[str, PageFact]] = field(default_factory=dict)
    deliveries: dict[str, DeliveryFact] = field(default_factory=dict)
    addresses: dict[tuple[str, str], list[tuple[datetime, str]]] = field(default_factory=dict)
    poisoned: set[str] = field(default_factory=set)
    # What one transaction has done so far; emptied when it ends.
    reading: list[LetterFact] = field(default_factory=list)
    rescued: list[LetterFact] = field(default_factory=list)
    reporting: list[Report] = field(default_factory=list)
    overwritten: str = ""  # a delivery that a stale outcome has changed
    heard: dict[str, datetime] = field(default_factory=dict)  # heartbeats, when last taken in
    pinged: dict[str, datetime] = field(default_factory=dict)  # and when last tried
    missed: set[str] = field(default_factory=set)  # and those whose silence was told of
    counted: dict[str, int] = field(default_factory=dict)  # firing signals digested by connection
    outages: list[tuple[datetime, datetime]] = field(default_factory=list)  # no node was alive
    given_up: int = 0
    events: int = 0

    def pages_about(self, alert: str) -> dict[str, PageFact]:
        """The open ones."""
        return self.open_pages.setdefault(alert, {})
