"""The picture that people share before they act."""

from __future__ import annotations

from dataclasses import replace

import pytest

from holdfast.catalog import actions as catalog
from holdfast.catalog.model import Connection, Service
from holdfast.incidents import store
from holdfast.incidents.diagnosis import queries
from holdfast.incidents.diagnosis.model import Side
from holdfast.incidents.record import actions as record
from holdfast.incidents.record.model import Draft, EntryKind, Evidence, EvidenceKind
from holdfast.incidents.store import Linked
from holdfast.kernel.actor import SYSTEM
from tests.support.record import MINUTE, Room, room
from tests.support.story import firing

__all__ = ["room"]


def fires(room: Room, key: str, **labels: str) -> str:
    """An alert of this incident with those labels."""
    alert = room.story.opens(key, labels=labels)
    with room.story.database.begin(SYSTEM) as tx:
        store.link(tx, Linked(room.id, alert, "am", key))
    return alert


@pytest.mark.ledger("S2-22")
def test_alerts_from_one_zone_alone_propose_that_zone(room: Room) -> None:
    fires(room, "a", az="eu-1a", host="web-1")
    fires(room, "b", zone="eu-1a", host="web-2")
    with room.as_("ana") as tx:
        assert queries.observed(tx, room.incident).chips == ("az:eu-1a",)


@pytest.mark.ledger("S2-16", "S2-21")
def test_the_change_nearest_before_the_beginning_comes_first(room: Room) -> None:
    began = room.story.start - 30 * MINUTE
    with room.as_("ana") as tx:
        for minutes, what in ((180, "Flag on"), (4, "Deploy"), (-5, "Scaled up")):
            at = began - minutes * MINUTE
            record.note(tx, room.id, Draft(what, EntryKind.CHANGE, occurred_at=at))
        seen = (Evidence(EvidenceKind.SEEN),)
        record.note(tx, room.id, Draft("Checkout fails", EntryKind.FACT, evidence=seen))
        found = queries.observed(tx, room.incident)
    assert [each.entry.text for each in found.suspects] == ["Deploy", "Flag on", "Scaled up"]
    assert found.started_at == began
    assert found.symptoms == ("Checkout fails",)


@pytest.mark.ledger("S2-23")
def test_an_open_alert_on_an_upstream_service_shows_on_the_downstream_incident(
    room: Room,
) -> None:
    with room.story.database.begin(SYSTEM) as tx:
        made = [
            Service("orders-db", "Orders", "payments", "payments"),
            Service("mail", "Mail", "payments", "payments", depends_on=("checkout",)),
            Service("checkout", "Checkout", "payments", "payments", depends_on=("orders-db",)),
        ]
        for service in made:
            catalog.save_service(tx, service)
        catalog.save_connection(tx, Connection("db", "alertmanager", "orders-db"))
    (receipt,) = room.story.receives_all(firing("db-down"), connection="db")
    with room.as_("ana") as tx:
        upstream, downstream = queries.neighbours(tx, room.incident)
    assert (upstream.service, upstream.side) == ("orders-db", Side.UPSTREAM)
    assert [alert.id for alert in upstream.alerts] == [receipt.alert]
    assert (downstream.service, downstream.side, downstream.alerts) == (
        "mail", Side.DOWNSTREAM, (),
    )  # fmt: skip


def test_without_a_known_beginning_the_first_alert_is_where_to_look_from(room: Room) -> None:
    instants = replace(room.incident.instants, impact_started_at=None)
    fires(room, "a")
    with room.as_("ana") as tx:
        at = tx.now - 2 * MINUTE
        record.note(tx, room.id, Draft("Deploy", EntryKind.CHANGE, occurred_at=at))
        (suspect,) = queries.observed(tx, replace(room.incident, instants=instants)).suspects
    assert suspect.before == 2 * MINUTE
