"""The incident room in the bench: how fast it answers, and how soon everybody sees a change."""

from __future__ import annotations

import re
import socket
import statistics
import threading
import time
from collections.abc import Iterator
from urllib.parse import urlsplit

import httpx2

from tests.support.instance import Instance

ENTRIES = 2_000
LOOKS = 40
READERS = 50
CHANGES = 30
LOOK_LIMIT_MS = 150.0
CHANGE_LIMIT_MS = 200.0
TIMEOUT_S = 60.0
_HIDDEN = re.compile(r'name="(\w+)"[^>]*value="([^"]*)"')

Measured = tuple[str, float, str, float]


def room_figures(holdfast: Instance, scale: int) -> Iterator[Measured]:
    """(what, value, unit, limit) of a room with 2,000 entries that 50 people look at."""
    with holdfast.client() as api:
        room = _filled_room(api, ENTRIES // scale)
        visitor = _signed_in(holdfast)
        looks = sorted(_look_ms(visitor, room) for _ in range(LOOKS))
        yield (
            f"a room of {ENTRIES // scale} entries, at the server, median",
            (statistics.median(looks)),
            "ms",
            LOOK_LIMIT_MS,
        )
        seen = sorted(_changes_ms(holdfast, visitor, api, room))
        at_95 = seen[int(len(seen) * 0.95) - 1]
        yield f"a change reaches {READERS} open rooms, p95", at_95, "ms", CHANGE_LIMIT_MS


def _filled_room(api: httpx2.Client, count: int) -> str:
    declared = {
        "title": "Bench", "severity": "SEV2", "detection_source": "teammate", "kind": "test"
    }  # fmt: skip
    number = api.post("incidents", json=declared).raise_for_status().json()["number"]
    for n in range(count):
        said = {"kind": "note", "text": f"entry {n}: the pool of node {n % 7} is at {n % 100} %"}
        api.post(f"incidents/{number}/timeline", json=said).raise_for_status()
    return f"incidents/{number}"


def _signed_in(holdfast: Instance) -> httpx2.Client:
    """A browser's cookies: the one-time link, and its button."""
    link = holdfast.run("sign-in-link", "--user", "ana").stdout.split()[0]
    visitor = httpx2.Client(base_url=holdfast.url, timeout=TIMEOUT_S, trust_env=False)
    page = visitor.get(link).raise_for_status()
    fields = dict(_HIDDEN.findall(page.text))
    origin = {"origin": holdfast.url, "sec-fetch-site": "same-origin"}
    answer = visitor.post(urlsplit(link).path, data=fields, headers=origin)
    assert answer.status_code in (200, 303), answer.text[:300]
    return visitor


def _look_ms(visitor: httpx2.Client, room: str) -> float:
    began = time.perf_counter()
    answer = visitor.get(f"/{room}")
    assert answer.status_code == 200, answer.status_code
    return (time.perf_counter() - began) * 1000


def _changes_ms(
    holdfast: Instance, visitor: httpx2.Client, api: httpx2.Client, room: str
) -> list[float]:
    """From the moment somebody writes a note until each open page is told of it."""
    readers = [_Reader(holdfast, visitor) for _ in range(READERS)]
    taken: list[float] = []
    try:
        time.sleep(1.0)  # the first hints are about what was before
        for n in range(CHANGES):
            for reader in readers:
                reader.told.clear()
            began = time.perf_counter()
            api.post(f"{room}/timeline", json={"kind": "note", "text": f"change {n}"})
            for reader in readers:
                assert reader.told.wait(TIMEOUT_S), "a reader was never told"
                taken.append((reader.told_at - began) * 1000)
            time.sleep(0.1)
    finally:
        for reader in readers:
            reader.close()
    return taken


class _Reader:
    """One open page: a stream of hints, and when the last one about incidents came."""

    def __init__(self, holdfast: Instance, visitor: httpx2.Client) -> None:
        address = urlsplit(holdfast.url)
        self.told = threading.Event()
        self.told_at = 0.0
        self._socket = socket.create_connection((address.hostname, address.port), TIMEOUT_S)
        cookies = "; ".join(f"{name}={value}" for name, value in visitor.cookies.items())
        self._socket.sendall(
            f"GET /live HTTP/1.1\r\nhost: {address.netloc}\r\ncookie: {cookies}\r\n\r\n".encode()
        )
        threading.Thread(target=self._read, daemon=True).start()

    def close(self) -> None:
        self._socket.close()

    def _read(self) -> None:
        with self._socket.makefile("rb") as lines:
            try:
                for line in lines:
                    if line.startswith(b"event: incidents"):
                        self.told_at = time.perf_counter()
                        self.told.set()
            except (OSError, ValueError):  # closed, which is how it ends
                return
