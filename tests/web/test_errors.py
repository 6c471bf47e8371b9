from __future__ import annotations

import io
from collections.abc import Iterator

import pytest
from pydantic import BaseModel, ConfigDict
from sqlalchemy.exc import OperationalError

from holdfast.guardrails.model import Fault, Refuse, Strength, enforce, rule
from holdfast.kernel.actor import Role
from holdfast.kernel.errors import Conflict, Forbidden, Invalid, NotFound, Unavailable
from holdfast.sdk import unreadable
from holdfast.web.app import make_app
from holdfast.web.context import ContextDep
from holdfast.web.errors import STATUSES, NotSignedIn, TooLong, TooMany, problem_of
from holdfast.web.logs import configure_logs
from holdfast.web.metrics import ROUTES as METRICS
from holdfast.web.program import Program
from holdfast.web.routes import ANYONE, Face, Route
from tests.support.program import Browser, add_token, client, make_program, settings_with

CANARY = "canary-4f2a"


class Locked(Conflict):
    """This is locked."""


@rule("NO_CLAIM", Strength.MUST, cites=["S1-1"], guards="test")
def nothing_may_be_claimed(facts: str) -> Refuse:
    """Nothing may be claimed here."""
    return Refuse(f"{facts} is not so", remedy="wait")


@rule("NO_INPUT", Strength.MUST, cites=["S1-1"], guards="test", fault=Fault.INPUT)
def nothing_is_enough(facts: str) -> Refuse:
    """Nothing is enough here."""
    return Refuse(f"{facts} is too little", remedy="say more")


class Body(BaseModel):
    model_config = ConfigDict(extra="forbid")
    count: int


def fail(context: ContextDep, kind: str) -> None:
    """Raises what is asked for."""
    if kind == "refused":
        enforce([nothing_may_be_claimed], "that")
    if kind == "refused-input":
        enforce([nothing_is_enough], "that")
    if kind == "database":
        raise OperationalError("select secret", {"token": CANARY}, Exception(CANARY))
    raise RAISED[kind]


def take(context: ContextDep, body: Body) -> int:
    """Takes a body."""
    return body.count


RAISED: dict[str, Exception] = {
    "unreadable": unreadable("Not JSON."),
    "not-found": NotFound(),
    "locked": Locked(),
    "forbidden": Forbidden(),
    "invalid": Invalid("Wrong.", fields={"name": "too long"}, remedy="Shorten it."),
    "unavailable": Unavailable(),
    "too-many": TooMany(),
    "too-long": TooLong(),
    "not-signed-in": NotSignedIn(),
    "bug": ZeroDivisionError(CANARY),
}
OPEN = frozenset(
    {
        ("GET", "/api/v1/fail/{kind}"),
        ("GET", "/fail/{kind}"),
        ("POST", "/api/v1/take"),
        ("GET", "/door/{kind}"),
    }
)
ROUTES = (
    Route("GET", "/api/v1/fail/{kind}", fail, ANYONE, Face.API),
    Route("GET", "/fail/{kind}", fail, ANYONE),
    Route("GET", "/door/{kind}", fail, ANYONE, Face.DOOR),
    Route("POST", "/api/v1/take", take, ANYONE, Face.API, body_max=8192),
)


@pytest.fixture
def log() -> Iterator[io.StringIO]:
    written = io.StringIO()
    configure_logs(settings_with(), to=written)
    yield written
    configure_logs(settings_with())


@pytest.fixture
def program(log: io.StringIO) -> Iterator[Program]:
    made = make_program()
    yield made
    made.database.close()


@pytest.fixture
def asker(program: Program) -> Browser:
    return client(program, app=make_app(program, ROUTES, OPEN))


@pytest.mark.parametrize(
    ("kind", "status"),
    [
        ("unreadable", 400),
        ("not-signed-in", 401),
        ("forbidden", 403),
        ("not-found", 404),
        ("locked", 409),
        ("refused", 409),
        ("too-long", 413),
        ("invalid", 422),
        ("refused-input", 422),
        ("too-many", 429),
        ("bug", 500),
        ("unavailable", 503),
        ("database", 503),
    ],
)
def test_each_way_of_failing_has_one_status_for_programs_and_people(
    asker: Browser, kind: str, status: int
) -> None:
    told = asker.get(f"/api/v1/fail/{kind}")
    assert told.status_code == status
    assert told.headers["content-type"] == "application/problem+json"
    problem = told.json()
    assert problem["status"] == status
    assert problem["type"]
    assert problem["title"]
    assert problem["detail"]
    shown = asker.get(f"/fail/{kind}", headers={"accept": "text/html"})
    if status == 401:
        assert (shown.status_code, shown.headers["location"][:8]) == (303, "/sign-in")
    else:
        assert shown.status_code == status
        assert shown.headers["content-type"].startswith("text/html")
        assert "What still works" in shown.text
    assert asker.get(f"/door/{kind}").headers["content-type"] == "application/problem+json"


