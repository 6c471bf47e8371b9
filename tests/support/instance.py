"""A real Holdfast in a process of its own, and a sink for what it sends."""

from __future__ import annotations

import contextlib
import json
import os
import queue
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import cast

import httpx2

READY_S = 60.0
STOP_S = 20.0
UP = "Holdfast is up at "
LINK = "Sign in once with "


@dataclass
class Instance:
    """`holdfast up` on a free port. `start` works again after `stop` and `kill`."""

    data: Path
    database: str | None = None
    rehearsal: bool = False
    port: int = 0
    environment: Mapping[str, str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.url = ""
        self.sign_in_link: str | None = None
        self.lines: list[str] = []
        self.process: subprocess.Popen[str] | None = None
        self._token: str | None = None

    @property
    def where(self) -> list[str]:
        """How commands reach it."""
        return ["--database", self.database] if self.database else ["--data", str(self.data)]

    def start(self) -> Instance:
        command = [*HOLDFAST, "up", "--data", str(self.data), "--port", str(self.port)]
        if self.database:
            command += ["--database", self.database]
        if self.rehearsal:
            command.append("--rehearsal")
        self.process = subprocess.Popen(
            command,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            env={**os.environ, **self.environment},
        )
        self._wait_until_up()
        return self

    def run(self, *arguments: str, check: bool = True) -> subprocess.CompletedProcess[str]:
        """One command of the command line against this instance."""
        done = subprocess.run(
            [*HOLDFAST, *arguments, *self.where],
            capture_output=True,
            text=True,
            timeout=READY_S,
            check=False,
            env={**os.environ, **self.environment},
        )
        if check:
            assert done.returncode == 0, f"{arguments}: {done.stdout}{done.stderr}"
        return done

    def client(self) -> httpx2.Client:
        """The API, as an admin's token."""
        if self._token is None:
            created = self.run("token", "create", "--name", "tests", "--role", "admin")
            self._token = created.stdout.strip()
        return httpx2.Client(
            base_url=f"{self.url}/api/v1",
            headers={"authorization": f"Bearer {self._token}"},
            timeout=30,
            trust_env=False,
        )

    def apply(self, configuration: str) -> None:
        """Configuration as code."""
        place = self.data / "apply.yaml"
        place.parent.mkdir(parents=True, exist_ok=True)
        place.write_text(configuration)
        self.run("apply", str(place))

    def kill(self) -> None:
        """As a power cut would, without a word of warning."""
        self._end(signal.SIGKILL)

    def stop(self) -> None:
        self._end(signal.SIGTERM)

    def __enter__(self) -> Instance:
        return self.start()

    def __exit__(self, *unused: object) -> None:
        self.stop()

    def _end(self, how: signal.Signals) -> None:
        if self.process is None:
            return
        self.process.send_signal(how)
        try:
            self.process.wait(STOP_S)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait(STOP_S)
        self.process = None

    def _wait_until_up(self) -> None:
        assert self.process is not None
        assert self.process.stdout is not None
        told: queue.SimpleQueue[str] = queue.SimpleQueue()
        reader = threading.Thread(
            target=_read_lines, args=(self.process, self.lines, told), daemon=True
        )
        reader.start()
        end = time.monotonic() + READY_S
        while time.monotonic() < end:
            with contextlib.suppress(queue.Empty):
                line = told.get(timeout=0.2)
                if line.startswith(UP):
                    self.url = line.removeprefix(UP).split()[0]
                    return
            if self.process.poll() is not None:
                break
        raise AssertionError("Holdfast did not come up:\n" + "".join(self.lines[-50:]))

    def link(self) -> str:
        """The one-time link that was printed at the start."""
        end = time.monotonic() + 10
        while time.monotonic() < end:
            for line in self.lines:
                if line.startswith(LINK):
                    return line.removeprefix(LINK).strip()
            time.sleep(0.05)
        raise AssertionError("no sign-in link was printed")


def _read_lines(
    process: subprocess.Popen[str], lines: list[str], told: queue.SimpleQueue[str]
) -> None:
    assert process.stdout is not None
    for line in process.stdout:
        lines.append(line)
        told.put(line)


@dataclass
class Sink:
    """A web server that keeps every JSON message it gets, with the instant of arrival."""

    status: int = 200

    def __post_init__(self) -> None:
        self.received: list[tuple[float, str, dict[str, object], dict[str, str]]] = []
        sink = self

        class Taker(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers.get("content-length", 0)))
                headers = {name.lower(): value for name, value in self.headers.items()}
                sink.received.append((time.monotonic(), self.path, json.loads(body), headers))
                self.send_response(sink.status)
                self.send_header("content-length", "0")
                self.end_headers()

            def log_message(self, format: str, *args: object) -> None:
                """Says nothing."""

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Taker)
        self.url = f"http://127.0.0.1:{self._server.server_address[1]}"
        threading.Thread(target=self._server.serve_forever, daemon=True).start()

    def has_more_than(self, count: int) -> bool:
        return len(self.received) > count

    def pages(self) -> list[dict[str, object]]:
        return [message for _, _, message, _ in self.received if message.get("kind") == "page"]

    def wait_for(self, count: int, timeout_s: float = 20.0) -> list[dict[str, object]]:
        """The pages received, as soon as there are so many."""
        end = time.monotonic() + timeout_s
        while time.monotonic() < end and len(self.pages()) < count:
            time.sleep(0.02)
        found = self.pages()
        assert len(found) >= count, f"{len(found)} pages instead of {count} after {timeout_s} s"
        return found

    def close(self) -> None:
        self._server.shutdown()
        self._server.server_close()


