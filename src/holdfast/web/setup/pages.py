"""Setup: from nothing to a page on somebody's device, in three steps."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Annotated, Protocol, cast
from urllib.parse import urlsplit

import msgspec
from fastapi import Query
from fastapi.responses import Response
from starlette.concurrency import run_in_threadpool

from holdfast.alerts import actions as alert_actions
from holdfast.alerts import queries as alerts
from holdfast.alerts.model import Alert, AlertStatus
from holdfast.alerts.queries import Filter
from holdfast.catalog import queries as catalog
from holdfast.catalog.model import Connection
from holdfast.engine.egress import is_loopback_host
from holdfast.escalation.model import Target, TargetKind
from holdfast.kernel.errors import HoldfastError, NotFound
from holdfast.kernel.tx import Tx
from holdfast.paging import queries as pages
from holdfast.people import actions as people_actions
from holdfast.people import permissions
from holdfast.people import queries as people
from holdfast.people.credentials import queries as credentials
from holdfast.people.model import User
from holdfast.sdk import Answer, Inbound, Source
from holdfast.timeline import queries as timeline
from holdfast.web import forms, respond
from holdfast.web.context import Context, ContextDep
from holdfast.web.layout.views import Choice, Fields, Link
from holdfast.web.people.kinds import added, method_kinds, method_title
from holdfast.web.people.words import method_in_words
from holdfast.web.routes import SIGNED_IN, Route
from holdfast.web.services.snippets import short_title, snippets_of
from holdfast.web.setup import words
from holdfast.web.setup.begin import Beginning, begin, beginning_of, key_of, service_of
from holdfast.web.setup.trace import Happened, page_step
from holdfast.web.setup.views import PageStep, ReachStep, SetupPage, SourceStep

SETUP = "/setup"
MAY = "services.edit"
SOURCE_CHARS_MAX = 64
SHOWN_SINCE_MAX_S = 3600
_FIRST_SOURCE = "generic"


class NotBegun(NotFound):
    """Say first how we reach you."""


class Submits(Protocol):
    """The doors of web/intake.py, as far as setup needs them."""

    async def submit(self, connection: Connection, source: Source, inbound: Inbound) -> Answer: ...


@dataclass(frozen=True, slots=True)
class Refused:
    """A form of step 1 that came back."""

    kind: str
    fields: Fields


def show(
    ctx: ContextDep, source: Annotated[str, Query(max_length=SOURCE_CHARS_MAX)] = _FIRST_SOURCE
) -> Response:
    """The three steps as they stand; whoever may not set up is led to their own page."""
    if ctx.user is None or not permissions.allowed(ctx.actor, MAY):
        return respond.go_to(ctx, "/me")
    return respond.page(ctx, "setup/show.html", _view_now(ctx, source))


def save_method(ctx: ContextDep) -> Response:
    """Step 1: one way to reach the reader; and all that a first page needs, in one go."""
    kind = ctx.form.get("kind", "")
    try:
        ctx.program.database.transact(
            ctx.actor, lambda tx: _begin(tx, ctx, kind, ctx.form.get("address", ""))
        )
    except forms.MENDABLE as error:
        refused = Refused(kind, _beside(ctx, error))
        view = _view_now(ctx, _FIRST_SOURCE, refused)
        return respond.page(ctx, "setup/show.html", view, status=forms.status_of(error))
    return respond.go_to(ctx, SETUP, words.DONE_METHOD)


async def send_signal(ctx: ContextDep) -> Response:
    """Step 2, for whoever has no source at hand: the same door as for everybody outside."""
    connection, source = await run_in_threadpool(_generic, ctx)
    doors = cast(Submits, ctx.request.app.state.parts.doors)
    body = msgspec.json.encode({"title": words.TEST_TITLE, "severity": "critical"})
    inbound = Inbound("POST", "/in/setup", body, {"content-type": "application/json"})
    await doors.submit(connection, source, inbound)
    return respond.go_to(ctx, SETUP)


async def page_me(ctx: ContextDep) -> Response:
    """Step 3, or once more: the reader is paged by the alert there is, else by a new one."""
    if await run_in_threadpool(_page_again, ctx):
        return respond.go_to(ctx, SETUP)
    return await send_signal(ctx)


def _begin(tx: Tx, ctx: Context, kind: str, address: str) -> None:
    user = _user(tx, ctx)
    methods = added(ctx.program, user, kind, address)
    if methods != user.methods:
        people_actions.save_methods(tx, user.id, methods)
    begin(tx, ctx.program.vault, people.user(tx, user.id), _sources(ctx))


def _beside(ctx: Context, error: HoldfastError) -> Fields:
    fields = forms.returned(ctx, error)
    return fields if not fields.errors else Fields(fields.values, fields.errors)


def _generic(ctx: Context) -> tuple[Connection, Source]:
    """The connection that signals of ours go in by. Raises NotBegun."""
    source = ctx.program.integrations.sources[_FIRST_SOURCE]
    with ctx.read() as tx:
        made = beginning_of(tx, _user(tx, ctx))
        connection = catalog.find_connection(tx, made.connection(source))
    if connection is None:
        raise NotBegun(remedy="Go to setup and begin with step 1.")
    return connection, source


def _page_again(ctx: Context) -> bool:
    def again(tx: Tx) -> bool:
        user = _user(tx, ctx)
        alert = _alert(tx, beginning_of(tx, user))
        if alert is None or alert.status is AlertStatus.RESOLVED:
            return False
        alert_actions.reassign(tx, alert.id, Target(TargetKind.USER, user.id))
        return True

    return ctx.program.database.transact(ctx.actor, again)


def _view_now(ctx: Context, source: str, refused: Refused | None = None) -> SetupPage:
    with ctx.read() as tx:
        user = _user(tx, ctx)
        made = beginning_of(tx, user)
        is_begun = service_of(tx, made) is not None and bool(user.methods)
        alert = _alert(tx, made) if is_begun else None
        return SetupPage(
            reach=_reach(ctx, user, refused, is_begun=is_begun),
            source=_source(tx, ctx, made, source, alert) if is_begun else SourceStep("later"),
            page=PageStep("later") if alert is None else _page(tx, ctx, user, alert),
            since_s=_since_s(tx, ctx, user),
            base_url_warning=_warning(ctx.program.base_url),
        )


def _reach(ctx: Context, user: User, refused: Refused | None, *, is_begun: bool) -> ReachStep:
    ways = tuple(
        method_in_words(method_title(ctx.program, method.kind), method.address)
        for method in user.methods
    )
    if is_begun:
        return ReachStep("done", (), ways)
    known = next(iter(user.methods), None)
    chosen = refused.kind if refused is not None else None if known is None else known.kind
    fields = None if refused is None else refused.fields
    if fields is None and known is not None:
        fields = Fields(values=(("address", known.address),))
    return ReachStep("now", method_kinds(ctx.program, chosen), ways, fields)


def _source(tx: Tx, ctx: Context, made: Beginning, chosen: str, alert: Alert | None) -> SourceStep:
    service = Link(words.SERVICE, f"/services/{made.id}")
    if alert is not None:
        return SourceStep(
            "done", service=service, received=alert.title, received_at=alert.triggered_at
        )
    sources = {source.name: source for source in _sources(ctx)}
    shown = sources.get(chosen) or sources[_FIRST_SOURCE]
    key = key_of(tx, ctx.program.vault, made, shown)
    return SourceStep(
        "now",
        sources=tuple(
            Choice(each.name, short_title(each), chosen=each is shown) for each in sources.values()
        ),
        snippets=tuple(
            (snippet.title, snippet.text, snippet.hint)
            for snippet in snippets_of(shown, ctx.program.base_url, key)
        ),
        service=service,
    )


def _page(tx: Tx, ctx: Context, user: User, alert: Alert) -> PageStep:
    about = pages.about(tx, [alert.id])
    events = timeline.about(tx, [alert.id, *(page.id for page in about)])
    connection = catalog.connections(tx).get(alert.connection)
    source = None if connection is None else ctx.program.integrations.sources.get(connection.kind)
    happened = Happened(
        alert=alert,
        events=events,
        pages=about,
        source=alert.connection if source is None else source.title,
        titles={method.id: method_title(ctx.program, method.kind) for method in user.methods},
    )
    return page_step(happened, user.id)


def _alert(tx: Tx, made: Beginning) -> Alert | None:
    """The newest one of the service that setup made."""
    return next(iter(alerts.newest(tx, Filter(service=made.id), limit=1)), None)


def _sources(ctx: Context) -> Sequence[Source]:
    """Every source that can fire a sample; ours first."""
    found = [source for source in ctx.program.integrations.sources.values() if source.sample]
    return sorted(found, key=lambda source: (source.name != _FIRST_SOURCE, source.title))


def _user(tx: Tx, ctx: Context) -> User:
    assert ctx.user is not None, "the table says that a person is signed in"
    return people.user(tx, ctx.user.id)


def _since_s(tx: Tx, ctx: Context, user: User) -> int:
    """Since the reader signed in, while that is not long ago."""
    session = next((s for s in credentials.sessions_of(tx, user.id) if s.id == ctx.session), None)
    passed_s = 0 if session is None else int((tx.now - session.created_at).total_seconds())
    return passed_s if passed_s < SHOWN_SINCE_MAX_S else 0


def _warning(base_url: str) -> str | None:
    host = urlsplit(base_url).hostname or ""
    return words.unreachable_links(base_url) if is_loopback_host(host) else None


ROUTES = (
    Route("GET", "/setup", show, SIGNED_IN),
    Route("GET", "/setup/method", show, SIGNED_IN),
    Route("POST", "/setup/method", save_method, MAY),
    Route("POST", "/setup/signal", send_signal, MAY),
    Route("POST", "/setup/page", page_me, MAY),
)
