"""What each way of failing becomes at the edge: problem+json for programs, a page for people."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from http import HTTPStatus
from typing import cast
from urllib.parse import urlencode

import msgspec
import structlog
from fastapi.exceptions import RequestValidationError
from sqlalchemy.exc import InterfaceError, OperationalError
from sqlalchemy.exc import TimeoutError as PoolTimeout
from starlette.exceptions import HTTPException
from starlette.requests import ClientDisconnect, Request
from starlette.responses import RedirectResponse, Response

from holdfast.guardrails.model import Refused
from holdfast.kernel.errors import (
    Conflict,
    Forbidden,
    HoldfastError,
    Invalid,
    NotFound,
    Unavailable,
)
from holdfast.sdk import Unreadable
from holdfast.web import forms, refusals
from holdfast.web.context import Context
from holdfast.web.layout.views import ErrorView
from holdfast.web.program import Program
from holdfast.web.respond import anonymous_shell, rendered
from holdfast.web.routes import Face, Route
from holdfast.web.shell import plain_shell

FIELDS_MAX = 50
RETRY_AFTER_S = "5"
PROBLEM_TYPE = forms.PROBLEM_TYPE

log = structlog.get_logger("web")


class NotSignedIn(Forbidden):
    """This needs you to say who you are."""


class TooLong(Invalid):
    """What was sent is longer than Holdfast reads here."""


class TooMany(Unavailable):
    """There are too many of these at once; try again in a moment."""


# The first class in an error's own order of ancestors that stands here decides.
STATUSES: Mapping[type[HoldfastError], int] = {
    Unreadable: 400,
    NotSignedIn: 401,
    Forbidden: 403,
    NotFound: 404,
    Conflict: 409,
    TooLong: 413,
    Invalid: 422,
    TooMany: 429,
    Unavailable: 503,
}
_TITLES: Mapping[int, str] = {
    400: "This cannot be read",
    401: "Sign in first",
    403: "This is not yours to do",
    404: "There is nothing here",
    405: "This address does not do that",
    409: "Not now",
    413: "This is too long",
    415: "This cannot be read",
    422: "Something in it is not right",
    429: "Too many at once",
    500: "Holdfast made a mistake",
    503: "Holdfast cannot do this right now",
}
_REMEDIES: Mapping[int, str] = {
    400: "Correct what was sent and send it again.",
    401: "Sign in, then try again.",
    403: "Ask an administrator, or sign in as somebody who may.",
    404: "Check the address, or begin at the first screen.",
    405: "Go back and use the buttons of the page.",
    409: "Load the page again to see how things stand now.",
    413: "Send less at a time.",
    422: "Go back and correct it.",
    429: "Wait a moment and try again.",
    500: "Try again. If it happens again, tell whoever runs Holdfast the number below.",
    503: "Wait a moment and try again.",
}
_CHANGED_NOTHING = "Nothing was changed. Paging goes on as before."
_STILL_WORKS: Mapping[int, str] = {
    401: "Answer links work without signing in. Paging goes on as before.",
    500: "Paging does not depend on this page. Answer links and the other pages go on working.",
    503: "What was already taken in is safe and will be paged.",
}
_MISTAKE = "An error that we did not expect. What it says stands in the log, under this number."
_DATABASE_GONE = "The database does not answer."
_DATABASE_ERRORS = (OperationalError, InterfaceError, PoolTimeout)


@dataclass(frozen=True, slots=True)
class Problem:
    """One failure as RFC 9457 has it. `reference` is a number to find the reason in the log by;
    `breakable` says that the same claim with `break_glass` and a reason passes."""

    status: int
    title: str
    detail: str
    code: str | None = None
    remedy: str | None = None
    help: str | None = None
    errors: Mapping[str, str] = field(default_factory=dict)
    headers: Mapping[str, str] = field(default_factory=dict)
    reference: str | None = None
    breakable: bool = False

    def body(self) -> dict[str, object]:
        """The JSON object; what is absent is left out."""
        shown: dict[str, object] = {
            "type": self.help or "about:blank",
            "title": self.title,
            "status": self.status,
            "detail": self.detail,
        }
        extra = {
            "code": self.code,
            "remedy": self.remedy,
            "help": self.help,
            "errors": dict(self.errors) or None,
            "reference": self.reference,
            "breakable": self.breakable or None,
        }
        return shown | {name: value for name, value in extra.items() if value is not None}


def problem_of(error: Exception) -> Problem | None:
    """The problem that an error we know becomes; None for a bug."""
    if isinstance(error, HoldfastError):
        return _of_domain(error)
    if isinstance(error, RequestValidationError):
        return _of_validation(error)
    if isinstance(error, HTTPException):
        return _of_framework(error)
    if isinstance(error, ClientDisconnect):
        return Problem(400, _TITLES[400], "The request ended too early.")
    return None


def answer(request: Request, error: Exception) -> Response:
    """The answer to a request that failed. What we do not know is logged and answered 500."""
    problem = problem_of(error) or _unexpected(request, error)
    row = request.scope.get("state", {}).get("route")
    face = row.face if isinstance(row, Route) else None
    refusals.count(request, error)
    if not _is_for_people(request, face):
        return _as_json(problem)
    if problem.status == 401:
        return RedirectResponse(_sign_in_address(request), status_code=303)
    return _as_page(request, problem)


def listen(request: Request, error: Exception) -> Response:
    """What the framework calls for the errors that pass through it."""
    return answer(request, error)


def _of_domain(error: HoldfastError) -> Problem:
    status = next(STATUSES[kind] for kind in type(error).__mro__ if kind in STATUSES)
    headers = {}
    if status == 401:
        headers["WWW-Authenticate"] = "Bearer"
    elif status in (429, 503):
        headers["Retry-After"] = RETRY_AFTER_S
    return Problem(
        status=status,
        title=_TITLES[status],
        detail=error.detail,
        code=error.code,
        remedy=error.remedy,
        help=error.help if isinstance(error, Refused) else None,
        errors=error.fields if isinstance(error, Invalid) else {},
        headers=headers,
        breakable=isinstance(error, Refused) and error.breakable,
    )


def _of_validation(error: RequestValidationError) -> Problem:
    found = cast(Sequence[Mapping[str, object]], error.errors())
    if any(each.get("type") == "json_invalid" for each in found):
        return Problem(400, _TITLES[400], "The body is not JSON.", remedy="Send a JSON document.")
    errors = {_place(each): _sentence(each) for each in found[:FIELDS_MAX]}
    if set(errors) == {"body"}:
        detail = "The body must be a JSON object, sent as application/json."
    else:
        detail = "Some fields are not right: " + ", ".join(errors) + "."
    return Problem(422, _TITLES[422], detail, errors=errors)


def _place(found: Mapping[str, object]) -> str:
    """`severity`, `members.2.name`; the part of the request only where there is no name."""
    parts = [str(part)[:100] for part in cast(Sequence[object], found.get("loc", ()))]
    return ".".join(parts[1:]) or ".".join(parts) or "body"


def _sentence(found: Mapping[str, object]) -> str:
    if found.get("type") == "extra_forbidden":
        return "There is no such field."
    if found.get("type") == "missing":
        return "This is needed."
    return str(found.get("msg", "This is not right."))[:200] + "."


def _of_framework(error: HTTPException) -> Problem:
    status = error.status_code
    title = _TITLES.get(status, HTTPStatus(status).phrase)
    details = {
        404: "There is nothing at this address.",
        405: "This address does not answer that method.",
    }
    return Problem(
        status, title, details.get(status, title + "."), headers=dict(error.headers or {})
    )


def _unexpected(request: Request, error: Exception) -> Problem:
    program = cast(Program, request.app.state.program)
    reference = program.database.chance.new_id("er")
    is_database = isinstance(error, _DATABASE_ERRORS)
    log.error(
        "request failed",
        reference=reference,
        method=request.method,
        path=request.url.path,
        exc_info=error,
    )
    if is_database:
        headers = {"Retry-After": RETRY_AFTER_S}
        return Problem(503, _TITLES[503], _DATABASE_GONE, headers=headers, reference=reference)
    return Problem(500, _TITLES[500], _MISTAKE, reference=reference)


def _is_for_people(request: Request, face: Face | None) -> bool:
    """For an address that is in no table: browsers say that they read HTML, programs do not."""
    if face is Face.PAGE:
        return not forms.is_scripted(request)
    accepts = request.headers.get("accept", "")
    return face is None and not request.url.path.startswith("/api/") and "text/html" in accepts


def _as_json(problem: Problem) -> Response:
    return Response(
        msgspec.json.encode(problem.body()),
        status_code=problem.status,
        headers=dict(problem.headers),
        media_type=PROBLEM_TYPE,
    )


def _as_page(request: Request, problem: Problem) -> Response:
    view = ErrorView(
        status=problem.status,
        title=problem.title,
        detail=_with_fields(problem),
        still_works=_STILL_WORKS.get(problem.status, _CHANGED_NOTHING),
        remedy=problem.remedy or _REMEDIES.get(problem.status, "Go back and try again."),
        code=problem.code,
        help_href=problem.help,
        reference=problem.reference,
    )
    made = request.scope.get("state", {}).get("context")
    if isinstance(made, Context):
        shell = anonymous_shell(made)
    else:
        program = cast(Program, request.app.state.program)
        theme = request.cookies.get("theme", "")
        now = program.database.clock.now()
        shell = plain_shell(now, "/", theme=theme, rehearsal=program.settings.rehearsal)
    page = rendered(request, "errors/error.html", shell, view, problem.status)
    page.headers.update(problem.headers)
    return page


def _with_fields(problem: Problem) -> str:
    lines = [f"{name}: {words}" for name, words in problem.errors.items()]
    return " ".join([problem.detail, *lines])


def _sign_in_address(request: Request) -> str:
    """Back to the same page afterwards, where it was asked for and not sent to."""
    if request.method not in ("GET", "HEAD") or request.url.path == "/":
        return "/sign-in"
    wanted = request.url.path + (f"?{request.url.query}" if request.url.query else "")
    return "/sign-in?" + urlencode({"next": wanted})
