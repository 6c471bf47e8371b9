"""The doors: bytes in, signals out, and the answer only when they are durable."""

from __future__ import annotations

import zlib
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, replace
from datetime import timedelta

import msgspec
from fastapi import FastAPI
from sqlalchemy.exc import SQLAlchemyError
from starlette.concurrency import run_in_threadpool
from starlette.requests import ClientDisconnect, Request
from starlette.responses import Response
from starlette.routing import Route
from starlette.types import ASGIApp, Receive, Scope, Send

from holdfast.alerts.actions import heartbeat
from holdfast.alerts.actions.letters import signals_out
from holdfast.catalog import queries as catalog
from holdfast.catalog.model import HEARTBEAT, Connection
from holdfast.kernel.actor import SYSTEM, Actor, ActorKind
from holdfast.kernel.errors import Unavailable
from holdfast.sdk import (
    Answer,
    Inbound,
    Severity,
    Signal,
    SignalStatus,
    Source,
    Unreadable,
    clean_line,
)
from holdfast.storage.inbox import Envelope
from holdfast.web.batch import QUEUE_MAX, Batcher, Overloaded
from holdfast.web.errors import listen
from holdfast.web.program import Program

BODY_BYTES_MAX = 2 * 1024 * 1024
# What is longer is read to its end, so that the sender hears an answer, and not kept.
BODY_BYTES_READ_MAX = 32 * 1024 * 1024
KEY_CACHE_MAX = 10_000
# A key that is taken away stops working everywhere within this time (promises S19).
KEY_CACHE_FOR = timedelta(seconds=1)
TITLE_CHARS = 200
KEY_CHARS_SHOWN = 6  # enough to tell a connection's keys apart
RETRY_AFTER_S = "5"
DOOR = "/in/"
_DATABASE_GONE = "The database does not answer."


@dataclass(frozen=True, slots=True)
class _Known:
    connection: Connection | None
    until_s: float


