from __future__ import annotations

from collections.abc import Iterator

import pytest

from holdfast.kernel.actor import Role
from holdfast.web.app import make_app
from holdfast.web.health import ROUTES as HEALTH
from holdfast.web.metrics import ROUTES
from holdfast.web.program import Program
from tests.support.program import LOOPBACK, add_token, add_user, client, make_program

TABLE = (*ROUTES, *HEALTH)
OPEN = frozenset((row.method, row.path) for row in TABLE)


@pytest.fixture
def program() -> Iterator[Program]:
    made = make_program()
    yield made
    made.database.close()


def test_figures_are_for_this_machine_and_for_tokens(program: Program) -> None:
    app = make_app(program, TABLE, OPEN)
    assert client(program, app=app).get("/metrics").status_code == 401
    assert client(program, app=app, address=LOOPBACK).get("/metrics").status_code == 200
    proxied = client(program, app=app, address=LOOPBACK)
    assert proxied.get("/metrics", headers={"x-forwarded-for": "203.0.113.9"}).status_code == 401
    assert client(program, add_token(program, Role.VIEWER), app=app).get("/metrics").is_success
    assert (
        client(program, add_user(program, "Ana", Role.VIEWER), app=app).get("/metrics").is_success
    )


def test_the_engines_numbers_are_gauges_and_its_words_are_not(program: Program) -> None:
    program.health = lambda: {"lateness_s": 2.5, "progress": {"timers-0": 7.0}, "mode": "on hold"}
    text = (
        client(program, app=make_app(program, TABLE, OPEN), address=LOOPBACK).get("/metrics").text
    )
    assert "holdfast_engine_lateness_s 2.5" in text
    assert "holdfast_engine_progress_timers_0 7.0" in text
    assert "mode" not in text
    assert "holdfast_signals_accepted_total 0.0" in text


def test_requests_are_counted_by_kind_and_never_by_path(program: Program) -> None:
    here = client(program, app=make_app(program, TABLE, OPEN), address=LOOPBACK)
    here.get("/healthz")
    here.get("/in/0123456789abcdef0123456789abcdef")
    here.post("/in/0123456789abcdef0123456789abcdef", json={})
    here.get("/static/style.css")
    text = here.get("/metrics").text
    assert 'holdfast_requests_total{route="api",status="2xx"} 1.0' in text
    assert 'holdfast_requests_total{route="door",status="4xx"} 2.0' in text
    assert 'holdfast_requests_total{route="static",status="2xx"} 1.0' in text
    assert "0123456789abcdef" not in text
