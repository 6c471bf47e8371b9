"""GET /live: tells open pages that something changed, so that they ask again for what they show.

One thread reads the timeline for everybody; a client costs a queue, never a thread. What is sent
are hints, ids only: losing one costs a page some freshness and nothing else.
"""

from __future__ import annotations

import asyncio
import threading
from collections.abc import AsyncIterator, Iterable, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta

import msgspec
import structlog
from sqlalchemy.exc import SQLAlchemyError
from starlette.concurrency import run_in_threadpool
from starlette.responses import Response
from starlette.types import Receive, Scope, Send

from holdfast.kernel.actor import SYSTEM
from holdfast.kernel.errors import Unavailable
from holdfast.storage.types import from_microseconds, microseconds
from holdfast.timeline import queries as timeline
from holdfast.timeline.event import Recorded
from holdfast.web import auth
from holdfast.web.context import ContextDep
from holdfast.web.errors import TooMany
from holdfast.web.program import Program
from holdfast.web.routes import SIGNED_IN, Face, Route

POLL_S = 1.0
POLL_OPEN_S = 0.1  # while pages are open: another node's commit wakes nobody here
SPACING_S = 0.5  # between two looks: in a storm, hints are gathered for so long
SPACING_OPEN_S = 0.03
BEAT_S = 15.0
CLIENTS_MAX = 2_000
QUEUE_MAX = 64
IDS_MAX = 50
RESUME_MAX = timedelta(minutes=5)
RETRY_MS = 2_000
# A transaction may commit after one that began later: so far back each look goes again.
OVERLAP = timedelta(seconds=5)
BEAT, REFRESH = "beat", "refresh"
_PACE, _PACE_OPEN = (SPACING_S, POLL_S), (SPACING_OPEN_S, POLL_OPEN_S)
_TOPICS = {
    "alert": "alerts",
    "escalation": "alerts",
    "incident": "incidents",
    "hypothesis": "incidents",
    "mitigation": "incidents",
    "decision": "incidents",
    "guardrail": "incidents",
    "page": "pages",
    "schedule": "schedules",
    "user": "people",
    "team": "people",
    "method": "people",
    "service": "services",
    "policy": "services",
    "connection": "services",
}
_HEADERS = [
    (b"content-type", b"text/event-stream; charset=utf-8"),
    (b"cache-control", b"no-store"),
    (b"x-accel-buffering", b"no"),
]

log = structlog.get_logger("live")


@dataclass(frozen=True, slots=True)
class Hint:
    """One named event of the stream. `place` is how far in the timeline it reaches."""

    topic: str
    place: str
    ids: tuple[str, ...] = ()

    def encoded(self) -> bytes:
        data = msgspec.json.encode({"ids": list(self.ids)}).decode()
        return f"id: {self.place}\nevent: {self.topic}\ndata: {data}\n\n".encode()


class Listener:
    """One open page. A reader that is too slow is let go; it comes back and resumes."""

    def __init__(self) -> None:
        self.queue: asyncio.Queue[Hint] = asyncio.Queue(QUEUE_MAX)
        self.is_too_slow = False

    def tell(self, hints: Iterable[Hint]) -> None:
        for hint in hints:
            try:
                self.queue.put_nowait(hint)
            except asyncio.QueueFull:
                self.is_too_slow = True
                return


class Stream:
    """All listeners of this process and the one thread that reads for them."""

    def __init__(
        self, program: Program, *, beat_s: float = BEAT_S, clients_max: int = CLIENTS_MAX
    ) -> None:
        self.beat_s = beat_s
        self._clients_max = clients_max
        self._program = program
        self._listeners: set[Listener] = set()
        self._stopping = threading.Event()
        self.place = place_of(program.database.clock.now(), "")

    @asynccontextmanager
    async def running(self) -> AsyncIterator[None]:
        """Reads the timeline as long as the block lasts."""
        loop = asyncio.get_running_loop()
        reader = threading.Thread(target=self._read, args=(loop,), name="live", daemon=True)
        reader.start()
        try:
            yield
        finally:
            self._stopping.set()
            self._program.database.tell_news()
            await run_in_threadpool(reader.join, 2 * POLL_S)

    @property
    def listeners_count(self) -> int:
        return len(self._listeners)

    def join(self) -> Listener:
        """Raises TooMany."""
        if len(self._listeners) >= self._clients_max:
            raise TooMany(f"There are {self._clients_max} open pages.")
        listener = Listener()
        self._listeners.add(listener)
        return listener

    def leave(self, listener: Listener) -> None:
        self._listeners.discard(listener)

    def missed(self, last: str) -> list[Hint]:
        """What a page that saw everything up to `last` has to hear; blocks on the database."""
        place = _instant(last)
        with self._program.database.read(SYSTEM) as tx:
            if place is None or not tx.now - RESUME_MAX <= place <= tx.now + OVERLAP:
                return [Hint(REFRESH, self.place)]
            events = timeline.since(tx, place)
        if len(events) >= timeline.SINCE_MAX:
            return [Hint(REFRESH, self.place)]
        return hints([event for event in events if place_of(event.at, event.id) > last])

    def _read(self, loop: asyncio.AbstractEventLoop) -> None:
        looked = Look()
        seen = 0
        while not self._stopping.is_set():
            try:
                news = self._news(looked)
            except (SQLAlchemyError, Unavailable):
                log.warning("the timeline cannot be read")
                self._stopping.wait(POLL_S)
                continue
            if news and not self._stopping.is_set():
                self.place = news[-1].place
                loop.call_soon_threadsafe(self._tell, news)
            spacing, poll = _PACE_OPEN if self._listeners else _PACE
            self._stopping.wait(spacing)
            seen = self._program.database.wait_for_news(seen, poll)

    def _news(self, looked: Look) -> list[Hint]:
        with self._program.database.read(SYSTEM) as tx:
            now = tx.now
            if looked.since is None:  # by the database's clock: a node's own may be wrong
                looked.skip_to(now)
                self.place = place_of(now, "")
                return []
            events = timeline.since(tx, looked.since)
        if len(events) >= timeline.SINCE_MAX:  # a storm: everything changed
            looked.skip_to(now)
            place = place_of(now, "")
            return [Hint(topic, place) for topic in dict.fromkeys(_TOPICS.values())]
        return hints(looked.fresh(events, now))

    def _tell(self, news: Sequence[Hint]) -> None:
        for listener in tuple(self._listeners):
            listener.tell(news)