class Doors:
    """All ways in for senders. One of these belongs to one program."""

    def __init__(self, program: Program, *, queue_max: int = QUEUE_MAX) -> None:
        self._program = program
        self._batcher = Batcher(program.database.append_inbox, queue_max=queue_max)
        self._known: dict[str, _Known] = {}
        self.accepted_count = 0
        self.refused_count = 0

    def routes(self) -> list[Route]:
        """/in/{key}, /heartbeat/{key} and every vendor's own path."""
        rows = [
            Route("/in/{key}", self._post_in, methods=["POST", "PUT"]),
            Route("/in/{key}/{rest:path}", self._post_in, methods=["POST", "PUT"]),
            Route("/heartbeat/{key}", self._beat, methods=["GET", "POST", "PUT", "HEAD"]),
        ]
        for source in self._program.integrations.sources.values():
            if source.door is not None:
                path = source.door.path
                for mounted in (path, path + "/", f"/compat/{source.name}{path}"):
                    rows.append(Route(mounted, self._vendor(source), methods=["POST"]))
        return rows

    def shortcut(self, app: FastAPI) -> ASGIApp:
        """`app`, but what comes to /in/{key} goes straight to its door: a storm comes this way,
        and a framework's layers cost as much as reading the alert."""

        async def pick(scope: Scope, receive: Receive, send: Send) -> None:
            if scope["type"] != "http" or not _is_for_a_door(scope):
                await app(scope, receive, send)
                return
            scope["app"] = app
            key, _, _ = scope["path"].removeprefix(DOOR).partition("/")
            request = Request(scope, receive)
            try:
                response = await self._post_to(request, key)
            except Exception as error:
                await listen(request, error)(scope, receive, send)
                raise
            await response(scope, receive, send)

        return pick

    async def submit(self, connection: Connection, source: Source, inbound: Inbound) -> Answer:
        """Reads and keeps one request. Raises Unreadable, Overloaded, Unavailable."""
        signals = self._read(source, inbound)
        envelope = self._envelope(connection, inbound.body, signals)
        if connection.kind == HEARTBEAT:
            await run_in_threadpool(self._note_beat, connection)
        elif signals:
            await self._batcher.submit(envelope)
        self.accepted_count += len(signals)
        return source.answer(signals)

    def close(self) -> None:
        self._batcher.close()

    async def _post_in(self, request: Request) -> Response:
        return await self._post_to(request, str(request.path_params["key"]))

    async def _post_to(self, request: Request, key: str) -> Response:
        connection = await self._connection(key)
        if connection is None:
            self.refused_count += 1
            return _reply(Answer(401, _problem(401, "No connection has this key.")))
        return await self._take(request, connection, self._source(connection), key)

    def _vendor(self, source: Source) -> Callable[[Request], Awaitable[Response]]:
        door = source.door
        assert door is not None

        async def take(request: Request) -> Response:
            try:
                inbound, _ = await _inbound(request)
                key = door.key(inbound)
                connection = None if key is None else await self._connection(key)
            except ClientDisconnect:
                return Response(status_code=400)
            except Unreadable as error:
                self.refused_count += 1
                return _reply(source.refuse(400, _words(error)))
            except Unavailable as error:
                return self._busy(source, error)
            if key is None or connection is None or connection.kind != source.name:
                self.refused_count += 1
                return _reply(source.refuse(400, "No connection of this kind has this key."))
            return await self._take(request, connection, source, key)

        return take

    async def _beat(self, request: Request) -> Response:
        key = str(request.path_params["key"])
        connection = await self._connection(key)
        if connection is None or connection.kind != HEARTBEAT:
            self.refused_count += 1
            return _reply(Answer(401, _problem(401, "No heartbeat has this key.")))
        return await self._take(request, connection, self._source(connection), key)

    async def _take(
        self, request: Request, connection: Connection, source: Source, key: str
    ) -> Response:
        try:
            if connection.kind == HEARTBEAT:
                return _reply(await self._take_beat(request, connection, source))
            inbound, cut = await _inbound(request)
            # Some vendors' bodies hold the key: what is kept and shown to people does not.
            body = inbound.body.replace(key.encode("utf-8", "replace"), _masked(key))
            inbound = replace(inbound, body=body, settings=connection.settings)
            if cut:
                return _reply(await self._take_cut(connection, source, inbound))
            return _reply(await self.submit(connection, source, inbound))
        except ClientDisconnect:
            return Response(status_code=400)
        except Unreadable as error:
            self.refused_count += 1
            return _reply(source.refuse(400, _words(error)))
        except Unavailable as error:
            return self._busy(source, error)

    def _busy(self, source: Source, error: Unavailable) -> Response:
        """In words and with a status that the vendor's senders understand: later, please."""
        self.refused_count += 1
        status = source.busy_status if isinstance(error, Overloaded) else 503
        answer = source.refuse(status, error.detail)
        return _reply(replace(answer, headers={**answer.headers, "retry-after": RETRY_AFTER_S}))

    async def _take_beat(self, request: Request, connection: Connection, source: Source) -> Answer:
        """A beat is a beat, however long or oddly packed what comes with it is."""
        read = 0
        async for chunk in request.stream():
            read += len(chunk)
            if read > BODY_BYTES_READ_MAX:
                break
        return await self.submit(connection, source, Inbound(request.method, "", b""))

    async def _take_cut(self, connection: Connection, source: Source, inbound: Inbound) -> Answer:
        """Longer than we read: nobody loses a page over size (promises P3), so its start pages."""
        title, _ = clean_line(" ".join(inbound.text[: TITLE_CHARS * 2].split()), TITLE_CHARS)
        signal = Signal(
            SignalStatus.FIRING,
            title or "A request that is too long to read",
            dedup=self._program.database.chance.hex_key(32),
            severity=Severity.UNKNOWN,
            marks=(f"the request was longer than {BODY_BYTES_MAX // 1024} KiB; its start is kept",),
        )
        await self._batcher.submit(self._envelope(connection, inbound.body, [signal]))
        self.accepted_count += 1
        return source.answer([signal])

    def _read(self, source: Source, inbound: Inbound) -> list[Signal]:
        chance = self._program.database.chance
        return [
            signal if signal.dedup else replace(signal, dedup=chance.hex_key(32))
            for signal in source.read(inbound)
        ]

    def _envelope(self, connection: Connection, raw: bytes, signals: Sequence[Signal]) -> Envelope:
        database = self._program.database
        return Envelope(
            id=database.chance.new_id("lt"),
            connection=connection.id,
            received_at=database.clock.now(),
            raw=raw[:BODY_BYTES_MAX],
            signals=signals_out(signals),
        )

    def _source(self, connection: Connection) -> Source:
        return self._program.integrations.sources[connection.kind]

    def _note_beat(self, connection: Connection) -> None:
        actor = Actor(ActorKind.CONNECTION, connection.id)
        try:
            self._program.database.transact(actor, lambda tx: heartbeat.beat(tx, connection))
        except SQLAlchemyError as error:
            raise Unavailable(_DATABASE_GONE) from error

    async def _connection(self, key: str) -> Connection | None:
        now_s = self._program.database.clock.monotonic()
        hashed = catalog.key_hash(key)
        known = self._known.get(hashed)
        if known is None or known.until_s < now_s:
            if len(self._known) >= KEY_CACHE_MAX:
                self._known.clear()
            found = await run_in_threadpool(self._look_up, key)
            known = _Known(found, now_s + KEY_CACHE_FOR.total_seconds())
            self._known[hashed] = known
        connection = known.connection
        if connection is None or connection.kind not in self._program.integrations.sources:
            return None
        return connection

    def _look_up(self, key: str) -> Connection | None:
        try:
            with self._program.database.read(SYSTEM) as tx:
                return catalog.connection_by_key(tx, key)
        except SQLAlchemyError as error:
            raise Unavailable(_DATABASE_GONE) from error


