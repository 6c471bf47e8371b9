from __future__ import annotations

from collections.abc import Iterator

import pytest

from holdfast.kernel.actor import Role
from holdfast.web.app import make_app
from holdfast.web.headers import ALWAYS, CSP
from holdfast.web.health import ROUTES as HEALTH
from holdfast.web.program import Program
from holdfast.web.sign_in.pages import ROUTES as SIGN_IN
from tests.support.program import Browser, add_user, client, make_program

ROUTES = (*SIGN_IN, *HEALTH)
OPEN = frozenset((row.method, row.path) for row in ROUTES if row.needs == "anyone")
PATHS = (
    "/sign-in",
    "/sign-in/x",
    "/password",
    "/healthz",
    "/nothing",
    "/api/v1/nothing",
    "/static/style.css",
    "/static/nothing.css",
    "/in/nokey",
)


@pytest.fixture(params=["http://testserver", "https://pager.example.com"])
def program(request: pytest.FixtureRequest) -> Iterator[Program]:
    made = make_program(base_url=request.param)
    yield made
    made.database.close()


@pytest.fixture
def askers(program: Program) -> list[Browser]:
    app = make_app(program, ROUTES, OPEN)
    person = add_user(program, "Ana", Role.ADMIN)
    return [client(program, app=app), client(program, person, app=app)]


@pytest.mark.parametrize("path", PATHS)
def test_every_answer_carries_every_header(
    program: Program, askers: list[Browser], path: str
) -> None:
    """Promises d.2, CSP."""
    for asker in askers:
        for method in ("GET", "POST"):
            answer = asker.request(method, path, headers={"accept": "text/html"})
            for name, value in ALWAYS.items():
                assert answer.headers[name] == value, f"{method} {path}: {name}"
            is_https = program.base_url.startswith("https")
            assert ("strict-transport-security" in answer.headers) is is_https
            if not path.startswith("/static/"):
                assert answer.headers["cache-control"] == "no-store"
            assert "server" not in answer.headers


def test_the_policy_allows_nothing_inline_and_nothing_from_elsewhere() -> None:
    allowed = dict(part.strip().split(" ", 1) for part in CSP.split(";"))
    assert allowed["default-src"] == "'none'"
    assert allowed["script-src"] == "'self'"
    assert allowed["frame-ancestors"] == allowed["base-uri"] == "'none'"
    assert allowed["form-action"] == "'self'"
    assert "unsafe-eval" not in CSP
    assert [name for name, value in allowed.items() if "unsafe-inline" in value] == [
        "style-src-attr"
    ]
    assert "http" not in CSP
    assert "*" not in CSP


@pytest.mark.parametrize("path", ["/sign-in", "/sign-in/x", "/password", "/nothing"])
def test_no_page_holds_what_the_policy_forbids(askers: list[Browser], path: str) -> None:
    for asker in askers:
        page = asker.get(path, headers={"accept": "text/html"}).text
        scripts = [part.split(">")[0] for part in page.split("<script")[1:]]
        assert all("src=" in script or "application/json" in script for script in scripts)
        assert "<style" not in page
        assert " onclick=" not in page
        assert "javascript:" not in page
