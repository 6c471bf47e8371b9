"""Incidents at their seams: who may know of a private one, ids of another one, and what is left."""

from __future__ import annotations

from collections.abc import Iterator
from typing import cast

import pytest

from holdfast.kernel.actor import Role
from holdfast.web.routes import Face
from tests.hostile.rooms import ENDLESS, ROWS, address, ids
from tests.hostile.siege import Answer, Siege
from tests.support.program import add_user

Json = dict[str, object]
API = "/api/v1/"
SECRET = "hfx-takeover-talks"
DECLARED: Json = {
    "title": SECRET, "severity": "SEV2", "detection_source": "teammate", "services": ["checkout"],
}  # fmt: skip
NUL = "a\x00b\x1b[31m"


class Room:
    """One incident that Ana declared, and a token for everybody."""

    def __init__(self, besieged: Siege, **changed: object) -> None:
        self.besieged = besieged
        self.tokens = {name: besieged.token(Role.RESPONDER, name) for name in ("ana", "bo", "cy")}
        self.tokens |= {"admin": besieged.admin_token, "viewer": besieged.viewer_token}
        self.made = self.declared(**changed)
        self.id = str(self.made["id"])

    def declared(self, **changed: object) -> Json:
        answer = self.ask("POST", "incidents", DECLARED | changed)
        assert answer.status == 201, answer
        return _json(answer)

    def ask(self, method: str, path: str, body: object = None, who: str = "ana") -> Answer:
        return self.besieged.ask_json(method, API + path, body, token=self.tokens[who])

    def post(self, verb: str, body: object, who: str = "ana") -> Answer:
        return self.ask("POST", f"incidents/{self.id}/{verb}", body, who)

    def made_by(self, verb: str, body: object) -> str:
        """The id of what that verb made."""
        answer = self.post(verb, body)
        assert answer.status in (200, 201), answer
        return str(_json(answer)["id"])

    def sees(self, who: str) -> bool:
        answer = self.ask("GET", f"incidents/{self.id}", who=who)
        assert answer.status in (200, 404), answer
        return answer.status == 200


@pytest.fixture(autouse=True)
def healthy(besieged: Siege) -> Iterator[None]:
    yield
    besieged.alive()


@pytest.mark.parametrize("who", ["cy", "viewer"])
def test_nothing_tells_of_a_private_incident_to_whoever_may_not_see_it(
    besieged: Siege, who: str
) -> None:
    room = Room(besieged, private=True)
    room.post("timeline", {"text": SECRET})
    room.post("responders", {"target": "bo", "reason": SECRET})
    besieged.story.drain()
    known = ids(besieged) | {"incident_id": room.id}
    marks = (SECRET, room.id, str(room.made["number"]))
    for row in ROWS:
        if row.face is not Face.API or row.method != "GET" or row.path in ENDLESS:
            continue
        answer = besieged.ask_json("GET", address(row, known), token=room.tokens[who])
        if "{incident_id}" in row.path:
            assert answer.status == 404, row.path
        assert not any(mark in answer.text for mark in marks), row.path


def test_whoever_is_paged_to_a_private_incident_hears_to_which(besieged: Siege) -> None:
    room = Room(besieged, private=True)
    room.post("responders", {"target": "bo", "reason": "come"})
    besieged.story.drain()
    told = room.ask("GET", "pages?user=bo&limit=500", who="bo").text
    assert str(room.made["number"]) in told
    others = room.ask("GET", "pages?user=bo&limit=500", who="cy")
    assert str(room.made["number"]) not in others.text
    of_private = [page for page in _items(others) if page["code"] is None]
    assert of_private
    assert all(page["alert"] is None for page in of_private), "a request is not an alert"


def test_making_it_private_does_not_shut_out_whoever_works_on_it(besieged: Siege) -> None:
    room = Room(besieged)
    assert room.post("roles", {"role": "operations", "user": "bo"}).status == 200
    assert room.post("private", {"private": True, "users": []}).status == 200
    assert room.sees("bo")
    assert not room.sees("cy")
    assert room.sees("admin")


def test_whoever_is_given_work_or_a_role_in_a_private_incident_may_see_it(besieged: Siege) -> None:
    room = Room(besieged, private=True)
    assert not room.sees("bo")
    room.made_by("tasks", {"to": "bo", "text": "Read the logs of checkout", "minutes": 10})
    assert room.sees("bo")
    assert not room.sees("cy")
    assert room.post("handoff", {"role": "command", "to": "cy", "briefing": "x"}).status == 200
    assert room.sees("cy")


