"""Incidents on screen: the list, declaring, the room with its verbs, and the page for leaders."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated
from zoneinfo import ZoneInfo

from fastapi import Query
from fastapi.responses import Response

from holdfast.guardrails.model import Refused
from holdfast.incidents import queries
from holdfast.incidents.model import ENDED, Incident, Kind, Phase
from holdfast.incidents.queries import Filter
from holdfast.incidents.telling.model import Template
from holdfast.kernel.errors import HoldfastError, NotFound
from holdfast.kernel.tx import Tx
from holdfast.kernel.zone import named_zone
from holdfast.people import permissions
from holdfast.practice.model import Audience
from holdfast.web import forms, respond
from holdfast.web.context import Context, ContextDep
from holdfast.web.cursor import CURSOR_CHARS_MAX, Asked
from holdfast.web.incidents import composing, declaring, leading, words
from holdfast.web.incidents.room import Asking, room_page
from holdfast.web.incidents.room_views import Checks, Refusal
from holdfast.web.incidents.rows import open_rows, rows_of
from holdfast.web.incidents.typed import Typed
from holdfast.web.incidents.verbs import VERBS
from holdfast.web.incidents.views import IncidentList, Show, Tab
from holdfast.web.layout.views import Fields
from holdfast.web.rest import NAME_CHARS_MAX, NamePath
from holdfast.web.routes import Route
from holdfast.web.shell import brief_shell

ROWS_MAX = 50
LATELY_MAX = 5
SEEN_COOKIE_S = 7 * 86_400
ROOM = "incidents/room.html"
_OVER = (Phase.RESOLVED, Phase.POST_INCIDENT, *ENDED)
_TABS: tuple[Show, ...] = ("open", "closed", "drills")

BeforeQuery = Annotated[str | None, Query(max_length=CURSOR_CHARS_MAX)]
ShowQuery = Annotated[str, Query(max_length=20)]


class NoSuchVerb(NotFound):
    """An incident cannot be asked to do this."""


@dataclass(frozen=True, slots=True)
class Sent:
    """A form of the room that was refused."""

    verb: str
    about: str
    error: HoldfastError
    fields: Fields


def list_incidents(
    ctx: ContextDep, show: ShowQuery = "open", cursor: BeforeQuery = None
) -> Response:
    """The open ones first; those that are over in parts."""
    wanted: Show = next((each for each in _TABS if each == show), "open")
    with ctx.read() as tx:
        view = _list_view(tx, ctx, wanted, Asked(ROWS_MAX, cursor))
    return respond.page(ctx, "incidents/list.html", view)


def declare_form(
    ctx: ContextDep,
    alert: Annotated[str, Query(max_length=NAME_CHARS_MAX)] = "",
    kind: Annotated[str, Query(max_length=20)] = "",
) -> Response:
    """The form, filled in from the alert where there is one."""
    with ctx.read() as tx:
        view = declaring.declare_page(tx, ctx, alert, kind)
    return respond.page(ctx, "incidents/declare.html", view)


def declare(ctx: ContextDep) -> Response:
    """Declares it and opens its room; where it is refused, the form says why."""
    typed = _typed(ctx)
    try:
        made = ctx.program.database.transact(ctx.actor, lambda tx: declaring.declare(tx, typed))
    except forms.MENDABLE as error:
        fields = forms.returned(ctx, error, {"detection_source": "detection"})
        with ctx.read() as tx:
            view = declaring.declare_page(tx, ctx, typed.text("alert"), typed.text("kind"), fields)
        status = forms.status_of(error)
        return respond.page(ctx, "incidents/declare.html", view, status=status)
    return respond.go_to(ctx, f"/incidents/{made.number}", words.DECLARED)


def show_room(
    ctx: ContextDep, incident_id: NamePath, show: ShowQuery = "all", before: BeforeQuery = None
) -> Response:
    """The room. At the first visit it tells a late joiner what has happened."""
    asking = _asking(show, before)
    with ctx.read() as tx:
        incident = queries.incident(tx, incident_id)
        cookie = f"seen_{incident.number}"
        first = cookie not in ctx.request.cookies and incident.declared_by != ctx.actor.user_id
        view = room_page(tx, ctx, incident, asking, first_visit=first)
    answer = respond.page(ctx, ROOM, view)
    if first:
        answer.set_cookie(
            cookie, "1", max_age=SEEN_COOKIE_S, path="/incidents", httponly=True, samesite="lax",
            secure=ctx.program.base_url.startswith("https://"),
        )  # fmt: skip
    return answer


def show_fresh(
    ctx: ContextDep, incident_id: NamePath, show: ShowQuery = "all", before: BeforeQuery = None
) -> Response:
    """The live regions alone, for a page that is open already."""
    with ctx.read() as tx:
        incident = queries.incident(tx, incident_id)
        view = room_page(tx, ctx, incident, _asking(show, before), live=True)
        shell = brief_shell(tx, ctx)
    return respond.rendered(ctx.request, "incidents/_fresh.html", shell, view)


def act(ctx: ContextDep, incident_id: NamePath, verb: str) -> Response:
    """One of the verbs; where it is refused, the room says why in the form that was sent."""
    action = VERBS.get(verb)
    if action is None:
        raise NoSuchVerb
    typed = _typed(ctx)
    try:
        ctx.program.database.transact(ctx.actor, lambda tx: action(tx, incident_id, typed))
    except forms.MENDABLE as error:
        return _again(ctx, incident_id, verb, error)
    if _is_partial(ctx):
        go = f"/incidents/{typed.text('into')}" if verb == "merge" else None
        return respond.json({"said": words.DONE[verb], "go": go})
    back = f"/incidents/{incident_id}"
    leaders = "/leaders" if typed.text("from") == "leaders" else ""
    return respond.go_to(ctx, back + leaders, words.DONE[verb])


def ask(ctx: ContextDep, incident_id: NamePath) -> Response:
    """A question for command: whoever may read may ask."""
    return act(ctx, incident_id, "ask")


def lint(ctx: ContextDep, incident_id: NamePath) -> Response:
    """What the checks say of an update that somebody types; nothing is sent."""
    typed = _typed(ctx)
    with ctx.read() as tx:
        incident = queries.incident(tx, incident_id)
        found = _checks(tx, incident, typed)
        shell = brief_shell(tx, ctx)
    return respond.rendered(ctx.request, "incidents/_checks.html", shell, found)


def show_leaders(ctx: ContextDep, incident_id: NamePath) -> Response:
    """One page without jargon."""
    with ctx.read() as tx:
        view = leading.leaders_page(tx, ctx, queries.incident(tx, incident_id))
    return respond.page(ctx, "incidents/leaders.html", view)


def _again(ctx: Context, incident_id: str, verb: str, error: HoldfastError) -> Response:
    fields = forms.returned(ctx, error)
    typed = _typed(ctx)
    status = forms.status_of(error)
    with ctx.read() as tx:
        incident = queries.incident(tx, incident_id)
        if typed.text("from") == "leaders":
            leaders = leading.leaders_page(tx, ctx, incident, fields)
            return respond.page(ctx, "incidents/leaders.html", leaders, status=status)
        sent = Sent(verb, typed.about, error, fields)
        view = room_page(tx, ctx, incident, Asking(), refusal=_refusal(sent))
    return respond.page(ctx, ROOM, view, status=status)


def _refusal(sent: Sent) -> Refusal:
    error = sent.error
    return Refusal(
        verb=sent.verb,
        about=sent.about,
        code=error.code or "" if isinstance(error, Refused) else "",
        message=error.detail,
        remedy=error.remedy or "",
        help_href=error.help if isinstance(error, Refused) else None,
        breakable=sent.fields.breakable,
        fields=sent.fields,
    )


def _checks(tx: Tx, incident: Incident, typed: Typed) -> Checks:
    kind = typed.one_of("kind", Template)
    audiences = [Audience(each) for each in typed.all("to") if each in set(Audience)]
    following = typed.text("next")
    composed = composing.composed_of(
        kind, typed.text("text"), audiences, following, typed.text("eta")
    )
    return composing.checks_of(tx, incident, composing.with_instant(composed, following, tx.now))


def _list_view(tx: Tx, ctx: Context, show: Show, asked: Asked) -> IncidentList:
    open_now = open_rows(tx, ctx)
    limit = LATELY_MAX if show == "open" else asked.one_more
    found = queries.newest(tx, _filter(show), before=asked.place(), limit=limit)
    if show == "open":
        shown, following = found, None
    else:
        shown, following = asked.by_time(found, lambda i: (i.instants.declared_at, i.id))
    return IncidentList(
        open=open_now if show == "open" else (),
        closed=rows_of(tx, ctx, shown),
        tabs=tuple(
            Tab(each, words.TABS[each], _href(each), _count(each, len(open_now)), each == show)
            for each in _TABS
        ),
        show=show,
        ever=bool(open_now) or bool(queries.newest(tx, Filter(), limit=1)),
        newer_href=_href(show) if asked.cursor else None,
        older_href=f"{_href(show)}&cursor={following}" if following else None,
        may_declare=permissions.allowed(ctx.actor, "incidents.declare"),
    )


def _filter(show: Show) -> Filter:
    if show == "drills":
        return Filter(phases=None, kind=Kind.DRILL)
    return Filter(phases=_OVER, kind=Kind.REAL)


def _href(show: Show) -> str:
    return "/incidents" if show == "open" else f"/incidents?show={show}"


def _count(show: Show, open_count: int) -> int | None:
    return open_count if show == "open" and open_count else None


def _asking(show: str, before: str | None) -> Asking:
    known = show if show in words.FILTERS else "all"
    return Asking(known, Asked(1, before) if before else None)


def _typed(ctx: Context) -> Typed:
    zone = ZoneInfo("UTC") if ctx.user is None else named_zone(ctx.user.time_zone)
    return Typed(ctx.form, ctx.form_lists, zone)


def _is_partial(ctx: Context) -> bool:
    """Our own script sent the form and shows by itself what happened."""
    return "hx-request" in ctx.request.headers


ROUTES = (
    Route("GET", "/incidents", list_incidents, "incidents.read"),
    Route("GET", "/incidents/declare", declare_form, "incidents.declare"),
    Route("POST", "/incidents/declare", declare, "incidents.declare"),
    Route("GET", "/incidents/{incident_id}", show_room, "incidents.read"),
    Route("GET", "/incidents/{incident_id}/fresh", show_fresh, "incidents.read"),
    Route("GET", "/incidents/{incident_id}/leaders", show_leaders, "incidents.read"),
    # Loading the page again after a verb that was refused is the room itself.
    Route("GET", "/incidents/{incident_id}/{verb}", show_room, "incidents.read"),
    Route("POST", "/incidents/{incident_id}/lint", lint, "incidents.read"),
    Route("POST", "/incidents/{incident_id}/ask", ask, "incidents.ask"),
    Route("POST", "/incidents/{incident_id}/{verb}", act, "incidents.respond"),
)
