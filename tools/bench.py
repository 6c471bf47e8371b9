"""./dev bench: how fast pages leave and how much is taken in, as ratios to the machine's limits."""

from __future__ import annotations

import argparse
import os
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1]))

from tests.support.instance import COMPANY, Instance
from tests.support.postgres import Cluster, find_binaries
from tools.bench_load import Caller, cpu_s, post_all, request
from tools.bench_room import room_figures
from tools.bench_sink import Sink

FSYNCS = 200
SINGLE_COUNT = 1_000
STORM_SERVICES = 300
STORM_CONNECTIONS = 32
SUSTAINED_COUNT = 2_000
ACCEPT_SECONDS = 8
ACCEPT_CONNECTIONS = 64
MEMORY_AFTER_S = 30
AM_KEY = "0123456789abcdef0123456789abcdef"


@dataclass(frozen=True, slots=True)
class Figure:
    """One line of the report. `limit` is what the issue asks for, in the same unit."""

    what: str
    value: float
    unit: str
    limit: float
    at_least: bool = False
    ratio: str = ""

    @property
    def holds(self) -> bool:
        return self.value >= self.limit if self.at_least else self.value <= self.limit

    def __str__(self) -> str:
        sign = ">=" if self.at_least else "<="
        mark = "ok  " if self.holds else "MISS"
        return (
            f"  {mark} {self.what:<48} {self.value:>10.1f} {self.unit:<9}"
            f" (asked: {sign} {self.limit:g})  {self.ratio}"
        )


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--only", choices=["sqlite", "postgresql", "memory", "room"], default=None)
    parser.add_argument("--quick", action="store_true", help="a tenth of everything")
    chosen = parser.parse_args()
    scale = 10 if chosen.quick else 1
    fsync_ms = median_fsync_ms()
    print(f"this machine: {os.cpu_count()} cores, load {os.getloadavg()[0]:.1f},"
          f" one durable 4 KiB write {fsync_ms:.2f} ms (median of {FSYNCS})")  # fmt: skip
    missed = 0
    for title, figures in _parts(chosen.only, fsync_ms, scale):
        print(f"{title}:")
        for figure in figures:
            print(figure, flush=True)
            missed += not figure.holds
    return 1 if missed else 0


def _parts(
    only: str | None, fsync_ms: float, scale: int
) -> Iterator[tuple[str, Iterator[Figure]]]:
    for kind in ("sqlite", "postgresql"):
        if only in (None, kind):
            yield kind, database_figures(kind, fsync_ms, scale)
    for kind in ("sqlite", "postgresql"):
        if only in (None, "room"):
            yield f"an incident room on {kind}", incident_figures(kind, scale)
    if only in (None, "memory"):
        yield "one process", process_figures()


def incident_figures(kind: str, scale: int) -> Iterator[Figure]:
    with instance(kind) as (holdfast, _):
        for what, value, unit, limit in room_figures(holdfast, scale):
            yield Figure(what, value, unit, limit)


def median_fsync_ms() -> float:
    """What the disk takes for one durable write: the floor of every promise below."""
    with tempfile.NamedTemporaryFile() as file:
        taken = []
        for _ in range(FSYNCS):
            os.write(file.fileno(), b"x" * 4096)
            began = time.perf_counter()
            os.fdatasync(file.fileno())
            taken.append((time.perf_counter() - began) * 1000)
        return statistics.median(taken)


