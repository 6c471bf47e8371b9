"""All routes of the API: described, documented, and strict about what they take."""

from __future__ import annotations

from typing import cast

from fastapi import APIRouter
from fastapi.openapi.utils import get_openapi

from holdfast.people.permissions import NEEDS
from holdfast.web.rest import API, Body, Nothing
from holdfast.web.routes import SIGNED_IN, Face
from tests.support.api import ROUTES, Json
from tests.support.source import HOME

PAGE = HOME / "docs/reference/api.md"


def described() -> Json:
    router = APIRouter()
    for row in ROUTES:
        router.add_api_route(
            row.path, row.endpoint, methods=[row.method], status_code=row.status,
            summary=row.summary,
        )  # fmt: skip
    return cast(Json, get_openapi(title="x", version="1", routes=router.routes))


def test_every_route_is_of_the_api_and_needs_a_permission_that_exists() -> None:
    for row in ROUTES:
        assert row.path.startswith(f"{API}/")
        assert row.face is Face.API
        assert row.needs in {*NEEDS, SIGNED_IN}
        assert row.summary


def test_every_route_has_its_line_in_the_reference() -> None:
    lines = PAGE.read_text("utf-8").splitlines()
    missing = [
        f"{row.method} {row.path}"
        for row in ROUTES
        if not any(line.startswith(f"| `{row.method} {row.path}` |") for line in lines)
    ]
    assert not missing


def test_no_route_is_documented_that_does_not_exist() -> None:
    documented = {
        line.split("`")[1]
        for line in PAGE.read_text("utf-8").splitlines()
        if line.startswith(("| `GET ", "| `POST ", "| `PUT ", "| `PATCH ", "| `DELETE "))
    }
    assert documented == {f"{row.method} {row.path}" for row in ROUTES}


def test_the_description_says_what_every_route_answers() -> None:
    paths = cast(dict[str, dict[str, dict[str, dict[str, Json]]]], described()["paths"])
    described_rows = [row for row in ROUTES if not row.path.endswith("/export")]  # a file
    for row in described_rows:
        answer = paths[row.path][row.method.lower()]["responses"][str(row.status)]
        schema = cast(dict[str, Json], answer["content"])["application/json"]["schema"]
        assert schema, f"{row.method} {row.path} does not say what it answers"


def test_every_body_that_the_api_takes_refuses_unknown_fields() -> None:
    schemas = cast(dict[str, dict[str, Json]], described()["components"])["schemas"]
    bodies = {kind.__name__ for kind in Body.__subclasses__()}
    assert {"OpenAlert", "Answer", "AddOverride", "Rehearse", "MoveClock"} <= bodies
    for name in bodies & schemas.keys():
        assert schemas[name]["additionalProperties"] is False, name
    assert Nothing.model_config["extra"] == "forbid"
