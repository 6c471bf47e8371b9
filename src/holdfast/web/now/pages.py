"""Now: what wants the reader's answer, who is on call, and what is ahead."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from fastapi.responses import Response

from holdfast.alerts import queries as alerts
from holdfast.catalog import queries as catalog
from holdfast.incidents import queries as incidents
from holdfast.incidents.responders import queries as responders
from holdfast.kernel.tx import Tx
from holdfast.paging import queries as pages
from holdfast.paging.model import OPEN_PAGES_MAX, Page, PageKind, PageState
from holdfast.people import permissions
from holdfast.people import queries as people
from holdfast.people.model import User
from holdfast.schedules import queries as schedules
from holdfast.schedules.model import Schedule
from holdfast.web import respond
from holdfast.web.alerts.pages import FILTERS
from holdfast.web.alerts.rows import Known, known_of, row_of
from holdfast.web.context import Context, ContextDep
from holdfast.web.faces import Faces
from holdfast.web.incidents.rows import open_rows, rows_of
from holdfast.web.layout.views import Link
from holdfast.web.now.problems import problems_ahead
from holdfast.web.now.views import MyCall, MyDuty, MyPage, NextDuty, NowPage, OnCallNow
from holdfast.web.routes import SIGNED_IN, Route
from holdfast.web.schedules.turns import NEXT_WITHIN, Turn, next_turn, turn_at, turns_of

ALERTS_SHOWN_MAX = 10
INCIDENTS_SHOWN_MAX = 10
SETUP = "/setup"


def show(ctx: ContextDep) -> Response:
    """The first screen; to setup where nothing is configured and the reader may do so."""
    with ctx.read() as tx:
        is_bare = not catalog.services(tx) and permissions.allowed(ctx.actor, "services.edit")
        view = None if is_bare else _view(tx, ctx)
    if view is None:
        return respond.go_to(ctx, SETUP)
    return respond.page(ctx, "now/show.html", view)


def _view(tx: Tx, ctx: Context) -> NowPage:
    waiting = alerts.newest(tx, FILTERS["open"], limit=ALERTS_SHOWN_MAX)
    count = alerts.count(tx, FILTERS["open"])
    mine = [] if ctx.user is None else _open_pages(tx, ctx.user.id)
    paged = alerts.alerts_by_id(tx, [page.subject for page in mine])
    known = known_of(tx, ctx, [*waiting, *paged.values()])
    last = next(iter(pages.latest(tx, limit=1)), None)
    me = None if ctx.user is None else people.find_user(tx, ctx.user.id)
    return NowPage(
        duties=tuple(_duties(tx, known.faces)),
        next_duty=_next_duty(tx, known.faces),
        pages=tuple(
            MyPage(row_of(paged[page.subject], known), page.opened_at, page.because)
            for page in mine
            if page.subject in paged
        ),
        alerts=tuple(row_of(alert, known) for alert in waiting),
        alerts_more=max(0, count - len(waiting)),
        on_call=tuple(_on_call(tx, known)),
        problems=problems_ahead(tx, known.faces),
        needs_setup=last is None,
        reachable=me is None or _is_reached(tx, me),
        last_page_at=None if last is None else last.opened_at,
        incidents=open_rows(tx, ctx)[:INCIDENTS_SHOWN_MAX],
        calls=tuple(_calls(tx, ctx, mine)),
        may_declare=permissions.allowed(ctx.actor, "incidents.declare"),
    )


def _calls(tx: Tx, ctx: Context, mine: Sequence[Page]) -> Iterator[MyCall]:
    """Pages that ask the reader into an incident, rather than to answer an alert: one line for
    each incident, with what the newest of them is for."""
    requests = responders.find_requests(tx, [page.subject for page in mine])
    newest: dict[str, Page] = {}
    for page in sorted(mine, key=lambda each: each.opened_at):
        if page.subject in requests:
            newest[requests[page.subject].incident] = page
    for name, page in newest.items():
        for row in rows_of(tx, ctx, [incidents.incident(tx, name)]):
            yield MyCall(row, page.opened_at, requests[page.subject].text)


def _is_reached(tx: Tx, user: User) -> bool:
    """A test page was answered, or a real one: that shows as well that something arrives."""
    if any(method.verified_at for method in user.methods):
        return True
    lately = pages.latest(tx, user=user.id, state=PageState.ANSWERED, limit=1)
    return bool(lately) and user.reachable


def _open_pages(tx: Tx, user: str) -> list[Page]:
    found = pages.latest(tx, user=user, state=PageState.OPEN, limit=OPEN_PAGES_MAX)
    return [page for page in found if page.kind is PageKind.PAGE]


def _duties(tx: Tx, faces: Faces) -> Iterator[MyDuty]:
    for schedule in schedules.schedules(tx).values():
        turn = turn_at(schedule, tx.now)
        if turn.user is not None and turn.user == faces.reader:
            yield MyDuty(_link(schedule), turn.end)


def _next_duty(tx: Tx, faces: Faces) -> NextDuty | None:
    """The reader's next shift in any schedule."""
    found: list[tuple[Turn, Schedule]] = []
    for schedule in schedules.schedules(tx).values():
        turns = turns_of(schedule, faces.reader or "", tx.now, NEXT_WITHIN)
        found.extend((turn, schedule) for turn in turns[:1])
    if not found:
        return None
    turn, schedule = min(found, key=lambda pair: pair[0].start)
    return NextDuty(_link(schedule), turn.start, turn.end)


def _on_call(tx: Tx, known: Known) -> Iterator[OnCallNow]:
    for schedule in schedules.schedules(tx).values():
        turn = turn_at(schedule, tx.now)
        following = next_turn(schedule, turn)
        yield OnCallNow(
            schedule=_link(schedule),
            now=known.faces.maybe(turn.user),
            until=turn.end,
            next=None if following is None else known.faces.maybe(following.user),
            override=_is_override(schedule, turn),
            mine=turn.user is not None and turn.user == known.faces.reader,
        )


def _is_override(schedule: Schedule, turn: Turn) -> bool:
    return any(o.span.covers(turn.start) and o.member == turn.user for o in schedule.overrides)


def _link(schedule: Schedule) -> Link:
    return Link(schedule.name, f"/schedules/{schedule.id}")


ROUTES = (Route("GET", "/", show, SIGNED_IN),)
