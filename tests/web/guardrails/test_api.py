"""The list of guardrails by API is the list of the rules themselves, with figures and strength."""

from __future__ import annotations

import pytest

from holdfast.guardrails import queries, rules
from holdfast.guardrails.actions import count_refusal, uphold
from holdfast.guardrails.model import Refuse, Strength, Verdict, rule
from holdfast.kernel.actor import SYSTEM, Role
from tests.support.api import Api, api, problem
from tests.support.program import add_token, client
from tests.support.screens import screens

CODE = "NO_FINAL_LEVEL"
PATH = f"guardrails/{CODE}"
NEVER = {"refused": 0, "overridden": 0, "noted": 0}


@rule(CODE, Strength.MUST, cites=[], guards="x.y", breakable=True)
def always_no(facts: str) -> Verdict:
    """Never."""
    return Refuse(facts, "Give up.")


def refuse(web: Api, times: int = 1) -> None:
    for _ in range(times):
        web.change(lambda tx: count_refusal(tx, CODE))


def override(web: Api) -> None:
    web.change(lambda tx: uphold(tx, [always_no], "no", about="in_1", reason="it cannot wait"))


@pytest.mark.ledger("S0-39", "S1-34")
def test_every_rule_is_listed_with_its_strength_its_help_and_its_figures() -> None:
    with api() as web:
        found = {rule["code"]: rule for rule in web.items("guardrails", limit=500)}
    assert set(found) == set(rules.by_code())
    assert found[CODE] == {
        "code": CODE,
        "strength": "must",
        "title": "An escalation policy must end with somebody who can be paged when nobody else"
        " answers.",
        "help": f"/help/guardrails/{CODE}",
        "cites": ["S1-34"],
        "guards": "escalation.save_policy",
        "refuses": "input",
        "package": "escalation",
        "declared": "must",
        "lowered": False,
        "breakable": False,
        "chosen": None,
        "counters": {
            **NEVER,
            "last_at": None,
            "lately": NEVER,
            "days": [],
            "overridden_share": 0.0,
            "for_review": False,
        },
    }


@pytest.mark.ledger("S0-39")
def test_what_fired_is_counted_and_shown_by_day() -> None:
    with api() as web:
        refuse(web, 2)
        override(web)
        found = web.get(PATH).json()["counters"]
    assert (found["refused"], found["overridden"], found["noted"]) == (2, 1, 0)
    assert found["last_at"] == "2026-11-16T09:00:00Z"
    assert found["days"] == [{"day": "2026-11-16", "refused": 2, "overridden": 1, "noted": 0}]
    assert (found["overridden_share"], found["for_review"]) == (0.3333, True)


def test_one_package_is_listed_with_its_parts() -> None:
    with api() as web:
        escalation = web.items("guardrails", package="escalation")
        incidents = web.items("guardrails", package="incidents", limit=500)
        assert web.items("guardrails", package="escal") == []
    assert [rule["code"] for rule in escalation] == [CODE]
    packages = {str(rule["package"]) for rule in incidents}
    assert "incidents.roles" in packages
    assert all(f"{package}.".startswith("incidents.") for package in packages)


@pytest.mark.ledger("S0-67")
def test_an_admin_lowers_a_must_with_a_reason_and_everybody_sees_it() -> None:
    with api() as web:
        answer = web.post(f"{PATH}/strength", {"strength": "should", "reason": "we try it"})
        assert answer.status_code == 200, answer.text
        listed = next(rule for rule in web.items("guardrails", package="escalation"))
        events = web.items("timeline", kinds="guardrail.strength_changed")
    assert answer.json() == listed
    assert (listed["strength"], listed["declared"], listed["lowered"]) == ("should", "must", True)
    chosen = listed["chosen"]
    assert isinstance(chosen, dict)
    assert (chosen["reason"], chosen["changed_at"]) == ("we try it", "2026-11-16T09:00:00Z")
    assert str(chosen["changed_by"]).startswith("token:")
    assert [event["subject"] for event in events] == [CODE]


def test_a_must_is_not_lowered_without_a_reason() -> None:
    with api() as web:
        found = problem(web.post(f"{PATH}/strength", {"strength": "may"}), 422)
        assert web.get(PATH).json()["strength"] == "must"
    assert isinstance(found["errors"], dict)
    assert set(found["errors"]) == {"reason"}


@pytest.mark.parametrize(
    ("body", "status"),
    [
        ({"strength": "never", "reason": "it is in the way"}, 422),
        ({"strength": "may", "reason": "r" * 501}, 422),
        ({"strength": "may", "reason": "fine enough", "force": True}, 422),
        ({}, 422),
    ],
)
def test_what_is_no_strength_is_refused(body: dict[str, object], status: int) -> None:
    with api() as web:
        problem(web.post(f"{PATH}/strength", body), status)
        assert web.get(PATH).json()["strength"] == "must"


@pytest.mark.parametrize("role", [Role.VIEWER, Role.RESPONDER, Role.MANAGER])
def test_everybody_reads_the_rules_and_only_admins_change_them(role: Role) -> None:
    with api() as web:
        mine = web.as_(role)
        assert mine.get("/api/v1/guardrails").status_code == 200
        body = {"strength": "may", "reason": "it is in the way"}
        assert mine.post(f"/api/v1/{PATH}/strength", json=body).status_code == 403


def test_a_rule_that_does_not_exist_is_not_found() -> None:
    with api() as web:
        problem(web.get("guardrails/NO_SUCH"), 404)
        body = {"strength": "may", "reason": "it is in the way"}
        problem(web.post("guardrails/NO_SUCH/strength", body), 404)


@pytest.mark.ledger("S0-67", "S0-39")
@pytest.mark.refuses("OL_REQUIRED")
def test_on_the_response_path_a_no_opens_with_a_reason_and_both_are_counted() -> None:
    reason = "payments are down and nobody else is awake"
    with screens() as web:
        ana = client(
            web.program, add_token(web.program, Role.RESPONDER, "ana"), app=web.browser.app
        )
        said = {"title": "Checkout down", "severity": "SEV1", "detection_source": "teammate"}
        declared = ana.post("/api/v1/incidents", json=said).json()
        path = f"/api/v1/incidents/{declared['number']}/phase"
        assert ana.post(path, json={"to": "triage"}).status_code == 200
        refused = problem(ana.post(path, json={"to": "mitigating"}), 409)
        short = problem(ana.post(path, json={"to": "mitigating", "break_glass": "no"}), 422)
        passed = ana.post(path, json={"to": "mitigating", "break_glass": reason})
        counters = ana.get("/api/v1/guardrails/OL_REQUIRED").json()["counters"]
        with web.program.database.read(SYSTEM) as tx:
            overrides = queries.overrides_about(tx, declared["id"])
    assert (refused["code"], refused["breakable"]) == ("OL_REQUIRED", True)
    assert short["errors"] == {"break_glass": "Give a reason of at least 5 characters."}
    assert (passed.status_code, passed.json()["phase"]) == (200, "mitigating")
    assert (counters["refused"], counters["overridden"]) == (1, 1)
    assert ("OL_REQUIRED", reason) in {(each.code, each.reason) for each in overrides}
