"""Group commit: many requests, one transaction. Each is answered only when it is on the disk."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor

import structlog

from holdfast.kernel.errors import Unavailable
from holdfast.storage.inbox import Envelope

QUEUE_MAX = 5_000
BATCH_MAX = 500
REFUSED_IN_A_ROW_MAX = 2

log = structlog.get_logger("batch")
Append = Callable[[Sequence[Envelope]], None]


class Overloaded(Unavailable):
    """Holdfast takes in as much as it can; send this again in a moment."""


class Batcher:
    """Takes all that waits, writes it in one go, then answers every sender. No lingering:
    batches form by themselves while the commit before is under way (stack B)."""

    def __init__(self, append: Append, *, queue_max: int = QUEUE_MAX) -> None:
        self._append = append
        self._queue_max = queue_max
        self._waiting: list[tuple[Envelope, asyncio.Future[None]]] = []
        self._more = asyncio.Event()
        self._writer = ThreadPoolExecutor(1, thread_name_prefix="intake")
        self._turning: asyncio.Task[None] | None = None

    @property
    def depth(self) -> int:
        """How many requests wait to be written."""
        return len(self._waiting)

    async def submit(self, envelope: Envelope) -> None:
        """Returns when the envelope is durable. Raises Overloaded when the queue is full, and
        Unavailable when the database would not take it: then nothing was accepted."""
        if len(self._waiting) >= self._queue_max:
            raise Overloaded
        if self._turning is None or self._turning.done():
            self._turning = asyncio.create_task(self._turn(), name="intake")
        written: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._waiting.append((envelope, written))
        self._more.set()
        await written

    def close(self) -> None:
        self._writer.shutdown(wait=True)

    async def _turn(self) -> None:
        while True:
            await self._more.wait()
            self._more.clear()
            while self._waiting:
                batch, self._waiting = self._waiting[:BATCH_MAX], self._waiting[BATCH_MAX:]
                await self._write(batch)

    async def _write(self, batch: list[tuple[Envelope, asyncio.Future[None]]]) -> None:
        failed = await self._try([envelope for envelope, _ in batch])
        if failed is None:
            for _, written in batch:
                if not written.done():
                    written.set_result(None)
            return
        log.warning("batch.failed", count=len(batch), error=type(failed).__name__)
        # One bad letter must not cost the others theirs; but where nothing is taken any more, each
        # further try costs every sender that waits another time-out.
        refused_count = 0
        for envelope, written in batch:
            is_away = refused_count >= REFUSED_IN_A_ROW_MAX or len(batch) == 1
            alone = failed if is_away else await self._try([envelope])
            refused_count = 0 if alone is None else refused_count + 1
            if written.done():
                continue
            if alone is None:
                written.set_result(None)
            else:
                written.set_exception(Unavailable("The database does not answer."))

    async def _try(self, envelopes: list[Envelope]) -> Exception | None:
        try:
            await asyncio.get_running_loop().run_in_executor(self._writer, self._append, envelopes)
        except Exception as error:
            # Whatever it was, the sender hears 503 and sends again: nothing was promised.
            log.exception("append.failed")
            return error
        return None
