"""Policies, plans and climbs."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from holdfast.kernel.errors import Conflict, Invalid, NotFound
from holdfast.timeline.event import Event

STEPS_MAX = 30
TARGETS_MAX = 20
REPEAT_MAX = 20
WAIT_MIN = timedelta(seconds=10)
WAIT_MAX = timedelta(days=7)


class TargetKind(StrEnum):
    SCHEDULE = "schedule"
    USER = "user"
    TEAM = "team"


@dataclass(frozen=True, slots=True)
class Target:
    """Whom a step pages: whoever is on call, one person, or all members of a team."""

    kind: TargetKind
    id: str

    def __str__(self) -> str:
        return f"{self.kind.value}:{self.id}"

    @classmethod
    def parse(cls, text: str) -> Target:
        """Reads `schedule:payments-primary`. Raises Invalid."""
        kind, colon, name = text.partition(":")
        if not colon or not name or kind not in set(TargetKind):
            raise Invalid(
                f"“{text[:80]}” is not a target.",
                remedy="Write schedule:ID, user:ID or team:ID.",
            )
        return cls(TargetKind(kind), name)


@dataclass(frozen=True, slots=True)
class Step:
    """Page these, then wait so long before the next step."""

    page: tuple[Target, ...]
    wait: timedelta


@dataclass(frozen=True, slots=True)
class Policy:
    """The plan for a kind of trouble: its steps, climbed once and `repeat` more times."""

    id: str
    steps: tuple[Step, ...]
    repeat: int = 0
    last_resort: tuple[Target, ...] = ()
    name: str = ""

    @property
    def title(self) -> str:
        return self.name or self.id


@dataclass(frozen=True, slots=True)
class Plan:
    """A policy as it was when the climb began: later edits do not move an open alert."""

    policy: str
    steps: tuple[Step, ...]
    repeat: int
    last_resort: tuple[Target, ...]


class EscalationState(StrEnum):
    CLIMBING = "climbing"
    STOPPED = "stopped"
    EXHAUSTED = "exhausted"


@dataclass(frozen=True, slots=True)
class Escalation:
    """One climb of one plan for one subject. `step` is the next rung, `round` counts repeats."""

    subject: str
    plan: Plan
    urgency: str
    state: EscalationState = EscalationState.CLIMBING
    step: int = 0
    round: int = 0
    look_again_at: datetime | None = None
    rescued_round: int = -1  # in this round the last resort was paged already
    climb: int = 1  # how many climbs this subject has had


class NoSuchPolicy(NotFound):
    """There is no escalation policy by that id."""


class NotClimbing(Conflict):
    """Nobody is being paged for this any more."""


class StepMoved(Conflict):
    """Somebody else has escalated this already."""


@dataclass(frozen=True, slots=True)
class PolicySaved(Event):
    kind = "policy.saved"
    fields: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class EscalationStarted(Event):
    kind = "escalation.started"
    policy: str = ""
    steps: int = 0
    last_resort: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class EscalationStepReached(Event):
    """`people` were paged, because of `targets`; the next look is at `look_again_at`."""

    kind = "escalation.step_reached"
    step: int = 0
    round: int = 0
    targets: tuple[str, ...] = ()
    people: tuple[str, ...] = ()
    because: str = ""
    look_again_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class EscalationStepSkipped(Event):
    """The step would have reached nobody: it is not waited for (promises R41)."""

    kind = "escalation.step_skipped"
    step: int = 0
    round: int = 0
    targets: tuple[str, ...] = ()
    why: str = ""


@dataclass(frozen=True, slots=True)
class LastResortPaged(Event):
    kind = "escalation.last_resort_paged"
    targets: tuple[str, ...] = ()
    people: tuple[str, ...] = ()
    why: str = ""


@dataclass(frozen=True, slots=True)
class EscalationExhausted(Event):
    """Every step of every round was climbed and nobody has answered."""

    kind = "escalation.exhausted"
    rounds: int = 0


@dataclass(frozen=True, slots=True)
class EscalationStopped(Event):
    kind = "escalation.stopped"
    why: str = ""
