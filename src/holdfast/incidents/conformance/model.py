"""What a report of conformance is made of."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from holdfast.incidents.clocks.model import Clock
from holdfast.incidents.model import Incident


class Verdict(StrEnum):
    """How one rule came out in one incident (ledger S0-68)."""

    PASSED = "passed"
    FAILED = "failed"
    OVERRIDDEN = "overridden"  # passed by with a reason that stands in the record
    NOT_APPLICABLE = "not_applicable"  # it never came to that, or not yet


@dataclass(frozen=True, slots=True)
class Ruling:
    """A guardrail as the report sees it: `guards` is the action that it stands before."""

    code: str
    title: str
    cites: tuple[str, ...]
    guards: str


@dataclass(frozen=True, slots=True)
class Happening:
    """One event of the incident: its id leads to it on the timeline."""

    id: str
    kind: str
    at: datetime
    data: Mapping[str, object]


@dataclass(frozen=True, slots=True)
class Passed:
    """A guardrail that was passed with a reason, or noted without one."""

    code: str
    reason: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Facts:
    """Everything that the report judges. `kept` and `owed` count promised updates."""

    incident: Incident
    happenings: tuple[Happening, ...]
    clocks: tuple[Clock, ...]
    passages: tuple[Passed, ...]
    rulings: tuple[Ruling, ...]
    kept: int
    owed: int


@dataclass(frozen=True, slots=True)
class Item:
    """One rule of the ledger in one incident. `evidence` are ids of events that show it."""

    row: str
    rule: str
    title: str
    verdict: Verdict
    why: str
    evidence: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Finding:
    """What instants alone show, also of an incident that was never in Holdfast."""

    code: str
    row: str
    found: timedelta
    limit: timedelta | None
    why: str
