"""Every row of the table against everybody who may ask, and every question against the tables."""

from __future__ import annotations

import asyncio
import re
from collections.abc import Iterator
from dataclasses import replace

import httpx2
import pytest
from fastapi import Response
from sqlalchemy import text
from starlette.types import ASGIApp

from holdfast.kernel.actor import SYSTEM, Role
from holdfast.people import actions as people
from holdfast.people import permissions
from holdfast.web.app import ANONYMOUS, BadTable, check, make_app, table
from holdfast.web.program import Program
from holdfast.web.routes import ANYONE, SIGNED_IN, Face, Route
from tests.support.program import OUTSIDE, Browser, add_token, add_user, client, make_program
from tests.support.story import Story

ROWS = table()
ASKERS = ("anonymous", "viewer", "responder", "manager", "admin", "token", "expired session")
ROLES = {
    "viewer": Role.VIEWER,
    "responder": Role.RESPONDER,
    "manager": Role.MANAGER,
    "admin": Role.ADMIN,
    "token": Role.RESPONDER,
}
_OTHER_METHODS = ("PUT", "PATCH", "DELETE", "OPTIONS", "TRACE")
_PARAMETER = re.compile(r"\{([^}:]*)[^}]*}")
# Bookkeeping that any request may do: when a credential was last used.
_BOOKKEEPING = {"sessions": "seen_at", "tokens": "used_at"}


def stub() -> Response:
    """Stands behind the gate: whoever gets here was let through."""
    return Response(status_code=200)


def named(row: Route) -> str:
    return f"{row.method} {row.path}"


@pytest.fixture(scope="module")
def statuses() -> dict[tuple[str, str, str], int]:
    """What every asker got from every row (asker, method, path), with a stub behind every gate."""
    program = make_program()
    try:
        app = make_app(program, tuple(replace(row, endpoint=stub) for row in ROWS), ANONYMOUS)
        return asyncio.run(ask_everything(app, askers_of(program, app)))
    finally:
        program.database.close()


def askers_of(program: Program, app: ASGIApp) -> dict[str, Browser]:
    made = {"anonymous": client(program, app=app)}
    for name in ("viewer", "responder", "manager", "admin"):
        person = add_user(program, name.capitalize(), ROLES[name])
        made[name] = client(program, person, app=app)
    gone = add_user(program, "Gone", Role.ADMIN)
    made["expired session"] = client(program, gone, app=app)
    with program.database.begin(SYSTEM) as tx:
        people.disable_user(tx, "gone")
    made["token"] = client(program, add_token(program, ROLES["token"]), app=app)
    return made


async def ask_everything(
    app: ASGIApp, askers: dict[str, Browser]
) -> dict[tuple[str, str, str], int]:
    found = {}
    for name, asker in askers.items():
        headers = {"sec-fetch-site": "same-origin", "x-csrf": asker.csrf, **token_of(asker)}
        async with speaking(app, headers, dict(asker.cookies)) as speaker:
            for row in ROWS:
                path = _PARAMETER.sub("x", row.path)
                others = _OTHER_METHODS if name == "admin" else ()
                for method in (row.method, *others):
                    answer = await speaker.request(method, path)
                    found[name, method, row.path] = answer.status_code
    return found


def token_of(asker: Browser) -> dict[str, str]:
    sent = asker.headers.get("authorization")
    return {} if sent is None else {"authorization": sent}


def speaking(app: ASGIApp, headers: dict[str, str], cookies: dict[str, str]) -> httpx2.AsyncClient:
    """All requests in one event loop: hundreds of clients with a loop each take a minute."""
    transport = httpx2.ASGITransport(app=app, raise_app_exceptions=False, client=OUTSIDE)
    cookie = {"cookie": "; ".join(f"{name}={value}" for name, value in cookies.items())}
    return httpx2.AsyncClient(
        transport=transport,
        base_url="http://testserver",
        headers=headers | (cookie if cookies else {}),
    )


def expected(row: Route, asker: str) -> int:
    """What the table says that this asker gets from this row."""
    stranger = 401 if row.face is Face.API else 303
    if row.needs == ANYONE:
        return 200
    if asker in ("anonymous", "expired session"):
        return stranger
    if asker == "token" and row.face is not Face.API:
        return stranger
    if row.needs == SIGNED_IN:
        return 200
    return 200 if ROLES[asker].rank >= permissions.NEEDS[row.needs].rank else 403


@pytest.mark.parametrize("row", ROWS, ids=named)
def test_every_route_lets_through_exactly_who_the_table_says(
    statuses: dict[tuple[str, str, str], int], row: Route
) -> None:
    """Promises P25, S06."""
    got = {asker: statuses[asker, row.method, row.path] for asker in ASKERS}
    if row.needs == ANYONE and row.method == "POST" and row.csrf:
        assert set(got.values()) <= {200, 403}  # the form of a stranger needs a token of its own
        return
    assert got == {asker: expected(row, asker) for asker in ASKERS}


