from __future__ import annotations

from collections.abc import Iterator

import pytest
from sqlalchemy.exc import OperationalError

from holdfast.kernel.actor import Role
from holdfast.web.app import make_app
from holdfast.web.health import ROUTES
from holdfast.web.program import Program
from tests.support.program import LOOPBACK, add_token, client, make_program

OPEN = frozenset((row.method, row.path) for row in ROUTES)


@pytest.fixture
def program() -> Iterator[Program]:
    made = make_program()
    yield made
    made.database.close()


@pytest.mark.parametrize(("lateness_s", "status"), [(0.0, 200), (15.0, 200), (15.1, 503)])
def test_it_takes_no_traffic_when_a_duty_is_too_late(
    program: Program, lateness_s: float, status: int
) -> None:
    """Contract: /readyz is red when the oldest duty is more than 15 s late."""
    program.health = lambda: {"lateness_s": lateness_s}
    app = make_app(program, ROUTES, OPEN)
    here = client(program, app=app, address=LOOPBACK).get("/readyz")
    assert here.status_code == status
    assert here.json()["engine"] == {"lateness_s": lateness_s}
    assert (here.json()["reason"] is None) is (status == 200)


def test_it_takes_no_traffic_when_the_database_is_gone(program: Program) -> None:
    def gone() -> dict[str, object]:
        raise OperationalError("select 1", {}, Exception("canary-dsn"))

    program.health = gone
    told = client(program, app=make_app(program, ROUTES, OPEN), address=LOOPBACK).get("/readyz")
    assert told.status_code == 503
    assert told.json()["reason"] == "the database does not answer"
    assert "canary" not in told.text


def test_it_lives_whatever_the_database_does(program: Program) -> None:
    def gone() -> dict[str, object]:
        raise OperationalError("select 1", {}, Exception())

    program.health = gone
    told = client(program, app=make_app(program, ROUTES, OPEN)).get("/healthz")
    assert (told.status_code, told.json()) == (200, {"status": "alive"})


def test_outsiders_hear_yes_or_no_and_nothing_else(program: Program) -> None:
    program.health = lambda: {"lateness_s": 99.0}
    app = make_app(program, ROUTES, OPEN)
    assert client(program, app=app).get("/readyz").json() == {"status": "not ready"}
    bearer = client(program, add_token(program, Role.VIEWER), app=app)
    assert bearer.get("/readyz").json()["engine"] == {"lateness_s": 99.0}
