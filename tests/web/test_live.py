from __future__ import annotations

import asyncio
import json
import threading
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from typing import cast

import pytest
from starlette.applications import Starlette
from starlette.types import ASGIApp, Message

from holdfast.kernel.actor import SYSTEM, Role
from holdfast.kernel.clock import SteppedClock
from holdfast.people import actions as people
from holdfast.people.credentials import actions as credentials
from holdfast.people.model import Team
from holdfast.timeline.event import Recorded
from holdfast.web import auth, live
from holdfast.web.app import make_app
from holdfast.web.errors import TooMany
from holdfast.web.live import Hint, Listener, Look, Stream, hints, place_of
from holdfast.web.program import Program
from tests.support.program import add_user, client, make_program, sign_in

NOW = datetime(2026, 11, 16, 9, 0, tzinfo=UTC)
PATIENCE_S = 10.0


@pytest.fixture
def program(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Program]:
    folder = tmp_path_factory.mktemp("live")
    made = make_program(f"sqlite:///{folder / 'holdfast.db'}")
    later(made)
    yield made
    made.database.close()


def later(program: Program) -> None:
    clock = program.database.clock
    assert isinstance(clock, SteppedClock)
    clock.jump_to(clock.now() + timedelta(seconds=1))


def event(kind: str, subject: str, *, second: int = 0) -> Recorded:
    at = NOW + timedelta(seconds=second)
    return Recorded(f"ev_{subject}{second}", at, kind, subject, "system:holdfast", {})


class Page:
    """One open stream, spoken to as a server does."""

    def __init__(self, app: ASGIApp, cookie: str, last: str | None = None) -> None:
        headers = [(b"host", b"testserver"), (b"cookie", cookie.encode())]
        if last is not None:
            headers.append((b"last-event-id", last.encode()))
        self.stopping = asyncio.Event()
        self.status = 0
        self.ended = asyncio.Event()
        self._app = app
        self._scope = {
            "type": "http",
            "asgi": {"version": "3.0"},
            "method": "GET",
            "path": "/live",
            "raw_path": b"/live",
            "query_string": b"",
            "root_path": "",
            "scheme": "http",
            "headers": headers,
            "client": ("203.0.113.1", 1),
            "server": ("testserver", 80),
            "state": {"stopping": self.stopping},
        }
        self._heard: asyncio.Queue[str] = asyncio.Queue()
        self._gone = asyncio.Event()

    async def run(self) -> None:
        try:
            await self._app(self._scope, self._receive, self._send)
        finally:
            self.ended.set()

    async def hear(self, topic: str) -> dict[str, str]:
        """The next message of that name; others are passed over."""
        while True:
            text = await asyncio.wait_for(self._heard.get(), PATIENCE_S)
            fields = dict(line.split(": ", 1) for line in text.strip().splitlines())
            if fields.get("event") == topic:
                return fields

    def leave(self) -> None:
        self._gone.set()

    async def _receive(self) -> Message:
        await self._gone.wait()
        return {"type": "http.disconnect"}

    async def _send(self, message: Message) -> None:
        if message["type"] == "http.response.start":
            self.status = message["status"]
        elif message.get("body"):
            self._heard.put_nowait(message["body"].decode())


@asynccontextmanager
async def opened(page: Page) -> AsyncIterator[Page]:
    running = asyncio.create_task(page.run())
    try:
        yield page
    finally:
        page.leave()
        await asyncio.wait_for(running, PATIENCE_S)


@asynccontextmanager
async def served(program: Program) -> AsyncIterator[ASGIApp]:
    """The application with its reader running, as during a server's life."""
    app = make_app(program, live.ROUTES, frozenset())
    async with stream_of(app).running():
        yield app


def stream_of(app: ASGIApp) -> Stream:
    inner: object = app
    while not isinstance(inner, Starlette):
        inner = _inside(inner)
    return cast(Stream, inner.state.parts.stream)


def _inside(layer: object) -> object:
    if hasattr(layer, "_app"):
        return layer._app
    held = [cell.cell_contents for cell in getattr(layer, "__closure__", ()) or ()]
    return next(each for each in held if hasattr(each, "_app") or isinstance(each, Starlette))


def cookie_of(program: Program, name: str = "Ana") -> str:
    secret, _ = sign_in(program, add_user(program, name, Role.VIEWER))
    later(program)
    return f"{auth.session_cookie(program)}={secret}"


def happen(program: Program, name: str = "payments") -> None:
    with program.database.begin(SYSTEM) as tx:
        people.save_team(tx, Team(name, name))


def run(story: Callable[[], Awaitable[None]]) -> None:
    async def whole() -> None:
        await asyncio.wait_for(story(), 60)

    asyncio.run(whole())


