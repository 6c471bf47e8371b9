"""Gathers what was written down about an alert, for alerts/why.py and alerts/ahead.py to tell."""

from __future__ import annotations

from collections.abc import Iterable

from holdfast.alerts import queries as alerts
from holdfast.alerts.model import Alert
from holdfast.alerts.why import Carried, Facts
from holdfast.catalog import queries as catalog
from holdfast.escalation import queries as escalation
from holdfast.kernel.tx import Tx
from holdfast.paging import queries as pages
from holdfast.people import queries as people
from holdfast.storage import duties
from holdfast.storage.duties import Delivery
from holdfast.timeline import queries as timeline
from holdfast.timeline.event import Recorded


def facts_of(tx: Tx, alert: Alert) -> Facts:
    """One query each for the events, the pages, the deliveries and the climb."""
    about = pages.about(tx, [alert.id])
    page_ids = [page.id for page in about]
    # Asked for apart, so that a long story of pages never hides how the alert began.
    events = [*timeline.about(tx, [alert.id]), *timeline.about(tx, page_ids)]
    carried = duties.deliveries_for(tx, page_ids) if page_ids else []
    connection = catalog.connections(tx).get(alert.connection)
    service = catalog.services(tx).get(alert.service)
    return Facts(
        alert=alert,
        events=events,
        pages=about,
        deliveries=[_carried(delivery) for delivery in carried],
        climb=escalation.climbs(tx, [alert.id]).get(alert.id),
        names={user.id: user.name for user in people.users(tx).values()},
        codes=_codes(tx, events),
        kind=None if connection is None else connection.kind,
        service=None if service is None else service.name,
    )


def _codes(tx: Tx, events: Iterable[Recorded]) -> dict[str, str]:
    """The codes of the other alerts that the story names."""
    named = {event.data.get(field) for event in events for field in ("previous", "lead")}
    others = alerts.alerts_by_id(tx, sorted(name for name in named if isinstance(name, str)))
    return {other.id: other.code for other in others.values()}


def _carried(delivery: Delivery) -> Carried:
    return Carried(
        page=delivery.key,
        method=delivery.way,
        state=delivery.state.value,
        tries=delivery.tries,
        created_at=delivery.created_at,
        due=delivery.due,
        ended_at=delivery.ended_at,
        outcome=delivery.outcome,
    )
