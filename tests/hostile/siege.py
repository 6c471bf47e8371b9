"""The whole application with a small company behind it, asked with any bytes that one likes."""

from __future__ import annotations

import asyncio
import json
import sqlite3
from collections.abc import Coroutine, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import cast
from urllib.parse import unquote

import msgspec
from sqlalchemy import text
from starlette.types import Message

from holdfast.alerts import queries as alerts
from holdfast.alerts.model import Alert
from holdfast.catalog import actions as catalog
from holdfast.catalog.model import HEARTBEAT, Connection
from holdfast.kernel.actor import SYSTEM, Role
from holdfast.people import actions as people
from holdfast.people import queries as people_queries
from holdfast.people.credentials import actions as credentials
from holdfast.people.credentials import passwords
from holdfast.storage import inbox
from holdfast.web import auth
from holdfast.web.app import make_app
from tests.support.program import (
    OUTSIDE,
    PASSWORD,
    add_token,
    add_user,
    make_program,
    settings_with,
    sign_in,
)
from tests.support.story import Story

BASE_URL = "http://pager.test"
HOST = "pager.test"
SENDERS = ("generic", "alertmanager", "pagerduty-events")
# A connection of each kind: its id is the kind, its key is known.
KEYS = {
    kind: f"{number}fade{number}" * 5 + "ab"
    for number, kind in enumerate((*SENDERS, HEARTBEAT), start=1)
}
CANARIES = ("canary-of-the-mail-server", "canary-of-the-push-server")
# Where alerts come in, and which of the connections speaks there: one path of each family, and all.
FAMILIES = {
    **{f"/in/{KEYS[kind]}": kind for kind in SENDERS},
    "/v2/enqueue": "pagerduty-events",
}
DOORS = FAMILIES | {
    "/v2/enqueue/": "pagerduty-events",
    "/compat/pagerduty-events/v2/enqueue": "pagerduty-events",
}
BOOKKEEPING = ("seen_at", "used_at")  # when a credential was last used
BODY_PART_BYTES = 60_000
EVERY_LETTER = 100_000
Headers = Mapping[str, str] | Sequence[tuple[str, str]]


@dataclass(frozen=True, slots=True)
class Answer:
    """What came back."""

    status: int
    headers: tuple[tuple[str, str], ...]
    body: bytes

    @property
    def text(self) -> str:
        return self.body.decode()

    def json(self) -> object:
        return msgspec.json.decode(self.body)

    def header(self, name: str) -> str:
        return next((value for known, value in self.headers if known == name), "")

    def cookies(self) -> dict[str, str]:
        """What it sets, by name; an empty value forgets."""
        set_ = [value.partition(";")[0] for name, value in self.headers if name == "set-cookie"]
        return {name: value for name, _, value in (pair.partition("=") for pair in set_)}


@dataclass(frozen=True, slots=True)
class Letter:
    """One request that was accepted: by which connection, and what was read in it."""

    connection: str
    signals: list[dict[str, object]]


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody who is signed in: the session's cookie and the token of their forms."""

    cookie: str
    csrf: str

    def headers(self) -> dict[str, str]:
        return {"cookie": self.cookie, "x-csrf": self.csrf, "sec-fetch-site": "same-origin"}


