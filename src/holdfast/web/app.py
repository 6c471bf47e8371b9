"""The web application: every route in one table, held to its word before the first request."""

from __future__ import annotations

import asyncio
import re
from collections import Counter
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from dataclasses import dataclass
from types import NoneType, UnionType
from typing import Union, get_args, get_origin, get_type_hints

from fastapi import APIRouter, FastAPI
from fastapi.exceptions import RequestValidationError
from fastapi.openapi.utils import get_openapi
from fastapi.routing import APIRoute
from starlette.exceptions import HTTPException
from starlette.requests import ClientDisconnect
from starlette.responses import Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from holdfast import __version__
from holdfast.kernel.clock import SystemClock
from holdfast.kernel.errors import HoldfastError
from holdfast.people import permissions
from holdfast.people.credentials.passwords import HASHES_AT_ONCE
from holdfast.web import auth, errors, respond
from holdfast.web.assets import Assets
from holdfast.web.context import ContextDep
from holdfast.web.files import Files
from holdfast.web.headers import SecurityHeaders
from holdfast.web.health import ROUTES as HEALTH
from holdfast.web.intake import Doors
from holdfast.web.live import ROUTES as LIVE
from holdfast.web.live import Stream
from holdfast.web.metrics import ROUTES as METRICS
from holdfast.web.metrics import Metrics
from holdfast.web.program import Program
from holdfast.web.request import Gate
from holdfast.web.rooms import room_routes
from holdfast.web.routes import ANYONE, SIGNED_IN, Face, Route
from holdfast.web.sign_in.throttle import Throttle
from holdfast.web.templates import Templates

API = "/api/"
OPENAPI_PATH = "/api/v1/openapi.json"
_PARAMETER = re.compile(r"\{[^}]*}")

# Whoever comes may ask for these, and for nothing else; a test holds the list (promises P25).
ANONYMOUS: frozenset[tuple[str, str]] = frozenset(
    {
        ("GET", "/healthz"),
        ("GET", "/readyz"),
        ("GET", "/metrics"),
        ("GET", OPENAPI_PATH),
        ("GET", "/sign-in"),
        ("POST", "/sign-in"),
        ("GET", "/sign-in/{token}"),
        ("POST", "/sign-in/{token}"),
        ("GET", "/p/{token}"),
        ("POST", "/p/{token}"),
        ("GET", "/help/guardrails/{code}"),  # a refused program's owner reads it in a browser
    }
)


class BadTable(Exception):
    """The table of routes contradicts itself; Holdfast does not start with it."""


@dataclass(slots=True)
class Parts:
    """What belongs to one application and is not a request's own, as app.state has it."""

    doors: Doors
    metrics: Metrics
    stream: Stream
    throttle: Throttle
    hashing: asyncio.Semaphore


def _describe(context: ContextDep) -> Response:
    """This API, described as OpenAPI has it."""
    return respond.json(context.request.app.state.openapi())


OWN: tuple[Route, ...] = (
    Route("GET", OPENAPI_PATH, _describe, ANYONE, Face.API, summary="This description"),
)


def table() -> tuple[Route, ...]:
    """Every row there is, but for the doors of senders (web/intake.py)."""
    return (*OWN, *HEALTH, *METRICS, *LIVE, *room_routes())


def make_app(
    program: Program,
    routes: Sequence[Route] | None = None,
    anonymous: frozenset[tuple[str, str]] | None = None,
) -> ASGIApp:
    """The ASGI application of this program. Raises BadTable.

    `routes` and `anonymous` are the table itself unless a test hands over others.
    """
    rows = tuple(table() if routes is None else routes)
    check(rows, ANONYMOUS if anonymous is None else anonymous)
    assets = Assets()
    doors = Doors(program)
    parts = Parts(
        doors=doors,
        metrics=Metrics(program, doors),
        stream=Stream(program),
        throttle=Throttle(SystemClock().monotonic),
        hashing=asyncio.Semaphore(HASHES_AT_ONCE),
    )
    app = FastAPI(
        title="Holdfast",
        version=__version__,
        docs_url=None,
        redoc_url=None,
        openapi_url=None,
        lifespan=_lifespan(parts),
        redirect_slashes=False,
    )
    app.state.program = program
    app.state.templates = Templates(assets)
    app.state.parts = parts
    app.state.openapi = _describer(rows)
    for kind in (HoldfastError, RequestValidationError, HTTPException, ClientDisconnect, Exception):
        app.add_exception_handler(kind, errors.listen)
    app.router.routes.extend(parts.doors.routes())
    app.router.routes.extend(_Guarded(row, program) for row in rows)
    inner = parts.metrics.counting(Files(Surprises(parts.doors.shortcut(app)), assets))
    return SecurityHeaders(inner, lambda: auth.is_https(program))


