"""The bench's own client: bytes on sockets, so that little of the two cores is spent on it."""

from __future__ import annotations

import json
import os
import socket
from collections.abc import Sequence
from pathlib import Path

TIMEOUT_S = 60.0
_HEAD_END = b"\r\n\r\n"


def request(path: str, message: object) -> bytes:
    """A POST of that message as JSON."""
    body = json.dumps(message).encode()
    return (
        b"POST %b HTTP/1.1\r\nhost: bench\r\ncontent-type: application/json\r\n"
        b"content-length: %d\r\n\r\n%b" % (path.encode(), len(body), body)
    )


def post_all(port: int, requests: Sequence[bytes], connections: int) -> None:
    """All of them, over so many connections at once. Each must be answered with a 2xx."""
    callers = [Caller(port) for _ in range(min(connections, len(requests)))]
    for start in range(0, len(requests), len(callers)):
        together = list(zip(callers, requests[start : start + len(callers)], strict=False))
        for caller, each in together:
            caller.send(each)
        for caller, _ in together:
            caller.accepted()
    for caller in callers:
        caller.close()


class Caller:
    """One connection that stays open."""

    def __init__(self, port: int) -> None:
        self._socket = socket.create_connection(("127.0.0.1", port), TIMEOUT_S)
        self._socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)

    def post(self, request: bytes) -> None:
        """Sends it and waits for a 2xx."""
        self.send(request)
        self.accepted()

    def get(self, path: str, timeout_s: float = TIMEOUT_S) -> str:
        """The body of the answer. Raises TimeoutError."""
        self._socket.settimeout(timeout_s)
        self.send(b"GET %b HTTP/1.1\r\nhost: bench\r\n\r\n" % path.encode())
        return self._answer()[1].decode()

    def send(self, request: bytes) -> None:
        self._socket.sendall(request)

    def accepted(self) -> None:
        """Reads an answer, which must be a 2xx."""
        status, body = self._answer()
        assert 200 <= status < 300, f"answered with {status}: {body.decode()[:200]}"

    def close(self) -> None:
        self._socket.close()

    def _answer(self) -> tuple[int, bytes]:
        data = b""
        while (end := data.find(_HEAD_END)) < 0:
            data += self._more()
        head = data[:end].lower()
        place = head.find(b"content-length:")
        length = int(head[place + 15 :].split(b"\r", 1)[0]) if place >= 0 else 0
        body = data[end + len(_HEAD_END) :]
        while len(body) < length:
            body += self._more()
        return int(head[9:12]), body

    def _more(self) -> bytes:
        data = self._socket.recv(65536)
        assert data, "the other side hung up"
        return data


def cpu_s(process: int) -> float:
    """Processor time of a process so far: its own threads, user and system."""
    words = Path(f"/proc/{process}/stat").read_text().rsplit(")", 1)[1].split()
    return (int(words[11]) + int(words[12])) / float(os.sysconf("SC_CLK_TCK"))
