"""Tell one person something, let a flood wait, and take the outcomes."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta
from typing import assert_never

from holdfast.kernel.tx import Tx
from holdfast.paging.actions import ASKED_WAIT_MAX, BACKOFF_MAX, TRIES_MAX
from holdfast.paging.notifications import store
from holdfast.paging.notifications.model import (
    BURST_WINDOW,
    NOTIFICATION,
    TEXT_CHARS_MAX,
    TITLE_CHARS_MAX,
    Notice,
    Notification,
    NotificationFailed,
    NotificationState,
)
from holdfast.paging.notifications.pace import room, room_at
from holdfast.people import actions as people_actions
from holdfast.people import queries as people
from holdfast.people.model import User
from holdfast.sdk import Outcome, Rejected, Retry, Sent, Urgency, clean_line, clean_text
from holdfast.storage import duties
from holdfast.storage.duties import Delivery, DeliveryState

_TOO_MANY = "told enough for the moment; this follows"


def notify(tx: Tx, user_id: str, notice: Notice) -> Notification:
    """Tells one person by the first method of their ladder for low urgency; wakes nobody.

    More than BURST_MAX within BURST_WINDOW wait, except what is pressing. Somebody who cannot be
    reached is no error: the notification says so.
    """
    notice = replace(
        notice,
        title=clean_line(notice.title, TITLE_CHARS_MAX)[0],
        text=clean_text(notice.text, TEXT_CHARS_MAX)[0],
    )
    user = people.find_user(tx, user_id)
    made = Notification(
        tx.chance.ordered_id("nt"), user_id, notice, NotificationState.QUEUED, tx.now
    )
    methods = [] if user is None else _methods(user)
    if user is None or user.disabled_at is not None or not methods:
        return _unreachable(tx, made, user)
    if not notice.pressing and not room(_told(tx, user_id), tx.now):
        return _put_off(tx, made)
    made = replace(made, method=methods[0])
    store.add(tx, made)
    tx.deliver(NOTIFICATION, made.id, methods[0])
    return made


def advance(tx: Tx, user_id: str) -> None:
    """The window has moved on: what waits for this person goes out, as far as there is room."""
    waiting = store.waiting(tx, user_id)
    if not waiting:
        return
    user = people.find_user(tx, user_id)
    methods = [] if user is None else _methods(user)
    free = room(_told(tx, user_id), tx.now)
    for made in waiting[:free]:
        if methods:
            store.queue(tx, made.id, methods[0])
            tx.deliver(NOTIFICATION, made.id, methods[0])
        else:
            _fail(tx, made, "there is no contact method any more")
    if len(waiting) > free:
        tx.set_timer(NOTIFICATION, user_id, room_at(_told(tx, user_id), tx.now))


def on_outcome(tx: Tx, delivery: Delivery, outcome: Outcome) -> None:
    """Writes down what became of one delivery; a dead method gives way to the person's next."""
    taken = store.take(tx, delivery.key)
    assert taken is not None, "a delivery belongs to a notification"
    match outcome:
        case Sent(ref):
            if duties.end_delivery(tx, delivery, DeliveryState.SENT, ref):
                store.end(tx, taken.id, NotificationState.SENT, "")
                people_actions.note_trouble(tx, taken.user, delivery.way, None)
        case Rejected(why):
            if duties.end_delivery(tx, delivery, DeliveryState.FAILED, why):
                people_actions.note_trouble(tx, taken.user, delivery.way, why)
                _next_door(tx, taken, why)
        case Retry(why, after):
            _again(tx, taken, delivery, Retry(why, after))
        case _:
            assert_never(outcome)


def _methods(user: User) -> list[str]:
    """The person's own order for what is not urgent, then whatever else they have."""
    ladder = [rung.method for rung in user.ladder(Urgency.LOW)]
    return list(dict.fromkeys([*ladder, *(method.id for method in user.methods)]))


def _told(tx: Tx, user_id: str) -> list[datetime]:
    return store.queued_since(tx, user_id, tx.now - BURST_WINDOW)


def _unreachable(tx: Tx, made: Notification, user: User | None) -> Notification:
    why = "no such user" if user is None else "disabled" if user.disabled_at else "no method"
    failed = replace(made, state=NotificationState.FAILED, ended_at=tx.now, why=why)
    store.add(tx, failed)
    _record_failure(tx, failed, why)
    return failed


def _put_off(tx: Tx, made: Notification) -> Notification:
    waits = replace(made, state=NotificationState.WAITING, why=_TOO_MANY)
    store.add(tx, waits)
    tx.set_timer(NOTIFICATION, made.user, room_at(_told(tx, made.user), tx.now))
    return waits


def _next_door(tx: Tx, taken: Notification, why: str) -> None:
    user = people.find_user(tx, taken.user)
    used = {delivery.way for delivery in duties.deliveries_for(tx, [taken.id])}
    left = [] if user is None else [name for name in _methods(user) if name not in used]
    if not left:
        _fail(tx, taken, why)
        return
    store.queue(tx, taken.id, left[0])
    tx.deliver(NOTIFICATION, taken.id, left[0])


def _again(tx: Tx, taken: Notification, delivery: Delivery, outcome: Retry) -> None:
    if delivery.tries >= TRIES_MAX:
        why = f"{outcome.why}, {TRIES_MAX} tries"
        if duties.end_delivery(tx, delivery, DeliveryState.FAILED, why):
            _next_door(tx, taken, why)
        return
    wait = min(timedelta(seconds=2 ** min(delivery.tries, 10)), BACKOFF_MAX)
    if outcome.after is not None:
        wait = max(wait, min(outcome.after, ASKED_WAIT_MAX))
    duties.retry_delivery(tx, delivery, outcome.why, tx.now + tx.chance.jitter(wait))


def _fail(tx: Tx, taken: Notification, why: str) -> None:
    store.end(tx, taken.id, NotificationState.FAILED, why)
    _record_failure(tx, taken, why)


def _record_failure(tx: Tx, failed: Notification, why: str) -> None:
    about = failed.notice.subject
    tx.record(NotificationFailed(failed.id, about, failed.user, failed.method or "", why))
