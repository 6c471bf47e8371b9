"""The real database code, with places around each commit where something may go wrong."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime
from typing import Protocol

from sqlalchemy.exc import OperationalError

from holdfast.kernel.actor import Actor
from holdfast.kernel.chance import Chance
from holdfast.kernel.clock import Clock
from holdfast.kernel.tx import Tx
from holdfast.simulation.witness import Witness
from holdfast.storage.backend import Backend
from holdfast.storage.database import Database
from holdfast.storage.inbox import Envelope


class Killed(BaseException):
    """The process died here: no except and no finally of ours may mend it."""


class Trouble(Protocol):
    """What may happen around a transaction of one process."""

    def before_commit(self) -> None: ...

    def after_commit(self) -> None: ...

    def after_look(self) -> None: ...

    def dead(self) -> set[str]: ...


class ShakyDatabase(Database):
    """One process's view of the database that all of them share."""

    def __init__(
        self, backend: Backend, *, clock: Clock, chance: Chance, witness: Witness, trouble: Trouble
    ) -> None:
        super().__init__(backend, clock=clock, chance=chance, recorder=witness, stepped=True)
        self._witness = witness
        self._trouble = trouble
        self.written = 0

    @contextmanager
    def begin(self, actor: Actor, *, patient: bool = True) -> Iterator[Tx]:
        now: datetime = self.clock.now()
        try:
            with super().begin(actor, patient=patient) as tx:
                yield tx
                tx.write_events()
                self._trouble.before_commit()
                self._witness.before_commit(tx)
        except BaseException:
            self._witness.rolled_back()
            raise
        self._witness.committed(now)
        self.written += 1
        self._trouble.after_commit()

    @contextmanager
    def read(self, actor: Actor) -> Iterator[Tx]:
        with super().read(actor) as tx:
            yield tx
        self._trouble.after_look()

    def goes_on_from_a_look(self) -> None:
        """A sender speaks from a look that was made for many: here too it may be put to sleep."""
        self._trouble.after_look()

    def append_inbox(self, envelopes: Sequence[Envelope]) -> None:
        self._trouble.before_commit()
        super().append_inbox(envelopes)
        self._trouble.after_commit()

    def enlist(self, node: str) -> None:
        """The world itself knows who lives."""

    def dead_nodes(self, owners: set[str]) -> set[str]:
        return owners & self._trouble.dead()


def refused(words: str) -> OperationalError:
    """What a driver raises when the database goes away."""
    return OperationalError(words, None, Exception("simulated: the connection is gone"))
