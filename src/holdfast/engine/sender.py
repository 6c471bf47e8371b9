"""Claim a delivery, speak to the outside world, write down what happened. Never silently."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import timedelta

import structlog
from sqlalchemy.exc import SQLAlchemyError

from holdfast.kernel.actor import SYSTEM
from holdfast.kernel.errors import NotFound
from holdfast.kernel.tx import Tx
from holdfast.sdk import (
    Call,
    Destination,
    Message,
    Notifier,
    Outcome,
    Rejected,
    Reply,
    Retry,
    Sent,
)
from holdfast.storage import duties
from holdfast.storage.database import Database
from holdfast.storage.duties import LEASE, Delivery

CLAIM_MAX = 64
CALLS_MAX = 10  # a notifier that asks for more than this in one delivery is broken
SEND_TIMEOUT = timedelta(seconds=5)
# A send that begins later than this after its claim could outlive the lease (promises rule 5).
START_WITHIN = LEASE - SEND_TIMEOUT - timedelta(seconds=1)
# What the last look saw is believed for so long (promises P11: nothing starts a second after).
LOOK_HOLDS = timedelta(milliseconds=500)

log = structlog.get_logger("sender")
Transport = Callable[[Call], Reply]


@dataclass(frozen=True, slots=True)
class Parcel:
    """All that is needed to speak: rendered from what is committed at this moment."""

    message: Message
    to: Destination
    notifier: str


@dataclass(frozen=True, slots=True)
class Abandoned:
    """The delivery is not wanted any more, or is somebody else's: nothing is sent."""

    why: str


Prepare = Callable[[Tx, Delivery], Parcel | Rejected | Abandoned]


@dataclass(frozen=True, slots=True)
class DeliveryDuty:
    """What the domain says about one kind of delivery."""

    prepare: Prepare
    report: Callable[[Tx, Delivery, Outcome], None]
    # What is left to say where our own code could not write the words (promises R70).
    bare: Callable[[Tx, Delivery], Parcel | Rejected | Abandoned] | None = None
    # Reads at once what `prepare`, and what `report`, ask for each of many.
    look_ahead: Callable[[Tx, Sequence[Delivery]], None] | None = None
    take_ahead: Callable[[Tx, Sequence[Delivery]], None] | None = None


Looked = Parcel | Rejected | Abandoned | Retry


@dataclass(frozen=True, slots=True)
class Claim:
    """A leased delivery, and the monotonic second at which it was leased.

    `looked` is what the last look at it saw, at `looked_s`.
    """

    delivery: Delivery
    at_s: float
    looked: Looked | None = None
    looked_s: float = 0.0


@dataclass(frozen=True, slots=True)
class Carrier:
    """The notifiers with their settings, and the way out; `close` ends what it keeps open."""

    notifiers: Mapping[str, tuple[Notifier, object]]
    transport: Transport
    close: Callable[[], None] = lambda: None


def claim(database: Database, owner: str, limit: int = CLAIM_MAX) -> list[Claim]:
    """Leases what is due. The try is counted and committed before anybody is called."""
    at_s = database.clock.monotonic()
    with database.begin(SYSTEM, patient=False) as tx:
        claimed = duties.claim_deliveries(tx, owner, limit)
    return [Claim(delivery, at_s) for delivery in claimed]


def look(
    database: Database, kinds: Mapping[str, DeliveryDuty], claimed: Sequence[Claim]
) -> list[Claim]:
    """The last look before the words leave, at many at once: each with what there is to say."""
    looked_s = database.clock.monotonic()
    with database.read(SYSTEM) as tx:
        if len(claimed) > 1:
            _look_ahead(tx, kinds, [each.delivery for each in claimed])
        return [
            replace(each, looked=_look(tx, kinds, each.delivery), looked_s=looked_s)
            for each in claimed
        ]


def carry(
    database: Database, kinds: Mapping[str, DeliveryDuty], carrier: Carrier, claimed: Claim
) -> Outcome | Abandoned:
    """The last-yard re-check, then the words, then the outcome (promises rule 5, P11)."""
    while True:
        if claimed.looked is None:
            (claimed,) = look(database, kinds, [claimed])
        parcel, looked_s = claimed.looked, claimed.looked_s
        if not isinstance(parcel, Parcel):
            assert parcel is not None
            return parcel
        claimed = replace(claimed, looked=None)
        now_s = database.clock.monotonic()
        if now_s - claimed.at_s > START_WITHIN.total_seconds():
            return Abandoned("too late to finish within the lease")
        # Whoever was put to sleep after the look may have slept through an answer: look again.
        if now_s - looked_s <= LOOK_HOLDS.total_seconds():
            return speak(carrier, parcel)


