"""More than can be taken, or a database that takes nothing: later, in words that senders obey.

Alertmanager sends again only after a 5xx, PagerDuty's clients after a 429 (promises P3, wire R4).
"""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Awaitable, Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import cast

import httpx2
import pytest
from starlette.applications import Starlette

from holdfast.catalog import queries as catalog
from holdfast.kernel.actor import SYSTEM
from holdfast.kernel.errors import Unavailable
from holdfast.sdk import Answer, Inbound
from holdfast.storage.database import Database
from holdfast.storage.inbox import Envelope
from holdfast.web.batch import QUEUE_MAX
from holdfast.web.intake import Doors
from tests.hostile.siege import BASE_URL, FAMILIES, KEYS, Siege
from tests.hostile.spoken import spoken

TOO_LATE = {"generic": 503, "alertmanager": 503, "pagerduty-events": 429}


class Reluctant:
    """The database itself, but for the inbox: it waits at a gate, or takes nothing at all."""

    def __init__(self, database: Database) -> None:
        self.open = threading.Event()
        self.broken = False
        self._database = database

    def __getattr__(self, name: str) -> object:
        return getattr(self._database, name)

    def append_inbox(self, envelopes: Sequence[Envelope]) -> None:
        self.open.wait(30)
        if self.broken:
            raise Unavailable("The disk is full.")
        self._database.append_inbox(envelopes)


@dataclass(frozen=True, slots=True)
class Besieged:
    """The doors alone, on a database that can be made to refuse."""

    siege: Siege
    database: Reluctant
    doors: Doors

    def run(self, story: Callable[[httpx2.AsyncClient], Awaitable[None]]) -> None:
        async def told() -> None:
            transport = httpx2.ASGITransport(app=Starlette(routes=self.doors.routes()))
            async with httpx2.AsyncClient(transport=transport, base_url=BASE_URL) as asker:
                await story(asker)

        asyncio.run(told())


@pytest.fixture
def doors(besieged: Siege) -> Iterator[Besieged]:
    database = Reluctant(besieged.program.database)
    program = replace(besieged.program, database=cast(Database, database))
    made = Besieged(besieged, database, Doors(program))
    yield made
    database.open.set()
    made.doors.close()


async def ask(asker: httpx2.AsyncClient, door: str, kind: str) -> httpx2.Response:
    return await asker.post(door, content=spoken(kind, {"title": "x", "dedup": door}))


def test_a_database_that_takes_nothing_is_a_503_in_every_vendors_words(doors: Besieged) -> None:
    doors.database.broken = True
    doors.database.open.set()
    before = doors.siege.letters_count()

    async def story(asker: httpx2.AsyncClient) -> None:
        for door, kind in FAMILIES.items():
            answer = await ask(asker, door, kind)
            assert answer.status_code == 503, door
            assert int(answer.headers["retry-after"]) > 0
            assert answer.json()

    doors.run(story)
    assert doors.siege.letters_count() == before


def test_a_full_queue_says_later_and_keeps_what_it_promised(doors: Besieged) -> None:
    source = doors.siege.program.integrations.sources["generic"]
    with doors.siege.program.database.read(SYSTEM) as tx:
        connection = catalog.connection(tx, "generic")
    inbound = Inbound("POST", f"/in/{KEYS['generic']}", b'{"title": "x"}')
    before = doors.siege.letters_count()

    def promised() -> asyncio.Task[Answer]:
        return asyncio.create_task(doors.doors.submit(connection, source, inbound))

    async def story(asker: httpx2.AsyncClient) -> None:
        waiting = [promised()]
        await asyncio.sleep(0.05)  # it is being written now, and behind it the queue fills
        waiting += [promised() for _ in range(QUEUE_MAX)]
        await asyncio.sleep(0.05)
        for door, kind in FAMILIES.items():
            answer = await ask(asker, door, kind)
            assert answer.status_code == TOO_LATE[kind], door
            assert int(answer.headers["retry-after"]) > 0
        doors.database.open.set()
        assert {answer.status for answer in await asyncio.gather(*waiting)} == {202}
        assert doors.siege.letters_count() == before + len(waiting)
        for door, kind in FAMILIES.items():
            assert (await ask(asker, door, kind)).status_code == 202

    doors.run(story)
