"""The headers that every answer carries."""

from __future__ import annotations

from collections.abc import Callable

from starlette.datastructures import MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

CSP = (
    "default-src 'none'; script-src 'self'; style-src 'self'; style-src-attr 'unsafe-inline';"
    " img-src 'self' data:; font-src 'self'; connect-src 'self'; manifest-src 'self';"
    " worker-src 'self'; form-action 'self'; frame-ancestors 'none'; base-uri 'none'"
)
HSTS = "max-age=31536000"
ALWAYS = {
    "content-security-policy": CSP,
    "x-content-type-options": "nosniff",
    "referrer-policy": "no-referrer",
    "cross-origin-opener-policy": "same-origin",
    "cross-origin-resource-policy": "same-origin",
    "permissions-policy": "camera=(), microphone=(), geolocation=(), payment=()",
}


class SecurityHeaders:
    """Adds what is missing to every answer. `is_https` is asked each time: the address may come
    from the database."""

    def __init__(self, app: ASGIApp, is_https: Callable[[], bool]) -> None:
        self._app = app
        self._is_https = is_https

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return

        async def send_with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                _complete(MutableHeaders(scope=message), is_https=self._is_https())
            await send(message)

        await self._app(scope, receive, send_with_headers)


def _complete(headers: MutableHeaders, *, is_https: bool) -> None:
    for name, value in ALWAYS.items():
        headers.setdefault(name, value)
    # Files say themselves how long they last; everything else may be about a person.
    headers.setdefault("cache-control", "no-store")
    if is_https:
        headers.setdefault("strict-transport-security", HSTS)
