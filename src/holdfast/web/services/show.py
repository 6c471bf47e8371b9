"""Everything that the page of one service shows."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from holdfast.alerts import queries as alerts
from holdfast.alerts.model import AlertStatus
from holdfast.alerts.queries import Filter
from holdfast.catalog import queries as catalog
from holdfast.catalog.model import HEARTBEAT, Service
from holdfast.catalog.model import Connection as Kept
from holdfast.escalation import queries as escalation
from holdfast.kernel.tx import Tx
from holdfast.people import permissions
from holdfast.people import queries as people
from holdfast.web.alerts.rows import rows_of
from holdfast.web.context import Context
from holdfast.web.faces import faces_of, link_of
from holdfast.web.layout.views import Choice, Fields
from holdfast.web.layout.words import length
from holdfast.web.services import words
from holdfast.web.services.reached import first_reached, last_resort_of, rungs_of
from holdfast.web.services.snippets import short_title, snippets_of
from holdfast.web.services.views import Connection, Key, ServicePage

ALERTS_SHOWN_MAX = 50
_OPEN = (AlertStatus.TRIGGERED, AlertStatus.ACKNOWLEDGED)


@dataclass(frozen=True, slots=True)
class NewKey:
    """A key that was made just now: it is shown this once."""

    connection: str
    key: str


def service_page(
    tx: Tx,
    ctx: Context,
    service: Service,
    *,
    new: NewKey | None = None,
    fields: Fields | None = None,
) -> ServicePage:
    """All of it at one instant."""
    faces = faces_of(tx, ctx)
    services = {each.id: each.name for each in catalog.services(tx).values()}
    teams = people.teams(tx)
    team = teams.get(service.team)
    policies = {policy.id: policy.title for policy in escalation.policies(tx).values()}
    opened = alerts.newest(tx, Filter(statuses=_OPEN, service=service.id), limit=ALERTS_SHOWN_MAX)
    reached = [face.name for face in first_reached(tx, service, faces)]
    connections = tuple(_connections(tx, ctx, service, new))
    return ServicePage(
        id=service.id,
        name=service.name,
        description=service.description,
        team=link_of("teams", service.team, {t.id: t.name for t in teams.values()}),
        lead=None if team is None else faces.maybe(team.lead),
        tier=service.tier,
        policy=link_of("policies", service.policy, policies),
        rungs=tuple(rungs_of(tx, service, faces)),
        last_resort=last_resort_of(tx, service, faces),
        alerts=rows_of(tx, ctx, opened),
        connections=connections,
        depends_on=tuple(link_of("services", name, services) for name in service.depends_on),
        needed_by=tuple(
            link_of("services", each.id, services)
            for each in catalog.services(tx).values()
            if service.id in each.depends_on
        ),
        kinds=_kinds(ctx),
        test_sentence=words.test_sentence(reached),
        may_edit=permissions.allowed(ctx.actor, "services.edit"),
        may_connect=permissions.allowed(ctx.actor, "connections.edit"),
        may_test=permissions.allowed(ctx.actor, "connections.test") and bool(connections),
        fields=fields,
    )


def _connections(
    tx: Tx, ctx: Context, service: Service, new: NewKey | None
) -> Iterator[Connection]:
    for kept in catalog.connections(tx).values():
        if kept.service == service.id:
            yield _connection(tx, ctx, kept, new)


def _connection(tx: Tx, ctx: Context, kept: Kept, new: NewKey | None) -> Connection:
    source = ctx.program.integrations.sources.get(kept.kind)
    key = new.key if new is not None and new.connection == kept.id else None
    snippets = () if source is None else snippets_of(source, ctx.program.base_url, key)
    return Connection(
        id=kept.id,
        kind=kept.kind,
        kind_title=kept.kind if source is None else source.title,
        keys=tuple(Key(made.prefix, made.made_at) for made in kept.keys),
        snippets=snippets,
        last_signal_at=kept.last_signal_at,
        new_key=key,
        heartbeat=_heartbeat(kept),
        silent=kept.kind == HEARTBEAT and _is_silent(tx, kept),
        disabled=kept.disabled_at is not None,
    )


def _heartbeat(kept: Kept) -> str | None:
    if kept.every is None:
        return None
    return words.expected(length(kept.every), None if kept.grace is None else length(kept.grace))


def _is_silent(tx: Tx, kept: Kept) -> bool:
    """Silence has opened an alert, and nobody has heard from it since."""
    opened = alerts.newest(tx, Filter(statuses=_OPEN, service=kept.service))
    return any(alert.connection == kept.id for alert in opened)


def _kinds(ctx: Context) -> tuple[Choice, ...]:
    sources = sorted(ctx.program.integrations.sources.values(), key=lambda source: source.title)
    return tuple(Choice(source.name, short_title(source)) for source in sources)