def _look_ahead(tx: Tx, kinds: Mapping[str, DeliveryDuty], claimed: Sequence[Delivery]) -> None:
    duties.look_at_leases(tx, claimed)
    for kind, together in _by_kind(claimed).items():
        look_ahead = kinds[kind].look_ahead
        if look_ahead is not None:
            look_ahead(tx, together)


def _by_kind(claimed: Sequence[Delivery]) -> dict[str, list[Delivery]]:
    kinds: dict[str, list[Delivery]] = {}
    for delivery in claimed:
        kinds.setdefault(delivery.kind, []).append(delivery)
    return kinds


def _look(tx: Tx, kinds: Mapping[str, DeliveryDuty], delivery: Delivery) -> Looked:
    if not duties.take_leased(tx, delivery):
        return Abandoned("the lease is another's, or it was cancelled")
    return _prepared(tx, kinds[delivery.kind], delivery)


def _prepared(tx: Tx, duty: DeliveryDuty, delivery: Delivery) -> Looked:
    for write in (duty.prepare, duty.bare):
        try:
            if write is not None:
                return write(tx, delivery)
        except NotFound as error:
            return Rejected(error.detail)  # what it was about is gone
        except SQLAlchemyError:
            raise  # the database is away: the lease runs out, and it is due again
        except Exception:
            log.exception("delivery.not_written", delivery=delivery.id, kind=delivery.kind)
    return Retry("Holdfast could not write this message")


def speak(carrier: Carrier, parcel: Parcel) -> Outcome:
    """Drives the notifier. A bug in it is an outcome too: the next contact method is used."""
    if parcel.notifier not in carrier.notifiers:
        return Rejected(f"Holdfast has no notifier “{parcel.notifier}”.")
    notifier, settings = carrier.notifiers[parcel.notifier]
    try:
        delivering = notifier.deliver(parcel.message, parcel.to, settings)
        call = next(delivering)
        for _ in range(CALLS_MAX):
            call = delivering.send(carrier.transport(call))
    except StopIteration as done:
        said: object = done.value
        if isinstance(said, Sent | Rejected | Retry):
            return said
        return Rejected(f"the notifier {parcel.notifier} ended without an outcome")
    except Exception:
        log.exception("notifier.failed", notifier=parcel.notifier)
        return Retry(f"the notifier {parcel.notifier} failed inside Holdfast")
    return Rejected(f"the notifier {parcel.notifier} made more than {CALLS_MAX} calls")


def report(
    database: Database,
    kinds: Mapping[str, DeliveryDuty],
    outcomes: Sequence[tuple[Delivery, Outcome]],
) -> None:
    """Writes outcomes down, each behind its fence, many in one transaction.

    Where one fails, none is written: the caller hands them over again one by one.
    """
    with database.begin(SYSTEM) as tx:
        if len(outcomes) > 1:
            _take_ahead(tx, kinds, [delivery for delivery, _ in outcomes])
        for delivery, outcome in outcomes:
            kinds[delivery.kind].report(tx, delivery, outcome)


def _take_ahead(tx: Tx, kinds: Mapping[str, DeliveryDuty], carried: Sequence[Delivery]) -> None:
    for kind, together in _by_kind(carried).items():
        take_ahead = kinds[kind].take_ahead
        if take_ahead is not None:
            take_ahead(tx, together)
    # After what they are about, in the order in which an answer takes both.
    duties.look_at_leases(tx, carried, lock=True)


def step(
    database: Database, kinds: Mapping[str, DeliveryDuty], carrier: Carrier, owner: str
) -> int:
    """Carries all that is due, one after the other: for simulations and rehearsals."""
    claimed = claim(database, owner)
    for each in claimed:
        outcome = carry(database, kinds, carrier, each)
        if not isinstance(outcome, Abandoned):
            report(database, kinds, [(each.delivery, outcome)])
    return len(claimed)