def database_figures(kind: str, fsync_ms: float, scale: int) -> Iterator[Figure]:
    with instance(kind) as (holdfast, taker):
        yield from single_pages(holdfast, taker, fsync_ms, SINGLE_COUNT // scale)
        yield from storm(holdfast, taker)
        yield from sustained(holdfast, taker, SUSTAINED_COUNT // scale)
    with instance(kind) as (holdfast, taker):
        yield from accepted(holdfast, taker, scale)


@contextmanager
def instance(kind: str) -> Iterator[tuple[Instance, Sink]]:
    with (
        tempfile.TemporaryDirectory() as folder,
        Sink() as taker,
        server(kind) as url,
        Instance(Path(folder) / "data", database=url) as holdfast,
    ):
        holdfast.apply(COMPANY.format(sink=taker.url) + storm_services())
        yield holdfast, taker


@contextmanager
def server(kind: str) -> Iterator[str | None]:
    if kind == "sqlite":
        yield None
        return
    binaries = find_binaries()
    assert binaries is not None, "the test dependencies hold PostgreSQL"
    cluster = Cluster(binaries, durable=True)
    cluster.start()
    try:
        yield cluster.create_database()
    finally:
        cluster.close()


def storm_services() -> str:
    services, connections = ["---", "holdfast: 1", "services:"], ["connections:"]
    for n in range(STORM_SERVICES):
        services.append(f"  - {{id: s{n}, name: S{n}, team: payments, policy: payments}}")
        connections.append(f'  - {{id: c{n}, kind: generic, service: s{n}, key: "{n:032x}cafe"}}')
    return "\n".join([*services, *connections]) + "\n"


def single_pages(holdfast: Instance, taker: Sink, fsync_ms: float, count: int) -> Iterator[Figure]:
    """One alert at a time on an idle system: from POST to the page's arrival."""
    taken = []
    caller = Caller(holdfast_port(holdfast))
    before = taker.count()
    for n in range(count):
        post = request(f"/in/{AM_KEY}", firing(f"single-{n}"))
        began = time.monotonic()
        caller.post(post)
        taken.append((taker.wait_for(before + n + 1, 10) - began) * 1000)
        time.sleep(0.005)
    caller.close()
    taken.sort()
    for name, place, limit, factor in (("p50", 0.5, 50.0, 10), ("p99", 0.99, 250.0, 40)):
        value = taken[min(int(len(taken) * place), len(taken) - 1)]
        yield Figure(
            f"POST of an alert to its page, {name} of {count}",
            value,
            "ms",
            max(limit, factor * fsync_ms),
            ratio=f"= {value / fsync_ms:.1f} durable writes",
        )


def storm(holdfast: Instance, taker: Sink) -> Iterator[Figure]:
    """300 alerts for 300 services at once: how long until the last page is out."""
    posts = [
        request(f"/in/{n:032x}cafe", {"title": "storm", "dedup": f"storm-{n}"})
        for n in range(STORM_SERVICES)
    ]
    spent = Spent(holdfast, taker)
    before = taker.count()
    began = time.monotonic()
    post_all(holdfast_port(holdfast), posts, STORM_CONNECTIONS)
    last = taker.wait_for(before + STORM_SERVICES, 60) - began
    yield Figure(
        f"{STORM_SERVICES} alerts for {STORM_SERVICES} services: last page",
        last,
        "s",
        3.0,
        ratio=spent.each(STORM_SERVICES),
    )


def sustained(holdfast: Instance, taker: Sink, count: int) -> Iterator[Figure]:
    """Alerts in bunches, each a page: pages a second while it lasts."""
    posts = [
        request(
            f"/in/{AM_KEY}",
            {**firing("x"), "alerts": [alert(f"sustained-{n}") for n in range(start, start + 100)]},
        )
        for start in range(0, count, 100)
    ]
    spent = Spent(holdfast, taker)
    before = taker.count()
    began = time.monotonic()
    post_all(holdfast_port(holdfast), posts, 1)
    taken = taker.wait_for(before + count, 120) - began
    yield Figure(
        "pages, sustained", count / taken, "pages/s", 200, at_least=True, ratio=spent.each(count)
    )


def accepted(holdfast: Instance, taker: Sink, scale: int) -> Iterator[Figure]:
    """Durable acceptance under load of wrk: alerts a second and the slowest hundredth."""
    seconds = max(2, ACCEPT_SECONDS // scale)
    spent = Spent(holdfast, taker)
    with tempfile.NamedTemporaryFile("w", suffix=".lua") as script:
        script.write(WRK_SCRIPT)
        script.flush()
        done = subprocess.run(
            ["wrk", "-t1", f"-c{ACCEPT_CONNECTIONS}", f"-d{seconds}s", "-s", script.name,
             f"{holdfast.url}/in/{AM_KEY}"],
            capture_output=True, text=True, check=True,
        )  # fmt: skip
    words = dict(line.split("=", 1) for line in done.stderr.splitlines() if "=" in line)
    rate = float(words["rate"])
    yield Figure(
        "alerts accepted and durable",
        rate,
        "alerts/s",
        3000,
        at_least=True,
        ratio=spent.each(int(rate * seconds)),
    )
    yield Figure("  p99 of their answers", float(words["p99"]), "ms", 100)
    assert float(words["errors"]) == 0, f"{words['errors']} alerts were not accepted"


class Spent:
    """Processor time from now on: a busy machine stretches every other figure, this one less."""

    def __init__(self, holdfast: Instance, taker: Sink) -> None:
        assert holdfast.process is not None
        self._process, self._taker = holdfast.process.pid, taker
        self._before = self._now()

    def each(self, count: int) -> str:
        """Milliseconds for each of so many: of Holdfast, and of the bench's own two ends."""
        holdfast, ends = (
            (now - before) * 1000 / count
            for now, before in zip(self._now(), self._before, strict=True)
        )
        return f"CPU each: {holdfast:.2f} ms (the bench's client and sink: {ends:.2f} ms)"

    def _now(self) -> tuple[float, float]:
        others = os.times()
        own = others.user + others.system + others.children_user + others.children_system
        return cpu_s(self._process), self._taker.cpu_s + own


def holdfast_port(holdfast: Instance) -> int:
    return int(holdfast.url.rsplit(":", 1)[1])


def process_figures() -> Iterator[Figure]:
    with tempfile.TemporaryDirectory() as folder:
        holdfast = Instance(Path(folder) / "data")
        began = time.monotonic()
        holdfast.start()
        first = time.monotonic() - began
        holdfast.stop()
        began = time.monotonic()
        holdfast.start()
        again = time.monotonic() - began
        time.sleep(MEMORY_AFTER_S)
        assert holdfast.process is not None
        used = pss_mib(holdfast.process.pid)
        holdfast.stop()
    yield Figure("start on an empty folder", first, "s", 3.0)
    yield Figure("start again", again, "s", 3.0)
    yield Figure(f"PSS {MEMORY_AFTER_S} s after the start", used, "MiB", 150)


def pss_mib(pid: int) -> float:
    """The proportional share of memory of a process and its children, in MiB."""
    total = 0
    for process in [pid, *children(pid)]:
        for line in Path(f"/proc/{process}/smaps_rollup").read_text().splitlines():
            if line.startswith("Pss:"):
                total += int(line.split()[1])
    return total / 1024


def children(pid: int) -> list[int]:
    found = [int(n) for n in Path(f"/proc/{pid}/task/{pid}/children").read_text().split()]
    return [*found, *(deeper for child in found for deeper in children(child))]


def firing(key: str) -> dict[str, object]:
    return {
        "version": "4", "status": "firing", "receiver": "bench", "groupKey": "g",
        "truncatedAlerts": 0, "groupLabels": {}, "commonLabels": {}, "commonAnnotations": {},
        "externalURL": "http://am", "alerts": [alert(key)],
    }  # fmt: skip


def alert(key: str) -> dict[str, object]:
    return {
        "status": "firing", "fingerprint": key, "startsAt": "2026-11-20T19:48:37Z",
        "labels": {"alertname": "HighCPU", "severity": "critical", "instance": key},
        "annotations": {"summary": f"CPU high on {key}"}, "generatorURL": "http://prom/graph",
    }  # fmt: skip


# 5,000 keys in turn: after the first round most signals repeat an open alert, as in a real storm.
WRK_SCRIPT = """
local n = 0
request = function()
  n = n + 1
  local key = "k" .. (n % 5000)
  local body = '{"version":"4","status":"firing","receiver":"bench","groupKey":"g",'
    .. '"truncatedAlerts":0,"alerts":[{"status":"firing","fingerprint":"' .. key .. '",'
    .. '"startsAt":"2026-11-20T19:48:37Z","labels":{"alertname":"HighCPU","cluster":"prod",'
    .. '"severity":"warning","instance":"' .. key .. '"},"annotations":{"summary":"CPU high",'
    .. '"description":"' .. string.rep("x", 400) .. '"},"generatorURL":"http://prom/graph"}]}'
  return wrk.format("POST", nil, {["Content-Type"]="application/json"}, body)
end
done = function(summary, latency, requests)
  io.stderr:write(string.format("rate=%.1f\\n", summary.requests / (summary.duration / 1e6)))
  io.stderr:write(string.format("p99=%.2f\\n", latency:percentile(99) / 1000))
  local e = summary.errors
  local failed = e.connect + e.read + e.write + e.status + e.timeout
  io.stderr:write(string.format("errors=%d\\n", failed))
end
"""

if __name__ == "__main__":
    raise SystemExit(main())
