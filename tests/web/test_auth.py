from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta

import pytest
from fastapi import Response
from starlette.types import ASGIApp, Receive, Scope, Send

from holdfast.kernel.actor import SYSTEM, Role
from holdfast.kernel.clock import SteppedClock
from holdfast.people import actions as people
from holdfast.people import queries
from holdfast.people.credentials import actions as credentials
from holdfast.people.credentials import queries as proofs
from holdfast.web import auth, respond
from holdfast.web.app import make_app
from holdfast.web.context import ContextDep
from holdfast.web.program import Program
from holdfast.web.routes import SIGNED_IN, Face, Route
from tests.support.program import (
    Browser,
    add_token,
    add_user,
    client,
    make_program,
    settings_with,
    sign_in,
)

WHO = "/api/v1/who"


def who(context: ContextDep) -> Response:
    """Says who asks."""
    actor = context.actor
    return respond.json([str(actor), actor.role, actor.user_id, context.local])


ROUTES = (
    Route("GET", WHO, who, SIGNED_IN, Face.API),
    Route("GET", "/who", who, SIGNED_IN),
    Route("GET", "/api/v1/edit", who, "people.edit", Face.API),
)


@pytest.fixture
def program() -> Iterator[Program]:
    made = make_program()
    yield made
    made.database.close()


@pytest.fixture
def app(program: Program) -> ASGIApp:
    return make_app(program, ROUTES, frozenset())


def later(program: Program, length: timedelta) -> None:
    clock = program.database.clock
    assert isinstance(clock, SteppedClock)
    clock.jump_to(clock.now() + length)


def test_a_session_is_its_person_and_a_token_is_itself(program: Program, app: ASGIApp) -> None:
    ana = add_user(program, "Ana", Role.RESPONDER)
    assert client(program, ana, app=app).get(WHO).json() == ["user:ana", "responder", "ana", False]
    bearer = client(program, add_token(program, Role.VIEWER), app=app)
    name, role, person, local = bearer.get(WHO).json()
    assert name.startswith("token:tk_")
    assert (role, person, local) == ("viewer", None, False)


@pytest.mark.parametrize(
    ("of_token", "of_person", "acts"),
    [
        (Role.ADMIN, Role.RESPONDER, "responder"),
        (Role.VIEWER, Role.ADMIN, "viewer"),
        (Role.MANAGER, Role.MANAGER, "manager"),
    ],
)
def test_a_token_that_acts_as_a_person_may_do_what_both_may(
    program: Program, app: ASGIApp, of_token: Role, of_person: Role, acts: str
) -> None:
    add_user(program, "Ana", of_person)
    asker = client(program, add_token(program, of_token, "ana"), app=app)
    assert asker.get(WHO).json()[1:3] == [acts, "ana"]


@pytest.mark.parametrize(
    "authorization",
    [
        "",
        "Bearer",
        "Bearer ",
        "Bearer hf_",
        "Bearer hf_unknown",
        "Bearer hf_ünïcode",
        "Bearer " + "x" * 20_000,
        "Bearer hf_" + "x" * 20_000,
        "Basic YW5h",
        "Basic no-colon",
        "Digest x",
        "bearer\x00hf_x",
        "GenieKey 0123",
    ],
)
def test_a_proof_of_the_wrong_shape_is_401_and_nothing_worse(
    program: Program, app: ASGIApp, authorization: str
) -> None:
    """Promises S16, e10."""
    asked = client(program, app=app).get(WHO, headers={b"authorization": authorization.encode()})
    assert asked.status_code == 401
    assert asked.headers["www-authenticate"] == "Bearer"
    assert asked.json()["title"]


def test_a_token_beats_the_session_of_the_same_request(program: Program, app: ASGIApp) -> None:
    browser = client(program, add_user(program, "Ana", Role.ADMIN), app=app)
    wrong = browser.get(WHO, headers={"authorization": "Bearer hf_nothing"})
    assert wrong.status_code == 401


def test_a_token_opens_no_page(program: Program, app: ASGIApp) -> None:
    assert client(program, add_token(program, Role.ADMIN), app=app).get("/who").status_code == 303


def test_a_revoked_token_is_dead_at_the_next_request(program: Program, app: ASGIApp) -> None:
    """Promises S19."""
    with program.database.begin(SYSTEM) as tx:
        made = credentials.create_token(tx, "ci", Role.VIEWER)
    asker = client(program, made.secret, app=app)
    assert asker.get(WHO).status_code == 200
    with program.database.begin(SYSTEM) as tx:
        credentials.revoke_token(tx, made.token.id)
    assert asker.get(WHO).status_code == 401


def test_a_persons_tokens_and_sessions_stop_when_they_are_disabled(
    program: Program, app: ASGIApp
) -> None:
    ana = add_user(program, "Ana", Role.RESPONDER)
    askers = [
        client(program, ana, app=app),
        client(program, add_token(program, Role.VIEWER, "ana"), app=app),
    ]
    assert [asker.get(WHO).status_code for asker in askers] == [200, 200]
    with program.database.begin(SYSTEM) as tx:
        people.disable_user(tx, "ana")
    assert [asker.get(WHO).status_code for asker in askers] == [401, 401]


