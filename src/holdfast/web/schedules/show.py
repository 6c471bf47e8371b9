"""Everything that the page of one schedule shows."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta
from urllib.parse import urlencode

from holdfast.escalation import queries as escalation
from holdfast.escalation.model import Policy, Target, TargetKind
from holdfast.kernel.tx import Tx
from holdfast.kernel.zone import named_zone, wall
from holdfast.people import permissions
from holdfast.people import queries as people
from holdfast.schedules.coverage import look_ahead
from holdfast.schedules.model import Problem as Found
from holdfast.schedules.model import ProblemKind, Schedule
from holdfast.web.context import Context
from holdfast.web.faces import Faces, faces_of, link_of
from holdfast.web.layout.views import Fields, Link
from holdfast.web.layout.words import day, length
from holdfast.web.schedules import turns, words
from holdfast.web.schedules.grid import WEEKS, Window, local_text, schedule_grid
from holdfast.web.schedules.views import (
    AgendaItem,
    Grid,
    OverrideRow,
    Problem,
    SchedulePage,
    Span,
    Turn,
)

PROBLEMS_SHOWN_MAX = 3
OVERRIDES_SHOWN_MAX = 50
_WEEK = timedelta(days=7)
_OVERRIDE_LENGTH = timedelta(hours=12)
_TITLES = {
    ProblemKind.GAP: words.GAP_TITLE,
    ProblemKind.CLOCK_CHANGE: words.CLOCK_CHANGE_TITLE,
    ProblemKind.TIME_ZONE: words.TIME_ZONE_TITLE,
}


def schedule_page(
    tx: Tx, ctx: Context, schedule: Schedule, window: Window, fields: Fields | None = None
) -> SchedulePage:
    """All of it at one instant, in the schedule's own zone. `fields`: the override form again."""
    faces = faces_of(tx, ctx)
    may_override = permissions.allowed(ctx.actor, "schedules.override")
    grid = schedule_grid(schedule, window, faces, tx.now)
    next_hour = tx.now.replace(minute=0, second=0, microsecond=0) + timedelta(hours=1)
    teams = {team.id: team.name for team in people.teams(tx).values()}
    return SchedulePage(
        id=schedule.id,
        name=schedule.name,
        team=link_of("teams", schedule.team, teams),
        zone=schedule.time_zone,
        turns=tuple(_turns(tx, schedule, window, faces)),
        problems=problems_of(schedule, tx.now, title=""),
        grid=grid,
        span=span_of(window, f"/schedules/{schedule.id}"),
        agenda=tuple(_agenda(grid, window, tx.now)),
        overrides=tuple(_overrides(schedule, faces, tx.now, removable=may_override)),
        used_by=tuple(
            Link(policy.title, f"/policies/{policy.id}") for policy in users_of(tx, schedule.id)
        ),
        people=faces.choices((ctx.form.get("member") if fields else None) or faces.reader),
        may_override=may_override,
        may_edit=permissions.allowed(ctx.actor, "schedules.edit"),
        open_override=fields is not None,
        override_from=local_text(next_hour, window.zone),
        override_until=local_text(next_hour + _OVERRIDE_LENGTH, window.zone),
        fields=fields,
    )


def users_of(tx: Tx, schedule_id: str) -> list[Policy]:
    """The policies that page whoever is on call here."""
    target = Target(TargetKind.SCHEDULE, schedule_id)
    return [
        policy for policy in escalation.policies(tx).values()
        if target in policy.last_resort or any(target in step.page for step in policy.steps)
    ]  # fmt: skip


def span_of(window: Window, path: str) -> Span:
    """The ways to another part of time."""

    def href(first: object, weeks: int) -> str:
        return f"{path}?" + urlencode({"from": first, "zoom": weeks})

    step = window.weeks * _WEEK
    return Span(
        zooms=tuple(
            Link(text, None if weeks == window.weeks else href(window.first, weeks))
            for weeks, text in words.ZOOMS
            if weeks in WEEKS
        ),
        earlier_href=href(window.first - step, window.weeks),
        later_href=href(window.first + step, window.weeks),
        today_href=f"{path}?" + urlencode({"zoom": window.weeks}),
    )


def problems_of(schedule: Schedule, now: datetime, *, title: str) -> tuple[Problem, ...]:
    """What the coming 30 days hold; `title` names the schedule where several stand together."""
    found = look_ahead(schedule, now)
    shown = [_problem(schedule, each, title) for each in found[:PROBLEMS_SHOWN_MAX]]
    left = len(found) - len(shown)
    if left > 0:
        shown.append(Problem("other", words.more_problems(left), ""))
    return tuple(shown)


def _problem(schedule: Schedule, found: Found, title: str) -> Problem:
    said = _TITLES.get(found.kind, words.OTHER_TITLE)
    text = words.of_schedule(title, said) if title else said
    if found.kind is ProblemKind.CLOCK_CHANGE:
        return Problem("clock_change", text, found.words)
    if found.kind is ProblemKind.TIME_ZONE:
        return Problem("time_zone", text, found.words)
    zone = named_zone(schedule.time_zone)
    start, end = local_text(found.span.start, zone), local_text(found.span.end, zone)
    return Problem("gap", text, found.words, start, end)


def _turns(tx: Tx, schedule: Schedule, window: Window, faces: Faces) -> Iterator[Turn]:
    turn = turns.turn_at(schedule, tx.now)
    zone = window.zone.key
    ends = words.NO_END if turn.end is None else words.until(turn.end, zone)
    yield Turn(words.NOW, faces.maybe(turn.user), ends)
    following = turns.next_turn(schedule, turn)
    if following is None:
        yield Turn(words.NEXT, faces.maybe(turn.user), words.NO_NEXT)
    else:
        detail = words.since(following.start, following.end, zone)
        yield Turn(words.NEXT, faces.maybe(following.user), detail)
    yield from _if_no_answer(tx, schedule, faces)


def _if_no_answer(tx: Tx, schedule: Schedule, faces: Faces) -> Iterator[Turn]:
    """Who is asked after whoever is on call here, by the first policy that pages it first."""
    target = Target(TargetKind.SCHEDULE, schedule.id)
    for policy in users_of(tx, schedule.id):
        if len(policy.steps) > 1 and target in policy.steps[0].page:
            at = tx.now + policy.steps[0].wait
            reached = escalation.reachable_people(tx, policy.steps[1].page, at)
            detail = words.pages_next(policy.title, length(policy.steps[0].wait))
            yield Turn(words.NO_ANSWER, faces.maybe(next(iter(reached), None)), detail)
            return


def _agenda(grid: Grid, window: Window, now: datetime) -> Iterator[AgendaItem]:
    """The result from now on, as a list; the day is said once."""
    said = None
    for bar in grid.rows[0].bars:
        if bar.end <= now and grid.now_x is not None:
            continue
        begins = wall(bar.start, window.zone).date()
        yield AgendaItem(bar, day(bar.start, window.zone) if begins != said else None)
        said = begins


def _overrides(
    schedule: Schedule, faces: Faces, now: datetime, *, removable: bool
) -> Iterator[OverrideRow]:
    standing = [override for override in schedule.overrides if override.span.end > now]
    for override in sorted(standing, key=lambda each: each.span.start)[:OVERRIDES_SHOWN_MAX]:
        span = override.span
        who = faces.of(override.member)
        yield OverrideRow(override.id, who, span.start, span.end, removable)
