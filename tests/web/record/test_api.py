"""The record of an incident, asked and written as programs do it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import httpx2
import pytest
from sqlalchemy import text

from holdfast.incidents.model import Phase
from holdfast.incidents.record import actions as record
from holdfast.kernel.actor import SYSTEM, Role
from holdfast.practice.model import RoleKey
from holdfast.web.app import make_app
from holdfast.web.operate.api import ROUTES as OPERATE
from holdfast.web.program import Program
from holdfast.web.record.api import ROUTES
from tests.support.api import problem
from tests.support.program import Browser, add_token, client, make_program
from tests.support.record import MINUTE, Room
from tests.support.story import Story

GRAPH = {"kind": "metric", "url": "https://graphs.test/d/errors"}
GLASS = "Nobody else is awake and customers wait."


class Asked:
    """One incident behind the real routes, asked by people's tokens."""

    def __init__(self, program: Program) -> None:
        self.program = program
        self.story = Story(program.database).company()
        self.room = Room(self.story)
        self._app = make_app(program, (*ROUTES, *OPERATE))
        self._clients: dict[str, Browser] = {}

    def as_(self, name: str, role: Role = Role.RESPONDER) -> Browser:
        if name not in self._clients:
            token = add_token(self.program, role, None if role is Role.MANAGER else name)
            self._clients[name] = client(self.program, token, app=self._app)
        return self._clients[name]

    def get(self, path: str, **query: Any) -> Any:
        answer = self.as_("ana").get(f"/api/v1/incidents/INC-2026-001/{path}", params=query)
        assert answer.status_code == 200, answer.text
        return answer.json()

    def post(
        self, path: str, body: object = None, *, by: str = "ana", **headers: str
    ) -> httpx2.Response:
        place = f"/api/v1/incidents/INC-2026-001/{path}"
        return self.as_(by).post(place, json=body, headers=headers)

    def done(self, path: str, body: object = None, *, by: str = "ana") -> Any:
        answer = self.post(path, body, by=by)
        assert answer.status_code in (200, 201), answer.text
        return answer.json()


@pytest.fixture
def api() -> Iterator[Asked]:
    program = make_program()
    try:
        yield Asked(program)
    finally:
        program.database.close()


@pytest.mark.ledger("S4-27")
def test_a_retried_post_answers_200_with_the_one_row_there_is(api: Asked) -> None:
    note = {"text": "restarted api"}
    first = api.post("timeline", note, **{"Idempotency-Key": "k-1"})
    again = api.post("timeline", note, **{"Idempotency-Key": "k-1"})
    assert (first.status_code, again.status_code) == (201, 200)
    assert first.json() == again.json()
    in_body = api.post("timeline", {**note, "key": "k-1"})
    assert in_body.json()["id"] == first.json()["id"]
    (line,) = api.get("timeline")["items"]
    assert (line["text"], line["author"], line["kind"]) == ("restarted api", "ana", "note")


@pytest.mark.ledger("S0-22")
@pytest.mark.refuses("EVIDENCE_REQUIRED")
def test_a_fact_without_evidence_is_a_problem_with_code_remedy_and_help(api: Asked) -> None:
    found = problem(api.post("timeline", {"kind": "fact", "text": "The pool is full"}), 422)
    assert found["code"] == "EVIDENCE_REQUIRED"
    assert found["help"] == "/help/guardrails/EVIDENCE_REQUIRED"
    assert "I saw it" in str(found["remedy"])
    taken = api.done("timeline", {"kind": "assumption", "text": "The pool is full"})
    assert (taken["kind"], taken["status"]) == ("assumption", "open")
    body = {"kind": "fact", "text": "The pool is full", "evidence": [GRAPH, {"kind": "seen"}]}
    graph, seen = api.done("timeline", body)["evidence"]
    assert (graph["link"], graph["collector"]) == ("https://graphs.test/d/errors", "ana")
    assert (seen["kind"], len(seen["hash"])) == ("seen", 64)


