from __future__ import annotations

from collections.abc import Iterator

import pytest
from fastapi import Response

from holdfast.web import respond
from holdfast.web.app import make_app
from holdfast.web.context import ContextDep
from holdfast.web.program import Program
from holdfast.web.routes import ANYONE, Face, Route
from tests.support.program import Browser, client, make_program

LIMIT = 4096


def fields(context: ContextDep) -> Response:
    """Says what the form held."""
    return respond.json([dict(context.form), dict(context.form_lists), context.theme])


ROUTES = (
    Route("POST", "/form", fields, ANYONE, csrf=False, body_max=LIMIT),
    Route("POST", "/api/v1/body", fields, ANYONE, Face.API, body_max=LIMIT),
    Route("GET", "/form", fields, ANYONE, csrf=False),
)
OPEN = frozenset((row.method, row.path) for row in ROUTES)


@pytest.fixture(scope="module")
def program() -> Iterator[Program]:
    made = make_program()
    yield made
    made.database.close()


@pytest.fixture(scope="module")
def asker(program: Program) -> Browser:
    return client(program, app=make_app(program, ROUTES, OPEN))


@pytest.mark.parametrize("path", ["/form", "/api/v1/body"])
@pytest.mark.parametrize(("size", "status"), [(LIMIT, 200), (LIMIT + 1, 413), (LIMIT * 100, 413)])
def test_a_body_is_read_to_its_limit_and_no_further(
    asker: Browser, path: str, size: int, status: int
) -> None:
    assert asker.post(path, content=b"x" * size).status_code == status

    def dripping() -> Iterator[bytes]:  # no Content-Length announces how much will come
        for _ in range(size // LIMIT):
            yield b"x" * LIMIT
        yield b"x" * (size % LIMIT)

    assert asker.post(path, content=dripping()).status_code == status


def test_a_length_that_is_announced_too_long_is_refused_at_once(asker: Browser) -> None:
    headers = {"content-length": "99999999999"}
    assert asker.post("/form", content=b"", headers=headers).status_code == 413


def test_a_form_is_read_with_every_value_of_a_name(asker: Browser) -> None:
    answer = asker.post(
        "/form",
        content=b"a=1&a=2&b=%C3%BC+x&c=&d=\0",
        headers={"content-type": "application/x-www-form-urlencoded; charset=utf-8"},
    )
    form, lists, _ = answer.json()
    assert form == {"a": "1", "b": "ü x", "c": "", "d": ""}
    assert lists["a"] == ["1", "2"]


@pytest.mark.parametrize("body", [b"a=%ff", b"\xff=1", b"&".join([b"a=1"] * 1000)])
def test_a_form_that_cannot_be_read_is_422_and_nothing_worse(asker: Browser, body: bytes) -> None:
    headers = {"content-type": "application/x-www-form-urlencoded"}
    assert asker.post("/form", content=body, headers=headers).status_code == 422


def test_what_is_no_form_has_no_fields(asker: Browser) -> None:
    headers = {"content-type": "multipart/form-data; boundary=x"}
    assert asker.post("/form", content=b"a=1", headers=headers).json()[:2] == [{}, {}]


@pytest.mark.parametrize(
    ("cookie", "theme"), [("night", "night"), ("light", "light"), ("<script>", ""), ("", "")]
)
def test_the_theme_is_one_of_ours_or_the_systems(asker: Browser, cookie: str, theme: str) -> None:
    assert asker.get("/form", headers={"cookie": f"theme={cookie}"}).json()[2] == theme