def _is_for_a_door(scope: Scope) -> bool:
    return (
        scope["method"] in ("POST", "PUT")
        and len(scope["path"]) > len(DOOR)
        and (scope["path"].startswith(DOOR) and scope["path"][len(DOOR)] != "/")
    )


async def _inbound(request: Request) -> tuple[Inbound, bool]:
    """The request as sources see it, and whether it was too long to keep whole."""
    if not hasattr(request.state, "door_body"):
        request.state.door_body = await _body(request)
    body, cut = request.state.door_body
    inbound = Inbound(
        method=request.method,
        path=request.scope.get("raw_path", b"").decode("latin-1") or request.url.path,
        body=body,
        headers={
            name.decode("latin-1"): value.decode("latin-1") for name, value in request.headers.raw
        },
        query=dict(request.query_params) if request.scope.get("query_string") else {},
    )
    return inbound, cut


async def _body(request: Request) -> tuple[bytes, bool]:
    parts: list[bytes] = []
    kept = read = 0
    async for chunk in request.stream():
        read += len(chunk)
        if read > BODY_BYTES_READ_MAX:
            raise Unreadable("The request is far too long.", remedy="Send one alert at a time.")
        if kept < BODY_BYTES_MAX:
            parts.append(chunk[: BODY_BYTES_MAX - kept])
            kept += len(parts[-1])
    body, cut = b"".join(parts), read > BODY_BYTES_MAX
    encoding = request.headers.get("content-encoding", "identity").lower()
    if encoding == "identity":
        return body, cut
    plain, longer = _decompressed(body, encoding)
    return plain, cut or longer


def _decompressed(body: bytes, encoding: str) -> tuple[bytes, bool]:
    if encoding not in ("gzip", "deflate"):
        raise Unreadable("Holdfast reads gzip and deflate, or no compression at all.")
    try:
        plain = zlib.decompressobj(47 if encoding == "gzip" else 15).decompress(
            body, BODY_BYTES_MAX + 1
        )
    except zlib.error:
        raise Unreadable(f"The body is not {encoding}, as its header says.") from None
    return plain[:BODY_BYTES_MAX], len(plain) > BODY_BYTES_MAX


def _masked(key: str) -> bytes:
    """As long as the key itself, which some vendors' readers check."""
    return (key[:KEY_CHARS_SHOWN] + "*" * (len(key) - KEY_CHARS_SHOWN)).encode("utf-8", "replace")


def _words(error: Unreadable) -> str:
    return f"{error.detail} {error.remedy}" if error.remedy else error.detail


def _problem(status: int, detail: str) -> dict[str, object]:
    return {"type": "about:blank", "title": "Not accepted", "status": status, "detail": detail}


def _reply(answer: Answer) -> Response:
    body = b"" if answer.body is None else msgspec.json.encode(answer.body)
    return Response(
        body,
        status_code=answer.status,
        headers=dict(answer.headers),
        media_type=None if answer.body is None else "application/json",
    )
