"""The API against almost-JSON, odd values in every field and query, and ids of noise (e3, e5, e7).

Whatever is asked is answered below 500, and what is refused says why and has changed nothing.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import cast
from urllib.parse import quote

import pytest

from holdfast.web.routes import Face, Route
from tests.hostile.corpus import JSONS, KB, SIZES
from tests.hostile.payloads import IDS, VALUES
from tests.hostile.rooms import PARAMETER, address, ids, rows
from tests.hostile.siege import Answer, Siege

Json = dict[str, object]
CHANGES = rows(Face.API, "POST", "DELETE", "PUT", "PATCH")
WITH_IDS = [row for row in rows(Face.API, "GET", "POST", "DELETE") if "{" in row.path]
SHORT_BYTES_MAX = 20 * KB
# Bodies that would be taken, so that it is the one odd field which decides.
BODIES: dict[str, Json] = {
    "/api/v1/alerts": {"service": "checkout", "title": "x", "severity": "info"},
    "/api/v1/tokens": {"name": "x", "role": "viewer", "user": "ana"},
    "/api/v1/rehearse": {"service": "checkout"},
    "/api/v1/schedules/{schedule_id}/overrides": {
        "member": "ana", "from": "2026-12-01T00:00:00Z", "until": "2026-12-02T00:00:00Z",
    },
    "/api/v1/configuration/plan": {"files": [{"name": "a.yaml", "text": ""}]},
    "/api/v1/configuration/apply": {"files": [{"name": "a.yaml", "text": ""}]},
}  # fmt: skip
HEAVY = frozenset({"/api/v1/backup"})  # a copy of the whole database for each of a thousand values
NOT_JSON = (
    "text/plain",
    "application/x-www-form-urlencoded",
    "multipart/form-data",
    "",
    "a/b;c=\xff",
)


@pytest.fixture(scope="module")
def known(besieged: Siege) -> dict[str, str]:
    besieged.ask_json("GET", "/api/v1/alerts")  # from now on it is noted that the token is used
    return ids(besieged)


@pytest.fixture(autouse=True)
def healthy(besieged: Siege) -> Iterator[None]:
    yield
    besieged.healthy()


def named(row: Route) -> str:
    return f"{row.method} {row.path}"


def send(
    besieged: Siege, row: Route, path: str, body: bytes = b"", kind: str = "application/json"
) -> Answer:
    """One request of the admin's; a refusal is a problem that says why, and changed nothing."""
    before = besieged.version()
    headers = {"content-type": kind}
    answer = besieged.ask(row.method, path, body, headers, token=besieged.admin_token)
    assert answer.status not in (401, 403), "the admin may do everything"
    if answer.status >= 400:
        assert besieged.unchanged(before, answer), (named(row), body[:200], answer)
        assert_problem(answer)
    return answer


def assert_problem(answer: Answer) -> None:
    assert answer.header("content-type") == "application/problem+json", answer
    said = answer.json()
    assert isinstance(said, dict)
    assert said["status"] == answer.status
    assert said["title"]
    assert said["detail"]


def shapes(besieged: Siege) -> tuple[Json, Json]:
    """The paths and the schemas of our own description."""
    document = cast(Json, besieged.ask("GET", "/api/v1/openapi.json").json())
    components = cast(dict[str, Json], document["components"])
    return cast(Json, document["paths"]), components["schemas"]


def operation(paths: Json, row: Route) -> Json:
    found = cast(dict[str, Json], paths[row.path])
    return found[row.method.lower()]


def fields_of(besieged: Siege, row: Route) -> list[str]:
    """The names of what its body may hold."""
    paths, schemas = shapes(besieged)
    content = json.dumps(operation(paths, row).get("requestBody", {}))
    names = [name for name in schemas if f'"#/components/schemas/{name}"' in content]
    return [field for name in names for field in cast(Json, schemas[name]).get("properties", {})]  # type: ignore[attr-defined]  # a schema has them