class Look:
    """How far the timeline was read. Goes back a little each time, and says nothing twice."""

    def __init__(self) -> None:
        self.since: datetime | None = None
        self._known: dict[str, datetime] = {}

    def fresh(self, events: Sequence[Recorded], now: datetime) -> list[Recorded]:
        """Those not seen before."""
        new = [event for event in events if event.id not in self._known]
        self._known.update((event.id, event.at) for event in new)
        start = now - OVERLAP
        self.since = start if self.since is None else max(self.since, start)
        self._known = {name: at for name, at in self._known.items() if at >= start}
        return new

    def skip_to(self, now: datetime) -> None:
        self.since = now
        self._known.clear()


class LiveAnswer(Response):
    """The answer that never ends by itself: it ends with the page, the session or the server."""

    def __init__(self, stream: Stream, context: ContextDep) -> None:
        super().__init__()
        self._stream = stream
        self._context = context

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        listener = self._stream.join()
        gone = asyncio.create_task(_gone(receive, scope.get("state", {}).get("stopping")))
        try:
            await send({"type": "http.response.start", "status": 200, "headers": _HEADERS})
            await self._say(send, f"retry: {RETRY_MS}\n\n".encode())
            await self._resume(send)
            await self._relay(listener, gone, send)
            await send({"type": "http.response.body", "body": b"", "more_body": False})
        finally:
            gone.cancel()
            self._stream.leave(listener)

    async def _resume(self, send: Send) -> None:
        last = self._context.request.headers.get("last-event-id")
        if last is None:
            return
        for hint in await run_in_threadpool(self._stream.missed, last):
            await self._say(send, hint.encoded())

    async def _relay(self, listener: Listener, gone: asyncio.Task[None], send: Send) -> None:
        await self._say(send, Hint(BEAT, self._stream.place).encoded())
        while not listener.is_too_slow:
            news = asyncio.create_task(listener.queue.get())
            await asyncio.wait(
                {news, gone}, timeout=self._stream.beat_s, return_when=asyncio.FIRST_COMPLETED
            )
            if gone.done():
                news.cancel()
                return
            if news.done():
                await self._say(send, news.result().encoded())
                continue
            news.cancel()
            if not await run_in_threadpool(auth.is_still_welcome, self._context):
                return
            await self._say(send, Hint(BEAT, self._stream.place).encoded())

    async def _say(self, send: Send, text: bytes) -> None:
        await send({"type": "http.response.body", "body": text, "more_body": True})


def place_of(at: datetime, event: str) -> str:
    """A place in the timeline, as the stream's ids have it: sortable, because years keep their
    number of digits for a long while."""
    return f"{microseconds(at)}.{event}"


def hints(events: Sequence[Recorded]) -> list[Hint]:
    """One hint a topic, in the order in which the last of each happened."""
    gathered: dict[str, list[Recorded]] = {}
    for event in events:
        topic = _TOPICS.get(event.kind.partition(".")[0])
        if topic is not None:
            gathered.setdefault(topic, []).append(event)
    made = [
        Hint(
            topic,
            place_of(found[-1].at, found[-1].id),
            tuple(dict.fromkeys(event.subject for event in found))[:IDS_MAX],
        )
        for topic, found in gathered.items()
    ]
    return sorted(made, key=lambda hint: hint.place)


def _instant(place: str) -> datetime | None:
    digits = place.partition(".")[0]
    if not (digits.isascii() and digits.isdigit() and len(digits) <= 18):
        return None
    try:
        return from_microseconds(int(digits))
    except OverflowError:
        return None


async def _gone(receive: Receive, stopping: asyncio.Event | None) -> None:
    """Returns when the client is gone or the server stops."""
    waiting = {asyncio.create_task(_disconnected(receive))}
    if stopping is not None:
        waiting.add(asyncio.create_task(_stopped(stopping)))
    try:
        await asyncio.wait(waiting, return_when=asyncio.FIRST_COMPLETED)
    finally:
        for each in waiting:
            each.cancel()


async def _disconnected(receive: Receive) -> None:
    while (await receive())["type"] != "http.disconnect":
        pass


async def _stopped(stopping: asyncio.Event) -> None:
    await stopping.wait()


async def _live(context: ContextDep) -> Response:
    """The stream of one page."""
    stream: Stream = context.request.app.state.parts.stream
    return LiveAnswer(stream, context)


ROUTES = (Route("GET", "/live", _live, SIGNED_IN, Face.API),)
