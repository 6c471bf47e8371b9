"""Stories: a small company, alerts, a clock that is told to move, and what everybody received."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time, timedelta
from typing import Any, cast

import pytest

from holdfast import duties
from holdfast.alerts import actions as alerts
from holdfast.alerts import queries as alert_queries
from holdfast.alerts.actions import retention
from holdfast.alerts.model import Alert, Incoming, Receipt
from holdfast.catalog import actions as catalog
from holdfast.catalog.model import Connection, Service
from holdfast.engine import loop, sender
from holdfast.engine.sender import Carrier
from holdfast.escalation import actions as escalation
from holdfast.escalation import queries as escalation_queries
from holdfast.escalation.model import Escalation, Policy, Step, Target
from holdfast.kernel.actor import SYSTEM, Actor, ActorKind, Role
from holdfast.kernel.clock import SteppedClock
from holdfast.kernel.tx import Tx
from holdfast.paging import actions as paging
from holdfast.paging import queries as pages
from holdfast.paging.model import Page, PageAnswer, PageState
from holdfast.people import actions as people
from holdfast.people.model import Method, Rung, Team, User
from holdfast.schedules import actions as schedules
from holdfast.schedules.model import Handoff, Rotation, Schedule, Unit
from holdfast.sdk import (
    Delivering,
    Destination,
    Message,
    Notifier,
    Outcome,
    Reply,
    Sent,
    Severity,
    Signal,
    SignalStatus,
    Urgency,
)
from holdfast.storage import duties as duty_rows
from holdfast.storage.database import Database
from holdfast.timeline import queries as timeline
from holdfast.timeline.event import Recorded

MINUTE = timedelta(minutes=1)
KEEP = retention.Limits(inbox_days=30, alert_days=400)
TURNS_MAX = 10_000


@dataclass
class Heard:
    """One message that somebody received."""

    at: datetime
    address: str
    message: Message


class Story:
    """Ana is on call for Checkout, Bo stands behind her, and the clock obeys."""

    def __init__(self, database: Database) -> None:
        self.database = database
        # Only a story that passes time needs a clock that obeys; others run in real time.
        self.clock = cast(SteppedClock, database.clock)
        self.heard: list[Heard] = []
        self.outcomes: dict[str, Outcome] = {}  # by address; whatever is not here is sent
        self.notifier = Notifier(
            name="fake", title="Fake", deliver=self._deliver, docs="", settings=object
        )
        self.carrier = Carrier({"fake": (self.notifier, None)}, lambda call: Reply(200))
        links = duties.Links(
            base_url=lambda: "http://holdfast.test",
            answer=lambda page: f"http://holdfast.test/p/{page.id}",
        )
        self.kinds = duties.deliveries(links)
        self.timers = duties.timers(KEEP)
        self.inbox = duties.inbox_duty()
        self.start = database.clock.now()

    def company(self, policy: Policy | None = None) -> Story:
        """Ana, Bo and Cy in the team payments; one schedule that has people and one that has
        none; one policy, one service."""
        with self.database.begin(SYSTEM) as tx:
            for name in ("ana", "bo", "cy"):
                people.save_user(tx, user(name))
            people.save_team(tx, Team("payments", "Payments", "ana", ("ana", "bo", "cy")))
            schedules.save(tx, weekly("primary", ("ana", "bo", "cy")))
            schedules.save(tx, weekly("empty", (None,)))
            escalation.save_policy(tx, policy or two_steps())
            catalog.save_service(tx, Service("checkout", "Checkout", "payments", "payments"))
            catalog.save_connection(tx, Connection("am", "alertmanager", "checkout"))
        return self

    def fires(self, key: str | None = "k", **changed: Any) -> Receipt:
        """A signal of the connection `am`, digested at once."""
        return self.receives(firing(key, **changed))

    def recovers(self, key: str = "k", **changed: Any) -> Receipt:
        return self.receives(resolved(key, **changed))

    def receives(self, *signals: Signal) -> Receipt:
        return self.receives_all(*signals)[0]

    def receives_all(self, *signals: Signal, connection: str = "am") -> list[Receipt]:
        """All of these in one letter; a receipt for each."""
        with self.database.begin(SYSTEM) as tx:
            return alerts.receive(tx, [Incoming(None, connection, tx.now, signals)])

    def opens(self, key: str = "k", **changed: Any) -> str:
        """An alert begins; its id."""
        receipt = self.fires(key, **changed)
        assert receipt.alert is not None
        return receipt.alert

    def save_policy(self, tx: Tx, policy: Policy) -> None:
        """Changes the plan of the company's one policy."""
        escalation.save_policy(tx, policy)

    def advance_climb(self, tx: Tx, subject: str) -> None:
        """One step up, without carrying anything."""
        escalation.advance(tx, subject)

    def drain(self) -> None:
        """Does everything that is due now."""
        for _ in range(TURNS_MAX):
            done = loop.turn(self.database, self.timers, self.inbox)
            done += sender.step(self.database, self.kinds, self.carrier, "node-1")
            if not done:
                return
        raise AssertionError("the engine never comes to rest")

    def turn(self) -> int:
        """One look of the engine, and nothing is carried."""
        return loop.turn(self.database, self.timers, self.inbox)

    def drain_deliveries(self) -> None:
        """Carries what is due, and the engine does not look."""
        while sender.step(self.database, self.kinds, self.carrier, "node-1"):
            pass

    def alert_count(self) -> int:
        with self.database.read(SYSTEM) as tx:
            return alert_queries.count(tx, alert_queries.Filter())

    def pass_time(self, length: timedelta) -> None:
        """Moves the clock, stopping wherever something is due."""
        end = self.clock.now() + length
        self.drain()
        while (due := self._next_due()) is not None and due <= end:
            self.clock.jump_to(max(due, self.clock.now()))
            self.drain()
        self.clock.jump_to(end)

    def answers(self, name: str, answer: PageAnswer = PageAnswer.ACKNOWLEDGE) -> Page:
        """The newest open page of that person is answered."""
        with self.database.begin(person(name)) as tx:
            open_page = pages.latest(tx, user=name, state=PageState.OPEN, limit=1)[0]
            return paging.answer(tx, open_page.id, answer)

    def act(
        self, name: str, action: Callable[[Tx], object], *, role: Role = Role.RESPONDER
    ) -> None:
        with self.database.begin(person(name, role)) as tx:
            action(tx)

    def said(self) -> list[str]:
        """`+5m bo@phone` for every message; those of one instant in the order of addresses."""
        heard = sorted(self.heard, key=lambda h: (h.at, h.address))
        return [f"+{_short(h.at - self.start)} {h.address}" for h in heard]

    def alert(self, alert_id: str) -> Alert:
        with self.database.read(SYSTEM) as tx:
            return alert_queries.alert(tx, alert_id)

    def climb(self, subject: str) -> Escalation:
        with self.database.read(SYSTEM) as tx:
            return escalation_queries.climbs(tx, [subject])[subject]

    def pages_about(self, subject: str) -> list[Page]:
        with self.database.read(SYSTEM) as tx:
            return pages.about(tx, [subject])

    def events(self, subject: str) -> list[str]:
        return [event.kind for event in self.recorded(subject)]

    def recorded(self, subject: str) -> list[Recorded]:
        with self.database.read(SYSTEM) as tx:
            return timeline.about(tx, [subject])

    def _next_due(self) -> datetime | None:
        with self.database.read(SYSTEM) as tx:
            return duty_rows.next_due(tx)

    def _deliver(self, message: Message, to: Destination, settings: object) -> Delivering:
        yield from ()
        outcome = self.outcomes.get(to.address, Sent())
        if isinstance(outcome, Sent):
            self.heard.append(Heard(self.clock.now(), to.address, message))
        return outcome