@pytest.mark.parametrize(("kind", "code"), [("refused", "NO_CLAIM"), ("refused-input", "NO_INPUT")])
def test_a_refusal_names_its_rule_its_remedy_and_its_help(
    asker: Browser, kind: str, code: str
) -> None:
    problem = asker.get(f"/api/v1/fail/{kind}").json()
    assert problem["code"] == code
    assert problem["help"] == f"/help/guardrails/{code}"
    assert problem["remedy"]
    assert problem["detail"].startswith("that is")
    shown = asker.get(f"/fail/{kind}").text
    assert code in shown
    assert f"/help/guardrails/{code}" in shown


def test_fields_that_are_wrong_are_named(asker: Browser) -> None:
    problem = asker.get("/api/v1/fail/invalid").json()
    assert problem["errors"] == {"name": "too long"}
    assert problem["remedy"] == "Shorten it."


def test_a_bug_shows_a_number_and_never_its_words(asker: Browser, log: io.StringIO) -> None:
    """Promises S05."""
    for path in ("/api/v1/fail/bug", "/fail/bug", "/door/bug", "/api/v1/fail/database"):
        told = asker.get(path)
        assert CANARY not in told.text
        assert "ZeroDivision" not in told.text
        assert "Traceback" not in told.text
        reference = told.text.split("er_")[1][:20]
        assert f"er_{reference}" in log.getvalue()
    assert "ZeroDivisionError" in log.getvalue()


def test_a_body_that_is_not_right_is_explained_in_our_words(asker: Browser) -> None:
    extra = asker.post("/api/v1/take", json={"count": 1, "role": "admin"})
    assert extra.status_code == 422
    assert extra.json()["errors"] == {"role": "There is no such field."}
    missing = asker.post("/api/v1/take", json={})
    assert missing.json()["errors"] == {"count": "This is needed."}
    broken = asker.post("/api/v1/take", content=b"{", headers={"content-type": "application/json"})
    assert broken.status_code == 400
    form = asker.post("/api/v1/take", data={"count": "1"})
    assert form.status_code == 422
    assert "application/json" in form.json()["detail"]


@pytest.mark.parametrize(
    "body",
    [
        b"[" * 8000,
        b'{"count": ' + b"9" * 6000 + b"}",
        b'{"count": NaN}',
        b'{"count": "\\ud800"}',
        b'{"count": "\\u0000"}',
        b"\xff\xfe\x00",
        b"null",
        b"[]",
        b'"text"',
        b"",
    ],
)
def test_odd_json_is_a_4xx_and_nothing_worse(asker: Browser, body: bytes) -> None:
    """Promises e3."""
    told = asker.post("/api/v1/take", content=body, headers={"content-type": "application/json"})
    assert 400 <= told.status_code < 500
    assert told.headers["content-type"] == "application/problem+json"


def test_what_is_in_no_table_is_404_in_the_askers_own_language(asker: Browser) -> None:
    assert asker.get("/nothing", headers={"accept": "text/html"}).text.startswith("<!doctype html>")
    assert asker.get("/nothing").json()["status"] == 404
    assert asker.get("/api/v1/nothing", headers={"accept": "text/html"}).json()["status"] == 404
    assert asker.delete("/api/v1/take").status_code == 405


def test_our_own_script_reads_problems_instead_of_pages(asker: Browser) -> None:
    headers = {"accept": "application/problem+json, text/html"}
    assert asker.get("/fail/locked", headers=headers).json()["detail"] == "This is locked."
    assert asker.get("/fail/not-signed-in", headers=headers).json()["status"] == 401


def test_who_should_come_back_is_told_when(asker: Browser) -> None:
    for kind in ("unavailable", "too-many", "database"):
        assert int(asker.get(f"/api/v1/fail/{kind}").headers["retry-after"]) > 0


def test_every_subclass_has_the_status_of_its_nearest_ancestor() -> None:
    for kind, status in STATUSES.items():
        problem = problem_of(kind())
        assert problem is not None
        assert problem.status == status
        assert problem.title
    assert problem_of(KeyError("x")) is None


def test_a_refusal_stands_in_the_figures(program: Program) -> None:
    app = make_app(program, (*ROUTES, *METRICS), OPEN | {("GET", "/metrics")})
    asker = client(program, add_token(program, Role.VIEWER), app=app)
    asker.get("/api/v1/fail/refused")
    assert 'holdfast_refusals_total{code="NO_CLAIM"} 1.0' in asker.get("/metrics").text
