"""Open a page, climb the person's ladder, take outcomes and the answer."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import assert_never

from holdfast.kernel.tx import Tx
from holdfast.paging import queries, store
from holdfast.paging.model import (
    PAGE,
    NoSuchPage,
    NotReachable,
    Page,
    PageAnswer,
    PageAnswered,
    PageClosed,
    PageFailed,
    PageKind,
    PageOpened,
    PageOver,
    PageRungReached,
    PageSent,
    PageState,
    PageUnreachable,
)
from holdfast.paging.rules import due_rungs, next_rung_at
from holdfast.people import actions as people_actions
from holdfast.people import permissions
from holdfast.people import queries as people
from holdfast.people.model import NoSuchMethod, Rung
from holdfast.sdk import Outcome, Rejected, Retry, Sent, Urgency
from holdfast.storage import duties
from holdfast.storage.duties import Delivery, DeliveryState

TRIES_MAX = 60
BACKOFF_MAX = timedelta(seconds=60)
ASKED_WAIT_MAX = timedelta(minutes=15)


@dataclass(frozen=True, slots=True)
class Demand:
    """Why somebody is to be paged."""

    subject: str
    urgency: Urgency
    because: str
    step: int | None = None
    round: int = 0


def look_ahead(tx: Tx, subjects: Sequence[str]) -> None:
    """Reads all pages about these at once, before people are paged about each of them."""
    store.take_about_ahead(tx, subjects)


def take_ahead(tx: Tx, carried: Sequence[Delivery]) -> None:
    """Locks and reads the pages that these carried, before the outcome of each is written."""
    store.find_ahead(tx, sorted({delivery.key for delivery in carried}), lock=True)


def page(tx: Tx, user_id: str, demand: Demand) -> Page:
    """Opens a page for one person and uses the first rungs of their ladder at once.

    An older open page of the same person about the same subject gives way to it.
    """
    user = people.user(tx, user_id)
    before = store.take_about(tx, demand.subject, user_id)
    for older in before:
        if older.state is PageState.OPEN and older.opened_at == tx.now:
            return older  # a step and the last resort at one instant: one page (promises R27)
        if older.state is PageState.OPEN:
            _close(tx, older, "paged again")
    opened = Page(
        id=tx.new_id("pg"),
        kind=PageKind.PAGE,
        subject=demand.subject,
        user=user_id,
        urgency=demand.urgency,
        because=demand.because,
        attempt=len(before) + 1,
        opened_at=tx.now,
        rungs=user.ladder(demand.urgency),
        step=demand.step,
        round=demand.round,
    )
    _open(tx, opened)
    return opened


def send_test(tx: Tx, user_id: str, method_id: str) -> Page:
    """A test page to one contact method; answering it proves the method."""
    permissions.require_self_or(tx.actor, "people.edit", user_id)
    user = people.user(tx, user_id)
    if user.method(method_id) is None:
        raise NoSuchMethod(remedy="Save the contact method first.")
    opened = Page(
        id=tx.new_id("pg"),
        kind=PageKind.TEST,
        subject=user_id,
        user=user_id,
        urgency=Urgency.LOW,
        because="you asked for a test page",
        attempt=1,
        opened_at=tx.now,
        rungs=(Rung(timedelta(), method_id),),
    )
    _open(tx, opened)
    return opened


def advance(tx: Tx, page_id: str) -> None:
    """Uses the rungs that are due and says when the next one is. The answer to a PAGE timer."""
    taken = store.take(tx, page_id)
    if taken is not None and taken.state is PageState.OPEN:
        due = due_rungs(taken.rungs, taken.opened_at, taken.rung, tx.now)
        store.set_rung(tx, taken.id, taken.rung + len(due))
        _use(tx, taken, due, "it is due")


def on_outcome(tx: Tx, delivery: Delivery, outcome: Outcome) -> None:
    """Writes down what became of one delivery, and hurries to the next door where it failed."""
    taken = store.take(tx, delivery.key)
    assert taken is not None, "a delivery belongs to a page"
    match outcome:
        case Sent(ref):
            if duties.end_delivery(tx, delivery, DeliveryState.SENT, ref):
                tx.record(
                    PageSent(taken.id, taken.subject, taken.user, delivery.way, delivery.tries)
                )
                people_actions.note_trouble(tx, taken.user, delivery.way, None)
        case Rejected(why):
            if duties.end_delivery(tx, delivery, DeliveryState.FAILED, why):
                people_actions.note_trouble(tx, taken.user, delivery.way, why)
                _failed(tx, taken, delivery, why, again=False)
        case Retry(why, after):
            _again(tx, taken, delivery, Retry(why, after))
        case _:
            assert_never(outcome)


def answer(tx: Tx, page_id: str, answer: PageAnswer) -> Page:
    """The person's answer. Repeated, it changes nothing; raises PageOver when it came too late."""
    taken = store.take(tx, page_id)
    if taken is None:
        raise NoSuchPage
    if taken.state is PageState.ANSWERED and taken.answer is answer:
        return taken
    if taken.state is not PageState.OPEN:
        raise PageOver(f"This page is over: {taken.ended_because or 'it was answered'}.")
    _end(tx, taken, PageState.ANSWERED, f"answered: {answer.value}", answer)
    if taken.kind is PageKind.TEST:
        people_actions.verify_method(tx, taken.user, taken.rungs[0].method)
    tx.record(PageAnswered(taken.id, taken.subject, taken.user, answer.value))
    return taken


