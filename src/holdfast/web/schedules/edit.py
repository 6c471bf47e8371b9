"""The editor of a schedule: the form, what it would come to, and whose shifts would change."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta

from holdfast.kernel.errors import HoldfastError, Invalid
from holdfast.kernel.span import Span
from holdfast.kernel.tx import Tx
from holdfast.kernel.zone import named_zone, wall, zone_names
from holdfast.people import permissions
from holdfast.people import queries as people
from holdfast.schedules import validity
from holdfast.schedules.model import Schedule
from holdfast.schedules.overlay import shifts
from holdfast.web import forms
from holdfast.web.context import Context
from holdfast.web.faces import Faces, faces_of
from holdfast.web.layout.views import Choice, Fields, Link
from holdfast.web.layout.words import length
from holdfast.web.schedules import words
from holdfast.web.schedules.grid import WEEKS_DEFAULT, monday_of, schedule_grid, window_of
from holdfast.web.schedules.show import problems_of, users_of
from holdfast.web.schedules.typed import (
    NINE,
    Typed,
    TypedHours,
    TypedRotation,
    control_of,
    rotations_in,
)
from holdfast.web.schedules.views import (
    Affected,
    Grid,
    HoursForm,
    MemberSlot,
    Problem,
    RotationForm,
    ScheduleEdit,
)

LOOK_AHEAD = timedelta(days=30)
PREVIEW_ID = "preview"


def new_form(tx: Tx, ctx: Context) -> Typed:
    """Begin with oneself, all day: people and hours can be added later."""
    user = ctx.user
    zone = "UTC" if user is None else user.time_zone
    mine = [t.id for t in people.teams(tx).values() if user and user.id in t.members]
    team = next(iter([*mine, *people.teams(tx)]), "")
    rotation = replace(newcomer(tx, ctx, zone), id=f"{words.FIRST_ROTATION}-1")
    return Typed("", team, zone, (rotation,))


def newcomer(tx: Tx, ctx: Context, time_zone: str) -> TypedRotation:
    """A rotation that has begun already, so that it leaves no gap before its first hand-off."""
    member = "" if ctx.user is None else ctx.user.id
    zone = time_zone if time_zone in zone_names() else "UTC"
    monday = monday_of(tx.now, zone)
    local = wall(tx.now, named_zone(zone))
    if local.date() == monday and f"{local:%H:%M}" < NINE:
        monday -= timedelta(days=7)
    return TypedRotation("", (member,), starts=monday.isoformat())


def schedule_in(tx: Tx, typed: Typed, known: Schedule | None, schedule_id: str) -> Schedule:
    """The schedule that the form describes; overrides stay as they are. Raises Invalid."""
    rotations = rotations_in(typed)
    if typed.team not in people.teams(tx):
        raise Invalid("A schedule belongs to a team.", fields={"team": "choose a team"})
    overrides = () if known is None else known.overrides
    schedule = Schedule(schedule_id, typed.name, typed.team, typed.time_zone, rotations, overrides)
    validity.check(schedule)
    return schedule


def returned(ctx: Context, error: HoldfastError) -> Fields:
    """The form again; places of the domain as the controls that they are here."""
    named = error.fields if isinstance(error, Invalid) else {}
    return forms.returned(ctx, error, {place: control_of(place) for place in named})


def schedule_edit(
    tx: Tx, ctx: Context, typed: Typed, known: Schedule | None, fields: Fields | None = None
) -> ScheduleEdit:
    """The form, filled; with what it would come to, as far as it can be read."""
    faces = faces_of(tx, ctx)
    drawn = _drawn(tx, typed, known)
    before = known if known is not None and known != drawn else None
    return ScheduleEdit(
        id=None if known is None else known.id,
        action="/schedules/new" if known is None else f"/schedules/{known.id}/edit",
        name=typed.name,
        teams=tuple(
            Choice(team.id, team.name, chosen=team.id == typed.team)
            for team in people.teams(tx).values()
        ),
        zone=typed.time_zone,
        zones=tuple(sorted(zone_names())),
        rotations=tuple(_rotation_form(rotation, faces) for rotation in typed.rotations),
        preview=None if drawn is None else _preview(tx, drawn, faces),
        problems=() if drawn is None else _gaps(tx, drawn),
        affected=() if drawn is None else tuple(_affected(tx, before, drawn, known, faces)),
        may_delete=known is not None and permissions.allowed(ctx.actor, "schedules.edit"),
        used_by=() if known is None else _users(tx, known),
        fields=fields,
    )


def _drawn(tx: Tx, typed: Typed, known: Schedule | None) -> Schedule | None:
    """The schedule to preview; None while the form cannot be read."""
    named = replace(typed, name=typed.name or PREVIEW_ID)
    try:
        return schedule_in(tx, named, known, PREVIEW_ID if known is None else known.id)
    except Invalid:
        return None


def _preview(tx: Tx, drawn: Schedule, faces: Faces) -> Grid:
    first = monday_of(tx.now, drawn.time_zone)
    return schedule_grid(drawn, window_of(first, WEEKS_DEFAULT, drawn.time_zone), faces, tx.now)


def _gaps(tx: Tx, drawn: Schedule) -> tuple[Problem, ...]:
    found = problems_of(drawn, tx.now, title="")
    return tuple(problem for problem in found if problem.kind != "clock_change")


def _affected(
    tx: Tx, before: Schedule | None, drawn: Schedule, known: Schedule | None, faces: Faces
) -> Iterator[Affected]:
    """Whose next 30 days change: an unchanged schedule changes nobody's."""
    if known is not None and before is None:
        return
    span = Span(tx.now, tx.now + LOOK_AHEAD)
    then = _by_person(drawn, span)
    now = {} if before is None else _by_person(before, span)
    for person in sorted({*then, *now}, key=lambda name: faces.of(name).name):
        old, new = now.get(person, []), then.get(person, [])
        if old != new:
            yield Affected(faces.of(person), _difference(_total(new) - _total(old)))