@pytest.mark.parametrize("row", ROWS, ids=named)
def test_no_route_answers_a_method_that_it_does_not_name(
    statuses: dict[tuple[str, str, str], int], row: Route
) -> None:
    here = {other.method for other in ROWS if same_path(other.path, row.path)}
    for method in set(_OTHER_METHODS) - here:
        assert statuses["admin", method, row.path] in (403, 404, 405), method


def same_path(one: str, other: str) -> bool:
    return _PARAMETER.sub("x", one) == _PARAMETER.sub("x", other)


def test_only_the_listed_routes_are_open_to_anyone() -> None:
    """Promises P25: at most twelve, and each is known."""
    present = {(row.method, row.path) for row in ROWS if row.needs == ANYONE}
    assert present <= ANONYMOUS
    assert len(ANONYMOUS) <= 12


def test_nothing_that_anyone_may_change_goes_without_a_proof() -> None:
    for row in ROWS:
        if row.needs == ANYONE and row.method != "GET":
            assert row.csrf or row.path == "/p/{token}", named(row)


@pytest.mark.parametrize(
    ("rows", "fault"),
    [
        ([Route("GET", "/a", stub, "alerts.raed")], "no permission"),
        ([Route("GET", "/a", stub, "")], "no permission"),
        ([Route("GET", "/a", stub, ANYONE)], "ANONYMOUS"),
        (
            [Route("GET", "/a/{id}", stub, SIGNED_IN), Route("GET", "/a/{name}", stub, SIGNED_IN)],
            "twice",
        ),
    ],
)
def test_a_table_that_is_not_sound_keeps_holdfast_from_starting(
    rows: list[Route], fault: str
) -> None:
    with pytest.raises(BadTable, match=fault):
        check(rows, ANONYMOUS)


@pytest.fixture(scope="module")
def company() -> Iterator[tuple[Program, dict[str, str]]]:
    """A company with an open alert, and an id for each parameter of a path."""
    program = make_program()
    story = Story(program.database).company()
    alert = story.fires().alert
    assert alert is not None
    story.drain()
    ids = {
        "alert_id": alert,
        "user_id": "ana",
        "team_id": "payments",
        "policy_id": "payments",
        "schedule_id": "primary",
        "service_id": "checkout",
        "connection_id": "am",
    }
    yield program, ids
    program.database.close()


def dump(program: Program) -> dict[str, list[tuple[object, ...]]]:
    """Every row of every table, without when a credential was last used."""
    with program.database.begin(SYSTEM) as tx:
        tables = text("select name from sqlite_master where type = 'table'")
        names = [str(name) for name in tx.execute(tables).scalars()]
        found: dict[str, list[tuple[object, ...]]] = {}
        for name in names:
            present = tx.execute(text(f"select name from pragma_table_info('{name}')")).scalars()
            columns = {str(column) for column in present} - {_BOOKKEEPING.get(name)}
            quoted = ", ".join(f'"{column}"' for column in sorted(columns))
            rows = tx.execute(text(f"select {quoted} from {name}"))
            found[name] = sorted((tuple(row) for row in rows), key=repr)
        return found


def test_asking_never_changes_anything(company: tuple[Program, dict[str, str]]) -> None:
    """Promises P25, S24: GET, HEAD and OPTIONS of every route, by everybody, with real ids."""
    program, ids = company
    app = make_app(program)
    askers = [
        client(program, app=app),
        client(program, add_user(program, "Zoe", Role.ADMIN), app=app),
        client(program, add_token(program, Role.ADMIN, "ana"), app=app),
    ]
    before = dump(program)
    statuses = asyncio.run(read_everything(app, askers, ids))
    assert [key for key, status in statuses.items() if status >= 500] == []
    assert sum(status == 200 for status in statuses.values()) > len(ROWS) / 2
    after = dump(program)
    assert {name for name in before if before[name] != after[name]} == set()


async def read_everything(
    app: ASGIApp, askers: list[Browser], ids: dict[str, str]
) -> dict[tuple[int, str, str], int]:
    found = {}
    for number, asker in enumerate(askers):
        async with speaking(app, token_of(asker), dict(asker.cookies)) as speaker:
            # /live never ends by itself; tests/web/test_live.py has it.
            for path in sorted({row.path for row in ROWS} - {"/live"}):
                real = _PARAMETER.sub(lambda match: ids.get(match[1], "x"), path)
                for method in ("GET", "HEAD", "OPTIONS"):
                    answer = await speaker.request(method, real)
                    found[number, method, path] = answer.status_code
    return found
