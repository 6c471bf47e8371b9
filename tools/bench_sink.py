"""The other end of the bench: takes pages as cheaply as can be and tells when each came."""

from __future__ import annotations

import asyncio
import subprocess
import sys
import time
from pathlib import Path
from types import TracebackType
from typing import cast

import uvloop

sys.path.insert(0, str(Path(__file__).parents[1]))

from tools.bench_load import Caller, cpu_s

_TAKEN = b"HTTP/1.1 200 OK\r\ncontent-length: 0\r\n\r\n"
_HEAD_END = b"\r\n\r\n"


class Sink:
    """A process of its own, so that the bench's own work is not what is measured."""

    def __init__(self) -> None:
        self._process = subprocess.Popen(
            [sys.executable, __file__], stdout=subprocess.PIPE, text=True
        )
        assert self._process.stdout is not None
        self._port = int(self._process.stdout.readline())
        self.url = f"http://127.0.0.1:{self._port}"
        self._asking = Caller(self._port)

    @property
    def cpu_s(self) -> float:
        """Processor time that it has used."""
        return cpu_s(self._process.pid)

    def count(self) -> int:
        """How many pages have come."""
        return int(self._asking.get("/count"))

    def wait_for(self, count: int, timeout_s: float) -> float:
        """The monotonic second at which so many had come. Raises TimeoutError."""
        return float(self._asking.get(f"/wait/{count}", timeout_s))

    def __enter__(self) -> Sink:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._process.kill()
        self._process.wait()


class _Taker(asyncio.Protocol):
    """One connection. POST is a page, GET a question of the bench."""

    arrivals: list[float] = []
    waiting: dict[int, asyncio.Transport] = {}

    def __init__(self) -> None:
        self._rest = b""

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        # uvloop has a transport of its own, which is one in all but its class.
        self._transport = cast(asyncio.Transport, transport)

    def data_received(self, data: bytes) -> None:
        data = self._rest + data
        while (end := data.find(_HEAD_END)) >= 0:
            body = end + len(_HEAD_END)
            if data.startswith(b"GET"):
                self._answer(data[:end].split(b" ")[1])
            else:
                place = data[:end].lower().find(b"content-length:")
                body += int(data[place + 15 : end].split(b"\r", 1)[0])
                if len(data) < body:
                    break
                self._take()
            data = data[body:]
        self._rest = data

    def _take(self) -> None:
        self.arrivals.append(time.monotonic())
        self._transport.write(_TAKEN)
        asking = self.waiting.pop(len(self.arrivals), None)
        if asking is not None:
            _say(asking, self.arrivals[-1])

    def _answer(self, path: bytes) -> None:
        if path == b"/count":
            _say(self._transport, len(self.arrivals))
            return
        wanted = int(path.rsplit(b"/", 1)[1])
        if wanted <= len(self.arrivals):
            _say(self._transport, self.arrivals[wanted - 1])
        else:
            self.waiting[wanted] = self._transport


def _say(transport: asyncio.Transport, what: object) -> None:
    body = str(what).encode()
    transport.write(b"HTTP/1.1 200 OK\r\ncontent-length: %d\r\n\r\n%b" % (len(body), body))


async def _serve() -> None:
    server = await asyncio.get_running_loop().create_server(_Taker, "127.0.0.1", 0)
    sys.stdout.write(f"{server.sockets[0].getsockname()[1]}\n")
    sys.stdout.flush()
    await server.serve_forever()


if __name__ == "__main__":
    uvloop.run(_serve())
