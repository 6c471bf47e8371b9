from __future__ import annotations

import asyncio
import json
from collections.abc import Iterator

import pytest
from fastapi import Response
from pydantic import BaseModel
from starlette.types import Message, Receive, Scope, Send

from holdfast.web import respond
from holdfast.web.app import ANONYMOUS, OPENAPI_PATH, Surprises, make_app, shape_of, table
from holdfast.web.context import ContextDep
from holdfast.web.program import Program
from holdfast.web.routes import ANYONE, Face, Route
from tests.support.program import Browser, client, make_program


@pytest.fixture(scope="module")
def program() -> Iterator[Program]:
    made = make_program()
    yield made
    made.database.close()


@pytest.fixture(scope="module")
def asker(program: Program) -> Browser:
    return client(program, app=make_app(program))


class Shape(BaseModel):
    name: str


def shaped(context: ContextDep) -> Shape:
    """Answers with a shape."""
    return Shape(name="x")


def either(context: ContextDep) -> Response | Shape:
    """Answers with a shape, or itself."""
    return respond.json({"name": "y"}, status=202)


def own(context: ContextDep) -> Response:
    """Answers itself."""
    return respond.json({})


def test_the_description_names_every_row_of_the_api_and_nothing_else(asker: Browser) -> None:
    answer = asker.get(OPENAPI_PATH)
    assert answer.status_code == 200
    document = answer.json()
    described = {
        (method.upper(), path) for path, methods in document["paths"].items() for method in methods
    }
    rows = {(row.method, row.path) for row in table() if row.path.startswith("/api/")}
    assert described == rows
    assert document["components"]["securitySchemes"]["token"]["scheme"] == "bearer"


def test_every_row_of_the_api_says_what_it_is_for() -> None:
    silent = [
        f"{row.method} {row.path}"
        for row in table()
        if row.path.startswith("/api/") and not (row.summary and row.endpoint.__doc__)
    ]
    assert silent == []


def test_what_speaks_json_stands_below_api_and_what_speaks_html_does_not() -> None:
    for row in table():
        if row.path.startswith("/api/"):
            assert row.face is Face.API, row.path
        elif row.face is Face.PAGE:
            assert not row.path.startswith("/api"), row.path


@pytest.mark.parametrize("path", ["/docs", "/redoc", "/openapi.json", "/api/v1/docs"])
def test_the_frameworks_own_pages_are_off(asker: Browser, path: str) -> None:
    assert asker.get(path).status_code == 404


def test_a_slash_too_many_is_404_and_leads_nowhere(asker: Browser) -> None:
    """A redirect would be made from the Host header, which is the asker's own word."""
    answer = asker.get("/sign-in/", headers={"host": "evil.example"})
    assert answer.status_code == 404
    assert "location" not in answer.headers


def test_a_shape_is_taken_from_what_the_endpoint_says() -> None:
    def row(endpoint: object) -> Route:
        return Route("GET", "/x", endpoint, ANYONE, Face.API)  # type: ignore[arg-type]  # all are callable

    assert shape_of(row(shaped)) is Shape
    assert shape_of(row(either)) is Shape
    assert shape_of(row(own)) is None


def test_an_endpoint_may_answer_with_a_shape_or_by_itself(program: Program) -> None:
    rows = (
        Route("GET", "/api/v1/shaped", shaped, ANYONE, Face.API),
        Route("GET", "/api/v1/either", either, ANYONE, Face.API),
    )
    app = make_app(program, rows, frozenset((row.method, row.path) for row in rows))
    asker = client(program, app=app)
    assert asker.get("/api/v1/shaped").json() == {"name": "x"}
    other = asker.get("/api/v1/either")
    assert (other.status_code, other.json()) == (202, {"name": "y"})


def test_the_doors_of_senders_stand_beside_the_table(asker: Browser) -> None:
    for path in ("/in/nokey", "/v2/enqueue"):
        answer = asker.post(path, content=json.dumps({}))
        assert answer.status_code in (400, 401)
        assert "content-security-policy" in answer.headers


def test_the_list_of_what_anyone_may_ask_holds_nothing_that_is_not_there() -> None:
    present = {(row.method, row.path) for row in table()}
    assert present >= ANONYMOUS


@pytest.mark.parametrize("answered", [True, False])
def test_what_was_answered_is_not_told_to_the_server_again(*, answered: bool) -> None:
    """A stream that breaks in the middle is: the server has to cut the connection."""
    told: list[str] = []

    async def fails(scope: Scope, receive: Receive, send: Send) -> None:
        await send({"type": "http.response.start", "status": 500, "headers": []})
        await send({"type": "http.response.body", "body": b"", "more_body": not answered})
        raise ZeroDivisionError

    async def send(message: Message) -> None:
        told.append(message["type"])

    async def receive() -> Message:
        return {"type": "http.disconnect"}

    async def served() -> None:
        scope: Scope = {"type": "http", "method": "GET", "path": "/", "headers": []}
        await Surprises(fails)(scope, receive, send)

    if answered:
        asyncio.run(served())
    else:
        with pytest.raises(ZeroDivisionError):
            asyncio.run(served())
    assert len(told) == 2
