"""Schemathesis over our own OpenAPI description: what fits it, what breaks it, as admin and viewer.

Held of every answer: no server error, no secret (Siege.ask sees to both), a refusal is a problem
and has changed nothing, and what is not refused is of the shape that the description promises.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import httpx2
import pytest
import requests
import schemathesis
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from schemathesis import Case, GenerationMode
from schemathesis.checks import not_a_server_error
from schemathesis.schemas import APIOperation, BaseSchema
from schemathesis.specs.openapi.checks import response_schema_conformance

from holdfast.web.routes import Face, Route
from tests.hostile.rooms import PARAMETER, ids, rows
from tests.hostile.siege import BASE_URL, Answer, Siege

pytestmark = pytest.mark.slow
EXAMPLES = 8
API = "/api/v1/"
AnyCase = Case[APIOperation[Any, Any, Any, Any]]
ROWS = [row for row in rows(Face.API, "GET", "POST", "PUT", "PATCH", "DELETE")
        if row.path.startswith(API)]  # fmt: skip
PLENTY = settings(
    max_examples=EXAMPLES,
    derandomize=True,
    database=None,
    deadline=None,
    phases=(Phase.generate,),
    suppress_health_check=list(HealthCheck),
)


@dataclass(frozen=True, slots=True)
class Described:
    """The description as read back from the running program, and real ids for its paths."""

    schema: BaseSchema
    known: dict[str, str]


@pytest.fixture(scope="module")
def described(besieged: Siege) -> Described:
    for token in (besieged.admin_token, besieged.viewer_token):
        besieged.ask("GET", "/api/v1/practice", token=token)  # its use is noted once an hour or so
    document = besieged.ask("GET", "/api/v1/openapi.json").json()
    assert isinstance(document, dict)
    return Described(schemathesis.openapi.from_dict(document), ids(besieged))


def named(row: Route) -> str:
    return f"{row.method} {row.path}"


def cases(described: Described, row: Route) -> st.SearchStrategy[AnyCase]:
    """What fits the description, half of it with ids that are there; and what does not fit."""
    operation = described.schema[row.path][row.method]
    real = {name: described.known[name] for name in PARAMETER.findall(row.path)
            if name in described.known}  # fmt: skip
    fits = operation.as_strategy(GenerationMode.POSITIVE)
    kinds = [fits, operation.as_strategy(GenerationMode.POSITIVE, path_parameters=real)]
    if operation.query or operation.body or operation.path_parameters:
        kinds.append(operation.as_strategy(GenerationMode.NEGATIVE))
    return st.one_of(kinds)


def send(besieged: Siege, case: AnyCase, token: str) -> Answer:
    """The case as bytes, to the application in this process."""
    written = requests.Request(**case.as_transport_kwargs(base_url=BASE_URL)).prepare()
    assert written.url is not None
    assert written.method is not None
    headers = {name.lower(): str(value) for name, value in written.headers.items()}
    headers.pop("authorization", None)
    path, body = written.url.removeprefix(BASE_URL), written.body or b""
    assert isinstance(body, str | bytes)
    return besieged.ask(written.method, path, body, headers, token=token)


def assert_as_described(case: AnyCase, answer: Answer) -> None:
    request = httpx2.Request(case.method, BASE_URL + case.path)
    response = httpx2.Response(
        answer.status, headers=list(answer.headers), content=answer.body, request=request
    )
    response.elapsed = timedelta()  # it wants to know
    case.validate_response(response, checks=[not_a_server_error, response_schema_conformance])


def try_it(besieged: Siege, case: AnyCase, token: str) -> None:
    before = besieged.version()
    answer = send(besieged, case, token)
    if answer.status < 400:
        assert_as_described(case, answer)
        return
    assert besieged.unchanged(before, answer), answer
    assert answer.header("content-type") == "application/problem+json", answer
    said = answer.json()
    assert isinstance(said, dict)
    assert said["status"] == answer.status
    assert said["title"]
    assert said["detail"]


@pytest.mark.parametrize("row", ROWS, ids=named)
@given(data=st.data())
@PLENTY
def test_an_admins_requests_are_answered_as_described(
    besieged: Siege, described: Described, row: Route, data: st.DataObject
) -> None:
    try_it(besieged, data.draw(cases(described, row)), besieged.admin_token)


@pytest.mark.parametrize("row", ROWS, ids=named)
@given(data=st.data())
@settings(PLENTY, max_examples=EXAMPLES // 4)
def test_a_viewers_requests_are_answered_as_described_and_change_nothing(
    besieged: Siege, described: Described, row: Route, data: st.DataObject
) -> None:
    before = besieged.version()
    try_it(besieged, data.draw(cases(described, row)), besieged.viewer_token)
    assert besieged.version() == before


def test_the_description_names_every_route_of_the_api(described: Described) -> None:
    operations = [result.ok() for result in described.schema.get_all_operations()]  # type: ignore[union-attr]  # or it raises
    stated = {(operation.method.upper(), operation.path) for operation in operations}
    assert stated == {(row.method, row.path) for row in ROWS}