def check(rows: Sequence[Route], anonymous: frozenset[tuple[str, str]]) -> None:
    """Raises BadTable where two rows collide, a permission does not exist, or a row is open to
    anyone without standing in the list of those."""
    seen = Counter((row.method, _PARAMETER.sub("{}", row.path)) for row in rows)
    faults = [f"{method} {path} stands there twice" for (method, path), n in seen.items() if n > 1]
    for row in rows:
        name = f"{row.method} {row.path}"
        if row.needs == ANYONE:
            if (row.method, row.path) not in anonymous:
                faults.append(f"{name} is open to anyone, but not in ANONYMOUS (web/app.py)")
        elif row.needs != SIGNED_IN and row.needs not in permissions.NEEDS:
            faults.append(
                f"{name} needs “{row.needs}”, which is no permission (people/permissions)"
            )
    if faults:
        raise BadTable("; ".join(faults))


def shape_of(row: Route) -> object:
    """What the endpoint says that it answers with; None where it writes the answer itself."""
    said = get_type_hints(row.endpoint).get("return")
    parts = get_args(said) if get_origin(said) in (Union, UnionType) else (said,)
    shapes = [part for part in parts if not _is_answer(part)]
    return shapes[0] if len(shapes) == 1 and shapes[0] is not object else None


def _is_answer(part: object) -> bool:
    return part in (None, NoneType) or (isinstance(part, type) and issubclass(part, Response))


class _Guarded(APIRoute):
    """One row of the table as the framework has it, with the gate before it."""

    def __init__(self, row: Route, program: Program) -> None:
        super().__init__(
            row.path,
            row.endpoint,
            # Whoever only wants to know whether a page is there gets its head.
            methods=["GET", "HEAD"] if row.method == "GET" else [row.method],
            status_code=row.status,
            response_model=shape_of(row),
            include_in_schema=False,
        )
        self.app = Gate(self.app, row, program)


class Surprises:
    """Keeps what was already answered with a 500 and a number from the server's own log, where
    its words would stand a second time."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        answered = False

        async def watched(message: Message) -> None:
            nonlocal answered
            await send(message)
            answered = message["type"] == "http.response.body" and not message.get("more_body")

        try:
            await self._app(scope, receive, watched)
        except Exception:
            if not answered:
                raise


def _describer(rows: Sequence[Route]) -> Callable[[], dict[str, object]]:
    """The OpenAPI document of the API's rows, made when it is first asked for."""
    made: dict[str, object] = {}

    def describe() -> dict[str, object]:
        if not made:
            made.update(_document(rows))
        return made

    return describe


def _document(rows: Sequence[Route]) -> dict[str, object]:
    shown = APIRouter()
    for row in rows:
        if row.face is Face.API and row.path.startswith(API):
            shown.add_api_route(
                row.path,
                row.endpoint,
                methods=[row.method],
                status_code=row.status,
                summary=row.summary or None,
                response_model=shape_of(row),
            )
    document = get_openapi(title="Holdfast", version=__version__, routes=shown.routes)
    schemes = document.setdefault("components", {}).setdefault("securitySchemes", {})
    schemes["token"] = {"type": "http", "scheme": "bearer"}
    document["security"] = [{"token": []}]
    return document


def _lifespan(parts: Parts) -> Callable[[FastAPI], AbstractAsyncContextManager[None]]:
    @asynccontextmanager
    async def live(app: FastAPI) -> AsyncIterator[None]:
        async with parts.stream.running():
            yield
        parts.doors.close()

    return live