@pytest.mark.ledger("S2-14", "S0-21")
def test_entries_come_in_the_order_in_which_they_happened(api: Asked) -> None:
    for at, said in (("2026-11-16T08:50:00Z", "second"), ("2026-11-16T08:40:00Z", "first")):
        body = {"text": said, "occurred_at": at, "precision": "1m", "source": "chat"}
        api.done("timeline", body)
    api.done("timeline", {"text": "third"})
    lines = api.get("timeline")["items"]
    assert [line["text"] for line in lines] == ["first", "second", "third"]
    assert (lines[0]["precision_s"], lines[0]["source"]) == (60.0, "chat")
    assert lines[0]["recorded_at"] == "2026-11-16T09:00:00Z"
    late = problem(api.post("timeline", {"text": "x", "occurred_at": "2026-11-16T09:05:00Z"}), 422)
    assert late["code"] == "TIME_IMPLAUSIBLE"


def test_the_parts_of_a_long_timeline_go_back_in_time(api: Asked) -> None:
    for number in range(7):
        api.done("timeline", {"text": f"note {number}"})
    newest = api.get("timeline", limit=3)
    assert [line["text"] for line in newest["items"]] == ["note 4", "note 5", "note 6"]
    older = api.get("timeline", limit=3, cursor=newest["next"])
    assert [line["text"] for line in older["items"]] == ["note 1", "note 2", "note 3"]
    oldest = api.get("timeline", limit=3, cursor=older["next"])
    assert [line["text"] for line in oldest["items"]] == ["note 0"]
    assert oldest["next"] is None


@pytest.mark.ledger("S4-28", "S2-15")
def test_the_export_is_a_table_in_utc_of_what_was_reached(api: Asked) -> None:
    cause = api.done("hypotheses", {"statement": "The pool is full"})
    verdict = {"verdict": "confirmed", "evidence": [GRAPH]}
    api.done(f"hypotheses/{cause['id']}/verdict", verdict)
    answer = api.as_("ana").get(
        "/api/v1/incidents/INC-2026-001/timeline", params={"format": "markdown"}
    )
    assert answer.headers["content-type"].startswith("text/markdown")
    header, rule, *rows = answer.text.splitlines()
    assert (header, rule) == ("| Time (UTC) | Event |", "| --- | --- |")
    assert rows == [
        "| 2026-11-16 09:00:00 | Declared |",
        "| 2026-11-16 09:00:00 | Cause identified: Hypothesis confirmed: “The pool is full”. |",
    ]
    found = api.get("milestones")
    assert found["missing"] == ["alert", "acknowledged", "mitigation", "restored", "closed"]
    whole = api.as_("ana").get(
        "/api/v1/incidents/INC-2026-001/timeline", params={"format": "markdown", "all": "true"}
    )
    assert "| ana: Hypothesis, untested: The pool is full |" in whole.text


@pytest.mark.ledger("S0-25")
@pytest.mark.refuses("TIMELINE_SEALED")
def test_after_the_end_entries_are_amended_and_verify_proves_them(api: Asked) -> None:
    entry = api.done("timeline", {"text": "restarted api"})
    place = f"/api/v1/incidents/INC-2026-001/timeline/{entry['id']}"
    assert api.as_("bo").patch(place, json={"text": "restarted web"}).status_code == 200
    with api.program.database.begin(SYSTEM) as tx:
        record.seal(tx, api.room.id)
    api.room.changes(phase=Phase.RESOLVED)
    found = problem(api.as_("bo").patch(place, json={"text": "nothing"}), 409)
    assert found["code"] == "TIMELINE_SEALED"
    api.done(f"timeline/{entry['id']}/amend", {"text": "It was the web tier."}, by="bo")
    (added,) = api.get(f"timeline/{entry['id']}")["amendments"]
    assert (added["author"], added["marks"]) == ("bo", ["amendment"])
    manager = api.as_("boss", Role.MANAGER)
    assert manager.get("/api/v1/verify").json()["ok"] is True
    with api.program.database.begin(SYSTEM) as tx:
        tx.execute(text("update incident_entries set text = 'all was well'"))
    proof = manager.get("/api/v1/verify").json()
    assert proof["ok"] is False
    assert "was changed" in proof["broken"]


