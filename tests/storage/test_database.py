"""Transactions on either database: one instant, all or nothing, and what may be tried again."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import text
from sqlalchemy.exc import IntegrityError, OperationalError

from holdfast.kernel.actor import SYSTEM
from holdfast.kernel.clock import SystemClock
from holdfast.kernel.errors import Conflict
from holdfast.kernel.tx import Tx
from holdfast.people import actions as people
from holdfast.people import queries as people_queries
from holdfast.people.model import Team
from holdfast.storage import duties, hold
from holdfast.storage.database import Database, is_busy, is_duplicate, savepoint
from holdfast.storage.postgres import IMPATIENT_LOCK_MS
from holdfast.timeline import queries as timeline
from tests.support.database import START, opened
from tests.support.story import user


def teams(database: Database) -> list[str]:
    with database.read(SYSTEM) as tx:
        return sorted(people_queries.teams(tx))


def events(database: Database, subject: str) -> list[str]:
    with database.read(SYSTEM) as tx:
        return [event.kind for event in timeline.about(tx, [subject])]


def save_team(tx: Tx, name: str) -> None:
    people.save_team(tx, Team(name, name.capitalize()))


def test_a_transaction_has_one_instant_however_long_it_takes(database: Database) -> None:
    with database.begin(SYSTEM) as tx:
        assert tx.now == START
        tx.execute(text("select 1"))
        assert tx.now == START


@pytest.mark.postgres
def test_on_postgresql_the_instant_is_the_databases_own(postgres_url: str) -> None:
    """Nodes with wrong clocks agree (promises rule 6)."""

    class WrongClock(SystemClock):
        def now(self) -> datetime:
            raise AssertionError("the node's own clock was asked for an instant")

    with opened(postgres_url, clock=WrongClock()) as database, database.begin(SYSTEM) as tx:
        ours = datetime.now(UTC)
        assert abs(tx.now - ours) < timedelta(seconds=5)
        assert tx.now.utcoffset() == timedelta()


def test_what_fails_leaves_nothing_behind(database: Database) -> None:
    with suppress(Conflict), database.begin(SYSTEM) as tx:
        save_team(tx, "one")
        raise Conflict
    assert teams(database) == []
    assert events(database, "one") == []
    with database.begin(SYSTEM) as tx:
        save_team(tx, "two")
    assert teams(database) == ["two"]
    assert events(database, "two") == ["team.saved"]


def test_a_savepoint_undoes_its_part_alone(database: Database) -> None:
    """Promises R07: rows, events and what was remembered."""
    with database.begin(SYSTEM) as tx:
        save_team(tx, "before")
        with suppress(Conflict), savepoint(tx):
            save_team(tx, "inside")
            assert "inside" in people_queries.teams(tx)
            raise Conflict
        assert "inside" not in people_queries.teams(tx)
        save_team(tx, "after")
    assert teams(database) == ["after", "before"]
    assert events(database, "inside") == []
    assert events(database, "before") == events(database, "after") == ["team.saved"]


def test_events_from_before_a_savepoint_outlive_it_even_if_it_wrote_them(
    database: Database,
) -> None:
    """Whoever reads the timeline writes first what is unwritten; undone, it is unwritten again."""
    with database.begin(SYSTEM) as tx:
        save_team(tx, "before")
        with suppress(Conflict), savepoint(tx):
            save_team(tx, "inside")
            assert len(timeline.about(tx, ["before", "inside"])) == 2
            raise Conflict
    assert events(database, "before") == ["team.saved"]
    assert events(database, "inside") == []


def test_the_database_may_refuse_a_row_inside_a_savepoint(database: Database) -> None:
    with database.begin(SYSTEM) as tx:
        save_team(tx, "one")
        with pytest.raises(IntegrityError) as refused, savepoint(tx):
            tx.execute(text("insert into teams select * from teams"))
        assert is_duplicate(refused.value)
    assert teams(database) == ["one"]


def test_events_of_one_transaction_keep_their_order(database: Database) -> None:
    names = [f"team-{number}" for number in range(50)]
    with database.begin(SYSTEM) as tx:
        for name in names:
            save_team(tx, name)
    with database.read(SYSTEM) as tx:
        assert [event.subject for event in timeline.since(tx, START)] == names
        assert [e.subject for e in timeline.latest(tx, limit=3)] == names[:-4:-1]
        third = timeline.latest(tx, limit=3)[-1]
        following = timeline.latest(tx, before=(third.at, third.id), limit=2)
        assert [event.subject for event in following] == ["team-46", "team-45"]


def test_only_a_transaction_that_commits_wakes_the_engine(database: Database) -> None:
    seen = database.wait_for_wake(-1, 0)
    with suppress(Conflict), database.begin(SYSTEM) as tx:
        tx.set_timer("t", "k", tx.now)
        raise Conflict
    assert database.wait_for_wake(seen, 0) == seen
    with database.begin(SYSTEM) as tx:
        tx.set_timer("t", "k", tx.now + timedelta(hours=1))
    assert database.wait_for_wake(seen, 0) == seen, "nothing is due yet"
    with database.begin(SYSTEM) as tx:
        tx.set_timer("t", "k", tx.now)
    assert database.wait_for_wake(seen, 0) == seen + 1


def test_whoever_waits_is_woken_at_once(database: Database) -> None:
    seen = database.wait_for_wake(-1, 0)
    woken = threading.Thread(target=database.wait_for_wake, args=(seen, 60.0))
    woken.start()
    database.wake()
    woken.join(10.0)
    assert not woken.is_alive()


def test_what_another_was_faster_at_is_tried_again(database: Database) -> None:
    tries = []

    def act(tx: Tx) -> str:
        tries.append(1)
        save_team(tx, "one")
        if len(tries) < 3:
            raise busy_error()
        return "done"

    assert database.transact(SYSTEM, act) == "done"
    assert (len(tries), teams(database)) == (3, ["one"])


def test_trying_again_has_an_end(database: Database) -> None:
    tries = []

    def act(tx: Tx) -> None:
        tries.append(1)
        raise busy_error()

    with pytest.raises(OperationalError):
        database.transact(SYSTEM, act)
    assert 2 < len(tries) < 20


def test_what_is_wrong_is_not_tried_again(database: Database) -> None:
    tries = []

    def act(tx: Tx) -> None:
        tries.append(1)
        raise OperationalError("select", None, Exception("disk I/O error"))

    with pytest.raises(OperationalError):
        database.transact(SYSTEM, act)
    assert len(tries) == 1


@dataclass
class Deadlock(Exception):
    sqlstate: str = "40P01"


def busy_error() -> OperationalError:
    error = OperationalError("update", None, Deadlock())
    assert is_busy(error)
    return error


def test_text_of_every_kind_comes_back_as_it_was(database: Database) -> None:
    name = "Ünïcode ☃ \U0001f600 'quoted' \"twice\" %s :colon \\ back\nline"
    with database.begin(SYSTEM) as tx:
        people.save_user(tx, replace(user("ana"), name=name))
    with database.read(SYSTEM) as tx:
        assert people_queries.user(tx, "ana").name == name


def test_instants_keep_their_microseconds(database: Database) -> None:
    at = START + timedelta(microseconds=1)
    with database.begin(SYSTEM) as tx:
        tx.set_timer("t", "k", at)
    with database.read(SYSTEM) as tx:
        assert duties.timer_due(tx, "t", "k") == at
    with database.begin(SYSTEM) as tx:
        hold.beat(tx)
        assert hold.last_beat(tx) == START


@pytest.fixture
def two_nodes(postgres_url: str) -> Iterator[tuple[Database, Database]]:
    with (
        opened(postgres_url, clock=SystemClock()) as one,
        opened(postgres_url, clock=SystemClock()) as two,
    ):
        yield one, two


@pytest.mark.postgres
def test_the_impatient_give_up_on_a_locked_row_at_once(
    two_nodes: tuple[Database, Database],
) -> None:
    one, two = two_nodes
    with one.begin(SYSTEM) as tx:
        save_team(tx, "one")
    clock = SystemClock()
    with one.begin(SYSTEM) as holder:
        holder.execute(text("update teams set name = 'held'"))
        before = clock.monotonic()
        with pytest.raises(OperationalError) as busy, two.begin(SYSTEM, patient=False) as tx:
            tx.execute(text("update teams set name = 'wanted'"))
        waited_s = clock.monotonic() - before
    assert is_busy(busy.value)
    assert IMPATIENT_LOCK_MS / 1000 <= waited_s < 2.0
