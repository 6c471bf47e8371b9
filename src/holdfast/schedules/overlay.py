"""Who is on call: rotations and overrides laid over each other.

Everything that asks (the engine, the calendar, feeds, hand-off notices) asks here, so that all of
them say the same (promises P13, R51, R61).
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta
from heapq import heappop, heappush
from zoneinfo import ZoneInfo

from holdfast.kernel.errors import Invalid
from holdfast.kernel.span import Span
from holdfast.kernel.zone import UnknownZone, named_zone
from holdfast.schedules import words
from holdfast.schedules.model import (
    Layer,
    LayerKind,
    Override,
    Rotation,
    Schedule,
    Shift,
    Turn,
)
from holdfast.schedules.rotation import turns, turns_in
from holdfast.schedules.validity import in_reach

# A shift that goes on for longer is said to begin or end there.
HORIZON = timedelta(days=92)
STEPS_MAX = 100_000

# Somebody before nobody, and then the later layer before the earlier one.
_Precedence = tuple[bool, int]
_Claim = tuple[_Precedence, Shift]

# Most shifts begin and end near by: looking further only when needed keeps `resolve` cheap.
_REACHES = (timedelta(hours=2), timedelta(days=1), timedelta(days=9), HORIZON)


class WindowTooWide(Invalid):
    """That is more time than can be shown at once."""


def resolve(schedule: Schedule, at: datetime) -> Shift:
    """Who is on call at an instant, since when and until when (at most HORIZON away), and why.

    Always a shift: `user` is None where nobody is. Says the same as `shifts` (promises R51).
    Raises OutOfReach.
    """
    moment = in_reach(at)
    for reach in _REACHES:
        window = Span(moment - reach, moment + reach)
        shift = next(s for s in _resolved(schedule, window) if s.span.covers(moment))
        if window.start < shift.span.start and shift.span.end < window.end:
            break
    return shift


def shifts(schedule: Schedule, span: Span) -> list[Shift]:
    """The shifts of a span, in order: without holes (nobody is a shift too), cut to the span.

    Neighbours differ in person or in reason. Raises OutOfReach and WindowTooWide.
    """
    _check_window(schedule, span)
    return _resolved(schedule, span)


def layers(schedule: Schedule, span: Span) -> list[Layer]:
    """What each rotation, then each override in the span, says by itself; the later one wins.

    Raises OutOfReach and WindowTooWide.
    """
    _check_window(schedule, span)
    return list(_layers(schedule, span))


def zone_of(schedule: Schedule) -> ZoneInfo | None:
    """The schedule's zone; None where this machine does not know it (any more)."""
    try:
        return named_zone(schedule.time_zone)
    except UnknownZone:
        return None


def _check_window(schedule: Schedule, span: Span) -> None:
    in_reach(span.start)
    in_reach(span.end)
    steps = sum(turns_in(rotation, span) for rotation in schedule.rotations)
    if steps > STEPS_MAX:
        raise WindowTooWide(
            f"That window holds about {steps} turns; {STEPS_MAX} can be computed at once.",
            remedy="Ask for a shorter time.",
        )


def _layers(schedule: Schedule, span: Span) -> Iterator[Layer]:
    zone = zone_of(schedule)
    for rotation in schedule.rotations:
        # A page must not fail because of a zone: without it the overrides still hold.
        served = turns(rotation, span, zone) if zone is not None else []
        found = tuple(_shift_of_turn(rotation, turn) for turn in served)
        yield Layer(LayerKind.ROTATION, rotation.id, found)
    for override in schedule.overrides:
        part = override.span.overlap(span)
        if part is not None:
            yield Layer(LayerKind.OVERRIDE, override.id, (_shift_of_override(override, part),))


def _shift_of_turn(rotation: Rotation, turn: Turn) -> Shift:
    because = words.by_empty_slot if turn.member is None else words.by_turn
    return Shift(turn.span, turn.member, because(rotation.id, turn.number))


def _shift_of_override(override: Override, part: Span) -> Shift:
    return Shift(part, override.member, words.by_override(override.id))


def _resolved(schedule: Schedule, span: Span) -> list[Shift]:
    """The uppermost claims; neighbours with the same person and reason are one shift."""
    found: list[Shift] = []
    nobody = Shift(span, None, _why_nobody(schedule))
    start, current = span.start, None
    for edge, top in _uppermost(sorted(_claims(schedule, span), key=_start_of), span):
        shown = top or nobody
        if current is not None and (shown.user, shown.why) != (current.user, current.why):
            found.append(Shift(Span(start, edge), current.user, current.why))
            start = edge
        current = shown
    last = current or nobody
    return [*found, Shift(Span(start, span.end), last.user, last.why)]


def _uppermost(claims: Sequence[_Claim], span: Span) -> Iterator[tuple[datetime, Shift | None]]:
    """At each edge of a claim the shift that is uppermost from there on.

    One sweep: each claim enters the heap once and leaves it once (promises R52).
    """
    edges = {span.start}
    for _, shift in claims:
        edges.update((shift.span.start, shift.span.end))
    active: list[tuple[_Precedence, int]] = []
    entered = 0
    for edge in sorted(edges - {span.end}):
        while entered < len(claims) and claims[entered][1].span.start <= edge:
            heappush(active, (claims[entered][0], entered))
            entered += 1
        while active and claims[active[0][1]][1].span.end <= edge:
            heappop(active)
        yield edge, claims[active[0][1]][1] if active else None


def _claims(schedule: Schedule, span: Span) -> Iterator[_Claim]:
    for order, layer in enumerate(_layers(schedule, span)):
        for shift in layer.shifts:
            yield (shift.user is None, -order), shift


def _start_of(claim: _Claim) -> datetime:
    return claim[1].span.start


def _why_nobody(schedule: Schedule) -> str:
    if schedule.rotations and zone_of(schedule) is None:
        return words.by_unknown_zone(schedule.time_zone)
    return words.NOBODY_COVERS
