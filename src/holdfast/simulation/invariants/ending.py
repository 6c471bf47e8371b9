"""L1, L2, L4, L8 and I15: after the world has healed, everything has come to its end."""

from __future__ import annotations

from datetime import datetime

from holdfast.kernel.actor import SYSTEM
from holdfast.simulation import queries
from holdfast.simulation.facts import Broken, Facts
from holdfast.simulation.invariants import rows
from holdfast.storage.database import Database
from holdfast.timeline import actions as timeline
from holdfast.timeline import queries as timeline_queries

SEALS_MAX = 1000


def check(facts: Facts, database: Database, now: datetime) -> None:
    """The last look of all. Raises Broken."""
    with database.read(SYSTEM) as tx:
        rows.check_rows(facts, tx)
        rows.check_counts(facts, tx)
        states = queries.delivery_states(tx)
    for state in ("queued", "leased"):
        if states.get(state):
            raise Broken("L2", f"{states[state]} deliveries are still {state}")
    if lost := sorted(facts.accepted - facts.digested):
        raise Broken("I1", f"the letter {lost[0]} was accepted and never digested")
    for alert in facts.open_alerts.values():
        climb = facts.climbs[alert.id]
        if alert.wanted and climb.state != "exhausted" and not climb.poisoned:
            raise Broken("L1", f"{alert.id} is open, and its climb is {climb.state} at {now}")
    check_chain(facts, database)


def check_chain(facts: Facts, database: Database) -> None:
    """I15: the timeline's chain holds every event, in order, as it was written."""
    for _ in range(SEALS_MAX):
        with database.begin(SYSTEM) as tx:
            if not timeline.seal(tx):
                break
    with database.read(SYSTEM) as tx:
        report = timeline_queries.verify_chain(tx)
    if report.broken is not None or (report.sealed, report.unsealed) != (facts.events, 0):
        raise Broken("I15", f"{facts.events} events, the chain says {report}")
