"""Schedules on screen: all in one grid, one with its overrides, and the editor."""

from __future__ import annotations

from datetime import date
from typing import Annotated

from fastapi import Query
from fastapi.responses import Response

from holdfast.kernel.errors import HoldfastError, Invalid
from holdfast.kernel.ids import slugify
from holdfast.kernel.tx import Tx
from holdfast.kernel.zone import last_instant, named_zone
from holdfast.people import permissions
from holdfast.people import queries as people
from holdfast.schedules import actions, queries
from holdfast.schedules.model import Override, Schedule
from holdfast.schedules.overlay import zone_of
from holdfast.schedules.validity import override_span
from holdfast.web import forms, respond
from holdfast.web.context import Context, ContextDep
from holdfast.web.faces import Faces, faces_of
from holdfast.web.instants import read_instant
from holdfast.web.layout.views import Link
from holdfast.web.rest import NamePath
from holdfast.web.routes import Route
from holdfast.web.schedules import turns, words
from holdfast.web.schedules.edit import new_form, newcomer, returned, schedule_edit, schedule_in
from holdfast.web.schedules.grid import (
    WEEKS,
    WEEKS_DEFAULT,
    Window,
    final_row,
    index_grid,
    monday_of,
    window_of,
)
from holdfast.web.schedules.show import problems_of, schedule_page, span_of, users_of
from holdfast.web.schedules.typed import Typed, changed, typed_in, typed_of
from holdfast.web.schedules.views import GridRow, IndexRow, Problem, ScheduleList
from holdfast.web.slugs import free_slug

MAY_EDIT, MAY_OVERRIDE = "schedules.edit", "schedules.override"
PROBLEMS_SHOWN_MAX = 6
_UTC = "UTC"
FromQuery = Annotated[str, Query(alias="from", max_length=10)]
ZoomQuery = Annotated[str, Query(max_length=2)]


def list_schedules(ctx: ContextDep, begin: FromQuery = "", zoom: ZoomQuery = "") -> Response:
    """Every schedule as one row, in the reader's zone; those with a gap first."""
    zone = _UTC if ctx.user is None else ctx.user.time_zone
    with ctx.read() as tx:
        window = _window(tx, begin, zoom, zone)
        found = _gaps_first(tx, list(queries.schedules(tx).values()))
        faces = faces_of(tx, ctx)
        view = ScheduleList(
            grid=index_grid((_row(tx, each, window, faces) for each, _ in found), window, tx.now),
            span=span_of(window, "/schedules"),
            rows=tuple(_index_row(tx, each, gap, faces) for each, gap in found),
            problems=tuple(gap for _, gap in found if gap is not None)[:PROBLEMS_SHOWN_MAX],
            may_edit=permissions.allowed(ctx.actor, MAY_EDIT),
        )
    return respond.page(ctx, "schedules/list.html", view)


def show_schedule(
    ctx: ContextDep, schedule_id: NamePath, begin: FromQuery = "", zoom: ZoomQuery = ""
) -> Response:
    """One schedule, in its own zone."""
    with ctx.read() as tx:
        schedule = queries.schedule(tx, schedule_id)
        window = _window(tx, begin, zoom, _zone(schedule))
        view = schedule_page(tx, ctx, schedule, window)
    return respond.page(ctx, "schedules/show.html", view)


def add_override(ctx: ContextDep, schedule_id: NamePath) -> Response:
    """Puts somebody on call for a time, or shows the form again."""

    def add(tx: Tx) -> None:
        schedule = queries.schedule(tx, schedule_id)
        zone = named_zone(_zone(schedule))
        start = read_instant(ctx.form.get("from", ""), "from", zone=zone)
        end = read_instant(ctx.form.get("until", ""), "until", zone=zone, resolve=last_instant)
        override = Override(tx.new_id("ov"), ctx.form.get("member", ""), override_span(start, end))
        actions.add_override(tx, schedule_id, override)

    try:
        ctx.program.database.transact(ctx.actor, add)
    except forms.MENDABLE as error:
        return _override_again(ctx, schedule_id, error)
    return respond.go_to(ctx, f"/schedules/{schedule_id}", words.OVERRIDE_ADDED)


def remove_override(ctx: ContextDep, schedule_id: NamePath, override_id: NamePath) -> Response:
    """The rotations say again who is on call."""
    ctx.program.database.transact(
        ctx.actor, lambda tx: actions.remove_override(tx, schedule_id, override_id)
    )
    return respond.go_to(ctx, f"/schedules/{schedule_id}", words.OVERRIDE_REMOVED)


def new_schedule(ctx: ContextDep) -> Response:
    """The form, begun with the reader, all day."""
    with ctx.read() as tx:
        view = schedule_edit(tx, ctx, new_form(tx, ctx), None)
    return respond.page(ctx, "schedules/edit.html", view)


def edit_schedule(ctx: ContextDep, schedule_id: NamePath) -> Response:
    """The form of a schedule that there is."""
    with ctx.read() as tx:
        schedule = queries.schedule(tx, schedule_id)
        view = schedule_edit(tx, ctx, typed_of(schedule), schedule)
    return respond.page(ctx, "schedules/edit.html", view)


def create_schedule(ctx: ContextDep) -> Response:
    """Makes it, or shows the form with what a button did to it."""
    return _do(ctx, None)


def save_schedule(ctx: ContextDep, schedule_id: NamePath) -> Response:
    """Saves or deletes it, or shows the form with what a button did to it."""
    return _do(ctx, schedule_id)


