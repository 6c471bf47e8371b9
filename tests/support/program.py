"""A whole Holdfast in memory, without its engine, and clients of every kind for it."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path

import httpx2
from starlette.testclient import TestClient
from starlette.types import ASGIApp

from holdfast import reactions
from holdfast.engine.sender import Carrier
from holdfast.kernel.actor import SYSTEM, Role
from holdfast.kernel.chance import Chance
from holdfast.kernel.clock import Clock, SteppedClock
from holdfast.people import actions as people
from holdfast.people.credentials import actions as credentials
from holdfast.people.credentials.model import Entry
from holdfast.people.model import User
from holdfast.sdk import Call, Reply
from holdfast.sdk.discovery import discover
from holdfast.settings import Settings
from holdfast.storage.database import Database, open_backend
from holdfast.storage.vault import open_vault
from holdfast.web import auth
from holdfast.web.app import make_app
from holdfast.web.csrf import token as csrf_token
from holdfast.web.program import Program

START = datetime(2026, 11, 16, 9, 0, tzinfo=UTC)
PASSWORD = "a lamp, a boat and seven geese"
OUTSIDE = ("203.0.113.7", 50000)
LOOPBACK = ("127.0.0.1", 50000)


def make_program(
    url: str = "sqlite://",
    *,
    settings: Settings | None = None,
    clock: Clock | None = None,
    base_url: str = "http://testserver",
    seed: int = 7,
) -> Program:
    """A program on a fresh database with a clock that stands at START. Close its database.

    Two programs on one database need a seed of their own, or they give the same ids.
    """
    stepped = clock or SteppedClock(START)
    database = Database(
        open_backend(url),
        clock=stepped,
        chance=Chance(seed),
        recorder=reactions.RECORDER,
        stepped=True,
    )
    database.migrate()
    with database.begin(SYSTEM) as tx:
        vault = open_vault(tx, None)
    return Program(
        settings=settings or settings_with(),
        database=database,
        integrations=discover(),
        carrier=Carrier({}, _no_way_out),
        vault=vault,
        node="nd_test",
        base_url=base_url,
    )


def settings_with(**changed: object) -> Settings:
    """The defaults and these changes, whatever the environment says."""
    return Settings.model_validate({"data": Path("unused"), **changed})


def add_user(program: Program, name: str, role: Role, *, time_zone: str = "UTC") -> User:
    """A person without contact methods, whose id is the name in lower case."""
    user = User(
        id=name.lower(),
        name=name,
        email=f"{name.lower()}@example.com",
        time_zone=time_zone,
        role=role,
    )
    with program.database.begin(SYSTEM) as tx:
        people.save_user(tx, user)
    return user


def add_token(program: Program, role: Role, user: str | None = None) -> str:
    """What a program sends as its bearer token."""
    with program.database.begin(SYSTEM) as tx:
        return credentials.create_token(tx, f"{role.value} token", role, user).secret


def sign_in(program: Program, user: User) -> tuple[str, str]:
    """The value of a cookie of a new session, and the CSRF token of its forms."""
    with program.database.begin(SYSTEM) as tx:
        lasts = timedelta(days=7)
        opened = credentials.open_session(tx, user, Entry.PASSWORD, lasts=lasts)
    return opened.secret, csrf_token(program.vault, opened.session.id)


class Browser(TestClient):
    """A client without cookies of its own until it signs in; forms carry `csrf` by themselves."""

    csrf = ""

    def enter(self, program: Program, user: User) -> Browser:
        """Signs in, without the sign-in page."""
        secret, self.csrf = sign_in(program, user)
        host = self.base_url.host
        # As a cookie jar has it, so that an answer's cookie replaces this one.
        domain = host if "." in host else f"{host}.local"
        self.cookies.set(auth.session_cookie(program), secret, domain=domain)
        return self

    def send_form(self, path: str, fields: dict[str, str] | None = None) -> httpx2.Response:
        """Posts a form as our pages do; a redirect is not followed."""
        data = {"csrf": self.csrf, **(fields or {})}
        return self.post(path, data=data, headers={"sec-fetch-site": "same-origin"})


def client(
    program: Program,
    as_: User | str | None = None,
    *,
    app: ASGIApp | None = None,
    address: tuple[str, int] = OUTSIDE,
) -> Browser:
    """A client of this program's application: as a person (session), with a bearer token (str),
    or as nobody. It follows no redirects and does not hide a server error behind an exception."""
    made = app or make_app(program)
    browser = Browser(
        made,
        base_url=program.base_url,
        follow_redirects=False,
        raise_server_exceptions=False,
        client=address,
    )
    if isinstance(as_, User):
        return browser.enter(program, as_)
    if as_ is not None:
        browser.headers["authorization"] = f"Bearer {as_}"
    return browser


def _no_way_out(call: Call) -> Reply:
    raise AssertionError(f"a test of the face sent something: {call}")
