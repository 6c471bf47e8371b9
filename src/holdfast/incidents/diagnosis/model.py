"""The picture that people share before they act: symptoms, start, changes, scope, neighbours."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from holdfast.alerts.model import Alert
from holdfast.incidents.record.model import Entry


@dataclass(frozen=True, slots=True)
class Suspect:
    """A change, and how long before the impact it was made; negative: after it began."""

    entry: Entry
    before: timedelta


class Side(StrEnum):
    """Where a neighbour stands: `upstream` is what we need, `downstream` who needs us."""

    UPSTREAM = "upstream"
    DOWNSTREAM = "downstream"


@dataclass(frozen=True, slots=True)
class Neighbour:
    """A service beside the affected ones, and its open alerts."""

    service: str
    side: Side
    alerts: tuple[Alert, ...]


@dataclass(frozen=True, slots=True)
class Observed:
    """Three questions and their answers (ledger S2-16): what, since when, what changed?

    `chips` propose a scope, such as `az:eu-1a`, where all linked alerts agree on it.
    """

    symptoms: tuple[str, ...]
    started_at: datetime | None
    suspects: tuple[Suspect, ...]
    chips: tuple[str, ...]
    neighbours: tuple[Neighbour, ...]


class Step(StrEnum):
    """The safe order of an investigation (ledger S0-27)."""

    DECLARE = "declare"
    TIMELINE = "timeline"
    SEPARATE = "separate"
    TIE = "tie"


@dataclass(frozen=True, slots=True)
class Taken:
    """One step, when it was first taken, and whether a step before it was still missing then."""

    step: Step
    at: datetime | None
    out_of_order: bool = False
