"""What Prometheus may ask: gauges of the engine's health, counters of requests and refusals."""

from __future__ import annotations

from prometheus_client import CollectorRegistry, Counter, generate_latest
from prometheus_client.core import GaugeMetricFamily
from prometheus_client.registry import Collector
from starlette.types import ASGIApp

ROUTES = ()
class Metrics:
    def __init__(self, program): ...
    def counting(self, app): return app