@pytest.mark.postgres
def test_what_one_node_ends_no_other_node_accepts(postgres_url: str) -> None:
    """Promises S19: a session ended on node A is dead on node B at the next request."""
    one, other = make_program(postgres_url), make_program(postgres_url, seed=8)
    try:
        ana = add_user(one, "Ana", Role.RESPONDER)
        browser = client(other, ana, app=make_app(other, ROUTES, frozenset()))
        assert browser.get(WHO).status_code == 200
        with one.database.begin(SYSTEM) as tx:
            credentials.end_sessions(tx, "ana", because="test")
        assert browser.get(WHO).status_code == 401
    finally:
        one.database.close()
        other.database.close()


def test_a_changed_role_gets_a_new_cookie_and_the_old_one_dies(
    program: Program, app: ASGIApp
) -> None:
    """Promises d.2, Session: rotate on privilege change."""
    ana = add_user(program, "Ana", Role.RESPONDER)
    browser = client(program, ana, app=app)
    stolen = browser.cookies["holdfast"]
    with program.database.begin(SYSTEM) as tx:
        people.save_user(tx, replace(queries.user(tx, "ana"), role=Role.ADMIN))
    assert browser.get(WHO).json()[1] == "admin"
    assert browser.cookies["holdfast"] != stolen
    assert browser.get(WHO).status_code == 200
    thief = client(program, app=app)
    thief.cookies.set("holdfast", stolen)
    assert thief.get(WHO).status_code == 401


def test_an_old_session_sends_its_reader_to_the_sign_in_page_and_back(
    program: Program, app: ASGIApp
) -> None:
    browser = client(program, add_user(program, "Ana", Role.RESPONDER), app=app)
    later(program, timedelta(days=8))
    asked = browser.get("/who?page=2")
    assert asked.status_code == 303
    assert asked.headers["location"] == "/sign-in?next=%2Fwho%3Fpage%3D2"


def test_that_a_credential_is_in_use_is_noted_seldom(program: Program, app: ASGIApp) -> None:
    ana = add_user(program, "Ana", Role.RESPONDER)
    browser = client(program, ana, app=app)
    asker = client(program, add_token(program, Role.VIEWER), app=app)

    def noted() -> tuple[object, object]:
        with program.database.read(SYSTEM) as tx:
            return proofs.sessions_of(tx, "ana")[0].seen_at, proofs.tokens(tx)[0].used_at

    def ask() -> tuple[object, object]:
        browser.get(WHO)
        asker.get(WHO)
        return noted()

    first = ask()
    later(program, timedelta(seconds=59))
    assert ask() == first
    later(program, timedelta(minutes=5))
    assert all(new != old for new, old in zip(ask(), first, strict=True))


def locally(app: ASGIApp) -> ASGIApp:
    """As web/server.py marks what comes by the unix socket."""

    async def marked(scope: Scope, receive: Receive, send: Send) -> None:
        scope.setdefault("state", {})["local_operator"] = True
        await app(scope, receive, send)

    return marked


def test_the_operator_at_the_socket_may_do_all_by_api_and_sees_no_pages(
    program: Program, app: ASGIApp
) -> None:
    operator = client(program, app=locally(app))
    assert operator.get(WHO).json() == ["system:operator", "admin", None, True]
    assert operator.get("/api/v1/edit").status_code == 200
    assert operator.get("/who").status_code == 303
    assert operator.get(WHO, headers={"authorization": "Bearer hf_x"}).status_code == 401


def test_nobody_becomes_the_operator_by_saying_so(program: Program, app: ASGIApp) -> None:
    stranger = client(program, app=app)
    for name in ("local_operator", "x-local-operator", "x-forwarded-for"):
        assert stranger.get(WHO, headers={name: "127.0.0.1"}).status_code == 401


@pytest.mark.parametrize(
    ("base_url", "name", "secure"),
    [
        ("http://pager.lan:8080", "holdfast", False),
        ("https://pager.example.com", "__Host-holdfast", True),
    ],
)
def test_the_cookie_is_as_safe_as_the_connection_allows(
    base_url: str, name: str, *, secure: bool
) -> None:
    program = make_program(base_url=base_url, settings=settings_with(session_days=3))
    try:
        text = auth.session_cookie_header(program, "secret")
        assert text.startswith(f"{name}=secret; Path=/; Max-Age=259200;")
        assert "HttpOnly" in text
        assert "SameSite=Lax" in text
        assert ("Secure" in text) is secure
        assert "Domain" not in text
    finally:
        program.database.close()


def test_three_hundred_cookies_are_no_harm(program: Program, app: ASGIApp) -> None:
    browser: Browser = client(program, app=app)
    secret, _ = sign_in(program, add_user(program, "Ana", Role.VIEWER))
    many = "; ".join(f"c{number}=x" for number in range(300))
    twice = f"{many}; holdfast=wrong; holdfast={secret}"
    assert browser.get(WHO, headers={"cookie": twice}).status_code in (200, 401)
    assert browser.get(WHO, headers={"cookie": f"{many}; holdfast={secret}"}).status_code == 200
    assert browser.get(WHO, headers={b"cookie": b"\xff; =; ;;=;"}).status_code == 401
