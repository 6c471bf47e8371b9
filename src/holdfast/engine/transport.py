"""The only way out: performs what notifiers yield, and never raises for what others do."""

from __future__ import annotations

import ssl
from collections.abc import Callable, Mapping
from urllib.parse import urlsplit

from holdfast.engine.breaker import Breaker, Circuit
from holdfast.engine.egress import Blocked, EgressRules
from holdfast.engine.transport_dial import Dialler, Resolve, Trust, system_addresses
from holdfast.engine.transport_http import Deadlines, HttpCaller, target
from holdfast.engine.transport_mail import MailCaller
from holdfast.kernel.clock import Clock
from holdfast.sdk.call import Call, HttpCall, MailCall, Reply

_SECRET_CHARS_MIN = 16
_HIDDEN = "…"


class Transport:
    """A call in, a reply out; the simulator hands over any other function of that shape.

    `clock` dates mails and times the circuit breaker; sockets wait in real time. Whatever the
    other side does becomes a `Reply`: status 0 with `error`, and `unknown` where the request may
    have been acted on. Errors name host and port, never a path, a header or a password.
    Source: promises d.2 SSRF, P10, R12, S02, S03. Safe to use from many threads.
    """

    def __init__(
        self,
        rules: EgressRules,
        clock: Clock,
        *,
        deadlines: Deadlines = Deadlines(),  # noqa: B008 - frozen
        resolve: Resolve = system_addresses,
        tls: ssl.SSLContext | None = None,
    ) -> None:
        dialler, trust = Dialler(rules, resolve), Trust(tls)
        self._breaker = Breaker(clock)
        self._http = HttpCaller(dialler, deadlines, trust)
        self._mail = MailCaller(dialler, deadlines, clock, trust)

    def __call__(self, call: Call) -> Reply:
        if isinstance(call, MailCall):
            return self._guarded(f"{call.host}:{call.port}", lambda: self._mail.perform(call))
        return self._http_call(call)

    def states(self) -> Mapping[str, Circuit]:
        """The circuits of destinations that were in trouble, by host and port, for metrics."""
        return self._breaker.states()

    def close(self) -> None:
        """Closes idle connections; calls in flight end by themselves."""
        self._http.close()

    def _http_call(self, call: HttpCall) -> Reply:
        try:
            to = target(call.url)
        except Blocked as blocked:
            return Reply(0, error=str(blocked))
        return self._guarded(to.name, lambda: self._http.perform(call, to))

    def _guarded(self, name: str, perform: Callable[[], Reply]) -> Reply:
        if why := self._breaker.refusal(name):
            return Reply(0, error=why)
        try:
            reply = perform()
        except Blocked as blocked:
            self._breaker.not_called(name)
            return Reply(0, error=str(blocked))
        if reply.status:
            self._breaker.answered(name)
        else:
            self._breaker.failed(name)
        return reply


def redact_url(url: str) -> str:
    """A URL as logs and screens may show it: no user, no query, no part that may be a secret.

    The path's last segment goes (a webhook's secret stands there), and every segment that is
    long or holds a colon (a Telegram bot's token stands in the middle).
    """
    try:
        parts = urlsplit(url)
        host, port = parts.hostname, parts.port
    except ValueError:
        return _HIDDEN
    if not host:
        return _HIDDEN
    place = f"[{host}]" if ":" in host else host
    netloc = f"{place}:{port}" if port else place
    *early, last = parts.path.split("/")
    shown = [_HIDDEN if _may_be_secret(segment) else segment for segment in early]
    path = "/".join([*shown, _HIDDEN if last else ""])
    return "".join(c if c.isprintable() else _HIDDEN for c in f"{parts.scheme}://{netloc}{path}")


def _may_be_secret(segment: str) -> bool:
    return len(segment) >= _SECRET_CHARS_MIN or ":" in segment or "%" in segment
