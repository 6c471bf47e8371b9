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

    __slots__ = ("memory", "unwritten", "woken")

    def __init__(self) -> None:
        self.memory: dict[object, object] = {}
        self.unwritten: list[object] = []  # events, written together at the end
        self.woken = False


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
    ) -> None:
        self.connection = connection
        self.now = now
        self.actor = actor
        self.chance = chance
        self.shared = Shared()
        self._recorder = recorder
        self._duties = duties

    def execute(self, statement: Executable, parameters: Parameters | None = None) -> Rows:
        return self.connection.execute(statement, parameters)

    def new_id(self, prefix: str) -> str:
        return self.chance.new_id(prefix)

    def record(self, event: object) -> None:
        """Puts an event on the timeline and calls its reactions, in this transaction."""
        self._recorder.record(self, event)

    def write_events(self) -> None:
        """Writes what was recorded so far; the end of the transaction does so by itself."""
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