def alert_of(page: Mapping[str, object]) -> Mapping[str, object]:
    """The alert that a page's message is about."""
    return cast(Mapping[str, object], page["alert"])


@contextlib.contextmanager
def sink() -> Iterator[Sink]:
    made = Sink()
    try:
        yield made
    finally:
        made.close()


HOLDFAST = [sys.executable, "-c", "import sys; from holdfast.cli.app import main; sys.exit(main())"]

COMPANY = """
holdfast: 1
users:
  - id: ana
    name: Ana Lima
    email: ana@example.com
    time_zone: Europe/Lisbon
    role: responder
    methods: [{{id: hook, kind: webhook, address: "{sink}/ana"}}]
    rules: {{high: [{{after: 0m, method: hook}}], low: [{{after: 0m, method: hook}}]}}
  - id: bo
    name: Bo Berg
    email: bo@example.com
    time_zone: Europe/Berlin
    role: responder
    methods: [{{id: hook, kind: webhook, address: "{sink}/bo"}}]
    rules: {{high: [{{after: 0m, method: hook}}]}}
teams:
  - {{id: payments, name: Payments, lead: ana, members: [ana, bo]}}
schedules:
  - id: payments-primary
    team: payments
    time_zone: Europe/Lisbon
    rotations:
      - id: weekly
        members: [ana]
        handoff: {{every: 1w, on: monday, at: "09:00"}}
        starts: 2020-01-06
escalation_policies:
  - id: payments
    steps:
      - {{page: ["schedule:payments-primary"], wait: 5m}}
      - {{page: ["user:bo"], wait: 15m}}
    last_resort: ["user:ana"]
services:
  - {{id: checkout, name: Checkout, team: payments, policy: payments, tier: 1}}
connections:
  - id: checkout-am
    kind: alertmanager
    service: checkout
    key: "0123456789abcdef0123456789abcdef"
  - id: checkout-pd
    kind: pagerduty-events
    service: checkout
    key: "fedcba9876543210fedcba9876543210"
  - id: checkout-json
    kind: generic
    service: checkout
    key: "00000000000000000000000000000001"
  - id: nightly
    kind: heartbeat
    service: checkout
    key: "00112233445566778899aabbccddeeff"
    every: 1d
    grace: 30m
"""
