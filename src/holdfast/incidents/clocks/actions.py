"""Start, stop and break the clocks of an incident."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from holdfast.incidents import store as incidents
from holdfast.incidents.clocks import store
from holdfast.incidents.clocks.model import CLOCK, CLOCK_NAME_CHARS_MAX, Clock, timer_key
from holdfast.incidents.model import IncidentClockBreached
from holdfast.kernel.tx import Tx


def start(tx: Tx, incident_id: str, name: str, due_at: datetime) -> Clock:
    """The clock runs until `due_at`; started again, it moves there and begins a new run."""
    assert len(name) <= CLOCK_NAME_CHARS_MAX, f"{name} is too long for a clock's name"
    before = store.take(tx, incident_id, name)
    breaches = 0 if before is None else before.breaches
    clock = Clock(incident_id, name, tx.now, due_at, breaches=breaches)
    store.save(tx, clock)
    tx.set_timer(CLOCK, timer_key(incident_id, name), due_at)
    return clock


def move(tx: Tx, incident_id: str, name: str, due_at: datetime) -> None:
    """The clock that runs is due at another instant and keeps its beginning; none: nothing."""
    clock = store.take(tx, incident_id, name)
    if clock is not None and clock.running:
        store.save(tx, replace(clock, due_at=due_at, breached_at=None))
        tx.set_timer(CLOCK, timer_key(incident_id, name), due_at)


def stop(tx: Tx, incident_id: str, name: str) -> None:
    """What it waited for has come; stopped again, or never started, nothing changes."""
    clock = store.take(tx, incident_id, name)
    if clock is not None and clock.running:
        store.save(tx, replace(clock, stopped_at=tx.now))
        tx.drop_timer(CLOCK, timer_key(incident_id, name))


def stop_all(tx: Tx, incident_id: str, *, but: tuple[str, ...] = ()) -> None:
    """The incident is over: nobody is reminded of anything any more."""
    for clock in store.of(tx, [incident_id]):
        if clock.running and clock.name not in but:
            stop(tx, incident_id, clock.name)


def reached(tx: Tx, incident_id: str, name: str) -> Clock | None:
    """The clock, where it runs and its time has come; locked, and nothing is written down."""
    clock = store.take(tx, incident_id, name)
    due = clock is not None and clock.running and clock.due_at <= tx.now
    return clock if due else None


def breach(tx: Tx, incident_id: str, name: str) -> Clock | None:
    """The clock ran out and is written so on the timeline; None where it does not run any more,
    or is not due yet."""
    clock = reached(tx, incident_id, name)
    if clock is None:
        return None
    broken = replace(clock, breached_at=tx.now, breaches=clock.breaches + 1)
    store.save(tx, broken)
    tx.record(IncidentClockBreached(incident_id, name, clock.due_at))
    return broken


def paged(tx: Tx, incident_id: str) -> None:
    """Somebody was paged about it; the first time counts."""
    incidents.mark(tx, incident_id, "paged_at")


def acknowledged(tx: Tx, incident_id: str) -> None:
    """A person answered a page about it; the first time counts, and ends the clock `ack`.

    Whoever comes before anybody was paged has answered none (ledger 3.1: paged, then acked).
    """
    if incidents.take(tx, incident_id).instants.paged_at is not None:
        incidents.mark(tx, incident_id, "acked_at")
    stop(tx, incident_id, "ack")


def engaged(tx: Tx, incident_id: str) -> None:
    """A person works on it, which an answered page alone does not say (ledger 3.2, TT-engage)."""
    incidents.mark(tx, incident_id, "engaged_at")
    stop(tx, incident_id, "engage")


def war_room_opened(tx: Tx, incident_id: str) -> None:
    """Two or more people are in one room; the first time counts."""
    incidents.mark(tx, incident_id, "war_room_opened_at")
    stop(tx, incident_id, "war_room")
