"""Configuration as code by API."""

from __future__ import annotations

import pytest

from holdfast.kernel.actor import Role
from tests.configuration.build import EXAMPLE, PEOPLE
from tests.support.api import problem
from tests.web.operate.instance import operated

THIN = """\
users: [{id: eve, name: Eve}]
teams: [{id: empty, name: Empty}]
services: [{id: s, name: S, team: empty, policy: thin}]
escalation_policies:
  - {id: thin, steps: [{page: ["user:eve"], wait: 5m}]}
"""


def files(*texts: str, prune: bool = False) -> dict[str, object]:
    return {
        "files": [{"name": f"{n}.yaml", "text": text} for n, text in enumerate(texts)],
        "prune": prune,
    }


def test_a_plan_shows_the_difference_and_an_apply_makes_it_so() -> None:
    fresh = EXAMPLE.replace("id: payments-primary", "id: nights").replace(
        "schedule:payments-primary", "schedule:nights"
    )
    with operated() as web:
        planned = web.post("configuration/plan", files(fresh, PEOPLE)).json()
        assert planned["changes"]
        assert web.post("configuration/plan", files(fresh, PEOPLE)).json() == planned
        applied = web.post("configuration/apply", files(fresh, PEOPLE))
        assert applied.status_code == 200
        assert applied.json()["changes"] == planned["changes"]
        again = web.post("configuration/apply", files(fresh, PEOPLE)).json()
    assert (again["changes"], again["made_keys"]) == ([], {})
    (change,) = [c for c in planned["changes"] if c["id"] == "nights"]
    assert (change["kind"], change["object"]) == ("create", "schedule")
    assert (change["file"], change["line"]) == ("0.yaml", 18)
    assert {"field": "team", "before": None, "after": "payments"} in change["fields"]


def test_what_is_exported_changes_nothing_when_it_is_applied() -> None:
    with operated() as web:
        keyed = "connections: [{id: am, kind: alertmanager, service: checkout}]"
        assert web.post("configuration/apply", files(EXAMPLE, PEOPLE, keyed)).status_code == 200
        text = web.get("configuration/export")
        assert text.headers["content-type"] == "text/yaml; charset=utf-8"
        body = files(text.text, prune=True)
        assert web.post("configuration/apply", body).json()["changes"] == []


def test_wrong_files_are_a_problem_that_names_every_line() -> None:
    with operated() as web:
        answer = web.post("configuration/apply", files("userz: []\n", "teams:\n  - {id: x}\n"))
        found = problem(answer, 422)
        assert web.post("configuration/plan", files("userz: []\n")).status_code == 422
    assert found["errors"] == [
        {
            "file": "0.yaml",
            "line": 1,
            "message": "the file has no field “userz”.",
            "remedy": "Did you mean users?",
        },
        {
            "file": "1.yaml",
            "line": 2,
            "message": "team x has no name.",
            "remedy": "Add name: ... to it.",
        },
    ]
    assert found["detail"] == "0.yaml:1: the file has no field “userz”. (1 more mistake)"
    assert found["remedy"] == "Did you mean users?"


@pytest.mark.ledger("S1-34")
def test_a_guardrails_refusal_keeps_its_code_its_remedy_and_its_help() -> None:
    with operated() as web:
        found = problem(web.post("configuration/apply", files(THIN)), 422)
        assert isinstance(found["help"], str)
    assert found["code"] == "NO_FINAL_LEVEL"
    assert found["remedy"]
    assert found["help"] == "/help/guardrails/NO_FINAL_LEVEL"
    assert isinstance(found["errors"], list)
    assert (found["errors"][0]["line"], found["errors"][0]["code"]) == (5, "NO_FINAL_LEVEL")


def test_a_key_that_was_made_is_answered_once() -> None:
    text = "connections: [{id: new, kind: generic, service: checkout}]"
    with operated() as web:
        made = web.post("configuration/apply", files(text)).json()["made_keys"]
        assert set(made) == {"new"}
        assert web.post("configuration/apply", files(text)).json()["made_keys"] == {}


def test_only_admins_apply_managers_plan_and_responders_do_neither() -> None:
    body = files("teams: [{id: x, name: X}]")
    with operated() as web:
        manager, responder = web.as_(Role.MANAGER), web.as_(Role.RESPONDER)
        assert manager.post("/api/v1/configuration/apply", json=body).status_code == 403
        assert manager.post("/api/v1/configuration/plan", json=body).status_code == 200
        assert responder.post("/api/v1/configuration/plan", json=body).status_code == 403
        assert responder.get("/api/v1/configuration/export").status_code == 403


@pytest.mark.parametrize(
    "body",
    [
        None,
        {},
        {"files": []},
        {"files": [{"name": "a\nb", "text": ""}]},
        {"files": [{"name": "a", "text": 1}]},
        {"files": [{"name": "a", "text": "", "more": 1}]},
    ],
)
def test_a_body_that_is_not_files_is_refused(body: object) -> None:
    with operated() as web:
        assert web.post("configuration/apply", body).status_code in (400, 422)


def test_a_lone_surrogate_in_a_file_is_refused_and_breaks_no_answer() -> None:
    body = r'{"files": [{"name": "a", "text": "a: \ud800"}]}'
    headers = {"content-type": "application/json"}
    with operated() as web:
        admin = web.as_(Role.ADMIN)
        answer = admin.post("/api/v1/configuration/plan", content=body, headers=headers)
    problem(answer, 422)
