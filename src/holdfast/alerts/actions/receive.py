"""Signals become alerts: dedup, route and start climbing, a batch at a time."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace

from holdfast.alerts import lifecycle, store
from holdfast.alerts.actions import climbing
from holdfast.alerts.model import (
    Alert,
    AlertRaised,
    AlertStatus,
    AlertTriggered,
    Fate,
    Incoming,
    Receipt,
    SignalIgnored,
)
from holdfast.catalog import actions as catalog_actions
from holdfast.catalog import queries as catalog
from holdfast.kernel.actor import Actor, ActorKind
from holdfast.kernel.tx import Tx
from holdfast.people import permissions
from holdfast.sdk import Severity, Signal, SignalStatus, clean_line, urgency_of

RAW_TITLE_CHARS_MAX = 200
RAW_WHY_CHARS_MAX = 500
BY_HAND = "by-hand"  # the connection id of alerts that a person opened
# Where a letter's connection is gone before it was read: nobody owns it, so the admins are paged.
UNKNOWN_SERVICE = "unknown"


@dataclass(slots=True)
class _Batch:
    """What is open while a batch is worked through; rows are written at its end."""

    open: dict[store.Key, Alert]
    earlier: dict[store.Key, str]
    counted: dict[str, Alert] = field(default_factory=dict)


def receive(tx: Tx, batch: Sequence[Incoming]) -> list[Receipt]:
    """Works through letters in order; says of every signal what became of it.

    One query finds the open alerts of all keys, one more the earlier alerts of new ones.
    """
    keys = [_key(incoming, signal) for incoming, signal in _each(batch) if signal.dedup]
    opened = store.take_open(tx, keys)
    firing = {
        _key(incoming, signal)
        for incoming, signal in _each(batch)
        if signal.status is SignalStatus.FIRING and signal.dedup
    }
    work = _Batch(opened, store.last_of(tx, firing - opened.keys()))
    catalog.look_ahead(tx, {connection for connection, _ in firing - opened.keys()})
    receipts = [_one(tx, work, incoming, signal) for incoming, signal in _each(batch)]
    store.save_counts(tx, list(work.counted.values()))
    catalog_actions.note_signals(tx, {incoming.connection for incoming in batch})
    return receipts


def receive_raw(tx: Tx, incoming: Incoming, text: str, why: str) -> Receipt:
    """Our own code cannot digest this letter: its raw text still pages (house 6a)."""
    # What cannot be digested holds anything: a NUL here would cost the page on PostgreSQL.
    title, _ = clean_line(" ".join(text.split()), RAW_TITLE_CHARS_MAX)
    reason, _ = clean_line(why, RAW_WHY_CHARS_MAX)
    signal = Signal(
        status=SignalStatus.FIRING,
        title=title or "An alert that could not be read",
        dedup=f"unreadable:{incoming.letter}",
        severity=Severity.UNKNOWN,
        marks=(f"Holdfast could not digest this: {reason}",),
    )
    return receive(tx, [replace(incoming, signals=(signal,))])[0]


def open_by_hand(tx: Tx, service: str, title: str, severity: Severity) -> Alert:
    """A person opens an alert: `holdfast page`, the API or the web."""
    permissions.require(tx.actor, "alerts.open")
    catalog.service(tx, service)
    signal = Signal(SignalStatus.FIRING, title, severity=severity)
    work = _Batch({}, {})
    incoming = Incoming(None, BY_HAND, tx.now, (signal,))
    alert = _new_alert(tx, work, incoming, signal, service)
    _begin(tx, alert, f"opened by {tx.actor}")
    return alert


def _each(batch: Iterable[Incoming]) -> Iterable[tuple[Incoming, Signal]]:
    return ((incoming, signal) for incoming in batch for signal in incoming.signals)


def _key(incoming: Incoming, signal: Signal) -> store.Key:
    return (incoming.connection, signal.dedup or "")


def _one(tx: Tx, work: _Batch, incoming: Incoming, signal: Signal) -> Receipt:
    from_connection = tx.as_actor(Actor(ActorKind.CONNECTION, incoming.connection))
    receipt = _apply(from_connection, work, incoming, signal)
    if signal.resolves_group and signal.group is not None:
        _resolve_group(from_connection, work, incoming, signal)
    return receipt


def _apply(tx: Tx, work: _Batch, incoming: Incoming, signal: Signal) -> Receipt:
    key = _key(incoming, signal)
    # A signal without a dedup key is a trouble of its own, whatever else has none.
    change = lifecycle.apply(work.open.get(key) if signal.dedup else None, signal, tx.now)
    match change:
        case lifecycle.Open(why):
            return _open(tx, work, incoming, signal, why)
        case lifecycle.Repeat(alert, why):
            work.open[key] = work.counted[alert.id] = alert
            return Receipt(Fate.REPEATED, alert.id, why)
        case lifecycle.Raise(alert, why):
            work.open[key] = alert
            work.counted.pop(alert.id, None)  # it is saved with its count right now
            _raise(tx, alert, why)
            return Receipt(Fate.REPEATED, alert.id, why)
        case lifecycle.Resolve(alert, why):
            del work.open[key]
            work.earlier[key] = alert.id
            work.counted.pop(alert.id, None)
            climbing.resolve(tx, alert, why)
            _see_released(tx, work, alert)
            return Receipt(Fate.RESOLVED, alert.id, why)
        case lifecycle.Acknowledge(alert, why):
            work.open[key] = climbing.acknowledge(tx, alert, why)
            return Receipt(Fate.ACKNOWLEDGED, alert.id, why)
        case lifecycle.Ignore(why):
            return _ignore(tx, work, incoming, signal, why)


def _open(tx: Tx, work: _Batch, incoming: Incoming, signal: Signal, why: str) -> Receipt:
    connection = catalog.find_connection(tx, incoming.connection)
    if connection is None:
        signal = replace(signal, marks=(*signal.marks, "its connection was deleted meanwhile"))
    service = UNKNOWN_SERVICE if connection is None else connection.service
    alert = _new_alert(tx, work, incoming, signal, service)
    work.open[(alert.connection, alert.dedup_key)] = alert
    _begin(tx, alert, why)
    return Receipt(Fate.TRIGGERED, alert.id, why)


def _new_alert(tx: Tx, work: _Batch, incoming: Incoming, signal: Signal, service: str) -> Alert:
    alert_id = tx.new_id("al")
    dedup = signal.dedup or alert_id
    alert = Alert(
        id=alert_id,
        code=tx.chance.code(),
        connection=incoming.connection,
        service=service,
        dedup_key=dedup,
        title=signal.title,
        status=AlertStatus.TRIGGERED,
        severity=signal.severity,
        urgency=urgency_of(signal.severity),
        triggered_at=tx.now,
        labels=signal.labels,
        details=signal.details,
        marks=signal.marks,
        link=signal.link,
        group=signal.group,
        started_at=signal.started_at,
        last_signal_at=tx.now,
        letter=incoming.letter,
        previous=work.earlier.get((incoming.connection, dedup)),
    )
    store.add(tx, [alert])
    return alert


def _begin(tx: Tx, alert: Alert, why: str) -> None:
    service = catalog.find_service(tx, alert.service)
    tx.record(
        AlertTriggered(
            alert.id, alert.service, alert.connection, alert.severity.value, alert.urgency.value,
            "" if service is None else service.policy, why, alert.previous,
        )
    )  # fmt: skip
    climbing.start(tx, alert)


def _raise(tx: Tx, alert: Alert, why: str) -> None:
    store.save(tx, alert)
    tx.record(AlertRaised(alert.id, alert.service, alert.severity.value))
    if alert.status is AlertStatus.TRIGGERED and alert.hold is None:
        climbing.start(tx, alert)


def _ignore(tx: Tx, work: _Batch, incoming: Incoming, signal: Signal, why: str) -> Receipt:
    key = _key(incoming, signal)
    alert = work.open.get(key)
    known = alert.id if alert is not None else work.earlier.get(key)
    if known is not None:
        tx.record(SignalIgnored(known, incoming.connection, why))
    return Receipt(Fate.IGNORED, known, why)


def _resolve_group(tx: Tx, work: _Batch, incoming: Incoming, signal: Signal) -> None:
    assert signal.group is not None
    for alert in store.take_open_group(tx, incoming.connection, signal.group):
        key = (alert.connection, alert.dedup_key)
        work.open.pop(key, None)
        work.earlier[key] = alert.id
        counted = work.counted.pop(alert.id, alert)
        climbing.resolve(tx, replace(alert, count=counted.count), "its whole group is over")
        _see_released(tx, work, alert)


def _see_released(tx: Tx, work: _Batch, lead: Alert) -> None:
    """What was merged into it pages by itself again: later signals must not save it as held."""
    for key, other in work.open.items():
        if other.hold is not None and other.hold.lead == lead.id:
            released = store.take(tx, other.id)
            assert released is not None, "an open alert does not vanish"
            work.open[key] = replace(released, count=other.count)
