"""The gate before every route of the table: body limit, who asks, proof of origin, permission.

Pure ASGI, and bound to its row of the table: no request reaches an endpoint around it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from urllib.parse import parse_qsl

from starlette.concurrency import run_in_threadpool
from starlette.datastructures import Headers, MutableHeaders
from starlette.requests import ClientDisconnect, Request
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from holdfast.kernel.errors import Invalid
from holdfast.sdk import clean_text
from holdfast.web import auth, csrf
from holdfast.web.auth import Asker
from holdfast.web.context import Context
from holdfast.web.errors import TooLong
from holdfast.web.layout.views import Theme
from holdfast.web.program import Program
from holdfast.web.routes import ANYONE, Face, Route

FORM_FIELDS_MAX = 500
VISITOR_CHARS_MAX = 100
THEME_COOKIE = "theme"
_FORM = "application/x-www-form-urlencoded"


@dataclass(frozen=True, slots=True)
class Sent:
    """The body of a request, read and bounded, and the fields in it where it was a form."""

    body: bytes
    form: Mapping[str, str] = field(default_factory=dict)
    lists: Mapping[str, list[str]] = field(default_factory=dict)


class Gate:
    """Stands before one route."""

    def __init__(self, app: ASGIApp, row: Route, program: Program) -> None:
        self._app = app
        self._row = row
        self._program = program

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        state = scope.setdefault("state", {})
        state["route"] = self._row
        asker = await self._who(scope)
        headers = Headers(scope=scope)
        visitor, fresh_cookie = self._visitor(headers, asker)
        # Whoever may not come in need not be listened to either.
        state["context"] = context = self._context(scope, asker, visitor)
        auth.require(asker, self._row.needs)
        sent = await self._read(scope, receive)
        context.form, context.form_lists = sent.form, sent.lists
        self._require_origin(context, headers)
        await self._app(scope, _replayed(sent.body, receive), _with_cookie(send, fresh_cookie))

    async def _read(self, scope: Scope, receive: Receive) -> Sent:
        if not csrf.is_change(scope["method"]):
            return Sent(b"")
        headers = Headers(scope=scope)
        body = await _bounded(receive, headers.get("content-length"), self._row.body_max)
        if headers.get("content-type", "").partition(";")[0].strip().lower() != _FORM:
            return Sent(body)
        lists = _fields(body)
        return Sent(body, {name: values[0] for name, values in lists.items()}, lists)

    async def _who(self, scope: Scope) -> Asker:
        headers = Headers(scope=scope)
        if self._row.face is Face.DOOR or (
            self._row.needs == ANYONE and "cookie" not in headers and "authorization" not in headers
        ):
            return Asker()
        return await run_in_threadpool(auth.who_asks, self._program, scope, self._row)

    def _visitor(self, headers: Headers, asker: Asker) -> tuple[str, str | None]:
        """What the forms of somebody who is not signed in are bound to, and the new cookie."""
        if asker.fresh_cookie is not None:
            return "", auth.session_cookie_header(self._program, asker.fresh_cookie)
        if asker.user is not None or self._row.face is not Face.PAGE or not self._row.csrf:
            return "", None
        name = auth.visitor_cookie(self._program)
        known = auth.cookies(headers).get(name, "")
        if 0 < len(known) <= VISITOR_CHARS_MAX:
            return known, None
        fresh = self._program.database.chance.token()
        return fresh, auth.set_cookie(self._program, name, fresh, lasts_s=None)

    def _context(self, scope: Scope, asker: Asker, visitor: str) -> Context:
        bound_to = visitor if asker.session is None else asker.session.id
        theme = auth.cookies(Headers(scope=scope)).get(THEME_COOKIE, "")
        return Context(
            program=self._program,
            request=Request(scope),
            actor=asker.actor,
            user=asker.user,
            session=None if asker.session is None else asker.session.id,
            csrf=csrf.token(self._program.vault, bound_to) if bound_to else "",
            theme=theme if theme in set(Theme) else "",
            local=asker.local,
        )

    def _require_origin(self, context: Context, headers: Headers) -> None:
        """A form carries the token in a field; a script of ours that calls the API in a header."""
        if not csrf.is_change(context.request.method):
            return
        if self._row.face is Face.PAGE and self._row.csrf:
            proof = context.form.get(csrf.FIELD, "") or headers.get(csrf.HEADER, "")
        elif self._row.face is Face.API and context.session is not None:
            proof = headers.get(csrf.HEADER, "")
        else:
            return
        csrf.require_own_page(headers, proof, context.csrf, base_url=self._program.base_url)


async def _bounded(receive: Receive, announced: str | None, limit: int) -> bytes:
    """The whole body. Raises TooLong as soon as it is clear that it is."""
    if announced is not None and announced.isdigit() and int(announced) > limit:
        raise _too_long(limit)
    parts: list[bytes] = []
    left = limit
    while True:
        message = await receive()
        if message["type"] == "http.disconnect":
            raise ClientDisconnect
        part = message.get("body", b"")
        left -= len(part)
        if left < 0:
            raise _too_long(limit)
        parts.append(part)
        if not message.get("more_body", False):
            return b"".join(parts)


def _too_long(limit: int) -> TooLong:
    return TooLong(
        f"At most {limit // 1024} KiB are read here.", remedy="Send it in smaller parts."
    )


def _fields(body: bytes) -> dict[str, list[str]]:
    try:
        pairs = parse_qsl(
            body.decode("utf-8"),
            keep_blank_values=True,
            errors="strict",
            max_num_fields=FORM_FIELDS_MAX,
        )
    except ValueError:
        raise Invalid("This form cannot be read.", remedy="Load the page and try again.") from None
    fields: dict[str, list[str]] = {}
    for name, value in pairs:
        # Controls and turns of the reading direction: no person types them, PostgreSQL keeps no
        # NUL, and a name that reads backwards would be taken for another.
        plain, _ = clean_text(value, len(value))
        fields.setdefault(name, []).append(plain)
    return fields


def _replayed(body: bytes, receive: Receive) -> Receive:
    """The body once more for the endpoint; then whatever else the client says."""
    pending: list[Message] = [{"type": "http.request", "body": body, "more_body": False}]

    async def replay() -> Message:
        return pending.pop() if pending else await receive()

    return replay


def _with_cookie(send: Send, cookie: str | None) -> Send:
    if cookie is None:
        return send

    async def send_with_cookie(message: Message) -> None:
        if message["type"] == "http.response.start":
            MutableHeaders(scope=message).append("set-cookie", cookie)
        await send(message)

    return send_with_cookie