@pytest.mark.parametrize("row", CHANGES, ids=named)
def test_what_is_hardly_json_is_refused_with_a_reason(
    besieged: Siege, known: dict[str, str], row: Route
) -> None:
    path = address(row, known)
    for name, body in JSONS.items():
        if len(body.sent) > SHORT_BYTES_MAX:
            continue  # the next test, and the doors, see to those
        answer = send(besieged, row, path, body.sent, body.kind)
        if answer.status < 400:
            # The verbs that need no words take their absence, and nothing else.
            assert body.sent.strip() in (b"", b"null", b"{}") or not fields_of(besieged, row), name


@pytest.mark.parametrize("row", CHANGES, ids=named)
def test_what_is_longer_than_the_limit_is_not_read(
    besieged: Siege, known: dict[str, str], row: Route
) -> None:
    path = address(row, known)
    assert send(besieged, row, path, b"[" + b" " * row.body_max).status == 413
    if row.body_max < 600 * KB:
        assert send(besieged, row, path, SIZES["600 KB"].sent).status == 413
    bomb = SIZES["a bomb of 50 MB in 50 KB"]
    headers = {"content-type": bomb.kind, "content-encoding": "gzip"}
    packed = besieged.ask(row.method, path, bomb.sent, headers, token=besieged.admin_token)
    assert packed.status in (400, 404, 409, 413, 415, 422) or row.method == "DELETE", (
        "nothing is unpacked here, and who deletes is not listened to"
    )


@pytest.mark.parametrize("row", [row for row in CHANGES if row.path not in HEAVY], ids=named)
def test_odd_values_in_the_fields_of_a_body_are_refused_or_harmless(
    besieged: Siege, known: dict[str, str], row: Route
) -> None:
    path, fields = address(row, known), fields_of(besieged, row)
    fitting = BODIES.get(row.path, {})
    for value in VALUES:
        for name in fields or ["x"]:
            send(besieged, row, path, json.dumps(fitting | {name: value}).encode())
    for extra in ("role", "is_admin", "team_id", "__proto__", "x" * 1_000):
        # Mass assignment (d.2): a field that is not known is refused.
        assert send(besieged, row, path, json.dumps({extra: "admin"}).encode()).status >= 400 or (
            extra in fields or not fields
        )


@pytest.mark.parametrize("row", rows(Face.API, "GET"), ids=named)
def test_odd_values_in_a_query_are_refused_or_harmless(
    besieged: Siege, known: dict[str, str], row: Route
) -> None:
    paths, _ = shapes(besieged)
    if row.path not in paths:
        return  # /healthz and its like take nothing
    asked = cast(list[Json], operation(paths, row).get("parameters", []))
    for name in [str(each["name"]) for each in asked if each["in"] == "query"]:
        for value in VALUES:
            written = value if isinstance(value, str) else json.dumps(value)
            safe = quote(written.encode(errors="surrogatepass")[:2_000], safe="")
            send(besieged, row, f"{address(row, known)}?{name}={safe}&{name}=%ff")


@pytest.mark.parametrize("row", WITH_IDS, ids=named)
def test_an_id_of_noise_finds_nothing(besieged: Siege, known: dict[str, str], row: Route) -> None:
    for noise in IDS:
        for name in PARAMETER.findall(row.path):
            answer = send(besieged, row, address(row, known | {name: noise}))
            assert answer.status in (404, 405, 409, 422), (noise, answer)
        raw = PARAMETER.sub(lambda _, noise=noise: noise, row.path)  # type: ignore[misc]  # bound at once
        besieged.ask(row.method, raw.encode(errors="replace").decode("latin-1"))


@pytest.mark.parametrize("kind", NOT_JSON)
def test_json_that_does_not_say_so_changes_nothing_from_elsewhere(
    besieged: Siege, known: dict[str, str], kind: str
) -> None:
    """A page of somebody else's can send forms and plain text, with our cookie (d.2 CSRF)."""
    headers = {"content-type": kind, "cookie": besieged.zoe.cookie, "origin": "https://evil.test"}
    before = besieged.version()
    for row in CHANGES:
        answer = besieged.ask(row.method, address(row, known), b'{"title": "x"}', headers)
        assert answer.status == 403, named(row)
    assert besieged.version() == before
