"""Incidents by API: declared in one request, moved by one door, refused with code and remedy."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from holdfast.catalog import actions as catalog
from holdfast.catalog.model import Service
from holdfast.incidents.model import Incident
from holdfast.kernel.actor import SYSTEM, Role
from holdfast.web.app import make_app
from holdfast.web.incidents.api import ROUTES as INCIDENTS
from tests.support.api import ROUTES, Api, Json, api, problem
from tests.support.incidents import (
    checks,
    crewed,
    declares,
    finishes,
    incident,
    resolved,
    triaged,
)
from tests.support.story import MINUTE

BY_HAND: Json = {
    "title": "Checkout is down", "severity": "SEV2", "detection_source": "teammate",
    "services": ["checkout"],
}  # fmt: skip


class Company(Api):
    """The company with its crew; whoever is not named otherwise, Ana asks."""

    def ask(self, path: str, body: object = None, who: str = "ana") -> Json:
        """Posts as that person; what was answered."""
        answer = self.as_(Role.RESPONDER, who).post(f"/api/v1/{path}", json=body)
        assert answer.status_code in (200, 201), answer.text
        found: Json = answer.json()
        return found

    def refuses(self, path: str, body: object, status: int, who: str = "ana") -> Json:
        return problem(self.as_(Role.RESPONDER, who).post(f"/api/v1/{path}", json=body), status)


@pytest.fixture
def web() -> Iterator[Company]:
    with api() as made:
        company = Company.__new__(Company)
        company.__dict__.update(made.__dict__)
        others = [row for row in ROUTES if row not in INCIDENTS]
        company.app = make_app(company.program, (*others, *INCIDENTS))
        crewed(company.story)
        yield company


def test_one_request_declares_and_answers_everything_of_the_contract(web: Company) -> None:
    found = web.ask("incidents", BY_HAND)
    assert found["number"] == "INC-2026-001"
    assert found["title"] == "Checkout is down"
    assert found["severity"] == {"level": "SEV2", "rank": 2, "provisional": False}
    assert found["phase"] == "declared"
    assert (found["kind"], found["private"]) == ("real", False)
    assert found["declared_at"] == found["detected_at"] == "2026-11-16T09:00:00Z"
    assert found["resolved_at"] is found["restored_at"] is found["closed_at"] is None
    assert {"command", "operations", "communications", "scribe"} <= set(as_json(found["roles"]))
    assert as_json(as_json(found["clocks"])["restore"])["due_at"] == "2026-11-16T13:00:00Z"
    assert found["next_update_by"] is not None
    assert found["url"] == "http://testserver/incidents/INC-2026-001"
    assert web.get("incidents/INC-2026-001").json() == found


def test_declaring_answers_that_something_was_created(web: Company) -> None:
    assert web.as_(Role.RESPONDER, "bo").post("/api/v1/incidents", json=BY_HAND).status_code == 201


@pytest.mark.ledger("S0-20")
def test_from_an_alert_its_id_and_a_severity_are_enough(web: Company) -> None:
    alert = web.fires()
    found = web.ask("incidents", {"alert_id": alert, "severity": "sev1"})
    assert found["title"] == "Disk full"
    assert found["detection_source"] == "alert"
    assert found["services"] == ["checkout"]
    assert found["alerts"] == [alert]
    required = [seat for seat in map(as_json, as_json(found["roles"]).values()) if seat["required"]]
    assert all(seat["user"] or seat["candidate"] or seat["state"] == "missing" for seat in required)


@pytest.mark.ledger("S1-07", "S3-07")
def test_before_anything_is_declared_the_impact_says_what_it_would_be(web: Company) -> None:
    asked = {"impact": {"users_affected": 100, "workaround": False}, "services": ["checkout"]}
    found = web.ask("incidents/propose", asked)
    assert found["rank"] == 0
    assert "no service level objective" in str(found["reasons"])
    assert web.items("incidents") == []


@pytest.mark.ledger("S1-06")
def test_what_depends_on_an_affected_service_is_proposed(web: Company) -> None:
    with web.program.database.begin(SYSTEM) as tx:
        shop = Service("shop", "Shop", "payments", "payments", depends_on=("checkout",))
        catalog.save_service(tx, shop)
    found = web.ask("incidents", BY_HAND)
    assert found["downstream"] == ["shop"]
    both = {"services": ["checkout", "shop"]}
    assert web.ask(f"incidents/{found['number']}/systems", both)["downstream"] == []


@pytest.mark.ledger("S0-02")
@pytest.mark.refuses("SEVERITY_REQUIRED")
def test_without_a_severity_it_is_refused_and_unsure_takes_the_worst(web: Company) -> None:
    without = {name: said for name, said in BY_HAND.items() if name != "severity"}
    refusal = web.refuses("incidents", without, 422)
    assert refusal["code"] == "SEVERITY_REQUIRED"
    assert refusal["remedy"]
    assert refusal["help"] == "/help/guardrails/SEVERITY_REQUIRED"
    found = web.ask("incidents", {**without, "unsure": [1, 2]})
    assert found["severity"] == {"level": "SEV1", "rank": 1, "provisional": True}
    assert found["unsure"] == [1, 2]


@pytest.mark.ledger("S1-02")
@pytest.mark.refuses("DETECTION_SOURCE_REQUIRED")
def test_by_hand_it_is_said_who_noticed(web: Company) -> None:
    without = {name: said for name, said in BY_HAND.items() if name != "detection_source"}
    assert web.refuses("incidents", without, 422)["code"] == "DETECTION_SOURCE_REQUIRED"


@pytest.mark.parametrize(
    "body",
    [
        {**BY_HAND, "colour": "red"},
        {**BY_HAND, "kind": "joke"},
        {**BY_HAND, "severity": "SEV9"},
        {**BY_HAND, "impact_started_at": "yesterday"},
        {**BY_HAND, "impact": {"users_affected": 200}},
        {**BY_HAND, "roles": {"juggler": "bo"}},
    ],
)
def test_what_cannot_be_meant_is_refused(web: Company, body: Json) -> None:
    answer = web.as_(Role.RESPONDER, "ana").post("/api/v1/incidents", json=body)
    assert answer.status_code in (404, 422), answer.text


@pytest.mark.ledger("S1-57", "S4-95")
@pytest.mark.refuses("VERIFY_WINDOW")
def test_the_four_minute_close_is_refused_by_api(web: Company) -> None:
    found = watched(web)
    web.story.clock.jump_to(web.story.clock.now() + 4 * MINUTE)
    refusal = web.refuses(f"incidents/{found.number}/phase", {"to": "closed"}, 409)
    assert refusal["code"] == "VERIFY_WINDOW"
    assert "11m left" in str(refusal["detail"])
    shown = as_json(web.get(f"incidents/{found.number}").json()["verify_window"])
    assert (shown["length_s"], shown["left_s"]) == (900, 660)


def test_one_door_leads_through_all_phases(web: Company) -> None:
    found = watched(web)
    web.story.clock.jump_to(web.story.clock.now() + 15 * MINUTE)
    checks(web.story, found.id)
    finishes(web.story, found.id)
    done = {"to": "resolved", "remediation": "full", "followup": "none because it is a test"}
    assert web.ask(f"incidents/{found.number}/phase", done)["phase"] == "resolved"
    over = {"to": "closed", "waive": {"postmortem": "short", "runbook_review": "still correct"}}
    closed = web.ask(f"incidents/{found.number}/phase", over)
    assert closed["phase"] == "closed"
    assert as_json(as_json(closed["outcome"])["waivers"]) == {
        "postmortem": "short",
        "runbook_review": "still correct",
    }
    assert web.ask(f"incidents/{found.number}/phase", over) == closed


def test_whoever_sends_an_old_version_is_told_who_was_faster(web: Company) -> None:
    found = web.ask("incidents", BY_HAND)
    number = found["number"]
    web.ask(f"incidents/{number}/phase", {"to": "triage"}, "bo")
    said = {"level": "SEV1", "reason": "worse", "version": found["version"]}
    refusal = web.refuses(f"incidents/{number}/severity", said, 409)
    assert "bo moved it to triage" in str(refusal["detail"])


def test_impact_brief_systems_escalation_checks_and_times_are_said_one_by_one(
    web: Company,
) -> None:
    number = web.ask("incidents", BY_HAND)["number"]
    web.ask(f"incidents/{number}/impact", {"users_affected": 30, "workaround": False})
    web.ask(f"incidents/{number}/brief", {"impact": "payments fail", "doing": "undoing"})
    web.ask(f"incidents/{number}/systems", {"services": ["checkout"]})
    web.ask(f"incidents/{number}/escalation", {"needed": True, "to": "team:payments"})
    check = {"what": "errors", "reading": "0.1 %", "source": "dashboard", "good": True}
    web.ask(f"incidents/{number}/checks", check)
    found = web.ask(
        f"incidents/{number}/times",
        {"impact_started_at": "2026-11-16T08:50:00Z", "impact_precision_s": 60},
    )
    assert as_json(found["impact"])["users_affected"] == 30
    assert as_json(found["brief"])["by"] == "ana"
    assert found["escalate"] == {"needed": True, "to": "team:payments"}
    assert found["impact_started_at"] == "2026-11-16T08:50:00Z"
    assert found["impact_precision_s"] == 60
    proposal = as_json(found["proposal"])
    assert proposal["known"] is True
    assert proposal["reasons"]
    assert found["reevaluate"] is False


def test_severity_is_changed_confirmed_and_raised_in_doubt(web: Company) -> None:
    number = web.ask("incidents", {**BY_HAND, "severity": "SEV3"})["number"]
    raised = web.ask(f"incidents/{number}/in-doubt")
    assert raised["severity"] == {"level": "SEV2", "rank": 2, "provisional": True}
    confirmed = web.ask(f"incidents/{number}/severity/confirm")
    assert as_json(confirmed["severity"])["provisional"] is False
    lower = {"level": "SEV3", "reason": ""}
    assert web.refuses(f"incidents/{number}/severity", lower, 422)["code"] == "REASON_REQUIRED"
    changed = web.ask(f"incidents/{number}/severity", {**lower, "reason": "one customer"})
    assert as_json(changed["severity"])["level"] == "SEV3"


def test_a_list_has_the_newest_first_and_can_be_asked_for_the_active_ones(web: Company) -> None:
    numbers = []
    for minute in range(3):
        web.story.clock.jump_to(web.story.start + minute * MINUTE)
        numbers.append(web.ask("incidents", BY_HAND)["number"])
    over = {"to": "closed_false_alarm", "reason": "the probe"}
    web.ask(f"incidents/{numbers[0]}/phase", over)
    assert [each["number"] for each in web.items("incidents")] == numbers[::-1]
    active = [each["number"] for each in web.items("incidents", phase="active")]
    assert active == numbers[:0:-1]
    first = web.get("incidents", limit=2).json()
    assert first["next"]
    rest = web.get("incidents", limit=2, cursor=first["next"]).json()
    assert [each["number"] for each in rest["items"]] == [numbers[0]]
    assert problem(web.get("incidents", phase="nowhere"), 422)


def test_a_private_incident_is_not_there_for_others(web: Company) -> None:
    number = web.ask("incidents", {**BY_HAND, "private": True}, "dee")["number"]
    stranger = web.as_(Role.VIEWER, "fay")
    problem(stranger.get(f"/api/v1/incidents/{number}"), 404)
    assert stranger.get("/api/v1/incidents").json()["items"] == []
    web.ask(f"incidents/{number}/private", {"private": True, "users": ["fay"]}, "dee")
    assert stranger.get(f"/api/v1/incidents/{number}").status_code == 200


def test_alerts_are_linked_and_incidents_merged(web: Company) -> None:
    one, two = (str(web.ask("incidents", BY_HAND)["number"]) for _ in range(2))
    alert = web.fires()
    assert web.ask(f"incidents/{one}/alerts", {"alert": alert})["alerts"] == [alert]
    merged = web.ask(f"incidents/{one}/merge", {"into": two})
    assert (merged["number"], merged["alerts"]) == (two, [alert])
    assert web.get(f"incidents/{one}").json()["phase"] == "merged"


@pytest.mark.parametrize("role", [Role.VIEWER])
def test_who_may_only_look_changes_nothing(web: Company, role: Role) -> None:
    number = web.ask("incidents", BY_HAND)["number"]
    looker = web.as_(role, "bo")
    assert looker.get(f"/api/v1/incidents/{number}").status_code == 200
    for path, body in ((f"incidents/{number}/phase", {"to": "triage"}), ("incidents", BY_HAND)):
        problem(looker.post(f"/api/v1/{path}", json=body), 403)


def test_an_unknown_incident_is_not_found(web: Company) -> None:
    problem(web.get("incidents/INC-2026-404"), 404)
    problem(web.post("incidents/INC-2026-404/phase", {"to": "triage"}), 404)


def test_what_was_closed_is_only_opened_again(web: Company) -> None:
    found = resolved(web.story, declares(web.story))
    refusal = web.refuses(f"incidents/{found.number}/phase", {"to": "triage"}, 409)
    assert "resolved" in str(refusal["detail"])
    again = {"to": "mitigating", "reason": "it came back"}
    assert web.ask(f"incidents/{found.number}/phase", again)["phase"] == "mitigating"


def watched(web: Company) -> Incident:
    """An incident that was restored just now."""
    found = triaged(web.story, declares(web.story))
    for body in ({"to": "mitigating"}, {"to": "monitoring", "mitigation": "undone"}):
        web.ask(f"incidents/{found.number}/phase", body)
    return incident(web.story, found.id)


def as_json(said: object) -> Json:
    assert isinstance(said, dict)
    return said
