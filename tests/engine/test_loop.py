"""One turn of the engine: what one row does wrong costs no other row anything."""

from __future__ import annotations

import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import timedelta

import pytest
from sqlalchemy import text
from sqlalchemy.exc import OperationalError

from holdfast.engine import loop
from holdfast.engine.loop import BUSY_WAIT, FAILURE_WAIT, InboxDuty, TimerDuty
from holdfast.kernel.actor import SYSTEM
from holdfast.kernel.clock import SteppedClock, SystemClock
from holdfast.kernel.tx import Tx
from holdfast.people import actions as people
from holdfast.people.model import Team
from holdfast.storage import duties, inbox
from holdfast.storage.database import Database
from holdfast.storage.duties import TIMER_FAILURES_MAX
from holdfast.storage.inbox import INBOX_FAILURES_MAX, Envelope, Letter
from tests.support.database import START, opened, rows_of

MINUTE = timedelta(minutes=1)


@dataclass
class Engine:
    """Answers timers of the kind `t` and letters; whatever is named poison fails."""

    database: Database
    answered: list[str] = field(default_factory=list)
    rescued: list[str] = field(default_factory=list)
    poison: Callable[[], Exception] = lambda: KeyError("poison")
    rescue_fails: bool = False

    def turn(self) -> int:
        return loop.turn(
            self.database,
            {"t": TimerDuty(self._act, rescue=self._rescue)},
            InboxDuty(self._digest, self._rescue_letter),
        )

    def pass_time(self, length: timedelta) -> None:
        assert isinstance(self.database.clock, SteppedClock)
        self.database.clock.jump_to(self.database.clock.now() + length)

    def _act(self, tx: Tx, key: str) -> None:
        tx.deliver("trace", key, "way")
        if "poison" in key:
            raise self.poison()
        self.answered.append(key)

    def _rescue(self, tx: Tx, key: str) -> None:
        if self.rescue_fails:
            raise KeyError("the rescue fails as well")
        tx.deliver("rescued", key, "way")
        self.rescued.append(key)

    def _digest(self, tx: Tx, letters: list[Letter]) -> None:
        for letter in letters:
            self._act(tx, letter.id)

    def _rescue_letter(self, tx: Tx, letter: Letter, error: str) -> None:
        self._rescue(tx, letter.id)


@pytest.fixture
def engine(database: Database) -> Engine:
    return Engine(database)


def set_timers(database: Database, *keys: str) -> None:
    with database.begin(SYSTEM) as tx:
        for key in keys:
            tx.set_timer("t", key, tx.now)


def delivered(database: Database, kind: str = "trace") -> list[str]:
    with database.read(SYSTEM) as tx:
        return [key for (key,) in rows_of(
            tx, f"select key from deliveries where kind = '{kind}' order by key"
        )]  # fmt: skip


def letter(name: str) -> Envelope:
    return Envelope(name, "am", START, name.encode(), "[]")


def test_a_turn_answers_all_that_is_due_and_says_how_much(engine: Engine) -> None:
    set_timers(engine.database, "a", "b")
    engine.database.append_inbox([letter("lt_1")])
    assert engine.turn() == 3
    assert engine.answered == ["lt_1", "a", "b"]
    assert engine.turn() == 0


def test_an_action_may_set_its_own_timer_anew(database: Database) -> None:
    set_timers(database, "a")

    def act(tx: Tx, key: str) -> None:
        tx.set_timer("t", key, tx.now + MINUTE)

    duty = InboxDuty(lambda tx, letters: None, lambda tx, letter, error: None)
    assert loop.turn(database, {"t": TimerDuty(act)}, duty) == 1
    with database.read(SYSTEM) as tx:
        assert duties.timer_due(tx, "t", "a") == START + MINUTE


def test_a_poisoned_timer_undoes_nothing_of_the_others(engine: Engine) -> None:
    """Promises R07: another product paged nobody because of one row with a null date."""
    set_timers(engine.database, "a", "poison", "z")
    engine.turn()
    assert delivered(engine.database) == ["a", "z"]


@pytest.mark.parametrize(
    "poison",
    [
        lambda: KeyError("x"),
        AssertionError,
        RecursionError,
        lambda: OperationalError("select", None, Exception("too many SQL variables")),
    ],
)
def test_a_poisoned_timer_is_tried_three_times_then_parked_and_rescued(
    engine: Engine, poison: Callable[[], Exception]
) -> None:
    engine.poison = poison
    set_timers(engine.database, "poison")
    for tried in range(TIMER_FAILURES_MAX):
        assert engine.rescued == [], tried
        assert engine.turn() == 1
        assert engine.turn() == 0, "it waits before the next try"
        engine.pass_time(FAILURE_WAIT)
    assert engine.rescued == ["poison"]
    assert delivered(engine.database, "rescued") == ["poison"]
    assert delivered(engine.database) == []
    with engine.database.read(SYSTEM) as tx:
        ((kind, key, _at, error),) = duties.parked_timers(tx)
    assert (kind, key) == ("t", "poison")
    assert type(poison()).__name__ in error
    engine.pass_time(MINUTE)
    assert engine.turn() == 0, "a parked timer is for a person"


