"""Services and connections by API: who is paged now, keys, and a test alert."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta

from starlette.concurrency import run_in_threadpool

from holdfast.alerts import queries as alerts
from holdfast.alerts.model import AlertStatus
from holdfast.alerts.queries import Filter
from holdfast.catalog import actions as catalog_actions
from holdfast.catalog import queries as catalog
from holdfast.catalog.model import HEARTBEAT, Connection, Service
from holdfast.escalation import queries as escalation
from holdfast.escalation.model import Policy, Target
from holdfast.kernel.duration import format_duration
from holdfast.kernel.errors import Conflict
from holdfast.kernel.tx import Tx
from holdfast.people import permissions
from holdfast.sdk import Inbound, Source
from holdfast.web.context import Context, ContextDep
from holdfast.web.cursor import AskedDep, Listing
from holdfast.web.rest import NamePath, Nothing, act, row
from holdfast.web.services.shapes import (
    ConnectionShape,
    KeyMade,
    PagedNow,
    ServiceShape,
    ServiceWithPaging,
    TestSent,
    connection_shape,
    service_shape,
)

KEY_DIGITS = 32


class NoTestAlert(Conflict):
    """This kind of connection has no test alert."""


def list_services(ctx: ContextDep, asked: AskedDep) -> Listing[ServiceShape]:
    """All services, in the order of their ids."""
    with ctx.read() as tx:
        shown, following = asked.by_name(list(catalog.services(tx).values()), _id_of_service)
    return Listing(items=[service_shape(service) for service in shown], next=following)


def show_service(ctx: ContextDep, service_id: NamePath) -> ServiceWithPaging:
    """One service, and whom each step of its policy would page now."""
    with ctx.read() as tx:
        service = catalog.service(tx, service_id)
        connections = [c.id for c in catalog.connections(tx).values() if c.service == service.id]
        paged = list(who_is_paged_now(tx, service))
    whole = service_shape(service).model_dump()
    return ServiceWithPaging(**whole, connections=connections, who_is_paged_now=paged)


def who_is_paged_now(tx: Tx, service: Service) -> Iterator[PagedNow]:
    """Each step of the service's policy at `tx.now`, then the last resort.

    The people are those on call now, for later steps too; a rehearsal asks for each instant.
    """
    policy = escalation.policies(tx).get(service.policy, Policy(service.policy, ()))
    after = timedelta()
    for number, step in enumerate(policy.steps, 1):
        yield _paged_now(tx, step.page, number, after)
        after += step.wait
    targets = escalation.last_resort(tx, policy, service.team)
    yield _paged_now(tx, targets, None, after * (policy.repeat + 1))


def list_connections(ctx: ContextDep, asked: AskedDep) -> Listing[ConnectionShape]:
    """All connections, in the order of their ids; never their keys."""
    with ctx.read() as tx:
        found = list(catalog.connections(tx).values())
    shown, following = asked.by_name(found, _id_of_connection)
    return Listing(items=[_connection_shape(ctx, each) for each in shown], next=following)


def show_connection(ctx: ContextDep, connection_id: NamePath) -> ConnectionShape:
    """One connection; never its keys."""
    with ctx.read() as tx:
        return _connection_shape(ctx, catalog.connection(tx, connection_id))


def make_key(ctx: ContextDep, connection_id: NamePath, body: Nothing | None = None) -> KeyMade:
    """A new key, shown this once. Of the older ones the newest stays good."""

    def made(tx: Tx) -> tuple[Connection, str]:
        connection = catalog.connection(tx, connection_id)
        source = ctx.program.integrations.sources.get(connection.kind)
        digits = KEY_DIGITS if source is None else source.key_digits
        return connection, catalog_actions.make_key(tx, connection_id, digits)

    connection, key = act(ctx, made)
    door = "heartbeat" if connection.kind == HEARTBEAT else "in"
    url = f"{ctx.program.base_url}/{door}/{key}"
    return KeyMade(connection=connection.id, key=key, url=url)


async def send_test_alert(
    ctx: ContextDep, connection_id: NamePath, body: Nothing | None = None
) -> TestSent:
    """Sends the source's own sample through the same door as outside: somebody is paged."""
    connection, source, inbound, joins = await run_in_threadpool(_sample, ctx, connection_id)
    answer = await ctx.request.app.state.parts.doors.submit(connection, source, inbound)
    assert answer.status < 300, "a source takes its own sample"
    return TestSent(signals=len(source.read(inbound)), joins=joins)


def _sample(ctx: Context, connection_id: str) -> tuple[Connection, Source, Inbound, list[str]]:
    with ctx.read() as tx:
        connection = catalog.connection(tx, connection_id)
        source = ctx.program.integrations.sources.get(connection.kind)
        if source is None or not source.sample or connection.disabled_at is not None:
            raise NoTestAlert(remedy="Call its address yourself, as its page says.")
        headers = {"content-type": "application/json"}
        plain = Inbound("POST", "/in/test", source.sample.encode(), headers)
        inbound = replace(plain, settings=connection.settings)
        joins = _open_with_keys(tx, connection, {s.dedup for s in source.read(inbound)})
    return connection, source, inbound, joins


def _open_with_keys(tx: Tx, connection: Connection, keys: set[str | None]) -> list[str]:
    open_statuses = (AlertStatus.TRIGGERED, AlertStatus.ACKNOWLEDGED)
    found = []
    for key in sorted(key for key in keys if key is not None):
        wanted = Filter(statuses=open_statuses, service=connection.service, text=key)
        for alert in alerts.newest(tx, wanted):
            if (alert.connection, alert.dedup_key) == (connection.id, key):
                found.append(alert.code)
    return found


def _paged_now(tx: Tx, targets: tuple[Target, ...], step: int | None, after: timedelta) -> PagedNow:
    users = escalation.reachable_people(tx, targets, tx.now)
    return PagedNow(
        step=step,
        after=format_duration(after),
        targets=[str(target) for target in targets],
        users=users,
        nobody=None if users else escalation.why_nobody(tx, targets, tx.now),
    )


def _connection_shape(ctx: Context, connection: Connection) -> ConnectionShape:
    may_see = permissions.allowed(ctx.actor, "connections.edit")
    return connection_shape(connection, with_settings=may_see)


def _id_of_service(service: Service) -> str:
    return service.id


def _id_of_connection(connection: Connection) -> str:
    return connection.id


_CONNECTION = "connections/{connection_id}"
_READ, _TEST = "services.read", "connections.test"
ROUTES = (
    row("GET", "services", list_services, _READ, summary="All services"),
    row("GET", "services/{service_id}", show_service, _READ, summary="One service"),
    row("GET", "connections", list_connections, _READ, summary="All connections"),
    row("GET", _CONNECTION, show_connection, _READ, summary="One connection"),
    row("POST", f"{_CONNECTION}/keys", make_key, "connections.edit",
        summary="Make a new key", status=201),
    row("POST", f"{_CONNECTION}/test", send_test_alert, _TEST, summary="Send a test alert"),
)  # fmt: skip
