"""A transaction: one connection, one actor, one instant."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from typing import Protocol, TypeVar, cast

from sqlalchemy import CursorResult, Executable

from holdfast.kernel.actor import Actor
from holdfast.kernel.chance import Chance

T = TypeVar("T")
Parameters = Mapping[str, object] | Sequence[Mapping[str, object]]
# Results come back as SQLAlchemy rows; `store.py` files turn them into frozen dataclasses.
Rows = CursorResult[tuple[object, ...]]


class Connection(Protocol):
    def execute(self, statement: Executable, parameters: Parameters | None = None) -> Rows: ...


class Arrivals(Protocol):
    """Letters that intake keeps apart until the engine takes them into the inbox."""

    def waiting(self) -> tuple[int, datetime | None]:
        """How many there are, and when the oldest came."""

    def collect(self, connection: Connection, limit: int) -> None:
        """Writes the oldest into the inbox, in that connection's transaction."""


class DutyBook(Protocol):
    """Where pending duties are written down; storage/duties.py is the one there is."""

    def set_timer(self, tx: Tx, kind: str, key: str, due: datetime) -> None: ...

    def drop_timer(self, tx: Tx, kind: str, key: str) -> None: ...

    def deliver(self, tx: Tx, kind: str, key: str, way: str) -> str: ...


class Recorder(Protocol):
    """The timeline, and whoever listens to it; composed in reactions.py."""

    def record(self, tx: Tx, event: object) -> None: ...

    def write(self, tx: Tx, events: Sequence[object]) -> None: ...


class Shared:
    """What every view of one transaction shares."""

    __slots__ = ("arrivals", "buffered", "memory", "rows", "unwritten", "woken")

    def __init__(self, arrivals: Arrivals | None = None) -> None:
        self.memory: dict[object, object] = {}
        self.unwritten: list[object] = []  # events, written together at the end
        # Writes that wait to go out together, by statement, and which row each of them is about.
        self.buffered: dict[Executable, list[Mapping[str, object]]] = {}
        self.rows: dict[object, Executable] = {}
        self.woken = False
        self.arrivals = arrivals


class Tx:
    """Everything an action may touch: rows, the instant, identity, the timeline and duties.

    Actions receive it and never make it. `now` was fixed when the transaction opened.
    """

    __slots__ = ("_duties", "_recorder", "actor", "chance", "connection", "now", "shared")

    def __init__(
        self,
        connection: Connection,
        *,
        now: datetime,
        actor: Actor,
        chance: Chance,
        recorder: Recorder,
        duties: DutyBook,
        arrivals: Arrivals | None = None,
    ) -> None:
        self.connection = connection
        self.now = now
        self.actor = actor
        self.chance = chance
        self.shared = Shared(arrivals)
        self._recorder = recorder
        self._duties = duties

    def execute(self, statement: Executable, parameters: Parameters | None = None) -> Rows:
        """Asks or writes now; what was left for later is written first, so it is seen."""
        if self.shared.buffered:
            self.flush()
        return self.connection.execute(statement, parameters)

    def execute_later(
        self, statement: Executable, row: object, parameters: Mapping[str, object]
    ) -> None:
        """Writes together with others of its kind, before anything is asked of the database.

        `row` names what is written, such as ("timer", kind, key): where another statement for it
        waits already, that one goes first. A storm is some dozens of statements, not thousands.
        """
        shared = self.shared
        if shared.rows.setdefault(row, statement) is not statement:
            self.flush()
            shared.rows[row] = statement
        shared.buffered.setdefault(statement, []).append(parameters)

    def flush(self) -> None:
        """Writes what was left for later. The end of a transaction or savepoint does so itself."""
        shared = self.shared
        buffered, shared.buffered, shared.rows = shared.buffered, {}, {}
        for statement, rows in buffered.items():
            self.connection.execute(statement, rows if len(rows) > 1 else rows[0])

    def new_id(self, prefix: str) -> str:
        return self.chance.new_id(prefix)

    def record(self, event: object) -> None:
        """Puts an event on the timeline and calls its reactions, in this transaction."""
        self._recorder.record(self, event)

    def write_events(self) -> None:
        """Writes what was recorded so far; the end of the transaction does so by itself."""
        self.flush()
        if self.shared.unwritten:
            events, self.shared.unwritten = self.shared.unwritten, []
            self._recorder.write(self, events)

    def wake(self) -> None:
        """The engine is told when this transaction commits: something may be due."""
        self.shared.woken = True

    def set_timer(self, kind: str, key: str, due: datetime) -> None:
        """The engine will look at `key` when `due` has come; a later call moves the instant."""
        self._duties.set_timer(self, kind, key, due)
        if due <= self.now:
            self.wake()

    def drop_timer(self, kind: str, key: str) -> None:
        self._duties.drop_timer(self, kind, key)

    def deliver(self, kind: str, key: str, way: str) -> str:
        """Writes down the duty of carrying `key` (a page, say) one way; returns its id."""
        self.wake()
        return self._duties.deliver(self, kind, key, way)

    def remember(self, key: object, load: Callable[[], T]) -> T:
        """The value of `load`, read once in this transaction: for what many steps ask again."""
        memory = self.shared.memory
        if key not in memory:
            memory[key] = load()
        return cast(T, memory[key])

    def remembers(self, key: object) -> bool:
        return key in self.shared.memory

    def note(self, key: object, value: object) -> None:
        """Remembers what was read ahead or written just now."""
        self.shared.memory[key] = value

    def recall(self, key: object) -> object:
        """What is remembered under that key, or None."""
        return self.shared.memory.get(key)

    def unlearn(self, key: object) -> None:
        """What is remembered under that key is not so any more."""
        self.shared.memory.pop(key, None)

    def forget(self) -> None:
        """Something that may have been remembered has changed."""
        self.shared.memory.clear()

    def as_actor(self, actor: Actor) -> Tx:
        """The same transaction in somebody else's name: an answer link acts for its person."""
        twin = Tx(
            self.connection,
            now=self.now,
            actor=actor,
            chance=self.chance,
            recorder=self._recorder,
            duties=self._duties,
        )
        twin.shared = self.shared
        return twin
