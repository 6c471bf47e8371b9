"""The way of an incident from declared to closed: which moves there are. Pure.

What must be true before a move is the guardrails' business; here stands only where one can go at
all (ledger 3.3, Incident).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from holdfast.incidents.model import ACTIVE, Kind, Phase

WAY: Sequence[Phase] = (
    Phase.DECLARED,
    Phase.TRIAGE,
    Phase.MITIGATING,
    Phase.MONITORING,
    Phase.RESOLVED,
    Phase.POST_INCIDENT,
    Phase.CLOSED,
)
# The words people use for the phases in between (ledger S1-01, S4-12).
FIVE: Sequence[tuple[str, tuple[Phase, ...]]] = (
    ("detect", (Phase.DECLARED,)),
    ("triage", (Phase.TRIAGE,)),
    ("mitigate", (Phase.MITIGATING,)),
    ("resolve", (Phase.MONITORING, Phase.RESOLVED)),
    ("post-incident", (Phase.POST_INCIDENT,)),
)


class Way(StrEnum):
    """What kind of move it is."""

    STAY = "stay"
    FORWARD = "forward"
    RELAPSE = "relapse"  # monitoring back to mitigating
    REOPEN = "reopen"  # from resolved or later back to mitigating
    FALSE_ALARM = "false_alarm"
    CANCEL = "cancel"  # a drill or a test that is broken off


@dataclass(frozen=True, slots=True)
class Road:
    """A move that there is. `steps` are the phases it enters, in order; `skipped` those that a
    move forward would leave out, which no gate lets pass."""

    way: Way
    steps: tuple[Phase, ...]
    skipped: tuple[Phase, ...] = ()


@dataclass(frozen=True, slots=True)
class NoRoad:
    """From here one cannot go there, whatever else is true."""

    why: str


def road(before: Phase, to: Phase, kind: Kind) -> Road | NoRoad:
    """The road from one phase to another."""
    if before is to:
        return Road(Way.STAY, ())
    if to in (Phase.FALSE_ALARM, Phase.CANCELLED):
        return _aside(before, to, kind)
    if to is Phase.MERGED:
        return NoRoad("an incident is merged into another one, which has to be named")
    if before not in WAY:
        return NoRoad("it is over")
    if WAY.index(to) > WAY.index(before):
        return _forward(before, to)
    return _back(before, to)


def _aside(before: Phase, to: Phase, kind: Kind) -> Road | NoRoad:
    if before not in ACTIVE:
        return NoRoad("only an incident that people respond to can end like that")
    if to is Phase.FALSE_ALARM:
        return Road(Way.FALSE_ALARM, (to,))
    if kind is Kind.REAL:
        return NoRoad("only a drill or a test is cancelled; a real one may be a false alarm")
    return Road(Way.CANCEL, (to,))


def _forward(before: Phase, to: Phase) -> Road:
    steps = tuple(WAY[WAY.index(before) + 1 : WAY.index(to) + 1])
    if before is Phase.RESOLVED and to is Phase.CLOSED:
        return Road(Way.FORWARD, steps)  # post-incident is passed through, not left out
    return Road(Way.FORWARD, steps, skipped=steps[:-1])


def _back(before: Phase, to: Phase) -> Road | NoRoad:
    if to is not Phase.MITIGATING:
        return NoRoad("the way back leads to mitigating alone")
    if before is Phase.MONITORING:
        return Road(Way.RELAPSE, (to,))
    return Road(Way.REOPEN, (to,))
