"""kill -9, again and again: what was accepted is never lost, and neither is its page."""

from __future__ import annotations

import os
import random
import signal
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from pathlib import Path

import httpx2
import pytest
from sqlalchemy import text

from holdfast import duties
from holdfast.alerts.actions import heartbeat
from holdfast.alerts.actions.letters import signals_out
from holdfast.engine.supervisor import Chore, Supervisor, Work
from holdfast.kernel.actor import SYSTEM
from holdfast.kernel.clock import SystemClock
from holdfast.sdk import Severity, Signal, SignalStatus
from holdfast.storage import duties as duty_rows
from holdfast.storage.database import Database
from holdfast.storage.inbox import Envelope
from holdfast.timeline import queries as timeline
from tests.support.database import opened
from tests.support.instance import COMPANY, Instance, Sink, alert_of, sink
from tests.support.story import Story

KILLS_OF_PARTS = int(os.environ.get("HOLDFAST_KILLS", "200"))
KILLS_OF_WHOLE = int(os.environ.get("HOLDFAST_WHOLE_KILLS", "20"))
SETTLE_S = 60.0
FIRST_NOTE_S = 10.0


@pytest.mark.slow
@pytest.mark.timeout(600)
@pytest.mark.ledger("S2-88")
def test_intake_and_engine_lose_nothing_however_often_they_are_killed(
    tmp_path: Path, durable_url: str
) -> None:
    with opened(durable_url, clock=SystemClock(), seed=None) as database:
        Story(database).company()
    accepted = tmp_path / "accepted"
    chance = random.Random(7)
    accepted.touch()
    for turn in range(KILLS_OF_PARTS):
        # Every other worker is killed in the middle of its work, however slow the machine is.
        notes = accepted if turn % 2 else None
        kill_after(chance.uniform(0.02, 0.2), partial(work, durable_url, accepted, turn), notes)
    promised = set(accepted.read_text().split())
    assert len(promised) >= KILLS_OF_PARTS // 2, "next to nothing was accepted: no test at all"
    with opened(durable_url, clock=SystemClock(), seed=None) as database:
        story = Story(database)
        settle_rows(story)
        assert promised <= alerted(database), "accepted, but no alert"
        assert alerted(database) <= delivered(database), "an alert whose page never left"
        with database.begin(SYSTEM) as tx:
            duties.seal(tx)
            assert timeline.verify_chain(tx).broken is None


@pytest.mark.slow
@pytest.mark.timeout(900)
@pytest.mark.ledger("S2-88")
def test_a_whole_holdfast_loses_nothing_however_often_it_is_killed(
    tmp_path: Path, server_url: str | None
) -> None:
    chance = random.Random(11)
    with sink() as taker:
        holdfast = Instance(tmp_path / "data", database=server_url)
        with holdfast:
            holdfast.apply(COMPANY.format(sink=taker.url))
        accepted: set[str] = set()
        for turn in range(KILLS_OF_WHOLE):
            holdfast.start()
            load = Load(holdfast.url, turn, accepted)
            load.start()
            time.sleep(chance.uniform(0.2, 1.0))
            holdfast.kill()
            load.stop()
        with holdfast:
            paged = settle(taker, accepted)
            with holdfast.client() as api:
                assert api.get("/verify").json()["broken"] is None
    assert len(accepted) > KILLS_OF_WHOLE, "next to nothing was accepted: no test at all"
    assert accepted <= paged, f"{len(accepted - paged)} accepted alerts never paged"


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=pytest.mark.postgres)])
def durable_url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """A database that keeps its promises: real fsyncs."""
    if request.param == "sqlite":
        return f"sqlite:///{tmp_path / 'holdfast.db'}"
    url: str = request.getfixturevalue("own_postgres_server").create_database()
    return url


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=pytest.mark.postgres)])
def server_url(request: pytest.FixtureRequest) -> str | None:
    if request.param == "sqlite":
        return None
    url: str = request.getfixturevalue("own_postgres_server").create_database()
    return url


