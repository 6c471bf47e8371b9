"""Group commit: nobody is answered before their letter is safe, and nobody pays for another's."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Awaitable, Callable, Iterator, Sequence

import pytest

from holdfast.kernel.errors import Unavailable
from holdfast.storage.inbox import Envelope
from holdfast.web.batch import BATCH_MAX, QUEUE_MAX, REFUSED_IN_A_ROW_MAX, Batcher, Overloaded
from tests.support.database import START


def letter(name: str) -> Envelope:
    return Envelope(name, "am", START, b"raw", "[]")


class Disk:
    """Where batches go; it may be slow, refuse some letters, or everything."""

    def __init__(self) -> None:
        self.batches: list[list[str]] = []
        self.refused: set[str] = set()
        self.is_away = False
        self.tries = 0
        self.may_go_on = threading.Event()
        self.may_go_on.set()

    def append(self, envelopes: Sequence[Envelope]) -> None:
        self.tries += 1
        assert self.may_go_on.wait(20.0)
        names = [envelope.id for envelope in envelopes]
        if self.is_away or self.refused.intersection(names):
            raise OSError("refused")
        self.batches.append(names)

    @property
    def written(self) -> list[str]:
        return [name for batch in self.batches for name in batch]


@pytest.fixture
def disk() -> Iterator[Disk]:
    made = Disk()
    yield made
    made.may_go_on.set()


def run(disk: Disk, story: Callable[[Batcher], Awaitable[None]]) -> None:
    async def main() -> None:
        batcher = Batcher(disk.append)
        try:
            await asyncio.wait_for(story(batcher), 30.0)
        finally:
            disk.may_go_on.set()
            batcher.close()

    asyncio.run(main())


async def all_of(batcher: Batcher, names: Sequence[str]) -> list[BaseException | None]:
    submitted = (batcher.submit(letter(name)) for name in names)
    return await asyncio.gather(*submitted, return_exceptions=True)


def test_nobody_is_answered_before_the_letter_is_written(disk: Disk) -> None:
    async def story(batcher: Batcher) -> None:
        disk.may_go_on.clear()
        waiting = asyncio.create_task(batcher.submit(letter("a")))
        await asyncio.sleep(0.1)
        assert not waiting.done()
        disk.may_go_on.set()
        await waiting
        assert disk.written == ["a"]

    run(disk, story)


def test_what_waits_while_a_commit_is_under_way_is_written_together(disk: Disk) -> None:
    names = [f"lt_{number:03}" for number in range(BATCH_MAX * 2)]

    async def story(batcher: Batcher) -> None:
        disk.may_go_on.clear()
        first = asyncio.create_task(batcher.submit(letter("first")))
        await asyncio.sleep(0.05)
        rest = asyncio.create_task(all_of(batcher, names))
        await asyncio.sleep(0.05)
        assert batcher.depth == len(names)
        disk.may_go_on.set()
        await first
        assert await rest == [None] * len(names)

    run(disk, story)
    assert [len(batch) for batch in disk.batches] == [1, BATCH_MAX, BATCH_MAX]
    assert disk.written == ["first", *names], "in the order of arrival"


def test_one_bad_letter_costs_the_others_nothing(disk: Disk) -> None:
    disk.refused = {"bad"}

    async def story(batcher: Batcher) -> None:
        outcomes = await all_of(batcher, ["a", "bad", "b", "c"])
        assert [type(outcome) for outcome in outcomes] == [
            type(None), Unavailable, type(None), type(None),
        ]  # fmt: skip

    run(disk, story)
    assert sorted(disk.written) == ["a", "b", "c"]


def test_while_the_database_is_away_everybody_hears_it_without_waiting_for_each_other(
    disk: Disk,
) -> None:
    """Each try may take a whole time-out: a batch must not cost one for every letter."""
    disk.is_away = True

    async def story(batcher: Batcher) -> None:
        outcomes = await all_of(batcher, [f"lt_{number}" for number in range(100)])
        assert {type(outcome) for outcome in outcomes} == {Unavailable}
        assert disk.tries <= 2 * (1 + REFUSED_IN_A_ROW_MAX)
        disk.is_away = False
        await batcher.submit(letter("after"))

    run(disk, story)
    assert disk.written == ["after"]


def test_a_full_queue_refuses_at_once_and_recovers(disk: Disk) -> None:
    async def story(batcher: Batcher) -> None:
        disk.may_go_on.clear()
        first = asyncio.create_task(batcher.submit(letter("first")))
        await asyncio.sleep(0.05)
        waiting = asyncio.create_task(all_of(batcher, [f"lt_{n}" for n in range(QUEUE_MAX)]))
        await asyncio.sleep(0.2)
        with pytest.raises(Overloaded):
            await batcher.submit(letter("one too many"))
        disk.may_go_on.set()
        await first
        assert set(await waiting) == {None}
        await batcher.submit(letter("later"))

    run(disk, story)
    assert "one too many" not in disk.written
    assert len(disk.written) == QUEUE_MAX + 2


def test_a_sender_who_hangs_up_disturbs_nobody(disk: Disk) -> None:
    async def story(batcher: Batcher) -> None:
        disk.may_go_on.clear()
        gone, staying = (
            asyncio.create_task(batcher.submit(letter(name))) for name in ("gone", "staying")
        )
        await asyncio.sleep(0.05)
        gone.cancel()
        disk.may_go_on.set()
        await staying

    run(disk, story)
    assert "staying" in disk.written
