from __future__ import annotations

from collections.abc import Iterator

import pytest
from fastapi import Response

from holdfast.kernel.actor import Role
from holdfast.web import csrf, respond
from holdfast.web.app import make_app
from holdfast.web.context import ContextDep
from holdfast.web.csrf import NotFromOurPage
from holdfast.web.program import Program
from holdfast.web.routes import ANYONE, SIGNED_IN, Face, Route
from tests.support.program import Browser, add_token, add_user, client, make_program

BASE = "http://testserver"


def change(context: ContextDep) -> Response:
    """Counts as a change."""
    return respond.json("done")


ROUTES = (
    Route("POST", "/change", change, SIGNED_IN),
    Route("POST", "/open", change, ANYONE),
    Route("GET", "/open", change, ANYONE),
    Route("POST", "/link", change, ANYONE, csrf=False),
    Route("POST", "/api/v1/change", change, SIGNED_IN, Face.API),
)
OPEN = frozenset({("POST", "/open"), ("GET", "/open"), ("POST", "/link")})


@pytest.fixture
def program() -> Iterator[Program]:
    made = make_program(base_url=BASE)
    yield made
    made.database.close()


@pytest.fixture
def ana(program: Program) -> Browser:
    person = add_user(program, "Ana", Role.ADMIN)
    return client(program, person, app=make_app(program, ROUTES, OPEN))


def test_a_form_of_ours_is_taken(ana: Browser) -> None:
    assert ana.send_form("/change").status_code == 200


@pytest.mark.parametrize("token", ["", "x", "ü", "x" * 10_000])
def test_a_form_without_the_right_token_is_refused(ana: Browser, token: str) -> None:
    refused = ana.post("/change", data={"csrf": token})
    assert refused.status_code == 403
    assert "text/html" in refused.headers["content-type"]


def test_the_token_of_one_session_opens_no_other(program: Program, ana: Browser) -> None:
    bo = client(program, add_user(program, "Bo", Role.ADMIN), app=ana.app)
    assert bo.post("/change", data={"csrf": ana.csrf}).status_code == 403


@pytest.mark.parametrize("site", ["cross-site", "same-site"])
def test_another_site_is_refused_even_with_the_token(ana: Browser, site: str) -> None:
    headers = {"sec-fetch-site": site}
    assert ana.post("/change", data={"csrf": ana.csrf}, headers=headers).status_code == 403


@pytest.mark.parametrize(
    ("origin", "status"),
    [
        (None, 200),
        ("null", 200),
        (BASE, 200),
        ("http://evil.example", 403),
        ("http://testserver.evil.example", 403),
        ("https://testserver:444", 403),
        ("nonsense", 403),
    ],
)
def test_a_browser_that_names_an_origin_must_name_ours(
    ana: Browser, origin: str | None, status: int
) -> None:
    headers = {} if origin is None else {"origin": origin}
    assert ana.post("/change", data={"csrf": ana.csrf}, headers=headers).status_code == status


def test_a_session_needs_the_header_at_the_api_and_a_token_does_not(
    program: Program, ana: Browser
) -> None:
    assert ana.post("/api/v1/change", json={}).status_code == 403
    assert ana.post("/api/v1/change", json={}, headers={"x-csrf": "x"}).status_code == 403
    assert ana.post("/api/v1/change", json={}, headers={"x-csrf": ana.csrf}).status_code == 200
    bearer = client(program, add_token(program, Role.ADMIN), app=ana.app)
    assert bearer.post("/api/v1/change", json={}).status_code == 200


def test_a_form_posted_by_another_site_to_the_api_is_refused(ana: Browser) -> None:
    """What a cross-origin form can send without being asked first."""
    for content_type in ("text/plain", "application/x-www-form-urlencoded"):
        answered = ana.post(
            "/api/v1/change",
            content=b'{"csrf": 1}',
            headers={"content-type": content_type, "sec-fetch-site": "cross-site"},
        )
        assert answered.status_code == 403


def test_a_stranger_is_bound_to_a_cookie_that_opens_nothing(program: Program, ana: Browser) -> None:
    """Login CSRF: a page elsewhere cannot make a browser sign in as somebody else."""
    stranger = client(program, app=ana.app)
    assert stranger.get("/open").status_code == 200
    visitor = stranger.cookies["holdfast-visitor"]
    assert stranger.post("/open", data={"csrf": "x"}).status_code == 403
    right = csrf.token(program.vault, visitor)
    assert stranger.post("/open", data={"csrf": right}).status_code == 200
    other = client(program, app=ana.app)
    assert other.post("/open", data={"csrf": right}).status_code == 403
    assert stranger.post("/change", data={"csrf": right}).status_code == 303


def test_where_the_link_is_the_proof_no_token_is_asked_for(program: Program, ana: Browser) -> None:
    assert client(program, app=ana.app).post("/link").status_code == 200


def test_no_token_at_all_never_matches_no_token_at_all() -> None:
    with pytest.raises(NotFromOurPage):
        csrf.require_own_page({}, "", "", base_url=BASE)


@pytest.mark.parametrize("method", ["GET", "HEAD", "OPTIONS"])
def test_only_asking_is_no_change(method: str) -> None:
    assert not csrf.is_change(method)


@pytest.mark.parametrize("method", ["POST", "PUT", "PATCH", "DELETE", "get", "LINK"])
def test_every_other_method_is_a_change(method: str) -> None:
    assert csrf.is_change(method)