@pytest.fixture
def story(database: Database) -> Story:
    """The company on a database of each kind; nothing has happened yet."""
    return Story(database).company()


def firing(key: str | None = "k", **changed: Any) -> Signal:
    signal = Signal(SignalStatus.FIRING, "Disk full", dedup=key, severity=Severity.CRITICAL)
    return replace(signal, **changed)


def resolved(key: str | None = "k", **changed: Any) -> Signal:
    return replace(Signal(SignalStatus.RESOLVED, "Disk full", dedup=key), **changed)


def person(name: str, role: Role = Role.RESPONDER) -> Actor:
    return Actor(ActorKind.USER, name, role, name)


def user(name: str, **changed: Any) -> User:
    """Phone at once, mail two minutes later, for pages of high urgency; mail for low ones."""
    made = User(
        id=name,
        name=name.capitalize(),
        email=f"{name}@example.com",
        time_zone="UTC",
        role=Role.RESPONDER,
        methods=(Method("phone", "fake", f"{name}@phone"), Method("mail", "fake", f"{name}@mail")),
        rules={
            Urgency.HIGH: (Rung(timedelta(), "phone"), Rung(2 * MINUTE, "mail")),
            Urgency.LOW: (Rung(timedelta(), "mail"),),
        },
    )
    return replace(made, **changed)


def weekly(name: str, members: tuple[str | None, ...]) -> Schedule:
    handoff = Handoff(1, Unit.WEEKS, 0, time(9, 0))
    rotation = Rotation("weekly", members, handoff, date(2026, 11, 16))
    return Schedule(name, name.capitalize(), "payments", "UTC", (rotation,))


def two_steps(**changed: Any) -> Policy:
    policy = Policy(
        "payments",
        (
            Step((Target.parse("schedule:primary"),), 5 * MINUTE),
            Step((Target.parse("user:bo"),), 15 * MINUTE),
        ),
        last_resort=(Target.parse("user:cy"),),
    )
    return replace(policy, **changed)


def policy_of(*steps: tuple[str, int], last: str | None = "user:cy", repeat: int = 0) -> Policy:
    """`policy_of(("user:ana", 5), ("team:payments", 10))`: targets, spaces between, and minutes."""
    return Policy(
        "payments",
        tuple(
            Step(tuple(Target.parse(text) for text in targets.split()), wait * MINUTE)
            for targets, wait in steps
        ),
        repeat=repeat,
        last_resort=() if last is None else tuple(Target.parse(t) for t in last.split()),
    )


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


def _short(length: timedelta) -> str:
    minutes, seconds = divmod(int(length.total_seconds()), 60)
    return f"{minutes}m" if not seconds else f"{minutes}m{seconds}s"
