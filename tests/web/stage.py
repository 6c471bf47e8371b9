"""A stage for the scripts of the face: pages that a test writes, posts that it reads, and hints."""

from __future__ import annotations

import queue
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import ClassVar
from urllib.parse import parse_qsl

from holdfast.web.assets import PREFIX, Asset, Assets
from tools.gallery import CSP


class Stage:
    """`pages` are served by path; each post is kept in `posts`; `answers` say what a post gets."""

    def __init__(self, assets: Assets) -> None:
        self.assets = assets
        self.pages: dict[str, str] = {}
        self.posts: queue.Queue[tuple[str, dict[str, str]]] = queue.Queue()
        self.answers: dict[str, tuple[int, str, str]] = {}
        self.asked: list[str] = []
        self.url = ""
        self._listeners: list[queue.Queue[str]] = []

    def hint(self, topic: str) -> None:
        """Tells every open page that something changed."""
        for listener in self._listeners:
            listener.put(f"event: {topic}\ndata: {{}}\n\n")

    def listen(self) -> Iterator[str]:
        listener: queue.Queue[str] = queue.Queue()
        self._listeners.append(listener)
        yield "event: beat\ndata: {}\n\n"
        while True:
            yield listener.get(timeout=60)


class Answer(BaseHTTPRequestHandler):
    """Answers for the stage that its server holds."""

    stage: ClassVar[Stage]

    def do_GET(self) -> None:
        path = self.path.partition("?")[0]
        if path == "/live":
            self._stream()
        elif path.startswith(PREFIX):
            self._asset(self.stage.assets.find(path.removeprefix(PREFIX)))
        else:
            self.stage.asked.append(path)
            page = self.stage.pages.get(path)
            self._send(200 if page else 404, "text/html; charset=utf-8", (page or "").encode())

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"])).decode()
        self.stage.posts.put((self.path, dict(parse_qsl(body))))
        status, kind, text = self.stage.answers.get(self.path, (204, "text/plain", ""))
        self._send(status, kind, text.encode())

    def _asset(self, asset: Asset | None) -> None:
        if asset is None:
            self._send(404, "text/plain", b"")
        else:
            self._send(200, asset.content_type, asset.content)

    def _send(self, status: int, kind: str, body: bytes) -> None:
        self.send_response(status)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Security-Policy", CSP)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def _stream(self) -> None:
        self.send_response(200)
        self.send_header("Content-Type", "text/event-stream")
        self.end_headers()
        with suppress(OSError, queue.Empty):  # the page was closed
            for text in self.stage.listen():
                self.wfile.write(text.encode())
                self.wfile.flush()

    def log_message(self, format: str, *args: object) -> None:
        return


@contextmanager
def staged(assets: Assets) -> Iterator[Stage]:
    """A stage that is served on the loopback as long as the block lasts."""
    stage = Stage(assets)
    answer = type("AnswerOf", (Answer,), {"stage": stage})
    server = ThreadingHTTPServer(("127.0.0.1", 0), answer)
    server.daemon_threads = True
    threading.Thread(target=server.serve_forever, daemon=True).start()
    stage.url = f"http://127.0.0.1:{server.server_port}"
    try:
        yield stage
    finally:
        server.shutdown()
        server.server_close()