def _by_person(schedule: Schedule, span: Span) -> dict[str, list[Span]]:
    found: dict[str, list[Span]] = defaultdict(list)
    for shift in shifts(schedule, span):
        if shift.user is None:
            continue
        mine = found[shift.user]
        if mine and mine[-1].end == shift.span.start:
            mine[-1] = Span(mine[-1].start, shift.span.end)
        else:
            mine.append(shift.span)
    return found


def _total(spans: list[Span]) -> timedelta:
    return sum((span.length for span in spans), timedelta())


def _difference(by: timedelta) -> str:
    if not by:
        return words.SAME_AMOUNT
    return words.more_time(length(by)) if by > timedelta() else words.less_time(length(by))


def _rotation_form(rotation: TypedRotation, faces: Faces) -> RotationForm:
    return RotationForm(
        id=rotation.id,
        title=rotation.id[:1].upper() + rotation.id[1:],
        members=tuple(_slot(member, faces) for member in rotation.members),
        every=rotation.every,
        units=tuple(
            Choice(value, label, chosen=value == rotation.unit) for value, label in words.UNITS
        ),
        weekdays=tuple(
            Choice(value, label, chosen=value == rotation.weekday)
            for value, label, _ in words.WEEKDAYS
        ),
        at=rotation.at,
        starts=rotation.starts,
        until=rotation.until,
        hours=tuple(_hours_form(window) for window in rotation.hours),
    )


def _slot(member: str, faces: Faces) -> MemberSlot:
    empty = Choice("", words.NOBODY_CHOICE, chosen=not member)
    return MemberSlot((*faces.choices(member), empty))


def _hours_form(window: TypedHours) -> HoursForm:
    days = tuple(
        Choice(value, short, chosen=value in window.days) for value, _, short in words.WEEKDAYS
    )
    return HoursForm(days, window.start, window.end)


def _users(tx: Tx, known: Schedule) -> tuple[Link, ...]:
    return tuple(Link(policy.title, f"/policies/{policy.id}") for policy in users_of(tx, known.id))
