"""Services on screen: the list, one service, its form, its connections, and a test alert."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Annotated

from fastapi import Query
from fastapi.responses import Response

from holdfast.alerts import queries as alerts
from holdfast.alerts.actions import heartbeat
from holdfast.alerts.model import AlertStatus
from holdfast.alerts.queries import Filter
from holdfast.catalog import actions, queries
from holdfast.catalog.model import HEARTBEAT, Connection, NoSuchConnection, Service
from holdfast.kernel.duration import parse_duration
from holdfast.kernel.errors import Conflict, HoldfastError, Invalid
from holdfast.kernel.tx import Tx
from holdfast.people import permissions
from holdfast.people import queries as people
from holdfast.sdk import Source, clean_line
from holdfast.web import forms, respond
from holdfast.web.alerts.api import SEARCH_CHARS_MAX
from holdfast.web.context import Context, ContextDep
from holdfast.web.faces import Faces, faces_of, rank_of
from holdfast.web.rest import NamePath
from holdfast.web.routes import Route
from holdfast.web.services import words
from holdfast.web.services.api import KEY_DIGITS, send_test_alert
from holdfast.web.services.edit import Typed, service_edit, service_in, typed_in, typed_of
from holdfast.web.services.reached import first_reached, policy_of
from holdfast.web.services.show import NewKey, service_page
from holdfast.web.services.views import ServiceList, ServiceRow
from holdfast.web.slugs import free_slug

OPEN_COUNTED_MAX = 500
_OPEN = (AlertStatus.TRIGGERED, AlertStatus.ACKNOWLEDGED)


class NoConnectionYet(Conflict):
    """Add a connection first: a test alert goes the way that real ones go."""


def list_services(ctx: ContextDep, q: Annotated[str, Query()] = "") -> Response:
    """Every service, with what is open and who would be paged now."""
    text, _ = clean_line(q, SEARCH_CHARS_MAX)
    with ctx.read() as tx:
        faces = faces_of(tx, ctx)
        found = [s for s in queries.services(tx).values() if _matches(s, text)]
        view = ServiceList(
            rows=tuple(_row(tx, service, faces) for service in found),
            query=text,
            may_edit=permissions.allowed(ctx.actor, "services.edit"),
        )
    return respond.page(ctx, "services/list.html", view)


def show_service(ctx: ContextDep, service_id: NamePath) -> Response:
    """One service."""
    return _service_page(ctx, service_id)


def new_service(ctx: ContextDep) -> Response:
    """The empty form."""
    with ctx.read() as tx:
        view = service_edit(tx, Typed(), None)
    return respond.page(ctx, "services/edit.html", view)


def edit_service(ctx: ContextDep, service_id: NamePath) -> Response:
    """The form of a service that there is."""
    with ctx.read() as tx:
        service = queries.service(tx, service_id)
        view = service_edit(tx, typed_of(service), service)
    return respond.page(ctx, "services/edit.html", view)


def create_service(ctx: ContextDep) -> Response:
    """Makes it, or shows the form again."""
    return _save(ctx, None)


def save_service(ctx: ContextDep, service_id: NamePath) -> Response:
    """Saves or deletes it, or shows the form again."""
    if ctx.form.get("do") == "delete":
        return _delete(ctx, service_id)
    return _save(ctx, service_id)


def add_connection(ctx: ContextDep, service_id: NamePath) -> Response:
    """Makes a connection with a key, and shows that once."""
    try:
        new = ctx.program.database.transact(ctx.actor, lambda tx: _connect(tx, ctx, service_id))
    except forms.MENDABLE as error:
        return _service_page(ctx, service_id, error=error)
    return _service_page(ctx, service_id, new=new)


def make_key(ctx: ContextDep, service_id: NamePath, connection_id: NamePath) -> Response:
    """A second key, shown once; the one before stays good."""

    def made(tx: Tx) -> NewKey:
        connection = _connection_of(tx, service_id, connection_id)
        return _new_key(tx, ctx, connection)

    new = ctx.program.database.transact(ctx.actor, made)
    return _service_page(ctx, service_id, new=new)


def remove_connection(ctx: ContextDep, service_id: NamePath, connection_id: NamePath) -> Response:
    """Its keys stop working at once."""

    def removed(tx: Tx) -> None:
        actions.delete_connection(tx, _connection_of(tx, service_id, connection_id).id)

    ctx.program.database.transact(ctx.actor, removed)
    return respond.go_to(ctx, f"/services/{service_id}", words.REMOVED)


async def send_test(ctx: ContextDep, service_id: NamePath) -> Response:
    """The source's own sample through the same door as outside: somebody is paged."""
    connection = _first_testable(ctx, service_id)
    sent = await send_test_alert(ctx, connection)
    said = words.TEST_JOINS if sent.joins else words.TEST_SENT
    return respond.go_to(ctx, f"/services/{service_id}", said, kind="warn" if sent.joins else "ok")


def _service_page(
    ctx: Context,
    service_id: str,
    *,
    new: NewKey | None = None,
    error: HoldfastError | None = None,
) -> Response:
    fields = None if error is None else forms.returned(ctx, error)
    with ctx.read() as tx:
        service = queries.service(tx, service_id)
        view = service_page(tx, ctx, service, new=new, fields=fields)
    status = 200 if error is None else forms.status_of(error)
    return respond.page(ctx, "services/show.html", view, status=status)


