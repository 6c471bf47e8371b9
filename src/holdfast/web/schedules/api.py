"""Schedules by API: who is on call, every shift, what is wrong ahead, and overrides."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Annotated

from fastapi import Query
from pydantic import BaseModel, Field

from holdfast.kernel.errors import Invalid
from holdfast.kernel.span import Span
from holdfast.kernel.tx import Tx
from holdfast.kernel.zone import last_instant
from holdfast.schedules import actions as schedules
from holdfast.schedules import queries
from holdfast.schedules.coverage import LOOK_AHEAD_DAYS, LOOK_AHEAD_DAYS_MAX, look_ahead
from holdfast.schedules.model import Override, ProblemKind, Schedule, Shift
from holdfast.schedules.overlay import zone_of
from holdfast.schedules.validity import override_span
from holdfast.web.context import ContextDep
from holdfast.web.cursor import AskedDep, Listing
from holdfast.web.instants import INSTANT_CHARS_MAX, read_instant
from holdfast.web.rest import Body, Name, NamePath, act, row
from holdfast.web.schedules.shapes import (
    OnCall,
    OverrideShape,
    ScheduleShape,
    ScheduleWithOnCall,
    on_call_shape,
    override_shape,
    schedule_shape,
)

SHIFTS_SPAN = timedelta(days=28)
InstantQuery = Annotated[str | None, Query(max_length=INSTANT_CHARS_MAX)]
InstantText = Annotated[str, Field(min_length=1, max_length=INSTANT_CHARS_MAX)]


class ShiftShape(BaseModel):
    """One person's shift, or nobody's."""

    start: datetime
    end: datetime
    user: str | None
    why: str


class ProblemShape(BaseModel):
    """Something ahead that a person should know."""

    kind: ProblemKind
    start: datetime
    end: datetime
    words: str


class AddOverride(Body):
    """`from` and `until`: instants, or local times in the schedule's own time zone."""

    id: Name | None = None
    member: Name
    start: InstantText = Field(alias="from")
    until: InstantText


def list_on_call(ctx: ContextDep, asked: AskedDep, at: InstantQuery = None) -> Listing[OnCall]:
    """Who is on call in each schedule, now or at another instant, and why."""
    with ctx.read() as tx:
        moment = tx.now if at is None else read_instant(at, "at")
        shown, following = asked.by_name(list(queries.schedules(tx).values()), _id_of)
        items = [on_call_shape(schedule, moment) for schedule in shown]
    return Listing(items=items, next=following)


def list_schedules(ctx: ContextDep, asked: AskedDep) -> Listing[ScheduleShape]:
    """All schedules, in the order of their ids."""
    with ctx.read() as tx:
        shown, following = asked.by_name(list(queries.schedules(tx).values()), _id_of)
    return Listing(items=[schedule_shape(each) for each in shown], next=following)


def show_schedule(ctx: ContextDep, schedule_id: NamePath) -> ScheduleWithOnCall:
    """One schedule, and who is on call in it now."""
    with ctx.read() as tx:
        schedule, now = queries.schedule(tx, schedule_id), tx.now
    whole = schedule_shape(schedule).model_dump()
    return ScheduleWithOnCall(**whole, on_call=on_call_shape(schedule, now))


def list_shifts(
    ctx: ContextDep,
    asked: AskedDep,
    schedule_id: NamePath,
    since: Annotated[str | None, Query(alias="from", max_length=INSTANT_CHARS_MAX)] = None,
    until: InstantQuery = None,
) -> Listing[ShiftShape]:
    """Every shift of a window, in order and without holes; without one, of the next four weeks.

    Instants need an offset here; a shift that reaches out of the window is cut to it.
    """
    with ctx.read() as tx:
        start = tx.now if since is None else read_instant(since, "from")
        end = start + SHIFTS_SPAN if until is None else read_instant(until, "until")
        found = queries.shifts(tx, schedule_id, _window(start, end))
    place = asked.place()
    left = [shift for shift in found if place is None or shift.span.start > place[0]]
    shown, following = asked.by_time(left, lambda shift: (shift.span.start, schedule_id))
    return Listing(items=[_shift_shape(shift) for shift in shown], next=following)


def list_problems(
    ctx: ContextDep,
    asked: AskedDep,
    schedule_id: NamePath,
    days: Annotated[int, Query(ge=1, le=LOOK_AHEAD_DAYS_MAX)] = LOOK_AHEAD_DAYS,
) -> Listing[ProblemShape]:
    """Gaps and clock changes in the coming days, in words with local times."""
    with ctx.read() as tx:
        found = look_ahead(queries.schedule(tx, schedule_id), tx.now, days)
    items = [
        ProblemShape(kind=each.kind, start=each.span.start, end=each.span.end, words=each.words)
        for each in found
    ]
    shown, following = asked.by_count(items)
    return Listing(items=shown, next=following)


def add_override(ctx: ContextDep, schedule_id: NamePath, body: AddOverride) -> OverrideShape:
    """That person is on call for the span. The same once more changes nothing."""

    def added(tx: Tx) -> Override:
        schedule = queries.schedule(tx, schedule_id)
        zone = zone_of(schedule)
        start = read_instant(body.start, "from", zone=zone)
        end = read_instant(body.until, "until", zone=zone, resolve=last_instant)
        span = override_span(start, end)
        known = _same(schedule, body.member, span) if body.id is None else None
        override = known or Override(body.id or tx.new_id("ov"), body.member, span)
        schedules.add_override(tx, schedule_id, override)
        return override

    return override_shape(act(ctx, added))


def remove_override(
    ctx: ContextDep, schedule_id: NamePath, override_id: NamePath
) -> ScheduleWithOnCall:
    """The rotations say again who is on call."""

    def removed(tx: Tx) -> None:
        queries.schedule(tx, schedule_id)
        schedules.remove_override(tx, schedule_id, override_id)

    act(ctx, removed)
    return show_schedule(ctx, schedule_id)


def _window(start: datetime, end: datetime) -> Span:
    if start >= end:
        raise Invalid(
            "A window must end after it begins.",
            remedy="Choose an end that lies after the start.",
            fields={"until": "choose an instant after `from`"},
        )
    return Span(start, end)


def _same(schedule: Schedule, member: str, span: Span) -> Override | None:
    """What was asked for once already, without an id."""
    return next((o for o in schedule.overrides if (o.member, o.span) == (member, span)), None)


def _id_of(schedule: Schedule) -> str:
    return schedule.id


def _shift_shape(shift: Shift) -> ShiftShape:
    span = shift.span
    return ShiftShape(start=span.start, end=span.end, user=shift.user, why=shift.why)


_ONE = "schedules/{schedule_id}"
_OVERRIDES = f"{_ONE}/overrides"
_OVERRIDE = f"{_OVERRIDES}/{{override_id}}"
_READ, _STAND_IN = "schedules.read", "schedules.override"
ROUTES = (
    row("GET", "on-call", list_on_call, _READ, summary="Who is on call"),
    row("GET", "schedules", list_schedules, _READ, summary="All schedules"),
    row("GET", _ONE, show_schedule, _READ, summary="One schedule"),
    row("GET", f"{_ONE}/shifts", list_shifts, _READ, summary="The shifts of a window"),
    row("GET", f"{_ONE}/problems", list_problems, _READ, summary="What is wrong ahead"),
    row("POST", _OVERRIDES, add_override, _STAND_IN, summary="Stand in for somebody"),
    row("DELETE", _OVERRIDE, remove_override, _STAND_IN, summary="Remove an override"),
)