def test_an_assumption_is_confirmed_or_refuted_and_an_action_done(api: Asked) -> None:
    guess = api.done("timeline", {"kind": "assumption", "text": "It is DNS"})
    struck = api.done(f"timeline/{guess['id']}/refute", {"evidence": [{"kind": "seen"}]}, by="bo")
    assert (struck["status"], struck["judged_by"]) == ("refuted", "bo")
    owed = api.done("timeline", {"kind": "action", "text": "Drain eu-1", "done": False})
    assert owed["status"] == "open"
    assert api.done(f"timeline/{owed['id']}/done")["status"] == "done"


@pytest.mark.ledger("S2-16", "S2-21")
def test_the_change_shortly_before_the_impact_stands_first(api: Asked) -> None:
    for at, said in (
        ("2026-11-16T05:30:00Z", "Flag cards on"),
        ("2026-11-16T08:26:00Z", "Deploy 4.18.2"),
        ("2026-11-16T08:45:00Z", "Scaled up"),
    ):
        api.done("timeline", {"kind": "change", "text": said, "occurred_at": at})
    found = api.get("observed")
    assert [each["change"]["text"] for each in found["changes"]] == [
        "Deploy 4.18.2", "Flag cards on", "Scaled up",
    ]  # fmt: skip
    assert found["changes"][0]["before_s"] == 240.0


@pytest.mark.ledger("S0-27")
def test_the_checklist_says_when_each_step_was_first_taken(api: Asked) -> None:
    option = {"kind": "rollback", "evidence": [GRAPH], "parameters": {"deployment": "web"}}
    api.done("mitigations", option)
    api.story.clock.jump_to(api.story.start + MINUTE)
    api.done("timeline", {"text": "hello"})
    steps = {each["step"]: each for each in api.get("investigation")["items"]}
    assert steps["tie"]["out_of_order"] is True
    assert steps["timeline"]["out_of_order"] is False
    assert steps["separate"]["at"] is None


@pytest.mark.ledger("S2-17", "S2-18")
def test_hypotheses_are_stated_tested_and_judged(api: Asked) -> None:
    made = api.done("hypotheses", {"statement": "It is DNS"})
    assert (made["status"], made["untested"], made["owner"]) == ("open", True, "ana")
    place = f"hypotheses/{made['id']}"
    api.done(f"{place}/tests", {"text": "dig answers", "disconfirming": True}, by="bo")
    assert problem(api.post(f"{place}/verdict", {"verdict": "refuted"}), 422)["code"] == (
        "EVIDENCE_REQUIRED"
    )
    judged = api.done(f"{place}/verdict", {"verdict": "refuted", "evidence": [{"kind": "seen"}]})
    assert judged["status"] == "refuted"
    assert [each["id"] for each in api.get("hypotheses")["items"]] == [made["id"]]


@pytest.mark.ledger("S2-24")
def test_the_five_resources_are_a_checklist(api: Asked) -> None:
    assert [each["state"] for each in api.get("resources")["items"]] == [None] * 5
    api.done("resources/disk", {"state": "exhausted", "evidence": [{"kind": "seen"}]})
    found = {each["resource"]: each["state"] for each in api.get("resources")["items"]}
    assert found["disk"] == "exhausted"
    assert api.post("resources/patience", {"state": "ok"}).status_code == 422


@pytest.mark.ledger("S0-23", "S1-37", "S1-51", "S4-89")
def test_a_mitigation_goes_its_way_by_api_with_every_refusal_named(api: Asked) -> None:
    api.room.holds(RoleKey.COMMAND, "ana")
    api.room.holds(RoleKey.OPERATIONS, "bo")
    bare = {"type": "rollback", "target": "web", "parameters": {"deployment": "web"}}
    assert problem(api.post("mitigations", bare), 422)["code"] == "MITIGATION_NEEDS_EVIDENCE"
    made = api.done("mitigations", {**bare, "evidence": [GRAPH]}, by="cy")
    assert (made["state"], made["risk"]) == ("approved", "low")
    assert made["command"] == "kubectl rollout undo deployment/web"
    assert made["dry_run"].endswith("--dry-run=server")
    place = f"mitigations/{made['id']}"
    assert problem(api.post(f"{place}/execute"), 409)["code"] == "IC_MUST_NOT_EXECUTE"
    begun = api.done(f"{place}/start", {"impact_before": "38 %"}, by="bo")
    assert (begun["state"], begun["executor"], begun["attempt"]) == ("executing", "bo", 1)
    early = problem(api.post(f"{place}/verify", by="bo"), 409)
    assert (early["code"], early["detail"]) == (
        "WAIT_NOT_ELAPSED", "2m left until it can be judged.",
    )  # fmt: skip
    done = api.done(f"{place}/verify", {"impact_after": "0 %", "break_glass": GLASS}, by="bo")
    assert (done["state"], done["impact_before"], done["impact_after"]) == (
        "verified", "38 %", "0 %",
    )  # fmt: skip