def _save(ctx: Context, service_id: str | None) -> Response:
    typed = typed_in(ctx.form, ctx.form_lists)

    def saved(tx: Tx) -> str:
        known = None if service_id is None else queries.service(tx, service_id)
        service = service_in(tx, typed, known)
        actions.save_service(tx, service)
        return service.id

    try:
        saved_id = ctx.program.database.transact(ctx.actor, saved)
    except forms.MENDABLE as error:
        return _form_again(ctx, service_id, typed, error)
    return respond.go_to(ctx, f"/services/{saved_id}", words.SAVED)


def _delete(ctx: Context, service_id: str) -> Response:
    try:
        ctx.program.database.transact(ctx.actor, lambda tx: actions.delete_service(tx, service_id))
    except forms.MENDABLE as error:
        return _form_again(ctx, service_id, typed_in(ctx.form, ctx.form_lists), error)
    return respond.go_to(ctx, "/services", words.DELETED)


def _form_again(
    ctx: Context, service_id: str | None, typed: Typed, error: HoldfastError
) -> Response:
    fields = forms.returned(ctx, error)
    with ctx.read() as tx:
        known = None if service_id is None else queries.service(tx, service_id)
        view = service_edit(tx, typed, known, fields)
    return respond.page(ctx, "services/edit.html", view, status=forms.status_of(error))


def _connect(tx: Tx, ctx: Context, service_id: str) -> NewKey:
    service = queries.service(tx, service_id)
    source = ctx.program.integrations.sources.get(ctx.form.get("kind", ""))
    if source is None:
        raise Invalid(words.CHOOSE_KIND, fields={"kind": "choose one of them"})
    wanted = free_slug(f"{service.id}-{source.name}", queries.connections(tx))
    connection = Connection(wanted, source.name, service.id)
    if source.name == HEARTBEAT:
        connection = replace(
            connection, every=_duration(ctx, "every"), grace=_duration(ctx, "grace")
        )
    actions.save_connection(tx, connection)
    if source.name == HEARTBEAT:
        heartbeat.watch(tx, connection.id)
    return _new_key(tx, ctx, connection)


def _duration(ctx: Context, name: str) -> timedelta | None:
    """Empty is none. Raises Invalid beside that field."""
    text = ctx.form.get(name, "").strip()
    if not text:
        return None
    try:
        return parse_duration(text)
    except Invalid as error:
        raise Invalid(error.detail, remedy=error.remedy, fields={name: error.detail}) from None


def _new_key(tx: Tx, ctx: Context, connection: Connection) -> NewKey:
    source: Source | None = ctx.program.integrations.sources.get(connection.kind)
    digits = KEY_DIGITS if source is None else source.key_digits
    return NewKey(connection.id, actions.make_key(tx, connection.id, digits))


def _connection_of(tx: Tx, service_id: str, connection_id: str) -> Connection:
    """The connection, if it is this service's. Raises NoSuchConnection."""
    connection = queries.connection(tx, connection_id)
    if connection.service != service_id:
        raise NoSuchConnection
    return connection


def _first_testable(ctx: Context, service_id: str) -> str:
    """The connection that a test alert goes in by. Raises NoConnectionYet."""
    with ctx.read() as tx:
        queries.service(tx, service_id)
        for connection in queries.connections(tx).values():
            source = ctx.program.integrations.sources.get(connection.kind)
            can_fire = source is not None and source.sample and connection.disabled_at is None
            if connection.service == service_id and can_fire:
                return connection.id
    raise NoConnectionYet(remedy=words.NO_CONNECTION_YET)


def _row(tx: Tx, service: Service, faces: Faces) -> ServiceRow:
    opened = alerts.newest(tx, Filter(statuses=_OPEN, service=service.id), limit=OPEN_COUNTED_MAX)
    ways = [c for c in queries.connections(tx).values() if c.service == service.id]
    heard = [c.last_signal_at for c in ways if c.last_signal_at is not None]
    team = people.teams(tx).get(service.team)
    return ServiceRow(
        id=service.id,
        name=service.name,
        team=service.team if team is None else team.name,
        tier=service.tier,
        open_alerts=len(opened),
        worst_rank=min((rank_of(alert.severity) for alert in opened), default=None),
        paged_now=first_reached(tx, service, faces),
        connections=len(ways),
        last_signal_at=max(heard, default=None),
        problem=_problem(tx, service, faces),
    )


def _problem(tx: Tx, service: Service, faces: Faces) -> str | None:
    if not policy_of(tx, service).steps:
        return words.NO_STEPS
    return None if first_reached(tx, service, faces) else words.LAST_RESORT_ONLY


def _matches(service: Service, text: str) -> bool:
    wanted = text.lower()
    return any(wanted in field.lower() for field in (service.id, service.name, service.description))


_ONE = "/services/{service_id}"
_CONNECTION = _ONE + "/connections/{connection_id}"
ROUTES = (
    Route("GET", "/services", list_services, "services.read"),
    Route("GET", "/services/new", new_service, "services.edit"),
    Route("POST", "/services/new", create_service, "services.edit"),
    Route("GET", _ONE, show_service, "services.read"),
    Route("GET", f"{_ONE}/edit", edit_service, "services.edit"),
    Route("POST", f"{_ONE}/edit", save_service, "services.edit"),
    Route("POST", f"{_ONE}/test", send_test, "connections.test"),
    # Loading the page again after a form that was refused, or showed a key, is the page itself.
    Route("GET", f"{_ONE}/connections", show_service, "services.read"),
    Route("POST", f"{_ONE}/connections", add_connection, "connections.edit"),
    Route("GET", f"{_CONNECTION}/key", show_service, "services.read"),
    Route("POST", f"{_CONNECTION}/key", make_key, "connections.edit"),
    Route("POST", f"{_CONNECTION}/remove", remove_connection, "connections.edit"),
)
