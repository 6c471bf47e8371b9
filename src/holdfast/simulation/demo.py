"""`./dev demo`: a company that has a past and a story in progress, played by production code."""

from __future__ import annotations

import argparse
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

from holdfast import main, reactions
from holdfast.alerts import actions as alerts
from holdfast.alerts import queries as alert_queries
from holdfast.alerts.actions.letters import signals_out
from holdfast.alerts.model import AlertStatus
from holdfast.alerts.queries import Filter
from holdfast.configuration.actions.apply import apply
from holdfast.configuration.model import File
from holdfast.engine import loop, sender
from holdfast.engine.sender import Carrier
from holdfast.engine.supervisor import Work
from holdfast.kernel.actor import SYSTEM, Actor, ActorKind
from holdfast.kernel.chance import Chance
from holdfast.kernel.clock import SteppedClock, SystemClock
from holdfast.paging import queries as pages
from holdfast.paging.model import PageAnswer, PageState
from holdfast.people import queries as people
from holdfast.sdk import Reply, Severity, Signal, SignalStatus
from holdfast.settings import Settings
from holdfast.simulation.harbor import HARBOR, TROUBLES
from holdfast.simulation.incidents import Stage, in_progress, over
from holdfast.storage import duties
from holdfast.storage.database import Database, open_backend
from holdfast.storage.inbox import Envelope
from holdfast.web.program import Program
from holdfast.web.rehearsal.stage import stage_transport

PAST = timedelta(days=14)
SEED = 2041
ALERTS_PER_DAY = 6
TURNS_MAX = 10_000
APART = timedelta(hours=4)  # between the beginnings of the incidents that are over
DECLARED_MINUTES = 47  # before now, the one in progress
OPEN = (AlertStatus.TRIGGERED, AlertStatus.ACKNOWLEDGED)
"""How the last hour goes: minutes before now, and which trouble."""
NOW_OPEN = ((52, 0), (6, 1))


def run(data: Path, port: int) -> None:
    """Makes the company's past once, then serves it. Nothing leaves the machine."""
    wanted = {"data": data, "port": port, "email_host": "mail.harbor.example"}
    settings = Settings.model_validate(wanted)
    fresh = not (data / "holdfast.db").exists()
    if fresh:
        data.mkdir(mode=0o700, parents=True, exist_ok=True)
        _make_past(settings)
    main.run(settings, prepare=_keep_inside)


def _keep_inside(program: Program) -> None:
    carrier = program.carrier
    program.carrier = Carrier(carrier.notifiers, stage_transport(lambda call: Reply(200)))


@dataclass
class _Past:
    """Two weeks of alerts and answers, on a clock that obeys."""

    database: Database
    clock: SteppedClock
    work: Work
    carrier: Carrier
    chance: Chance

    def play(self, until: datetime) -> None:
        stage = Stage(self.database, self._pass)
        for number, (declaration, deeds) in enumerate(over()):
            stage.play(until - PAST + number * APART, declaration, deeds)
        moments = sorted(self._moments(until))
        for at, trouble in moments:
            self._pass(at)
            self._fire(trouble, at)
            self._pass(at + timedelta(minutes=1 + self.chance.below(9)))
            self._answer()
            self._pass(at + timedelta(minutes=12 + self.chance.below(40)))
            self._signal(trouble, SignalStatus.RESOLVED)
        for minutes, trouble in NOW_OPEN:
            self._pass(until - timedelta(minutes=minutes))
            self._fire(trouble, self.clock.now())
            if minutes > 30:
                self._pass(self.clock.now() + timedelta(minutes=3))
                self._answer()
                stage.play(until - timedelta(minutes=DECLARED_MINUTES), *in_progress(self._alert()))
        self._pass(until)

    def _alert(self) -> str | None:
        """The open alert that the incident in progress is declared from."""
        with self.database.read(SYSTEM) as tx:
            found = alert_queries.newest(tx, Filter(statuses=OPEN), limit=1)
        return found[0].id if found else None

    def _moments(self, until: datetime) -> Iterator[tuple[datetime, int]]:
        for _ in range(int(PAST.days * ALERTS_PER_DAY)):
            minutes = self.chance.below(int(PAST.total_seconds()) // 60 - 180)
            before = timedelta(minutes=120 + minutes)
            yield until - before, self.chance.below(len(TROUBLES))

    def _fire(self, trouble: int, at: datetime) -> None:
        for _ in range(1 + self.chance.below(4)):
            self._signal(trouble, SignalStatus.FIRING)

    def _signal(self, trouble: int, status: SignalStatus) -> None:
        connection, title, severity, labels = TROUBLES[trouble]
        signal = Signal(status, title, dedup=title, severity=Severity(severity), labels=labels)
        envelope = Envelope(
            self.database.chance.new_id("lt"), connection, self.clock.now(), b"{}",
            signals_out([signal]),
        )  # fmt: skip
        self.database.append_inbox([envelope])
        self._drain()

    def _answer(self) -> None:
        with self.database.begin(SYSTEM) as tx:
            for page in pages.latest(tx, state=PageState.OPEN, limit=50):
                if self.chance.below(5):
                    user = people.user(tx, page.user)
                    theirs = tx.as_actor(Actor(ActorKind.USER, user.id, user.role, user.id))
                    alerts.answer_page(theirs, page.id, PageAnswer.ACKNOWLEDGE)
                    break

    def _pass(self, until: datetime) -> None:
        self._drain()
        while (due := self._next_due()) is not None and due <= until:
            self.clock.jump_to(max(due, self.clock.now()))
            self._drain()
        self.clock.jump_to(max(until, self.clock.now()))

    def _drain(self) -> None:
        for _ in range(TURNS_MAX):
            done = loop.turn(self.database, self.work.timers, self.work.inbox)
            done += sender.step(self.database, self.work.deliveries, self.carrier, "demo")
            if not done:
                return

    def _next_due(self) -> datetime | None:
        with self.database.read(SYSTEM) as tx:
            return duties.next_due(tx)


def _make_past(settings: Settings) -> None:
    now = SystemClock().now().replace(microsecond=0)
    clock = SteppedClock(now - PAST)
    with _opened(settings, clock) as database:
        program = main.compose(settings, database)
        with database.begin(SYSTEM) as tx:
            apply(tx, [File("harbor.yaml", HARBOR)], program.integrations)
        carrier = Carrier(program.carrier.notifiers, stage_transport(lambda call: Reply(200)))
        _Past(database, clock, main.work_of(program), carrier, Chance(SEED)).play(now)


@contextmanager
def _opened(settings: Settings, clock: SteppedClock) -> Iterator[Database]:
    database = Database(
        open_backend(settings.database_url),
        clock=clock,
        chance=Chance(),
        recorder=reactions.RECORDER,
        stepped=True,
    )
    try:
        database.migrate()
        yield database
    finally:
        database.close()


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, default=Path("data/demo"))
    parser.add_argument("--port", type=int, default=8080)
    chosen = parser.parse_args()
    run(chosen.data, chosen.port)
