"""What the alert screens are told. Filled by web/alerts/pages.py, shown by its templates."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from holdfast.web.layout.views import Choice, Face, Fields, Link

Status = Literal["triggered", "acknowledged", "resolved"]
Show = Literal["open", "acknowledged", "held", "resolved", "all"]


@dataclass(frozen=True, slots=True)
class Held:
    """Why an alert wakes nobody: a kind of hold and its reason in words."""

    kind: Literal["silence", "maintenance_window", "dependency", "snooze", "merged"]
    reason: str
    until: datetime | None = None


@dataclass(frozen=True, slots=True)
class NextStep:
    """What happens by itself if nobody answers, such as `calls you`, `pages Aiko Tanaka`."""

    text: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Row:
    """One alert in a list. `rank` 1 (worst) to 5 draws the severity, `severity` is its word.

    `acknowledged_by` is None until somebody has it; an acknowledgement by a token or a source puts
    a Face without an id there. `may_answer` is whether the reader may acknowledge and resolve it.
    """

    id: str
    code: str
    title: str
    status: Status
    severity: str
    rank: int
    urgency: Literal["high", "low"]
    service: Link
    count: int
    triggered_at: datetime
    last_at: datetime
    acknowledged_by: Face | None = None
    acknowledged_at: datetime | None = None
    resolved_at: datetime | None = None
    held: Held | None = None
    next_step: NextStep | None = None
    mine: bool = False
    may_answer: bool = True

    @property
    def href(self) -> str:
        return f"/alerts/{self.id}"

    @property
    def wants_answer(self) -> bool:
        return self.status == "triggered" and self.held is None


@dataclass(frozen=True, slots=True)
class Filter:
    """One tab of the list. `count` is None where counting would cost too much."""

    show: Show
    label: str
    href: str
    count: int | None
    current: bool


@dataclass(frozen=True, slots=True)
class AlertList:
    """alerts/list.html at GET /alerts?show=&service=&q=&cursor=

    `total_ever` is how many alerts there have ever been: an empty list teaches differently on the
    first day. `last_resolved` is the newest resolved alert, for the calm empty state.
    """

    rows: tuple[Row, ...]
    filters: tuple[Filter, ...]
    services: tuple[Choice, ...]
    show: Show
    query: str = ""
    newer_href: str | None = None
    older_href: str | None = None
    total_ever: int = 0
    last_resolved: Row | None = None
    fields: Fields | None = None


@dataclass(frozen=True, slots=True)
class WhyStep:
    """One decision between the signal and the phone.

    `depth` is 0 for what was decided about the alert, 1 for a person, 2 for one of that person's
    ways to be reached and its deliveries. `kind` chooses the icon. `reason` is why, in words;
    `outcome` is the short result shown at the end of the line (`delivered in 0.9 s`), coloured by
    `state`. A step still to come has `state` pending and its due instant in `at`.
    """

    kind: Literal[
        "signal", "source", "rule", "dedup", "service", "hold", "policy", "step", "schedule",
        "person", "rung", "delivery", "answer", "resolved", "last_resort",
    ]  # fmt: skip
    text: str
    reason: str | None
    at: datetime | None
    state: Literal["ok", "pending", "skipped", "bad", "plain"] = "plain"
    href: str | None = None
    outcome: str | None = None
    depth: int = 0


@dataclass(frozen=True, slots=True)
class RawSignal:
    """One signal as it came: the bytes as text, shortened where `shortened` says so."""

    at: datetime
    source: str
    status: Literal["firing", "resolved"]
    text: str
    shortened: bool = False
    marks: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class AlertPage:
    """alerts/show.html at GET /alerts/{id}

    `sentence` says what is wrong in one sentence, with the number, the normal value and since when
    where the source gave them; `source_href` leads back to where the signal came from.
    `signals` and `previous` come newest first. `snoozes`, `assignees` and `others` fill the menus
    and may be empty; posts go to /alerts/{id}/{verb} with:
    acknowledge, unacknowledge, resolve, escalate, release: nothing · snooze: `for` (a duration) ·
    reassign: `to` (a target such as `user:ana`) · merge: `into` (an alert id).
    `incidents` are those that it belongs to.
    """

    alert: Row
    sentence: str | None
    source: Link
    source_href: str | None
    connection: Link | None
    policy: Link | None
    team: Link | None
    labels: tuple[tuple[str, str], ...]
    dedup_key: str
    why: tuple[WhyStep, ...]
    signals: tuple[RawSignal, ...]
    previous: tuple[Row, ...]
    snoozes: tuple[Choice, ...] = ()
    assignees: tuple[Choice, ...] = ()
    others: tuple[Choice, ...] = ()
    may_answer: bool = True
    merged_into: Link | None = None
    fields: Fields | None = None
    incidents: tuple[Link, ...] = ()
    may_declare: bool = False