def _do(ctx: Context, schedule_id: str | None) -> Response:
    typed, do = typed_in(ctx.form, ctx.form_lists), ctx.form.get("do", "save")
    try:
        if do == "delete" and schedule_id is not None:
            return _delete(ctx, schedule_id)
        if do == "save":
            return _save(ctx, schedule_id, typed)
        return _preview(ctx, schedule_id, typed, do)
    except forms.MENDABLE as error:
        return _form(ctx, schedule_id, typed, error)


def _save(ctx: Context, schedule_id: str | None, typed: Typed) -> Response:
    def save(tx: Tx) -> str:
        known = None if schedule_id is None else queries.schedule(tx, schedule_id)
        taken = queries.schedules(tx)
        name = schedule_id or free_slug(slugify(typed.name, "schedule"), taken)
        actions.save(tx, schedule_in(tx, typed, known, name))
        return name

    saved = ctx.program.database.transact(ctx.actor, save)
    return respond.go_to(ctx, f"/schedules/{saved}", words.SAVED)


def _delete(ctx: Context, schedule_id: str) -> Response:
    def delete(tx: Tx) -> None:
        users = [policy.title for policy in users_of(tx, schedule_id)]
        actions.delete(tx, schedule_id, used_by=users)

    ctx.program.database.transact(ctx.actor, delete)
    return respond.go_to(ctx, "/schedules", words.DELETED)


def _preview(ctx: Context, schedule_id: str | None, typed: Typed, do: str) -> Response:
    """Raises Invalid where what is to be shown cannot be read."""
    with ctx.read() as tx:
        typed = changed(typed, do, newcomer(tx, ctx, typed.time_zone))
        if do == "preview":
            known = None if schedule_id is None else queries.schedule(tx, schedule_id)
            schedule_in(tx, typed, known, schedule_id or "preview")
    return _form(ctx, schedule_id, typed)


def _form(
    ctx: Context, schedule_id: str | None, typed: Typed, error: HoldfastError | None = None
) -> Response:
    fields = None if error is None else returned(ctx, error)
    with ctx.read() as tx:
        known = None if schedule_id is None else queries.schedule(tx, schedule_id)
        view = schedule_edit(tx, ctx, typed, known, fields)
    status = 200 if error is None else forms.status_of(error)
    return respond.page(ctx, "schedules/edit.html", view, status=status)


def _override_again(ctx: Context, schedule_id: str, error: HoldfastError) -> Response:
    fields = forms.returned(ctx, error)
    with ctx.read() as tx:
        schedule = queries.schedule(tx, schedule_id)
        window = _window(tx, "", "", _zone(schedule))
        view = schedule_page(tx, ctx, schedule, window, fields)
    return respond.page(ctx, "schedules/show.html", view, status=forms.status_of(error))


def _window(tx: Tx, begin: str, zoom: str, zone: str) -> Window:
    """The part of time that is asked for; by default two weeks from this Monday."""
    weeks = next((number for number in WEEKS if str(number) == zoom), WEEKS_DEFAULT)
    if not begin:
        return window_of(monday_of(tx.now, zone), weeks, zone)
    try:
        return window_of(date.fromisoformat(begin), weeks, zone)
    except (ValueError, OverflowError):
        raise Invalid("That is not a day.", remedy="Write it as 2026-11-16.") from None


def _zone(schedule: Schedule) -> str:
    """Its own zone; where this machine does not know it, UTC."""
    return schedule.time_zone if zone_of(schedule) is not None else _UTC


def _gaps_first(tx: Tx, found: list[Schedule]) -> list[tuple[Schedule, Problem | None]]:
    """Each with the first of its gaps, if any."""
    pairs = []
    for schedule in found:
        problems = problems_of(schedule, tx.now, title=schedule.name)
        gaps = [each for each in problems if each.kind in ("gap", "time_zone")]
        pairs.append((schedule, next(iter(gaps), None)))
    return sorted(pairs, key=lambda pair: pair[1] is None)


def _row(tx: Tx, schedule: Schedule, window: Window, faces: Faces) -> GridRow:
    detail = _team_name(tx, schedule)
    href = f"/schedules/{schedule.id}"
    return final_row(schedule, window, faces, label=schedule.name, detail=detail, href=href)


def _index_row(tx: Tx, schedule: Schedule, gap: Problem | None, faces: Faces) -> IndexRow:
    turn = turns.turn_at(schedule, tx.now)
    following = turns.next_turn(schedule, turn)
    return IndexRow(
        schedule=Link(schedule.name, f"/schedules/{schedule.id}"),
        team=_team_name(tx, schedule),
        now=faces.maybe(turn.user),
        until=turn.end,
        next=faces.maybe(turn.user if following is None else following.user),
        problem=None if gap is None else gap.detail,
    )


def _team_name(tx: Tx, schedule: Schedule) -> str:
    team = people.teams(tx).get(schedule.team)
    return schedule.team if team is None else team.name


_ONE = "/schedules/{schedule_id}"
ROUTES = (
    Route("GET", "/schedules", list_schedules, "schedules.read"),
    Route("GET", "/schedules/new", new_schedule, MAY_EDIT),
    Route("POST", "/schedules/new", create_schedule, MAY_EDIT),
    Route("GET", _ONE, show_schedule, "schedules.read"),
    Route("GET", f"{_ONE}/edit", edit_schedule, MAY_EDIT),
    Route("POST", f"{_ONE}/edit", save_schedule, MAY_EDIT),
    # Loading the page again after a form that came back is the schedule itself.
    Route("GET", f"{_ONE}/overrides", show_schedule, "schedules.read"),
    Route("POST", f"{_ONE}/overrides", add_override, MAY_OVERRIDE),
    Route("POST", f"{_ONE}/overrides/{{override_id}}/remove", remove_override, MAY_OVERRIDE),
)