def test_a_rescue_that_fails_stops_nothing_either(engine: Engine) -> None:
    """Else the same row would undo every turn, for ever."""
    engine.rescue_fails = True
    set_timers(engine.database, "poison")
    for _ in range(TIMER_FAILURES_MAX):
        set_timers(engine.database, "fine")
        engine.turn()
        engine.pass_time(FAILURE_WAIT)
    assert delivered(engine.database) == ["fine"] * TIMER_FAILURES_MAX
    with engine.database.read(SYSTEM) as tx:
        assert [key for _, key, _, _ in duties.parked_timers(tx)] == ["poison"]


def test_a_kind_of_timer_that_nobody_knows_stops_no_other(engine: Engine) -> None:
    """As after a step back to an older version."""
    with engine.database.begin(SYSTEM) as tx:
        tx.set_timer("from the future", "k", tx.now)
        tx.set_timer("t", "a", tx.now)
    engine.turn()
    assert engine.answered == ["a"]


def test_what_another_holds_is_looked_at_again_in_a_moment(engine: Engine) -> None:
    busy = Exception("database is locked")
    engine.poison = lambda: OperationalError("update", None, busy)
    set_timers(engine.database, "poison", "a")
    assert engine.turn() == 2
    assert delivered(engine.database) == ["a"]
    with engine.database.read(SYSTEM) as tx:
        assert duties.timer_due(tx, "t", "poison") == START + BUSY_WAIT
        assert rows_of(tx, "select failures from timers") == [(0,)], "that is no failure"


def test_letters_are_digested_together_and_one_by_one_where_one_is_poisoned(
    engine: Engine,
) -> None:
    engine.database.append_inbox([letter("lt_1"), letter("lt_poison"), letter("lt_3")])
    assert engine.turn() == 3
    assert delivered(engine.database) == ["lt_1", "lt_3"]
    with engine.database.read(SYSTEM) as tx:
        assert inbox.count_by_state(tx) == {"done": 2, "waiting": 1}


def test_a_poisoned_letter_is_set_aside_after_three_tries_and_still_pages(
    engine: Engine,
) -> None:
    engine.database.append_inbox([letter("lt_poison")])
    for _ in range(INBOX_FAILURES_MAX):
        assert engine.rescued == []
        engine.turn()
    assert engine.rescued == ["lt_poison"]
    with engine.database.read(SYSTEM) as tx:
        assert inbox.count_by_state(tx) == {"stuck": 1}
        assert rows_of(tx, "select error from inbox") == [("KeyError('poison')",)]
    assert engine.turn() == 0


def test_a_letter_whose_rescue_fails_as_well_is_kept_and_blocks_nobody(engine: Engine) -> None:
    engine.rescue_fails = True
    engine.database.append_inbox([letter("lt_poison")])
    for _ in range(INBOX_FAILURES_MAX + 1):
        engine.turn()
    engine.database.append_inbox([letter("lt_2")])
    engine.turn()
    assert delivered(engine.database) == ["lt_2"]
    with engine.database.begin(SYSTEM) as tx:
        assert inbox.count_by_state(tx) == {"done": 1, "stuck": 1}
        assert inbox.replay_stuck(tx) == 1
    engine.rescue_fails = False
    engine.poison = lambda: KeyError("still")
    engine.turn()
    with engine.database.read(SYSTEM) as tx:
        assert inbox.count_by_state(tx) == {"done": 1, "waiting": 1}


@pytest.mark.postgres
def test_a_row_that_a_person_holds_is_postponed_and_the_rest_goes_on(postgres_url: str) -> None:
    """Two connections: somebody answers this very page while its timer is due."""
    with (
        opened(postgres_url, clock=SystemClock()) as engine_node,
        opened(postgres_url, clock=SystemClock()) as web_node,
    ):
        with engine_node.begin(SYSTEM) as tx:
            for name in ("a", "b"):
                people.save_team(tx, Team(name, "x"))
                tx.set_timer("t", name, tx.now)
        answered: list[str] = []

        def act(tx: Tx, key: str) -> None:
            tx.execute(text(f"update teams set name = 'engine' where id = '{key}'"))
            answered.append(key)

        duty = InboxDuty(lambda tx, letters: None, lambda tx, letter, error: None)
        with web_node.begin(SYSTEM) as person:
            person.execute(text("update teams set name = 'person' where id = 'a'"))
            loop.turn(engine_node, {"t": TimerDuty(act)}, duty)
            assert answered[-1] == "b"
        done = threading.Event()
        while not done.wait(0.02):
            if loop.turn(engine_node, {"t": TimerDuty(act)}, duty):
                done.set()
        with engine_node.read(SYSTEM) as tx:
            assert rows_of(tx, "select id, name from teams order by id") == [
                ("a", "engine"), ("b", "engine"),
            ]  # fmt: skip
            assert rows_of(tx, "select * from timers") == []
