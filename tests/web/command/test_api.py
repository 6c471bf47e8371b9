"""Command by API: roles, hand-offs, responders, the room, tasks, and what command looks at."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import pytest

from holdfast.kernel.actor import Role
from holdfast.web.app import make_app
from holdfast.web.command.api import ROUTES as COMMAND
from holdfast.web.pages.api import ROUTES as PAGES
from tests.support.api import Api, Json, api, problem
from tests.support.incidents import crewed, declares
from tests.support.program import Browser
from tests.support.story import MINUTE


@dataclass
class Room:
    """One incident of the company, asked about by whoever is named."""

    web: Api
    number: str

    def ask(self, who: str, path: str, body: object = None, status: int = 200) -> Json:
        answer = self._as(who).post(f"/api/v1/incidents/{self.number}/{path}", json=body)
        assert answer.status_code == status, answer.text
        found: Json = answer.json()
        return found

    def refuses(self, who: str, path: str, body: object, status: int = 409) -> Json:
        answer = self._as(who).post(f"/api/v1/incidents/{self.number}/{path}", json=body)
        return problem(answer, status)

    def get(self, path: str, who: str = "ana") -> Json:
        answer = self._as(who).get(f"/api/v1/incidents/{self.number}/{path}")
        assert answer.status_code == 200, answer.text
        found: Json = answer.json()
        return found

    def items(self, path: str) -> list[Json]:
        found = self.get(path)["items"]
        assert isinstance(found, list)
        return found

    def _as(self, who: str) -> Browser:
        return self.web.as_(Role.RESPONDER, who)


@pytest.fixture
def room() -> Iterator[Room]:
    with api() as made:
        made.app = make_app(made.program, (*COMMAND, *PAGES))
        crewed(made.story)
        yield Room(made, declares(made.story, "ana", severity="SEV1").number)


@pytest.mark.ledger("S0-01", "S0-11", "S2-07")
def test_every_role_is_there_with_its_holder_or_candidate_or_the_word_missing(room: Room) -> None:
    found = {str(seat["role"]): seat for seat in room.items("roles")}
    assert (found["command"]["state"], found["command"]["user"]) == ("held", "ana")
    assert (found["operations"]["state"], found["operations"]["candidate"]) == ("proposed", "bo")
    assert found["scribe"]["state"] == "missing"
    assert found["observer"]["state"] == "open"


@pytest.mark.ledger("S0-13", "S3-08", "S4-15")
def test_a_role_is_assigned_by_its_alias_and_refused_with_code_and_remedy(room: Room) -> None:
    held = room.ask("ana", "roles", {"role": "Primary responder", "user": "bo"})
    assert (held["role"], held["user"], held["how"]) == ("operations", "bo", "assigned")
    twice = room.refuses("ana", "roles", {"role": "command", "user": "cy"})
    apart = room.refuses("ana", "roles", {"role": "scribe", "user": "bo"})
    order = room.refuses("cy", "roles", {"role": "communications", "user": "dee"})
    codes = [twice["code"], apart["code"], order["code"]]
    assert codes == ["ROLE_ALREADY_HELD", "SEPARATION_OF_DUTIES", "ONLY_COMMAND_ASSIGNS"]
    assert twice["remedy"]
    assert twice["help"] == "/help/guardrails/ROLE_ALREADY_HELD"
    assert room.refuses("ana", "roles", {"role": "king", "user": "bo"}, 404)["detail"]


def test_somebody_who_is_given_a_role_is_paged_for_it(room: Room) -> None:
    room.ask("ana", "roles", {"role": "scribe", "user": "dee"})
    room.web.story.drain()
    [heard] = [h for h in room.web.story.heard if h.address == "dee@phone"]
    assert "Scribe" in heard.message.text


@pytest.mark.ledger("S3-13", "S2-08")
def test_command_is_handed_off_with_a_briefing_and_a_read_back(room: Room) -> None:
    offer = {"role": "command", "to": "dee", "briefing": "Cards fail, we roll back"}
    assert room.ask("ana", "handoff", offer)["state"] == "offered"
    assert room.items("roles")[0]["user"] == "ana"
    unsaid = room.refuses("dee", "handoff/accept", {"read_back": ""}, 422)
    assert unsaid["code"] == "READ_BACK_REQUIRED"
    room.web.story.pass_time(MINUTE)
    held = room.ask("dee", "handoff/accept", {"read_back": "cards fail, rolling back"})
    assert (held["role"], held["user"], held["how"]) == ("command", "dee", "handed_off")
    [kept] = room.items("handoff")
    briefing = kept["briefing"]
    assert isinstance(briefing, dict)
    assert (kept["state"], briefing["summary"]) == ("accepted", "Cards fail, we roll back")
    stints = [each for each in room.items("roles/stints") if each["role"] == "command"]
    assert [stint["user"] for stint in stints] == ["ana", "dee"]
    assert stints[0]["until"] == stints[1]["since"]


def test_a_briefing_may_be_in_its_four_parts_and_an_offer_declined(room: Room) -> None:
    parts = {"severity": "SEV1", "summary": "cards fail", "contingency": "fail over"}
    room.ask("ana", "handoff", {"role": "command", "to": "dee", "briefing": parts})
    assert room.ask("dee", "handoff/decline")["state"] == "offered"
    assert room.items("handoff")[0]["state"] == "declined"
    assert room.refuses("dee", "handoff/accept", {"read_back": "x"}, 404)


@pytest.mark.ledger("S3-14")
def test_silent_command_is_taken_over_and_present_command_is_not(room: Room) -> None:
    early = room.refuses("dee", "take-over", {"read_back": "I have it"})
    assert early["code"] == "COMMAND_IS_PRESENT"
    room.web.story.pass_time(10 * MINUTE)
    room.ask("ana", "here")
    room.web.story.pass_time(14 * MINUTE)
    assert room.refuses("dee", "take-over", {"read_back": "I have it"})
    room.web.story.pass_time(2 * MINUTE)
    assert room.ask("dee", "take-over", {"read_back": "I have it"})["how"] == "taken_over"


def test_roles_are_left_and_filled(room: Room) -> None:
    assert room.refuses("ana", "roles/leave", {"role": "command"})["code"] == "HANDOFF_REQUIRED"
    filled = room.ask("ana", "roles/fill")["items"]
    assert isinstance(filled, list)
    users = {seat["role"]: seat["user"] for seat in filled}
    assert (users["command"], users["operations"]) == ("ana", "bo")
    room.ask("ana", "roles", {"role": "deputy", "user": "dee"})
    room.ask("dee", "roles/leave", {"role": "deputy"})
    assert {s["role"]: s["user"] for s in room.items("roles")}["deputy"] is None


@pytest.mark.ledger("S4-16")
def test_an_expert_is_asked_for_and_answers(room: Room) -> None:
    asked = room.ask("ana", "responders", {"target": "user:dee", "reason": "locks", "minutes": 9})
    assert (asked["state"], asked["target"], asked["reason"]) == ("asked", "user:dee", "locks")
    assert asked["answer_by"] == "2026-11-16T09:09:00Z"
    answered = room.ask("dee", "responders/accept", {"eta_minutes": 4})
    assert answered["presence"] == "accepted"
    [kept] = [each for each in room.items("requests") if each["id"] == asked["id"]]
    assert (kept["state"], kept["answered_by"], kept["eta_minutes"]) == ("accepted", "dee", 4)
    assert room.ask("dee", "responders/join")["presence"] == "joined"
    assert room.refuses("ana", "responders", {"target": "user:nobody"}, 422)


def test_somebody_declines_and_somebody_else_is_let_go(room: Room) -> None:
    room.ask("ana", "responders", {"target": "dee"})
    assert room.ask("dee", "responders/decline")["presence"] == "declined"
    room.ask("eli", "responders/join")
    assert room.ask("ana", "responders/release", {"user": "eli"})["presence"] == "released"
    called = {str(each["user"]): each["presence"] for each in room.items("responders")}
    assert (called["dee"], called["eli"]) == ("declined", "released")


@pytest.mark.ledger("S4-46", "S4-47")
def test_the_room_is_opened_once_there_is_an_address(room: Room) -> None:
    missing = room.web.as_(Role.RESPONDER, "ana").get(f"/api/v1/incidents/{room.number}/war-room")
    problem(missing, 404)
    opened = room.ask("ana", "war-room", {"address": "https://meet.test/1", "fallback": "+351 1"})
    assert (opened["address"], opened["fallback"], opened["joined"]) == (
        "https://meet.test/1", "+351 1", 1,
    )  # fmt: skip
    room.ask("dee", "responders/join")
    assert room.get("war-room")["joined"] == 2
    assert room.refuses("ana", "war-room", {"address": " "}, 422)


@pytest.mark.ledger("S0-18")
def test_a_task_goes_to_one_person_and_is_read_back_and_done(room: Room) -> None:
    nobody = room.refuses("ana", "tasks", {"text": "Can someone restart it", "minutes": 5}, 422)
    assert nobody["code"] == "NAME_A_PERSON"
    task = room.ask("ana", "tasks", {"to": "bo", "text": "Restart it", "minutes": 5}, status=201)
    path = f"tasks/{task['id']}"
    assert room.ask("bo", f"{path}/read-back", {"words": "restart"})["state"] == "read_back"
    assert room.ask("bo", f"{path}/done", {"result": "it is up"})["result"] == "it is up"
    assert room.refuses("bo", f"{path}/done", None)
    room.web.story.pass_time(MINUTE)
    other = room.ask("ana", "tasks", {"to": "bo", "text": "Wait", "minutes": 5}, status=201)
    assert room.ask("ana", f"tasks/{other['id']}/cancel")["state"] == "cancelled"
    assert [each["state"] for each in room.items("tasks")] == ["done", "cancelled"]


@pytest.mark.ledger("S0-18", "S2-13")
def test_a_step_is_claimed_by_one_person_who_is_not_the_commander(room: Room) -> None:
    put_up = {"text": "Fail over", "minutes": 10, "open": True}
    step = room.ask("ana", "tasks", put_up, status=201)
    assert (step["to"], step["state"]) == (None, "open")
    assert room.refuses("ana", f"tasks/{step['id']}/claim", {})["code"] == "IC_MUST_NOT_EXECUTE"
    assert room.ask("bo", f"tasks/{step['id']}/claim")["to"] == "bo"
    assert room.refuses("cy", f"tasks/{step['id']}/claim", {})["code"] == "ALREADY_CLAIMED"
    both = room.refuses("ana", "tasks", {**put_up, "to": "bo"}, 422)
    assert both["detail"]


@pytest.mark.ledger("S2-10")
def test_a_report_is_asked_for_and_given(room: Room) -> None:
    asked = room.ask("ana", "reports/ask", {"to": "bo", "minutes": 5})
    assert asked["kind"] == "report"
    told = room.ask("bo", "reports", {"condition": "38 % fail", "needs": "an expert"})
    assert told["id"] == asked["id"]
    assert told["report"] == {"condition": "38 % fail", "actions": "", "needs": "an expert"}


@pytest.mark.ledger("S4-14")
def test_the_console_has_its_six_blocks_and_says_what_is_most_urgent(room: Room) -> None:
    room.ask("ana", "tasks", {"to": "bo", "text": "Restart it", "minutes": 5}, status=201)
    room.ask("ana", "tasks", {"text": "Fail over", "minutes": 9, "open": True}, status=201)
    found = room.get("command")
    tasks, unclaimed, owners = found["tasks"], found["unclaimed"], found["owners"]
    assert isinstance(tasks, list)
    assert isinstance(unclaimed, list)
    assert isinstance(owners, list)
    assert [task["text"] for task in tasks] == ["Restart it"]
    assert [task["text"] for task in unclaimed] == ["Fail over"]
    assert owners[0]["user"] == "ana"
    assert found["missing"] == ["operations", "communications", "scribe"]
    timers = found["timers"]
    assert isinstance(timers, list)
    assert {"roles", "command_silent", "mark"} <= {timer["name"] for timer in timers}
    assert found["next_update_by"] is not None
    assert found["hypotheses"] == found["questions"] == []
    assert found["first"] == {"what": "role_missing", "about": "operations"}


@pytest.mark.ledger("S4-22")
def test_a_message_that_is_late_comes_before_everything_else(room: Room) -> None:
    room.web.story.pass_time(11 * MINUTE)
    first = room.get("command")["first"]
    assert isinstance(first, dict)
    assert first["what"] == "update_overdue"


def test_a_page_about_an_incident_stands_in_the_list_of_pages_with_its_number(room: Room) -> None:
    room.ask("ana", "responders", {"target": "dee", "reason": "locks"})
    room.web.story.drain()
    [page] = room.web.items("pages", user="dee")
    assert (page["code"], page["alert"]) == (room.number, None)
    assert str(page["incident"]).startswith("in_")
    answer = room.web.as_(Role.RESPONDER, "dee").post(
        f"/api/v1/pages/{page['id']}/answer", json={"answer": "acknowledge"}
    )
    assert answer.json()["state"] == "answered"
    called = {str(each["user"]): each["presence"] for each in room.items("responders")}
    assert called["dee"] == "accepted"


def test_whoever_may_not_see_a_private_incident_is_told_that_there_is_none(room: Room) -> None:
    private = declares(room.web.story, "ana", private=True, title="A leak")
    hidden = Room(room.web, private.number)
    problem(room.web.as_(Role.RESPONDER, "eli").get(_path(hidden, "command")), 404)
    hidden.refuses("eli", "responders/join", None, 404)
    hidden.ask("ana", "responders", {"target": "eli", "reason": "law"})
    room.web.story.drain()
    room.web.story.answers("eli")
    assert hidden.get("command", who="eli")["owners"]


def _path(room: Room, path: str) -> str:
    return f"/api/v1/incidents/{room.number}/{path}"


@pytest.mark.ledger("S4-19")
def test_a_responder_asks_to_escalate_and_command_says_yes(room: Room) -> None:
    asked = room.ask("bo", "escalate", {"reason": "we are stuck", "target": "user:dee"})
    assert (asked["state"], asked["why"]) == ("pending", "escalation")
    assert room.ask("ana", f"requests/{asked['id']}/grant")["state"] == "asked"
    other = room.ask("bo", "escalate", {"reason": "still stuck", "target": "user:eli"})
    assert room.ask("ana", f"requests/{other['id']}/refuse")["state"] == "declined"
    assert room.refuses("ana", f"requests/{other['id']}/grant", None)["detail"]