def test_an_open_page_hears_what_changed_and_only_ids(program: Program) -> None:
    cookie = cookie_of(program)

    async def story() -> None:
        async with served(program) as app, opened(Page(app, cookie)) as page:
            await page.hear("beat")
            assert page.status == 200
            happen(program)
            told = await page.hear("people")
            assert json.loads(told["data"]) == {"ids": ["payments"]}
            assert told["id"].partition(".")[2].startswith("ev_")

    run(story)


def test_a_page_that_was_away_hears_what_it_missed_and_nothing_twice(program: Program) -> None:
    cookie = cookie_of(program)

    async def story() -> None:
        async with served(program) as app:
            async with opened(Page(app, cookie)) as page:
                await page.hear("beat")
                happen(program, "payments")
                last = (await page.hear("people"))["id"]
            later(program)
            happen(program, "search")
            async with opened(Page(app, cookie, last)) as page:
                told = await page.hear("people")
                assert json.loads(told["data"]) == {"ids": ["search"]}

    run(story)


@pytest.mark.parametrize(
    "last",
    ["", "x", "ev_1", "0.ev_1", "-5.x", "9" * 30, "99999999999999999.x", "1.2.3", "²", "1e5.x"],
)
def test_a_page_that_was_away_too_long_is_told_to_load_everything(
    program: Program, last: str
) -> None:
    stream = Stream(program)
    assert [hint.topic for hint in stream.missed(last)] == ["refresh"]


def test_a_stream_ends_with_the_server(program: Program) -> None:
    cookie = cookie_of(program)

    async def story() -> None:
        async with served(program) as app:
            async with opened(Page(app, cookie)) as page:
                await page.hear("beat")
                page.stopping.set()
                await asyncio.wait_for(page.ended.wait(), PATIENCE_S)
            assert stream_of(app).listeners_count == 0

    run(story)


def test_a_stream_ends_with_its_session(program: Program) -> None:
    cookie = cookie_of(program)

    async def story() -> None:
        async with served(program) as app:
            stream_of(app).beat_s = 0.1
            async with opened(Page(app, cookie)) as page:
                await page.hear("beat")
                await page.hear("beat")
                with program.database.begin(SYSTEM) as tx:
                    credentials.end_sessions(tx, "ana", because="test")
                await asyncio.wait_for(page.ended.wait(), PATIENCE_S)

    run(story)


def test_a_hundred_open_pages_cost_no_threads(program: Program) -> None:
    cookie = cookie_of(program)

    async def story() -> None:
        async with served(program) as app:
            pages = [Page(app, cookie) for _ in range(100)]
            running = [asyncio.create_task(page.run()) for page in pages]
            for page in pages:
                await page.hear("beat")
            assert threading.active_count() < len(pages)
            happen(program)
            for page in pages:
                await page.hear("people")
            for page in pages:
                page.leave()
            await asyncio.gather(*running)
            assert stream_of(app).listeners_count == 0

    run(story)


def test_whoever_is_not_signed_in_hears_nothing(program: Program) -> None:
    app = make_app(program, live.ROUTES, frozenset())
    assert client(program, app=app).get("/live").status_code == 401


def test_a_reader_that_is_too_slow_is_let_go() -> None:
    async def story() -> None:
        listener = Listener()
        listener.tell([Hint("alerts", "1.x")] * live.QUEUE_MAX)
        assert not listener.is_too_slow
        listener.tell([Hint("alerts", "1.x")])
        assert listener.is_too_slow

    run(story)


def test_there_is_a_limit_to_open_pages(program: Program) -> None:
    async def story() -> None:
        stream = Stream(program, clients_max=2)
        first = stream.join()
        stream.join()
        with pytest.raises(TooMany):
            stream.join()
        stream.leave(first)
        stream.join()

    run(story)


def test_many_events_become_one_hint_a_topic() -> None:
    events = [event("alert.triggered", f"al_{n}", second=n) for n in range(100)]
    events.append(event("page.opened", "pg_1", second=50))
    events.append(event("token.created", "tk_1"))
    made = hints(events)
    assert [hint.topic for hint in made] == ["pages", "alerts"]
    assert len(made[1].ids) == live.IDS_MAX
    assert made[1].place == place_of(events[99].at, events[99].id)


def test_an_event_that_commits_late_is_heard_and_none_is_heard_twice() -> None:
    look = Look()
    look.skip_to(NOW)
    first, late = event("alert.triggered", "al_1", second=2), event("page.opened", "pg_1", second=1)
    assert look.fresh([first], NOW + timedelta(seconds=2)) == [first]
    assert look.fresh([late, first], NOW + timedelta(seconds=3)) == [late]
    assert look.since is not None
    assert look.since <= late.at
    assert look.fresh([], NOW + timedelta(seconds=60)) == []
    assert look.since > first.at