class Siege:
    """Ana, Bo and Cy answer for Checkout; Zoe runs the place. Nothing that is asked may get a 5xx,
    and no answer may hold a secret: `ask` sees to both."""

    def __init__(self, url: str, folder: Path) -> None:
        settings = settings_with(data=folder, email_password=CANARIES[0], ntfy_token=CANARIES[1])
        self.program = make_program(url, settings=settings, base_url=BASE_URL)
        self.story = Story(self.program.database).company()
        self._connect()
        self.secrets = {
            *CANARIES, *KEYS.values(), PASSWORD, "$argon2", self.program.vault.webhook_secret(),
            "Traceback", 'File "/',
        }  # fmt: skip
        add_user(self.program, "Zoe", Role.ADMIN)
        kept = passwords.chosen(PASSWORD, ())
        with self.program.database.begin(SYSTEM) as tx:
            credentials.set_password(tx, "zoe", kept)
            self._zoe = people_queries.user(tx, "zoe")
        self.admin_token = self.token(Role.ADMIN, "zoe")
        self.viewer_token = self.token(Role.VIEWER)
        self.zoe = self.zoe_comes_back()
        self.app = make_app(self.program)
        self._watcher: sqlite3.Connection | None = None
        self._runner = asyncio.Runner()
        self._from_server: asyncio.Queue[Message] = asyncio.Queue()
        self._living: asyncio.Task[None] | None = None
        self._runner.run(self._lives("startup"))

    def token(self, role: Role, user: str | None = None) -> str:
        made = add_token(self.program, role, user)
        self.secrets.add(made)
        return made

    def zoe_comes_back(self) -> Person:
        """As she was at first, and signed in anew, whatever was done to her."""
        with self.program.database.begin(SYSTEM) as tx:
            people.save_user(tx, self._zoe)
        secret, csrf = sign_in(self.program, self._zoe)
        self.secrets.add(secret)
        self.zoe = Person(f"{auth.session_cookie(self.program)}={secret}", csrf)
        return self.zoe

    def ask(
        self,
        method: str,
        path: str,
        body: bytes | str = b"",
        headers: Headers = (),
        *,
        token: str | None = None,
        peer: tuple[str, int] = OUTSIDE,
        may_be_busy: bool = False,
    ) -> Answer:
        """One request, sent exactly so: `path` is the raw path and query."""
        answer = self._runner.run(
            self._ask(method, path, _bytes(body), _sent(headers, token), peer)
        )
        assert answer.status < 500 or (may_be_busy and answer.status == 503), answer
        assert not any({"\r", "\n", "\0"} & set(value) for _, value in answer.headers), answer
        for secret in self.secrets:
            assert secret.encode() not in answer.body, f"{method} {path[:200]} tells a secret"
        return answer

    def ask_json(self, method: str, path: str, body: object = None, **more: str) -> Answer:
        """The API, as the admin unless `token` says otherwise; NaN and surrogates are written."""
        sent = b"" if body is None else json.dumps(body).encode()
        kind = {"content-type": "application/json"}
        return self.ask(method, path, sent, kind, token=more.get("token", self.admin_token))

    def page(self, path: str) -> Answer:
        """A page, as Zoe sees it."""
        return self.ask("GET", path, headers=self.zoe.headers())

    def alive(self) -> None:
        """Whatever was sent: it lives and takes traffic."""
        assert self.ask("GET", "/healthz").status == 200
        assert self.ask("GET", "/readyz").status == 200

    def healthy(self) -> None:
        """Whatever was sent: it lives, takes traffic, and takes an honest alert."""
        self.alive()
        honest = self.ask("POST", f"/in/{KEYS['generic']}", b'{"title": "x", "status": "ok"}')
        assert honest.status == 202

    def letters_count(self) -> int:
        """How many letters were ever accepted."""
        self.collect()
        with self.program.database.begin(SYSTEM) as tx:
            newest = tx.execute(text("select max(seq) from inbox")).scalars().first()
        return int(str(newest or 0))

    def letters(self, after: int = 0) -> list[Letter]:
        """What was accepted after so many letters, digested or not."""
        self.collect()
        with self.program.database.begin(SYSTEM) as tx:
            query = text("select connection, signals from inbox where seq > :after order by seq")
            rows = tx.execute(query, {"after": after}).all()
        return [Letter(str(row.connection), json.loads(str(row.signals))) for row in rows]

    def collect(self) -> None:
        """On SQLite what was accepted lies in a file of its own until the engine looks."""
        with self.program.database.begin(SYSTEM) as tx:
            inbox.take_waiting(tx, EVERY_LETTER)

    def newest(self) -> Alert:
        """The alert that the last letter opened, once all in the inbox is digested."""
        self.story.drain()
        with self.program.database.read(SYSTEM) as tx:
            last = "(select id from inbox order by seq desc limit 1)"
            found = tx.execute(text(f"select id from alerts where letter = {last}"))
            return alerts.alert(tx, str(found.scalars().first()))

    def forget_letters(self) -> None:
        """What has been looked at in the inbox need not be digested as well."""
        self.collect()
        with self.program.database.begin(SYSTEM) as tx:
            tx.execute(text("update inbox set state = 'done' where state = 'waiting'"))

    def version(self) -> int:
        """Another number than before when anybody has written to the SQLite file."""
        if self._watcher is None:
            place = self.program.settings.data / "holdfast.db"
            self._watcher = sqlite3.connect(f"file:{place}?mode=ro", uri=True)
        return int(self._watcher.execute("pragma data_version").fetchone()[0])

    def unchanged(self, before: int, answer: Answer) -> bool:
        """True where nothing was written since, except that a guardrail counted its refusal."""
        return self.version() == before or b"/help/guardrails/" in answer.body

    def dump(self) -> dict[str, list[tuple[object, ...]]]:
        """Every row of every table (SQLite), without when a credential was last used."""
        found: dict[str, list[tuple[object, ...]]] = {}
        with self.program.database.begin(SYSTEM) as tx:
            names = tx.execute(text("select name from sqlite_master where type = 'table'"))
            for name in [str(row.name) for row in names]:
                present = tx.execute(text(f"select name from pragma_table_info('{name}')"))
                kept = [f'"{row.name}"' for row in present if row.name not in BOOKKEEPING]
                rows = tx.execute(text(f"select {', '.join(kept)} from {name}"))
                found[name] = sorted((tuple(row) for row in rows), key=repr)
        return found

    def close(self) -> None:
        self._runner.run(self._lives("shutdown"))
        self._runner.close()
        if self._watcher is not None:
            self._watcher.close()
        self.program.database.close()

    def _connect(self) -> None:
        with self.program.database.begin(SYSTEM) as tx:
            for kind, key in KEYS.items():
                every = timedelta(days=1) if kind == HEARTBEAT else None
                catalog.save_connection(tx, Connection(kind, kind, "checkout", every=every))
                catalog.set_key(tx, kind, key)

    async def _lives(self, stage: str) -> None:
        """Starts the application as a server does, or ends it."""
        if self._living is None:
            scope = {"type": "lifespan", "asgi": {"version": "3.0"}, "state": {}}
            self._said: asyncio.Queue[Message] = asyncio.Queue()
            living = self.app(scope, self._from_server.get, self._said.put)
            self._living = asyncio.create_task(cast("Coroutine[object, object, None]", living))
        await self._from_server.put({"type": f"lifespan.{stage}"})
        assert (await self._said.get())["type"] == f"lifespan.{stage}.complete"

    async def _ask(
        self,
        method: str,
        path: str,
        body: bytes,
        headers: list[tuple[bytes, bytes]],
        peer: tuple[str, int],
    ) -> Answer:
        raw, _, query = path.partition("?")
        scope = {
            "type": "http", "asgi": {"version": "3.0"}, "http_version": "1.1", "method": method,
            "scheme": "http", "path": unquote(raw), "raw_path": raw.encode("latin-1"),
            "query_string": query.encode("latin-1"), "root_path": "", "headers": headers,
            "client": peer, "server": (HOST, 80), "state": {},
        }  # fmt: skip
        parts = [body[at : at + BODY_PART_BYTES] for at in range(0, len(body), BODY_PART_BYTES)]
        coming = iter(parts or [b""])
        left = max(1, len(parts))
        sent: list[Message] = []

        async def receive() -> Message:
            nonlocal left
            left -= 1
            part = next(coming, None)
            if part is None:
                return {"type": "http.disconnect"}
            return {"type": "http.request", "body": part, "more_body": left > 0}

        async def send(message: Message) -> None:
            sent.append(message)

        await self.app(scope, receive, send)
        head = [(n.decode("latin-1"), v.decode("latin-1")) for n, v in sent[0]["headers"]]
        parts = [message.get("body", b"") for message in sent[1:]]
        return Answer(sent[0]["status"], tuple(head), b"".join(parts))


@contextmanager
def siege(folder: Path, url: str | None = None) -> Iterator[Siege]:
    """A fresh one on a database of its own; without a `url`, a SQLite file in the folder."""
    made = Siege(url or f"sqlite:///{folder / 'holdfast.db'}", folder)
    try:
        yield made
    finally:
        made.close()


def _bytes(body: bytes | str) -> bytes:
    return body if isinstance(body, bytes) else body.encode()


def _sent(headers: Headers, token: str | None) -> list[tuple[bytes, bytes]]:
    """Names in lower case, as a server hands them over; a Host unless one is given."""
    pairs = list(headers.items() if isinstance(headers, Mapping) else headers)
    if token is not None:
        pairs.append(("authorization", f"Bearer {token}"))
    if "host" not in {name for name, _ in pairs}:
        pairs.append(("host", HOST))
    return [(name.encode("latin-1"), value.encode("latin-1")) for name, value in pairs]
