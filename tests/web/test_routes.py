"""Every row of the table against everybody who may ask, and every question against the tables."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace

import pytest
from fastapi import Response
from sqlalchemy import text

from holdfast.kernel.actor import SYSTEM, Role
from holdfast.people import actions as people
from holdfast.people import permissions
from holdfast.web.app import ANONYMOUS, BadTable, check, make_app, table
from holdfast.web.program import Program
from holdfast.web.routes import ANYONE, SIGNED_IN, Face, Route
from tests.support.program import Browser, add_token, add_user, client, make_program
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
_PARAMETER = re.compile(r"\{([^}:]*)[^}]*}")
# Bookkeeping that any request may do: when a credential was last used.
_BOOKKEEPING = {"sessions": "seen_at", "tokens": "used_at"}


def stub() -> Response:
    """Stands behind the gate: whoever gets here was let through."""
    return Response(status_code=200)


def named(row: Route) -> str:
    return f"{row.method} {row.path}"


@pytest.fixture(scope="module")
def askers() -> Iterator[dict[str, Browser]]:
    """A client of each kind before the whole table, with a stub behind every gate."""
    program = make_program()
    app = make_app(program, tuple(replace(row, endpoint=stub) for row in ROWS), ANONYMOUS)
    made = {"anonymous": client(program, app=app)}
    for name in ("viewer", "responder", "manager", "admin"):
        person = add_user(program, name.capitalize(), ROLES[name])
        made[name] = client(program, person, app=app)
    gone = add_user(program, "Gone", Role.ADMIN)
    made["expired session"] = client(program, gone, app=app)
    with program.database.begin(SYSTEM) as tx:
        people.disable_user(tx, "gone")
    made["token"] = client(program, add_token(program, ROLES["token"]), app=app)
    yield made
    program.database.close()


def ask(asker: Browser, row: Route) -> int:
    path = _PARAMETER.sub("x", row.path)
    headers = {"sec-fetch-site": "same-origin", "x-csrf": asker.csrf}
    return asker.request(row.method, path, headers=headers).status_code


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


@pytest.mark.parametrize("asker", ASKERS)
@pytest.mark.parametrize("row", ROWS, ids=named)
def test_every_route_lets_through_exactly_who_the_table_says(
    askers: dict[str, Browser], row: Route, asker: str
) -> None:
    """Promises P25, S06."""
    if row.needs == ANYONE and row.face is Face.PAGE and row.method == "POST" and row.csrf:
        assert ask(askers[asker], row) in (200, 403)  # the form of a stranger needs its own token
        return
    assert ask(askers[asker], row) == expected(row, asker)


@pytest.mark.parametrize("row", ROWS, ids=named)
def test_no_route_answers_a_method_that_it_does_not_name(
    askers: dict[str, Browser], row: Route
) -> None:
    path = _PARAMETER.sub("x", row.path)
    named_here = {other.method for other in ROWS if other.path == row.path}
    for method in {"PUT", "PATCH", "DELETE", "OPTIONS", "TRACE"} - named_here:
        status = askers["admin"].request(method, path).status_code
        assert status in (401, 404, 405), f"{method} {path}: {status}"


def test_only_the_listed_routes_are_open_to_anyone() -> None:
    """Promises P25: at most twelve, and each is known."""
    present = {(row.method, row.path) for row in ROWS if row.needs == ANYONE}
    assert present <= ANONYMOUS
    assert len(ANONYMOUS) <= 12


def test_nothing_that_anyone_may_change_goes_without_a_proof() -> None:
    for row in ROWS:
        if row.needs == ANYONE and row.method != "GET":
            assert row.csrf or row.face is Face.DOOR, named(row)


def test_a_get_never_names_a_permission_to_change_something() -> None:
    for row in ROWS:
        if row.method == "GET" and row.needs in permissions.NEEDS:
            verbs = ("edit", "open", "answer", "apply", "override")
            assert not row.needs.endswith(verbs) or row.face is Face.PAGE, named(row)


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
        names = [
            str(row[0])
            for row in tx.execute(text("select name from sqlite_master where type = 'table'"))
        ]
        found: dict[str, list[tuple[object, ...]]] = {}
        for name in names:
            columns = [
                str(row[1])
                for row in tx.execute(text(f"pragma table_info({name})"))
                if row[1] != _BOOKKEEPING.get(name)
            ]
            quoted = ", ".join(f'"{column}"' for column in columns)
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
    served = 0
    for row in ROWS:
        if row.path == "/live":  # never ends by itself; tests/web/test_live.py
            continue
        path = _PARAMETER.sub(lambda match: ids.get(match[1], "x"), row.path)
        for asker in askers:
            for method in ("GET", "HEAD", "OPTIONS"):
                status = asker.request(method, path).status_code
                assert status < 500, f"{method} {path}: {status}"
                served += status == 200
    assert served > len(ROWS)
    after = dump(program)
    assert {name for name in before if before[name] != after[name]} == set()