@pytest.mark.ledger("S0-38")
def test_the_list_shows_attempts_and_then_options_by_risk(api: Asked) -> None:
    for kind, minutes in (("failover", 1), ("flag", 9), ("flag", 2)):
        body = {"kind": kind, "evidence": [GRAPH], "expected_minutes": minutes}
        api.done("mitigations", {**body, "target": f"{kind}{minutes}"})
    first = {"kind": "flag", "target": "now", "start": True, "break_glass": GLASS}
    started = api.done("mitigations", first, by="bo")
    assert started["state"] == "executing"
    assert [each["target"] for each in api.get("mitigations")["items"]] == [
        "now", "flag2", "flag9", "failover1",
    ]  # fmt: skip


def test_the_catalogue_lists_every_kind_with_its_least_risk(api: Asked) -> None:
    answer = api.as_("ana").get("/api/v1/mitigations")
    kinds = {each["kind"]: each for each in answer.json()["items"]}
    assert kinds["restore"]["risk"] == "high"
    assert kinds["restart"]["destroys"]
    assert "kubectl rollout undo deployment/{deployment}" in kinds["rollback"]["commands"]


@pytest.mark.ledger("S4-17", "S4-24")
def test_a_decision_is_proposed_asked_about_and_confirmed(api: Asked) -> None:
    api.room.holds(RoleKey.COMMAND, "ana")
    proposal = api.done(
        "decisions", {"choice": "Roll back everywhere", "why": "It helped"}, by="bo"
    )
    assert proposal["state"] == "proposed"
    assert api.done(f"decisions/{proposal['id']}/confirm")["decided_by"] == "ana"
    risky = {"choice": "Drop the cache", "high_risk": True}
    assert problem(api.post("decisions", risky), 409)["code"] == "OBJECTION_POLL"
    asked = api.done("decisions", {**risky, "poll": "2m"})
    said = api.done(f"decisions/{asked['id']}/answer", {"objection": "The load!"}, by="cy")
    assert said["answers"][0]["objection"] == "The load!"
    entry = api.done("timeline", {"kind": "decision", "text": "Wait"}, by="bo")
    assert entry["kind"] == "decision"
    assert [each["state"] for each in api.get("decisions")["items"]] == [
        "decided", "asked", "proposed",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("path", "body"),
    [
        ("timeline", {"text": ""}),
        ("timeline", {"text": "x", "kind": "rumour"}),
        ("timeline", {"text": "x", "kind": "system"}),
        ("timeline", {"text": "x", "occurred_at": "yesterday"}),
        ("timeline", {"text": "x", "precision": "a bit"}),
        ("timeline", {"text": "x", "evidence": [{"kind": "gossip"}]}),
        ("timeline", {"text": "x", "colour": "red"}),
        ("hypotheses", {"statement": ""}),
        ("mitigations", {"kind": "magic"}),
        ("mitigations", {"kind": "scale", "parameters": {"replicas": 100000}}),
        ("mitigations", {"kind": "other", "wait": "2d", "evidence": [GRAPH]}),
        ("decisions", {"choice": "x", "poll": "5s"}),
    ],
)
def test_what_cannot_be_is_a_problem_and_writes_nothing(
    api: Asked, path: str, body: dict[str, object]
) -> None:
    problem(api.post(path, body), 422)
    assert api.get("timeline")["items"] == []


def test_an_incident_that_is_not_there_is_not_found_by_any_route(api: Asked) -> None:
    for path in ("timeline", "hypotheses", "mitigations", "decisions", "observed", "milestones"):
        answer = api.as_("ana").get(f"/api/v1/incidents/INC-2026-999/{path}")
        assert answer.status_code == 404, path
