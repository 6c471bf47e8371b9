"""Carrying a delivery: the last look before the words leave, and every outcome written down."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import timedelta

import pytest
from sqlalchemy.exc import OperationalError

from holdfast.engine import sender
from holdfast.engine.sender import (
    CALLS_MAX,
    START_WITHIN,
    Abandoned,
    Carrier,
    Claim,
    DeliveryDuty,
    Parcel,
)
from holdfast.kernel.actor import SYSTEM
from holdfast.kernel.clock import SteppedClock
from holdfast.kernel.errors import NotFound
from holdfast.kernel.tx import Tx
from holdfast.sdk import (
    Call,
    Delivering,
    Destination,
    HttpCall,
    Message,
    MessageKind,
    Notifier,
    Outcome,
    Rejected,
    Reply,
    Retry,
    Sent,
    Urgency,
)
from holdfast.storage import duties
from holdfast.storage.database import Database
from holdfast.storage.duties import LEASE, Delivery, DeliveryState
from tests.support.database import START

WORDS = Message(
    id="dl_1",
    kind=MessageKind.PAGE,
    title="Disk full",
    text="Disk full",
    urgency=Urgency.HIGH,
    at=START,
    payload={},
)
PARCEL = Parcel(WORDS, Destination("ana@phone", "Ana"), "fake")
CALL = HttpCall("POST", "https://carrier.example/send")


def says_sent(message: Message, to: Destination, settings: object) -> Delivering:
    reply = yield CALL
    return Sent(str(reply.status))


def never_ends(message: Message, to: Destination, settings: object) -> Delivering:
    while True:
        yield CALL


def has_a_bug(message: Message, to: Destination, settings: object) -> Delivering:
    yield CALL
    raise KeyError("ts")


def says_nothing(message: Message, to: Destination, settings: object) -> Delivering:
    yield from ()
    return None  # type: ignore[return-value]  # a plug-in of somebody who does not check types


@dataclass
class Post:
    """One delivery and whoever carries it."""

    database: Database
    deliver: Callable[[Message, Destination, object], Delivering] = says_sent
    prepare: Callable[[Tx, Delivery], Parcel | Rejected | Abandoned] = lambda tx, delivery: PARCEL
    bare: Callable[[Tx, Delivery], Parcel | Rejected | Abandoned] | None = None
    calls: list[Call] = field(default_factory=list)
    outcomes: list[Outcome] = field(default_factory=list)

    def __post_init__(self) -> None:
        with self.database.begin(SYSTEM) as tx:
            self.delivery = tx.deliver("page", "pg_1", "phone")

    def claim(self) -> Claim:
        (claimed,) = sender.claim(self.database, "nd_1")
        return claimed

    def carry(self, claimed: Claim) -> Outcome | Abandoned:
        return sender.carry(self.database, self._kinds(), self._carrier(), claimed)

    def step(self) -> int:
        return sender.step(self.database, self._kinds(), self._carrier(), "nd_1")

    def pass_time(self, length: timedelta) -> None:
        assert isinstance(self.database.clock, SteppedClock)
        self.database.clock.jump_to(self.database.clock.now() + length)

    def _kinds(self) -> dict[str, DeliveryDuty]:
        return {"page": DeliveryDuty(self.prepare, self._report, self.bare)}

    def _carrier(self) -> Carrier:
        notifier = Notifier(
            name="fake", title="Fake", deliver=self.deliver, docs="", settings=object
        )
        return Carrier({"fake": (notifier, None)}, self._transport)

    def _transport(self, call: Call) -> Reply:
        self.calls.append(call)
        return Reply(200)

    def _report(self, tx: Tx, delivery: Delivery, outcome: Outcome) -> None:
        if duties.end_delivery(tx, delivery, DeliveryState.SENT, ""):
            self.outcomes.append(outcome)


@pytest.fixture
def post(database: Database) -> Post:
    return Post(database)


def test_a_delivery_is_carried_once_and_its_outcome_written_down(post: Post) -> None:
    assert post.step() == 1
    assert (post.calls, post.outcomes) == ([CALL], [Sent("200")])
    assert post.step() == 0


def test_the_try_is_committed_before_anybody_is_called(post: Post) -> None:
    """Promises rule 3: a crash after this leaves a trace of it."""
    post.claim()
    with post.database.read(SYSTEM) as tx:
        row = duties.find_delivery(tx, post.delivery)
    assert row is not None
    assert (row.state, row.tries) == (DeliveryState.LEASED, 1)
    assert post.calls == []


def test_what_was_cancelled_after_the_claim_is_not_said(post: Post) -> None:
    """The last-yard look (promises rule 5, P11)."""
    claimed = post.claim()
    with post.database.begin(SYSTEM) as tx:
        duties.cancel_deliveries(tx, "page", "pg_1", "acknowledged")
    assert isinstance(post.carry(claimed), Abandoned)
    assert post.calls == []


def test_a_sender_who_slept_through_its_lease_says_nothing(post: Post) -> None:
    sleeper = post.claim()
    post.pass_time(LEASE)
    second = post.claim()
    assert isinstance(post.carry(sleeper), Abandoned)
    assert post.carry(second) == Sent("200")
    assert len(post.calls) == 1


def test_a_send_that_could_outlive_its_lease_is_not_begun(post: Post) -> None:
    in_time, late = post.claim(), timedelta(seconds=1)
    post.pass_time(START_WITHIN)
    assert post.carry(in_time) == Sent("200")
    post.pass_time(late)
    assert isinstance(post.carry(in_time), Abandoned)


def test_what_is_abandoned_is_due_again_when_its_lease_ends(post: Post) -> None:
    wanted: list[Parcel | Abandoned] = [Abandoned("not now"), PARCEL]
    post.prepare = lambda tx, delivery: wanted.pop(0)
    post.step()
    assert post.outcomes == []
    post.pass_time(LEASE)
    post.step()
    assert post.outcomes == [Sent("200")]


def test_a_bug_in_a_notifier_costs_its_own_try(post: Post) -> None:
    post.deliver = has_a_bug
    outcome = post.carry(post.claim())
    assert isinstance(outcome, Retry)
    assert "fake" in outcome.why


def test_a_notifier_that_never_ends_is_stopped(post: Post) -> None:
    post.deliver = never_ends
    assert isinstance(post.carry(post.claim()), Rejected)
    assert len(post.calls) == CALLS_MAX


def test_a_notifier_that_ends_without_an_outcome_is_refused(post: Post) -> None:
    post.deliver = says_nothing
    assert isinstance(post.carry(post.claim()), Rejected)


def test_a_notifier_that_is_not_there_is_a_refusal_with_its_name(post: Post) -> None:
    post.prepare = lambda tx, delivery: Parcel(WORDS, Destination("x", "Ana"), "pigeon")
    assert post.carry(post.claim()) == Rejected("Holdfast has no notifier “pigeon”.")


def broken(tx: Tx, delivery: Delivery) -> Parcel:
    raise KeyError("a template of ours")


def test_where_our_own_words_fail_bare_words_leave(post: Post) -> None:
    """Promises R70: a page always leaves."""
    post.prepare, post.bare = broken, lambda tx, delivery: PARCEL
    assert post.carry(post.claim()) == Sent("200")


def test_where_bare_words_fail_as_well_the_next_door_is_used(post: Post) -> None:
    post.prepare = post.bare = broken
    assert isinstance(post.carry(post.claim()), Retry)
    assert post.calls == []


def test_what_is_gone_is_not_written_about(post: Post) -> None:
    def gone(tx: Tx, delivery: Delivery) -> Parcel:
        raise NotFound("There is no such page.")

    post.prepare = gone
    assert post.carry(post.claim()) == Rejected("There is no such page.")


def test_while_the_database_is_away_nothing_is_decided(post: Post) -> None:
    def away(tx: Tx, delivery: Delivery) -> Parcel:
        raise OperationalError("select", None, Exception("gone"))

    post.prepare = away
    claimed = post.claim()
    with pytest.raises(OperationalError):
        post.carry(claimed)
