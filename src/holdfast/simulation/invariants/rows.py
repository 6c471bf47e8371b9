"""The product's rows say the same as the simulator's facts: nothing lost, nothing invented."""

from __future__ import annotations

from datetime import datetime

from holdfast.alerts.actions import climbing
from holdfast.escalation.actions import ESCALATION
from holdfast.kernel.tx import Tx
from holdfast.simulation import queries
from holdfast.simulation.facts import Broken, Facts
from holdfast.simulation.queries import Look


def check_rows(facts: Facts, tx: Tx) -> None:
    """Compares what the database holds with what the events added up to."""
    _check_alerts(facts, tx)
    _check_timers(facts, tx)
    _check_pages(facts, tx)
    for name, error in queries.failed_timers(tx).items():
        if name not in facts.poisoned:
            raise Broken("X0", f"our own code failed on {name}: {error}")


def check_counts(facts: Facts, tx: Tx) -> None:
    """I1 once more, by the counters; call it where no letter waits."""
    counted = queries.signals_counted(tx)
    for connection, expected in facts.counted.items():
        if counted.get(connection, 0) != expected:
            raise Broken(
                "I1", f"{connection} sent {expected} firing signals, its alerts stand for"
                f" {counted.get(connection, 0)}"
            )  # fmt: skip
    if (found := queries.count_events(tx)) != facts.events:
        raise Broken("I15", f"{facts.events} events were committed, {found} are kept")


def check_lateness(facts: Facts, look: Look, now: datetime) -> None:
    """L8: nothing that is due waits longer than outages and faults excuse."""
    for what, due in (("timer", look.timer), ("delivery", look.delivery), ("letter", look.letter)):
        if due is not None and due < now and facts.health.late(due, now).total_seconds() > 0:
            raise Broken("L8", f"a {what} was due at {due}, and still waits at {now}")


def _check_alerts(facts: Facts, tx: Tx) -> None:
    kept = queries.open_alerts(tx)
    known = {name: (alert.status, alert.held) for name, alert in facts.open_alerts.items()}
    if kept != known:
        wrong = sorted({*kept.items()} ^ {*known.items()})[0]
        raise Broken("I11", f"an alert is not as its events say: {wrong}")


def _check_timers(facts: Facts, tx: Tx) -> None:
    kept = queries.timers_of(tx, ESCALATION)
    for name in facts.open_alerts:
        climb = facts.climbs.get(name)
        if climb is None or climb.state != "climbing" or climb.poisoned:
            continue
        if name not in kept:
            raise Broken("I2", f"{name} is climbing, but no timer will look at it again")
        due, parked = kept[name]
        if parked is not None or due != climb.due:
            raise Broken("I7", f"{name} is due at {climb.due}; its timer says {due}")
    snoozes = queries.timers_of(tx, climbing.SNOOZE)
    for alert in facts.open_alerts.values():
        if alert.held_until is not None and alert.id not in snoozes:
            raise Broken("I2", f"{alert.id} is snoozed, but nothing will end that")


def _check_pages(facts: Facts, tx: Tx) -> None:
    kept = queries.open_page_ids(tx)
    known = {page for pages in facts.open_pages.values() for page in pages}
    if kept != known:
        raise Broken("I11", f"a page is not as its events say: {sorted(kept ^ known)[0]}")
    failed = queries.delivery_states(tx).get("failed", 0)
    if failed != facts.given_up:
        raise Broken("I9", f"{failed} deliveries failed, {facts.given_up} were told of")