def kill_after(seconds: float, child_work: Callable[[], None], notes: Path | None) -> None:
    """Runs the work in a child of our own and kills it so long after its start, or after its
    first note where `notes` is given."""
    noted = notes.stat().st_size if notes else 0
    child = os.fork()
    if child == 0:
        try:
            child_work()
        finally:
            os._exit(1)
    end = time.monotonic() + FIRST_NOTE_S
    while notes and notes.stat().st_size == noted and time.monotonic() < end:
        time.sleep(0.005)
    time.sleep(seconds)
    os.kill(child, signal.SIGKILL)
    os.waitpid(child, 0)


def work(url: str, accepted: Path, turn: int) -> None:
    """Accepts alerts as fast as it can, notes each only when it is durable, and pages."""
    with opened(url, clock=SystemClock(), seed=None) as database:
        story = Story(database)
        engine = Supervisor(
            database,
            Work(
                story.timers,
                story.inbox,
                story.kinds,
                (Chore("seal", 0.1, duties.something_to_seal, duties.seal),),
                heartbeat.forgive_our_outage,
            ),
            story.carrier,
            f"node-{turn}",
            senders=4,
        )
        engine.start()
        with accepted.open("a", buffering=1) as notes:
            for n in range(1_000_000):
                key = f"{turn}-{n}"
                database.append_inbox([envelope(database, key)])
                notes.write(key + "\n")


def settle_rows(story: Story) -> None:
    """What the dead had leased is free, and everything due is done."""
    with story.database.begin(SYSTEM) as tx:
        for owner in duty_rows.lease_owners(tx):
            duty_rows.release_owner(tx, owner)
    story.drain()


def envelope(database: Database, key: str) -> Envelope:
    signal_of_it = Signal(SignalStatus.FIRING, "Disk full", dedup=key, severity=Severity.CRITICAL)
    return Envelope(
        database.chance.new_id("lt"), "am", database.clock.now(), b"{}", signals_out([signal_of_it])
    )


def alerted(database: Database) -> set[str]:
    return column(database, "select dedup_key from alerts")


def delivered(database: Database) -> set[str]:
    return column(
        database,
        "select alerts.dedup_key from alerts join pages on pages.subject = alerts.id"
        " join deliveries on deliveries.key = pages.id where deliveries.state = 'sent'",
    )


def column(database: Database, statement: str) -> set[str]:
    with database.read(SYSTEM) as tx:
        return {str(row[0]) for row in tx.execute(text(statement))}


@dataclass
class Load:
    """Posts alerts until told to stop, and remembers what got a 2xx."""

    url: str
    turn: int
    accepted: set[str]

    def __post_init__(self) -> None:
        self._stopping = threading.Event()
        self._threads = [threading.Thread(target=self._post, args=(n,)) for n in range(3)]

    def start(self) -> None:
        for thread in self._threads:
            thread.start()

    def stop(self) -> None:
        self._stopping.set()
        for thread in self._threads:
            thread.join()

    def _post(self, lane: int) -> None:
        n = 0
        with httpx2.Client(base_url=self.url, trust_env=False, timeout=5) as client:
            while not self._stopping.is_set():
                key = f"{self.turn}-{lane}-{n}"
                n += 1
                try:
                    answer = client.post(
                        "/in/00000000000000000000000000000001",
                        json={"title": "Disk full", "dedup": key, "severity": "critical"},
                    )
                except httpx2.TransportError:
                    continue  # it was killed under us: nothing was promised
                if answer.is_success:
                    self.accepted.add(key)
                time.sleep(0.01)


def settle(taker: Sink, accepted: set[str]) -> set[str]:
    """Waits until every accepted alert has paged, or nothing new has come for long enough."""
    end = time.monotonic() + SETTLE_S
    paged: set[str] = set()
    while time.monotonic() < end and not accepted <= paged:
        time.sleep(0.2)
        paged = {str(alert_of(page)["dedup_key"]) for page in taker.pages()}
    return paged