def close_for(tx: Tx, subject: str, why: str) -> None:
    """Nobody needs to answer for this subject any more: every page about it stops."""
    for open_page in store.take_open_about(tx, subject):
        _close(tx, open_page, why)


def forget(tx: Tx, subjects: list[str]) -> None:
    """Removes the pages about these, and how they were carried (retention)."""
    ids = [page.id for page in store.about(tx, subjects)]
    duties.forget(tx, PAGE, ids)
    store.delete(tx, ids)


def _open(tx: Tx, opened: Page) -> None:
    if not opened.rungs:
        raise NotReachable(f"{opened.user} has no contact method.", remedy="Add one first.")
    first = due_rungs(opened.rungs, opened.opened_at, 0, tx.now)
    store.add(tx, replace(opened, rung=len(first)))
    methods = tuple(rung.method for rung in opened.rungs)
    tx.record(
        PageOpened(
            opened.id, opened.subject, opened.user, opened.urgency.value, opened.because,
            opened.attempt, methods,
        )
    )  # fmt: skip
    _use(tx, opened, first, "first contact method")


def _use(tx: Tx, taken: Page, rungs: tuple[Rung, ...], why: str) -> None:
    for rung in rungs:
        tx.deliver(PAGE, taken.id, rung.method)
        tx.record(PageRungReached(taken.id, taken.subject, taken.user, rung.method, why))
    used = taken.rung + len(rungs)
    again = next_rung_at(taken.rungs, taken.opened_at, used)
    if again is not None:
        tx.set_timer(PAGE, taken.id, again)


def _failed(tx: Tx, taken: Page, delivery: Delivery, why: str, *, again: bool) -> None:
    tx.record(PageFailed(taken.id, taken.subject, taken.user, delivery.way, why, again))
    if taken.state is not PageState.OPEN:
        return
    following = taken.rungs[taken.rung : taken.rung + 1]
    if following:
        # A dead door must not cost the wait before the next one (promises P10).
        store.set_rung(tx, taken.id, taken.rung + 1)
        _use(tx, taken, following, f"{delivery.way} did not work")
    elif not again and queries.is_unreachable(tx, taken):
        tx.record(PageUnreachable(taken.id, taken.subject, taken.user))


def _again(tx: Tx, taken: Page, delivery: Delivery, outcome: Retry) -> None:
    if delivery.tries >= TRIES_MAX:
        if duties.end_delivery(tx, delivery, DeliveryState.FAILED, outcome.why):
            _failed(tx, taken, delivery, f"{outcome.why}, {TRIES_MAX} tries", again=False)
        return
    again_at = _again_at(tx, delivery.tries, outcome)
    if duties.retry_delivery(tx, delivery, outcome.why, again_at) and _is_news(taken, delivery):
        _failed(tx, taken, delivery, outcome.why, again=True)


def _is_news(taken: Page, delivery: Delivery) -> bool:
    """True for the first failure of a door, and where its report was lost: the newest door in use
    fails again, and the next one still waits for its hour."""
    used, left = taken.rungs[: taken.rung], taken.rungs[taken.rung :]
    is_newest = bool(used) and used[-1].method == delivery.way
    return delivery.tries == 1 or (is_newest and bool(left))


def _again_at(tx: Tx, tries: int, outcome: Retry) -> datetime:
    wait = min(timedelta(seconds=2 ** min(tries, 10)), BACKOFF_MAX)
    if outcome.after is not None:
        wait = max(wait, min(outcome.after, ASKED_WAIT_MAX))
    return tx.now + tx.chance.jitter(wait)


def _close(tx: Tx, taken: Page, why: str) -> None:
    _end(tx, taken, PageState.CLOSED, why, None)
    tx.record(PageClosed(taken.id, taken.subject, taken.user, why))


def _end(tx: Tx, taken: Page, state: PageState, why: str, answered: PageAnswer | None) -> None:
    store.end(tx, taken, state, why, answered)
    tx.drop_timer(PAGE, taken.id)
    duties.cancel_deliveries(tx, PAGE, taken.id, why)
