"""Heartbeats: a promise to be heard from. Silence is a signal."""

from __future__ import annotations

from datetime import datetime, timedelta

from holdfast.alerts.actions.receive import receive, receive_raw
from holdfast.alerts.model import Incoming
from holdfast.catalog import queries as catalog
from holdfast.catalog.model import HEARTBEAT, Connection
from holdfast.kernel.duration import format_duration
from holdfast.kernel.tx import Tx
from holdfast.sdk import Severity, Signal, SignalStatus
from holdfast.storage import duties

WATCH = "alert.heartbeat"  # the kind of its timer


def watch(tx: Tx, connection_id: str) -> None:
    """A heartbeat that is new, or was changed, is expected within its time from now on."""
    connection = catalog.connection(tx, connection_id)
    if connection.kind == HEARTBEAT:
        tx.set_timer(WATCH, connection_id, _expected(connection, tx.now))


def beat(tx: Tx, connection: Connection, letter: str | None = None) -> None:
    """It was heard: silence is measured anew, and an alert about silence is over."""
    tx.set_timer(WATCH, connection.id, _expected(connection, tx.now))
    receive(tx, [_incoming(tx, connection, SignalStatus.RESOLVED, "is heard again", letter)])


def miss(tx: Tx, connection_id: str) -> None:
    """It was not heard in time. The answer to a WATCH timer."""
    connection = catalog.find_connection(tx, connection_id)
    if connection is None or connection.kind != HEARTBEAT or connection.disabled_at is not None:
        return
    silence = format_duration(_period(connection))
    words = f"was not heard for {silence}"
    receive(tx, [_incoming(tx, connection, SignalStatus.FIRING, words, None)])


def rescue_miss(tx: Tx, connection_id: str) -> None:
    """Our own code could not say three times that this was not heard: the bare fact still pages."""
    silent = Incoming(f"{WATCH}:{connection_id}", connection_id, tx.now, ())
    receive_raw(tx, silent, f"The heartbeat {connection_id} was not heard", "its timer failed")


def forgive_our_outage(tx: Tx, outage: timedelta) -> int:
    """Beats that came meanwhile were not heard: each has its whole time anew (promises P16).

    Moving the deadlines by the outage alone would alarm where one lost beat was the last in time.
    Returns how many deadlines moved.
    """
    expected = [name for name in catalog.connections(tx) if duties.timer_due(tx, WATCH, name)]
    for name in expected:
        watch(tx, name)
    return len(expected)


def _incoming(
    tx: Tx, connection: Connection, status: SignalStatus, words: str, letter: str | None
) -> Incoming:
    signal = Signal(
        status=status,
        title=f"The heartbeat {connection.id} {words}",
        dedup="silence",
        severity=Severity.CRITICAL,
    )
    return Incoming(letter, connection.id, tx.now, (signal,))


def _expected(connection: Connection, now: datetime) -> datetime:
    return now + _period(connection)


def _period(connection: Connection) -> timedelta:
    return (connection.every or timedelta()) + (connection.grace or timedelta())
