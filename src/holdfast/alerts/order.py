"""In which order the events of one instant happened: causes first, then what they brought."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from holdfast.paging.model import Page
from holdfast.timeline.event import Recorded

# Events of one transaction share their instant. This is the order in which a transaction can have
# written them.
_ORDER = (
    "alert.triggered", "alert.raised", "alert.signal_ignored", "alert.unacknowledged",
    "alert.released", "alert.reassigned", "restart", "declined", "alert.escalated",
    "escalation.started", "escalation.step_skipped", "escalation.last_resort_paged",
    "escalation.step_reached", "paged again", "page", "page.unreachable", "escalation.exhausted",
    "page.answered", "alert.acknowledged", "alert.held", "alert.merged", "alert.resolved",
    "escalation.stopped", "page.closed",
)  # fmt: skip
_RANKS = {name: rank for rank, name in enumerate(_ORDER)}
_LAST = len(_ORDER)
# Within one page: that it began, then each contact method with what became of it.
_OF_A_PAGE = ("page.opened", "page.rung_reached", "page.failed", "page.sent")

Place = tuple[datetime, int, int, int, int]


@dataclass(frozen=True, slots=True)
class _Ladder:
    """A page's number among all, and the places of its contact methods in the order of use."""

    number: int
    places: Mapping[str, int]


def in_order(events: Iterable[Recorded], pages: Sequence[Page]) -> list[Recorded]:
    """The events as they happened. `pages` are those the events are about, oldest first."""
    ladders = {page.id: _ladder(number, page) for number, page in enumerate(pages)}
    return sorted(events, key=lambda event: _place(event, ladders.get(event.subject, _NO_LADDER)))


def _ladder(number: int, page: Page) -> _Ladder:
    found: dict[str, int] = {}
    for place, rung in enumerate(page.rungs, 1):
        found.setdefault(rung.method, place)
    return _Ladder(number, found)


_NO_LADDER = _Ladder(0, {})


def _place(event: Recorded, ladder: _Ladder) -> Place:
    if event.kind in _OF_A_PAGE:
        method = ladder.places.get(str(event.data.get("method")), 0)
        kind = _OF_A_PAGE.index(event.kind)
        return event.at, _RANKS["page"], ladder.number, method, kind
    step = event.data.get("step")
    number = step if isinstance(step, int) else 0
    return event.at, _RANKS.get(_moment(event), _LAST), ladder.number, number, 0


def _moment(event: Recorded) -> str:
    """The name in _ORDER: some events mean something else where they come with another."""
    why = str(event.data.get("why"))
    if event.kind in ("escalation.stopped", "page.closed") and why.startswith("reassigned"):
        return "restart"
    if event.kind == "page.closed" and why == "paged again":
        return "paged again"
    if event.kind == "page.answered" and event.data.get("answer") != "acknowledge":
        return "declined"
    return event.kind
