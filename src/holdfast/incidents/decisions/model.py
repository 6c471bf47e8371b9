"""A decision: what was chosen, between what, why, what it risks, and who objected."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from holdfast.kernel.errors import Conflict, NotFound
from holdfast.timeline.event import Event

CHOICE_CHARS_MAX = 500
WHY_CHARS_MAX = 1000
OPTIONS_MAX = 10
ANSWERS_MAX = 50
POLL_MIN, POLL_MAX = timedelta(minutes=1), timedelta(minutes=15)
POLL_USUAL = timedelta(minutes=2)


class DecisionState(StrEnum):
    """Only command decides; what others decide is a proposal until command confirms it."""

    PROPOSED = "proposed"
    ASKED = "asked"  # “strong objections?”, for a short while
    DECIDED = "decided"


@dataclass(frozen=True, slots=True)
class Choice:
    """A decision as it is posted. `high_risk` ones ask for objections first: `poll` says how long,
    or `no_poll_because` why there is no time for that (ledger S4-24)."""

    choice: str
    why: str = ""
    options: tuple[str, ...] = ()
    high_risk: bool = False
    poll: timedelta | None = None
    no_poll_because: str = ""


@dataclass(frozen=True, slots=True)
class Answer:
    """One person's answer to “strong objections?”; empty words say that they have none."""

    by: str
    at: datetime
    objection: str = ""


@dataclass(frozen=True, slots=True)
class Decision:
    """What its entry keeps. `id` is the entry's."""

    id: str
    incident: str
    choice: str
    why: str
    options: tuple[str, ...]
    high_risk: bool
    state: DecisionState
    proposed_at: datetime
    proposed_by: str
    poll_until: datetime | None = None
    answers: tuple[Answer, ...] = ()
    no_poll_because: str = ""
    decided_at: datetime | None = None
    decided_by: str | None = None

    @property
    def objections(self) -> tuple[Answer, ...]:
        return tuple(answer for answer in self.answers if answer.objection)


class NoSuchDecision(NotFound):
    """There is no such decision in this incident."""


class DecidedAlready(Conflict):
    """This is decided already."""


class NobodyAsks(Conflict):
    """Nobody asks for objections to this now."""


@dataclass(frozen=True, slots=True)
class DecisionAsked(Event):
    """`subject` is the incident; the words lie in the entry."""

    kind = "decision.asked"
    entry: str = ""
    poll_until: datetime | None = None


@dataclass(frozen=True, slots=True)
class DecisionAnswered(Event):
    kind = "decision.answered"
    entry: str = ""
    objects: bool = False


@dataclass(frozen=True, slots=True)
class DecisionMade(Event):
    kind = "decision.made"
    entry: str = ""
    high_risk: bool = False
    objection_count: int = 0
