"""The face that both databases wear; sqlite.py and postgres.py implement it."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Protocol

from sqlalchemy import Connection as SqlConnection
from sqlalchemy import Engine

from holdfast.kernel.tx import Arrivals
from holdfast.storage.inbox import Envelope


@dataclass(frozen=True, slots=True)
class Description:
    """What Settings and the log say about the database. `warnings` need an operator's eye."""

    kind: str
    version: str
    place: str
    durability: str
    warnings: tuple[str, ...] = ()


class Backend(Protocol):
    """One database, opened."""

    engine: Engine
    own_clock: bool  # true where the database's own clock is the instant of transactions

    @property
    def arrivals(self) -> Arrivals | None:
        """Where letters wait outside the inbox, if there is such a place."""

    def writing(self, *, patient: bool) -> AbstractContextManager[SqlConnection]:
        """A transaction. An impatient one gives up on another's row lock at once."""

    def reading(self) -> AbstractContextManager[SqlConnection]: ...

    def instant(self, connection: SqlConnection, *, reading: bool) -> datetime: ...

    def append_inbox(self, envelopes: Sequence[Envelope]) -> None:
        """All of them in one transaction, durable when it returns."""

    def describe(self) -> Description: ...

    def backup(self, target: Path) -> None: ...

    def enlist(self, node: str) -> None:
        """Announces a living node; its death shows without its help. Repeated, it makes sure that
        the announcement still stands, as it may not after a restart of the database."""

    def dead_nodes(self, owners: set[str]) -> set[str]:
        """Which of these owners of leases are not alive."""

    def close(self) -> None: ...
