"""Stories: a small company, alerts, a clock that is told to move, and what everybody received."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time, timedelta

from holdfast import duties
from holdfast.alerts import actions as alerts
from holdfast.alerts.actions import retention
from holdfast.alerts.model import Incoming, Receipt
from holdfast.catalog import actions as catalog
from holdfast.catalog.model import Connection, Service
from holdfast.engine import loop, sender
from holdfast.engine.sender import Carrier
from holdfast.escalation import actions as escalation
from holdfast.escalation.model import Policy, Step, Target
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
        clock = database.clock
        assert isinstance(clock, SteppedClock)
        self.clock = clock
        self.heard: list[Heard] = []
        self.outcomes: dict[str, object] = {}
        self.notifier = Notifier(
            name="fake", title="Fake", deliver=self._deliver, docs="", settings=object
        )
        self.carrier = Carrier({"fake": (self.notifier, None)}, lambda call: Reply(200))
        links = duties.Links(
            base_url=lambda: "http://holdfast.test", answer=lambda page: f"http://h.test/p/{page.id}"
        )
        self.kinds = duties.deliveries(links)
        self.timers = duties.timers(KEEP)
        self.inbox = duties.inbox_duty()
        self.start = clock.now()

    def company(self, policy: Policy | None = None) -> Story:
        """Ana, Bo and Cy in the team payments; one schedule, one policy, one service."""
        with self.database.begin(SYSTEM) as tx:
            for name in ("ana", "bo", "cy"):
                people.save_user(tx, user(name))
            people.save_team(tx, Team("payments", "Payments", "ana", ("ana", "bo", "cy")))
            schedules.save(tx, weekly("primary", ("ana", "bo", "cy")))
            escalation.save_policy(tx, policy or two_steps())
            catalog.save_service(tx, Service("checkout", "Checkout", "payments", "payments"))
            catalog.save_connection(tx, Connection("am", "alertmanager", "checkout"))
        return self

    def fires(self, key: str = "k", **changed: object) -> Receipt:
        """A signal of the connection `am`, digested at once."""
        signal = Signal(SignalStatus.FIRING, "Disk full", dedup=key, severity=Severity.CRITICAL)
        return self.receives(replace(signal, **changed))  # type: ignore[arg-type]

    def recovers(self, key: str = "k") -> Receipt:
        return self.receives(Signal(SignalStatus.RESOLVED, "Disk full", dedup=key))

    def receives(self, *signals: Signal) -> Receipt:
        with self.database.begin(SYSTEM) as tx:
            incoming = Incoming(None, "am", tx.now, signals)
            return alerts.receive(tx, [incoming])[0]

    def drain(self) -> None:
        """Does everything that is due now."""
        for _ in range(TURNS_MAX):
            done = loop.turn(self.database, self.timers, self.inbox)
            done += sender.step(self.database, self.kinds, self.carrier, "node-1")
            if not done:
                return
        raise AssertionError("the engine never comes to rest")

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

    def act(self, name: str, action: Callable[[Tx], object]) -> None:
        with self.database.begin(person(name)) as tx:
            action(tx)

    def said(self) -> list[str]:
        """`+5m bo@phone` for every message, in order."""
        return [f"+{_short(h.at - self.start)} {h.address}" for h in self.heard]

    def events(self, subject: str) -> list[str]:
        with self.database.read(SYSTEM) as tx:
            return [event.kind for event in timeline.about(tx, [subject])]

    def _next_due(self) -> datetime | None:
        with self.database.read(SYSTEM) as tx:
            return duty_rows.next_due(tx)

    def _deliver(self, message: Message, to: Destination, settings: object) -> Delivering:
        yield from ()
        outcome = self.outcomes.get(to.address, Sent())
        if isinstance(outcome, Sent):
            self.heard.append(Heard(self.clock.now(), to.address, message))
        return outcome  # type: ignore[return-value]


def person(name: str, role: Role = Role.RESPONDER) -> Actor:
    return Actor(ActorKind.USER, name, role, name)


def user(name: str, **changed: object) -> User:
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
    return replace(made, **changed)  # type: ignore[arg-type]


def weekly(name: str, members: tuple[str | None, ...]) -> Schedule:
    handoff = Handoff(1, Unit.WEEKS, 0, time(9, 0))
    rotation = Rotation("weekly", members, handoff, date(2026, 11, 16))
    return Schedule(name, name.capitalize(), "payments", "UTC", (rotation,))


def two_steps(**changed: object) -> Policy:
    policy = Policy(
        "payments",
        (
            Step((Target.parse("schedule:primary"),), 5 * MINUTE),
            Step((Target.parse("user:bo"),), 15 * MINUTE),
        ),
        last_resort=(Target.parse("user:cy"),),
    )
    return replace(policy, **changed)  # type: ignore[arg-type]


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


def _short(length: timedelta) -> str:
    minutes, seconds = divmod(int(length.total_seconds()), 60)
    return f"{minutes}m" if not seconds else f"{minutes}m{seconds}s"
