"""Whether people look at one explanation only: “this and only this” (part 2.2, number 17). Pure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from holdfast.incidents.hypotheses.model import Hypothesis


@dataclass(frozen=True, slots=True)
class Fixated:
    """One hypothesis has stood alone for too long, and why that is a worry."""

    hypothesis: Hypothesis
    why: str


def fixation(hypotheses: Sequence[Hypothesis], after: timedelta, now: datetime) -> Fixated | None:
    """The one open hypothesis that is older than `after` and that nobody tried to rule out, or
    that never had a rival; None while there is a choice."""
    still_open = [each for each in hypotheses if each.open]
    if len(still_open) != 1:
        return None
    alone = still_open[0]
    if now - alone.opened_at < after:
        return None
    if not alone.challenged:
        return Fixated(alone, "nothing was looked at that could rule it out")
    if len(hypotheses) == 1:
        return Fixated(alone, "there was never a second explanation")
    return None
