"""What Prometheus may ask: gauges of the engine's health, counters of requests and refusals."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import cast

from prometheus_client import CONTENT_TYPE_LATEST, CollectorRegistry, Counter, generate_latest
from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily, Metric
from prometheus_client.registry import Collector
from starlette.responses import Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from holdfast.web.client import is_this_machine
from holdfast.web.context import Context, ContextDep
from holdfast.web.errors import NotSignedIn
from holdfast.web.intake import Doors
from holdfast.web.program import Program
from holdfast.web.routes import ANYONE, Face, Route

STATIC_CLASS, DOOR_CLASS = "static", "door"


class Metrics:
    """Counters of this process, and the engine's own figures, read when they are asked for."""

    def __init__(self, program: Program, doors: Doors) -> None:
        self.registry = CollectorRegistry()
        self.registry.register(_Engine(program, doors))
        self._requests = Counter(
            "holdfast_requests",
            "Requests answered, by kind of route and status.",
            ["route", "status"],
            registry=self.registry,
        )
        self._refusals = Counter(
            "holdfast_refusals",
            "Claims refused by a guardrail, by its code.",
            ["code"],
            registry=self.registry,
        )

    def refused(self, code: str) -> None:
        """A guardrail said no. Codes are ours, so their number is limited."""
        self._refusals.labels(code).inc()

    def counting(self, app: ASGIApp) -> ASGIApp:
        """The application, with its answers counted."""

        async def counted(scope: Scope, receive: Receive, send: Send) -> None:
            if scope["type"] != "http":
                await app(scope, receive, send)
                return

            async def count(message: Message) -> None:
                if message["type"] == "http.response.start":
                    self._requests.labels(_class_of(scope), f"{message['status'] // 100}xx").inc()
                await send(message)

            await app(scope, receive, count)

        return counted


class _Engine(Collector):
    """What the engine says of itself in numbers, and what the doors took in."""

    def __init__(self, program: Program, doors: Doors) -> None:
        self._program = program
        self._doors = doors

    def collect(self) -> Iterable[Metric]:
        yield CounterMetricFamily(
            "holdfast_signals_accepted", "Signals taken in.", self._doors.accepted_count
        )
        yield CounterMetricFamily(
            "holdfast_requests_refused_at_doors",
            "Requests of senders that were refused.",
            self._doors.refused_count,
        )
        for name, value in _numbers("holdfast_engine", self._program.health()):
            yield GaugeMetricFamily(name, "A figure of the engine.", value)


def _numbers(prefix: str, figures: Mapping[str, object]) -> Iterable[tuple[str, float]]:
    for name, value in figures.items():
        known = f"{prefix}_{''.join(c if c.isalnum() else '_' for c in name)}"
        if isinstance(value, Mapping):
            yield from _numbers(known, value)
        elif isinstance(value, bool | int | float):
            yield known, float(value)


def _class_of(scope: Scope) -> str:
    """The kind of route, never a path: paths hold keys, and there are too many of them."""
    row = scope.get("state", {}).get("route")
    if isinstance(row, Route):
        return row.face.value
    return STATIC_CLASS if scope["path"].startswith("/static/") else DOOR_CLASS


def _show(context: ContextDep) -> Response:
    """All figures in Prometheus' text format, for this machine and for holders of a token."""
    _require_reader(context)
    metrics = cast(Metrics, context.request.app.state.parts.metrics)
    return Response(generate_latest(metrics.registry), media_type=CONTENT_TYPE_LATEST)


def _require_reader(context: Context) -> None:
    if context.actor.role is None and not is_this_machine(context.request.scope):
        raise NotSignedIn(remedy="Ask from this machine, or send a token of Settings.")


ROUTES = (Route("GET", "/metrics", _show, ANYONE, Face.API),)