def test_the_parts_of_one_incident_are_not_there_under_another(besieged: Siege) -> None:
    room, other = Room(besieged), Room(besieged)
    proof = [{"kind": "seen", "value": "x"}]
    known = {
        "incident_id": other.id,
        "entry_id": room.made_by("timeline", {"text": "n", "kind": "action"}),
        "task_id": room.made_by("tasks", {"to": "bo", "text": "Read the logs", "minutes": 10}),
        "hypothesis_id": room.made_by("hypotheses", {"statement": "a", "prediction": "b"}),
        "mitigation_id": room.made_by(
            "mitigations",
            {"kind": "rollback", "title": "t", "target": "checkout", "evidence": proof},
        ),
        "decision_id": room.made_by("decisions", {"choice": "x", "options": ["x", "y"]}),
        "question_id": room.made_by("questions", {"text": "x"}),
        "request_id": room.made_by("escalate", {"reason": "more"}),
    }
    bodies: dict[str, Json] = {
        "amend": {"text": "x"}, "tests": {"text": "x"}, "verdict": {"verdict": "refuted"},
        "{entry_id}": {"text": "x"}, "questions/{question_id}/answer": {"answer": "x"},
    }  # fmt: skip
    tried = 0
    for row in ROWS:
        named = [name for name in known if f"{{{name}}}" in row.path]
        if row.face is not Face.API or len(named) < 2:
            continue
        body = next((body for end, body in bodies.items() if row.path.endswith(end)), {})
        sent = None if row.method == "GET" else body
        answer = besieged.ask_json(row.method, address(row, known), sent)
        assert answer.status == 404, (row.method, row.path, answer)
        tried += 1
    assert tried >= len(known)


def test_a_note_is_not_about_another_incidents_entry(besieged: Siege) -> None:
    room, other = Room(besieged), Room(besieged)
    theirs = room.made_by("timeline", {"text": "n"})
    assert other.post("timeline", {"text": "x", "about": theirs}).status == 404
    assert room.post("timeline", {"text": "x", "about": theirs}).status == 201


def test_what_is_kept_as_it_came_holds_nothing_that_a_database_stumbles_over(
    besieged: Siege,
) -> None:
    room = Room(besieged)
    assert room.post("timeline", {"text": "x", "key": NUL}).status == 422
    assert room.post("systems", {"services": [], "owner": NUL}).status == 422
    language = {"who": "ana", "rank_max": 3, "language": NUL}
    assert room.ask("POST", "services/checkout/stakeholders", language, "admin").status == 422
    assert room.post("timeline", {"text": NUL, "source": NUL}).status == 201
    assert room.post("reports", {"condition": NUL, "needs": NUL}).status == 200
    kept = [
        (table, cell)
        for table, rows in besieged.dump().items()
        for row in rows
        for cell in row
        if isinstance(cell, str) and any(odd in cell for odd in ("\x00", "\x1b", "\\u0000"))
    ]
    assert kept == []


def test_a_retried_note_is_one_row(besieged: Siege) -> None:
    room = Room(besieged)
    sent = {"text": "once", "key": "a-key"}
    first, again = room.post("timeline", sent), room.post("timeline", sent)
    assert (first.status, again.status) == (201, 200)
    assert _json(first)["id"] == _json(again)["id"]
    assert _json(room.post("timeline", sent, "bo"))["id"] != _json(first)["id"]


def test_of_two_who_looked_at_the_same_version_the_second_hears_who_did_what(
    besieged: Siege,
) -> None:
    room = Room(besieged)
    seen = _json(room.ask("GET", f"incidents/{room.id}"))["version"]
    assert room.post("brief", {"impact": "a", "version": seen}, "bo").status == 200
    late = room.post("brief", {"impact": "b", "version": seen})
    assert late.status == 409
    assert "bo" in str(_json(late)["detail"])


def test_no_update_is_promised_for_what_is_past(besieged: Siege) -> None:
    room = Room(besieged)
    said = {"text": "We look.", "audience": "internal"}
    before = besieged.version()
    for due in ({"next_update_at": "2026-11-16T08:00:00Z"}, {"next_update_in": "0s"}):
        assert room.post("updates", said | due).status == 422
    assert besieged.version() == before
    assert room.post("updates", said | {"next_update_in": "10m"}).status == 201


def test_no_work_is_given_to_somebody_who_may_not_respond(besieged: Siege) -> None:
    room = Room(besieged)
    add_user(besieged.program, "Vic", Role.VIEWER)
    given = {"to": "vic", "text": "Read the logs of checkout", "minutes": 10}
    assert room.post("tasks", given).status == 422
    assert room.post("reports/ask", {"to": "vic", "minutes": 5}).status == 422


def test_an_exceptions_reason_is_the_reason_of_a_milder_severity(besieged: Siege) -> None:
    room = Room(besieged)
    assert room.post("severity", {"level": "SEV3"}).status == 422
    assert room.post("severity", {"level": "SEV3", "break_glass": "only staff"}).status == 200
    told = room.ask("GET", "timeline?kinds=incident.severity_changed")
    assert cast(Json, _items(told)[0]["data"])["why"] == "only staff"


def test_nothing_is_waited_for_after_the_end_of_an_incident(besieged: Siege) -> None:
    room = Room(besieged)
    other = room.declared(title="The other one")
    room.post("tasks", {"to": "bo", "text": "Read the logs of checkout", "minutes": 10})
    room.post("hypotheses", {"statement": "a", "prediction": "b"})
    room.post("responders", {"target": "cy", "reason": "come"})
    merged = room.ask("POST", f"incidents/{room.id}/merge", {"into": other["id"], "reason": "x"})
    assert merged.status == 200
    assert room.post("hypotheses", {"statement": "c", "prediction": "d"}).status == 201
    besieged.story.drain()
    left = [row for row in besieged.dump()["timers"] if room.id in str(row)]
    assert left == []


def _json(answer: Answer) -> Json:
    return cast(Json, answer.json())


def _items(answer: Answer) -> list[Json]:
    return cast("list[Json]", _json(answer)["items"])
