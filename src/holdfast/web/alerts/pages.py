"""Alerts on screen: the list with its filters, one alert, and what people do with it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import Annotated
from urllib.parse import urlencode

from fastapi import Query
from fastapi.responses import Response

from holdfast.alerts import actions as alerts
from holdfast.alerts import queries
from holdfast.alerts.model import Alert, AlertStatus
from holdfast.alerts.queries import Filter
from holdfast.catalog import queries as catalog
from holdfast.escalation.model import Target
from holdfast.kernel.duration import parse_duration
from holdfast.kernel.errors import HoldfastError, NotFound
from holdfast.kernel.tx import Tx
from holdfast.sdk import clean_line
from holdfast.web import forms, respond
from holdfast.web.alerts import views, words
from holdfast.web.alerts.api import SEARCH_CHARS_MAX
from holdfast.web.alerts.detail import alert_page
from holdfast.web.alerts.rows import rows_of
from holdfast.web.alerts.views import AlertList, Row, Show
from holdfast.web.context import Context, ContextDep
from holdfast.web.cursor import CURSOR_CHARS_MAX, Asked
from holdfast.web.layout.views import Choice
from holdfast.web.rest import NAME_CHARS_MAX, NamePath
from holdfast.web.routes import Route

ROWS_MAX = 50
_OPEN = (AlertStatus.TRIGGERED, AlertStatus.ACKNOWLEDGED)
_QUIET = "application/problem+json"  # what our own script says that it reads

FILTERS: Mapping[Show, Filter] = {
    "open": Filter(statuses=(AlertStatus.TRIGGERED,), held=False),
    "acknowledged": Filter(statuses=(AlertStatus.ACKNOWLEDGED,), held=False),
    "held": Filter(statuses=_OPEN, held=True),
    "resolved": Filter(statuses=(AlertStatus.RESOLVED,)),
    "all": Filter(),
}
_COUNTED: tuple[Show, ...] = ("open", "acknowledged", "held")
_DEFAULT: Show = "open"


class NoSuchVerb(NotFound):
    """An alert cannot be asked to do this."""


@dataclass(frozen=True, slots=True)
class Asking:
    """What part of all alerts the list shows."""

    show: Show
    service: str
    text: str
    cursor: str | None

    def filter(self, show: Show | None = None) -> Filter:
        wanted = FILTERS[show or self.show]
        return replace(wanted, service=self.service or None, text=self.text or None)

    def href(self, *, show: Show | None = None, cursor: str | None = None) -> str:
        asked = {"show": show or self.show, "service": self.service, "q": self.text}
        parts = {name: value for name, value in asked.items() if value}
        return "/alerts?" + urlencode(parts | ({"cursor": cursor} if cursor else {}))


def list_alerts(
    ctx: ContextDep,
    show: Annotated[str, Query(max_length=20)] = _DEFAULT,
    service: Annotated[str, Query(max_length=NAME_CHARS_MAX)] = "",
    q: Annotated[str, Query()] = "",
    cursor: Annotated[str | None, Query(max_length=CURSOR_CHARS_MAX)] = None,
) -> Response:
    """The alerts that want an answer first; the filters, a service and a search narrow them."""
    text, _ = clean_line(q, SEARCH_CHARS_MAX)
    asking = Asking(_show_of(show), service, text, cursor or None)
    with ctx.read() as tx:
        view = _list_view(tx, ctx, asking)
    return respond.page(ctx, "alerts/list.html", view)


def show_alert(ctx: ContextDep, alert_id: NamePath) -> Response:
    """One alert, by id or code."""
    with ctx.read() as tx:
        view = alert_page(tx, ctx, queries.alert(tx, alert_id))
    return respond.page(ctx, "alerts/show.html", view)


def act(ctx: ContextDep, alert_id: NamePath, verb: str) -> Response:
    """One of the verbs, then back to the alert; where it is refused, the alert says why."""
    action = VERBS.get(verb)
    if action is None:
        raise NoSuchVerb
    try:
        ctx.program.database.transact(ctx.actor, lambda tx: _do(tx, ctx, action, alert_id))
    except forms.MENDABLE as error:
        if _is_quiet(ctx):
            raise
        return _again(ctx, alert_id, error)
    said = None if _is_quiet(ctx) else words.DONE[verb]
    return respond.go_to(ctx, f"/alerts/{alert_id}", said)


def _do(tx: Tx, ctx: Context, action: Action, alert_id: str) -> None:
    action(tx, queries.alert(tx, alert_id).id, ctx.form)


def _snooze(tx: Tx, alert_id: str, form: Mapping[str, str]) -> Alert:
    return alerts.snooze(tx, alert_id, parse_duration(form.get("for", "")))


def _reassign(tx: Tx, alert_id: str, form: Mapping[str, str]) -> Alert:
    return alerts.reassign(tx, alert_id, Target.parse(form.get("to", "")))


def _merge(tx: Tx, alert_id: str, form: Mapping[str, str]) -> Alert:
    return alerts.merge(tx, alert_id, queries.alert(tx, form.get("into", "")).id)


Action = Callable[[Tx, str, Mapping[str, str]], Alert]
VERBS: Mapping[str, Action] = {
    "acknowledge": lambda tx, alert_id, form: alerts.acknowledge(tx, alert_id),
    "unacknowledge": lambda tx, alert_id, form: alerts.unacknowledge(tx, alert_id),
    "resolve": lambda tx, alert_id, form: alerts.resolve(tx, alert_id),
    "escalate": lambda tx, alert_id, form: alerts.escalate(tx, alert_id),
    "release": lambda tx, alert_id, form: alerts.release(tx, alert_id),
    "snooze": _snooze,
    "reassign": _reassign,
    "merge": _merge,
}


def _again(ctx: Context, alert_id: str, error: HoldfastError) -> Response:
    fields = forms.returned(ctx, error)
    with ctx.read() as tx:
        alert = queries.alert(tx, alert_id)
        view = alert_page(tx, ctx, alert, fields)
    return respond.page(ctx, "alerts/show.html", view, status=forms.status_of(error))


def _is_quiet(ctx: Context) -> bool:
    """Our own script sent it and shows what happened by itself."""
    return _QUIET in ctx.request.headers.get("accept", "")


def _show_of(text: str) -> Show:
    return next((show for show in FILTERS if show == text), _DEFAULT)


def _list_view(tx: Tx, ctx: Context, asking: Asking) -> AlertList:
    asked = Asked(ROWS_MAX, asking.cursor)
    wanted = asking.filter()
    found = queries.newest(tx, wanted, before=asked.place(), limit=asked.one_more)
    shown, following = asked.by_time(found, lambda alert: (alert.triggered_at, alert.id))
    return AlertList(
        rows=rows_of(tx, ctx, shown),
        filters=tuple(_filter(tx, asking, show) for show in FILTERS),
        services=_services(tx, asking.service),
        show=asking.show,
        query=asking.text,
        newer_href=asking.href() if asking.cursor else None,
        older_href=asking.href(cursor=following) if following else None,
        total_ever=1 if shown else len(queries.newest(tx, Filter(), limit=1)),
        last_resolved=None if shown else _last_resolved(tx, ctx),
    )


def _filter(tx: Tx, asking: Asking, show: Show) -> views.Filter:
    """How many there are of a kind is counted where there can only be few."""
    count = queries.count(tx, asking.filter(show)) if show in _COUNTED else None
    label = words.FILTERS[show]
    return views.Filter(show, label, asking.href(show=show), count, show == asking.show)


def _services(tx: Tx, chosen: str) -> tuple[Choice, ...]:
    every = Choice("", words.ALL_SERVICES, chosen=not chosen)
    found = catalog.services(tx).values()
    return (every, *(Choice(s.id, s.name, chosen=s.id == chosen) for s in found))


def _last_resolved(tx: Tx, ctx: Context) -> Row | None:
    newest = queries.newest(tx, FILTERS["resolved"], limit=1)
    return next(iter(rows_of(tx, ctx, newest)), None)


ROUTES = (
    Route("GET", "/alerts", list_alerts, "alerts.read"),
    Route("GET", "/alerts/{alert_id}", show_alert, "alerts.read"),
    # Loading the page again after a verb that was refused is the alert itself.
    Route("GET", "/alerts/{alert_id}/{verb}", show_alert, "alerts.read"),
    Route("POST", "/alerts/{alert_id}/{verb}", act, "alerts.answer"),
)
