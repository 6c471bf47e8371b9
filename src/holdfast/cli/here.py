"""Opens an instance in this process and calls its web application as the operator."""

from __future__ import annotations

import asyncio
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import IO
from urllib.parse import unquote

import httpx2  # noqa: TID251 - only the types of requests and answers: nothing leaves the process
from pydantic import ValidationError
from sqlalchemy.exc import OperationalError
from starlette.types import ASGIApp, Message, Scope

from holdfast.cli import words
from holdfast.cli.exits import CONFLICT, FAILED, UNREACHABLE, Failed
from holdfast.cli.say import tell
from holdfast.kernel.errors import HoldfastError, Unavailable
from holdfast.main import open_program
from holdfast.settings import Settings
from holdfast.storage.sqlite import AlreadyOpen
from holdfast.web.app import make_app

SPOOL_BYTES = 8 * 1024 * 1024
CHUNK_BYTES = 256 * 1024


@contextmanager
def opened(given: Mapping[str, object]) -> Iterator[httpx2.BaseTransport]:
    """A transport that ends in this process. `given` are flags; the rest is read as `up` does."""
    try:
        settings = Settings.model_validate({"log_level": "error", **given})
    except ValidationError as error:
        raise Failed(_first_fault(error), remedy="See holdfast settings.") from error
    place = settings.data / "holdfast.db"
    if settings.database is None and not place.exists():
        tell(words.NEW_INSTANCE.format(place=settings.data))
    try:
        with open_program(settings) as program:
            yield Here(make_app(program))
    except HoldfastError as error:
        raise Failed(error.detail, code=_code(error), remedy=error.remedy) from error
    except OperationalError as error:
        why = str(error.orig).strip().splitlines()[0]
        raise Failed(f"The database cannot be opened: {why}", code=UNREACHABLE) from error


class Here(httpx2.BaseTransport):
    """Hands requests to an ASGI application; long answers go by way of a temporary file."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    def handle_request(self, request: httpx2.Request) -> httpx2.Response:
        return asyncio.run(self._handle(request, request.read()))

    async def _handle(self, request: httpx2.Request, body: bytes) -> httpx2.Response:
        pending: list[Message] = [{"type": "http.request", "body": body, "more_body": False}]
        started: list[Message] = []
        # Closed by the answer that streams it.
        spool = tempfile.SpooledTemporaryFile(SPOOL_BYTES)  # noqa: SIM115 - outlives this function

        async def receive() -> Message:
            if not pending:
                await asyncio.Event().wait()  # nobody hangs up: the answer is taken whole
            return pending.pop()

        async def send(message: Message) -> None:
            if message["type"] == "http.response.start":
                started.append(message)
            else:
                spool.write(message.get("body", b""))

        await self._app(_scope(request), receive, send)
        spool.seek(0)
        head = started[0]
        return httpx2.Response(head["status"], headers=head["headers"], stream=_Spooled(spool))


class _Spooled(httpx2.SyncByteStream):
    def __init__(self, spool: IO[bytes]) -> None:
        self._spool = spool

    def __iter__(self) -> Iterator[bytes]:
        while part := self._spool.read(CHUNK_BYTES):
            yield part

    def close(self) -> None:
        self._spool.close()


def _scope(request: httpx2.Request) -> Scope:
    return {
        "type": "http",
        "asgi": {"version": "3.0"},
        "http_version": "1.1",
        "method": request.method,
        "scheme": "http",
        "path": unquote(request.url.path),
        "raw_path": request.url.raw_path.partition(b"?")[0],
        "query_string": request.url.query,
        "root_path": "",
        "headers": [(name.lower(), value) for name, value in request.headers.raw],
        "client": None,
        "server": ("localhost", 80),
        "state": {"local_operator": True},
    }


def _code(error: HoldfastError) -> int:
    if isinstance(error, AlreadyOpen):
        return CONFLICT
    return UNREACHABLE if isinstance(error, Unavailable) else FAILED


def _first_fault(error: ValidationError) -> str:
    fault = error.errors()[0]
    name = ".".join(str(part) for part in fault["loc"])
    return f"The setting {name} is not right: {fault['msg']}."
