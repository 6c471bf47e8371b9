"""Telling people by API: posts, previews, promises, questions, stakeholders, notifications."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Any, cast

import pytest

from holdfast.incidents import queries as incidents
from holdfast.incidents.model import Incident, Phase
from holdfast.kernel.actor import SYSTEM, Role
from holdfast.practice.model import RoleKey
from holdfast.web.app import make_app
from holdfast.web.telling.api import ROUTES as TELLING
from tests.support.api import ROUTES, Api, Json, api, problem
from tests.support.program import Browser
from tests.support.story import MINUTE
from tests.support.telling import changes, commanded, gives, told_company

WITHOUT = [route for route in ROUTES if route not in TELLING]


class Room:
    """An incident that Ana commands, and the API that talks about it."""

    def __init__(self, web: Api, severity: str = "SEV1") -> None:
        web.app = make_app(web.program, (*WITHOUT, *TELLING))
        self.web = web
        self.incident = commanded(told_company(web.story), severity)

    @property
    def path(self) -> str:
        return f"incidents/{self.incident.number}"

    def post(self, path: str, body: object = None, who: str = "ana") -> Json:
        answer = self.as_(who).post(f"/api/v1/{self.path}/{path}", json=body)
        assert answer.status_code in (200, 201), answer.text
        found: Json = answer.json()
        return found

    def refused(self, path: str, body: object, status: int, who: str = "ana") -> Json:
        return problem(self.as_(who).post(f"/api/v1/{self.path}/{path}", json=body), status)

    def as_(self, who: str) -> Browser:
        role = Role.VIEWER if who == "lea" else Role.RESPONDER
        return self.web.as_(role, who)

    def now(self) -> Incident:
        with self.web.program.database.read(SYSTEM) as tx:
            return incidents.incident(tx, self.incident.id)


def items_of(answer: Json) -> list[dict[str, Any]]:
    """The items of an answer, as JSON has them."""
    return cast(list[dict[str, Any]], answer["items"])


@pytest.fixture
def room() -> Iterator[Room]:
    with api() as web:
        yield Room(web)


@pytest.mark.ledger("S2-26")
def test_one_post_has_a_text_and_a_result_for_each_audience(room: Room) -> None:
    posted = room.post(
        "updates",
        {
            "text": "We undo the change.",
            "audiences": ["internal", "leaders", "public"],
            "texts": {"public": "One in three card payments fails."},
            "next_update_at": "cadence",
        },
    )
    assert posted["next_update_at"] == "2026-11-16T09:30:00Z"
    items = items_of(posted)
    assert [each["audience"] for each in items] == ["internal", "leaders", "customers"]
    assert items[2]["delivery"]["how"] == "recorded"
    assert "copy" in items[2]["delivery"]["note"]
    room.web.story.drain()
    listed = items_of(room.web.get(f"{room.path}/updates").json())
    told = {each["audience"]: each["delivery"] for each in listed}
    assert told["internal"]["sent"] >= 1
    assert told["leaders"] == {"how": "notified", "sent": 1, "waiting": 0, "failed": 0,
                               "note": None}  # fmt: skip


@pytest.mark.ledger("S0-32")
def test_a_refusal_has_code_message_remedy_and_a_page_of_help(room: Room) -> None:
    refused = room.refused("updates", {"text": "We look."}, 422)
    assert refused["code"] == "NEXT_UPDATE_REQUIRED"
    assert "09:30 UTC" in str(refused["remedy"])
    assert refused["help"] == "/help/guardrails/NEXT_UPDATE_REQUIRED"
    late = room.refused("updates", {"text": "We look.", "next_update_in": "31m"}, 422)
    assert late["code"] == "NEXT_UPDATE_TOO_LATE"
    passed = room.post("updates", {"text": "We look.", "break_glass": "the line is breaking up"})
    assert passed["next_update_at"] is None


@pytest.mark.ledger("S0-33")
def test_an_end_that_is_not_true_yet_is_a_conflict(room: Room) -> None:
    refused = room.refused("updates", {"final": True}, 409)
    assert refused["code"] == "RECOVERY_NOT_VERIFIED"


@pytest.mark.ledger("S1-16")
def test_one_click_tells_that_somebody_is_looking(room: Room) -> None:
    posted = room.post("updates/investigating")
    assert posted["next_update_by"] == "2026-11-16T09:30:00Z"
    assert "Status: Investigating" in str(items_of(posted)[0]["text"])


@pytest.mark.ledger("S4-44")
def test_a_preview_says_what_would_be_refused_and_writes_nothing(room: Room) -> None:
    body = {"text": "It is probably the network.", "audience": "public"}
    (draft,) = items_of(room.post("updates/preview", body))
    assert {each["code"] for each in draft["refusals"]} == {
        "NEXT_UPDATE_REQUIRED",
        "TEMPLATE_FIELD_EMPTY",
        "UPDATE_WORDS",
    }
    assert [each["code"] for each in draft["findings"]] == ["speculation", "no_next_update"]
    assert room.web.items(f"{room.path}/updates") == []


@pytest.mark.ledger("S0-30", "S4-22", "S4-31")
def test_how_audiences_stand_and_what_was_promised(room: Room) -> None:
    room.post("updates", {"text": "We look.", "next_update_at": "cadence"})
    room.web.story.pass_time(36 * MINUTE)
    inside, leaders, customers = room.web.items(f"{room.path}/audiences")
    assert (inside["overdue"], inside["top"], inside["cadence"]) == (True, True, "30m")
    assert inside["holder"] == "ana"
    assert leaders["heard_at"] is None
    assert customers["due_at"] is None
    promises = room.web.get(f"{room.path}/promises").json()
    standings = [(each["audience"], each["standing"]) for each in promises["items"]]
    assert ("internal", "kept") in standings
    assert ("internal", "late") in standings
    assert promises["adherence"]["longest_silence_s"] == 36 * 60


@pytest.mark.ledger("S0-31")
def test_what_is_due_next_comes_first_for_whoever_answers_for_it(room: Room) -> None:
    gives(room.web.story, room.incident, RoleKey.COMMUNICATIONS, "dee")
    due = room.web.items("updates/due", user="dee")
    assert [each["audience"] for each in due] == ["internal", "leaders"]
    assert room.web.items("updates/due", user="bo") == []


@pytest.mark.ledger("S2-09")
def test_a_viewers_question_goes_to_the_queue_and_comes_back_answered(room: Room) -> None:
    asked = room.post("questions", {"text": "When is it over?"}, who="lea")
    assert asked["state"] == "open"
    answered = room.post(f"questions/{asked['id']}/answer", {"answer": "Nobody knows yet."})
    assert answered["answered_by"] == "ana"
    seen = room.as_("lea").get(f"/api/v1/{room.path}/questions").json()["items"]
    assert [each["answer"] for each in seen] == ["Nobody knows yet."]
    room.web.story.drain()
    told = room.as_("lea").get("/api/v1/notifications").json()["items"]
    assert "your question was answered" in told[0]["title"]
    assert told[0]["state"] == "sent"


def test_a_viewer_sees_only_their_own_questions(room: Room) -> None:
    room.post("questions", {"text": "And the shops?"}, who="bo")
    assert room.as_("lea").get(f"/api/v1/{room.path}/questions").json()["items"] == []
    assert len(room.web.items(f"{room.path}/questions")) == 1


@pytest.mark.ledger("S4-34")
def test_stakeholders_of_a_service_are_kept_changed_and_removed(room: Room) -> None:
    where = "services/checkout/stakeholders"
    body = {"who": "team:payments", "audience": "leadership", "rank_max": 1, "language": "pt"}
    assert room.web.post(where, body).json()["audience"] == "leaders"
    assert [each["who"] for each in room.web.items(where)] == ["team:payments"]
    admin = room.web.as_(Role.ADMIN)
    assert admin.delete(f"/api/v1/{where}/team:payments").json()["items"] == []
    problem(admin.delete(f"/api/v1/{where}/team:payments"), 404)
    problem(room.as_("ana").post(f"/api/v1/{where}", json=body), 403)
    problem(room.web.post("services/nowhere/stakeholders", body), 404)
    problem(room.web.post(where, {**body, "audience": "mars"}), 422)


def test_people_subscribe_themselves_and_leave(room: Room) -> None:
    made = room.post("subscriptions", {}, who="lea")
    assert made["user"] == "lea"
    names = [each["user"] for each in room.web.items(f"{room.path}/subscriptions")]
    assert "lea" in names
    left = room.as_("lea").delete(f"/api/v1/{room.path}/subscriptions/lea").json()["items"]
    assert "lea" not in [each["user"] for each in left]


def test_the_long_incident_mode_is_a_switch_with_a_reason(room: Room) -> None:
    body = {"audience": "internal", "every": "2h", "why": "a copy runs"}
    problem(room.as_("ana").post(f"/api/v1/{room.path}/cadence", json=body), 409)
    room.web.story.pass_time(120 * MINUTE)
    changed = room.post("cadence", body)
    assert (changed["cadence"], changed["long"]) == ("2h", True)


@pytest.mark.ledger("S1-17")
def test_the_end_goes_to_all_who_heard_without_being_told_who_that_is(room: Room) -> None:
    first = {
        "text": "We look.",
        "audiences": ["internal", "customers"],
        "next_update_at": "cadence",
    }
    room.post("updates", first)
    instants = room.now().instants
    over = replace(instants, restored_at=instants.declared_at + 20 * MINUTE)
    changes(room.web.story, room.incident, phase=Phase.RESOLVED, instants=over)
    posted = room.post("updates", {"final": True, "text": "A change was undone."})
    items = items_of(posted)
    assert [each["audience"] for each in items] == ["internal", "customers"]
    assert all(each["final"] for each in items)
    missing = [each["final_missing"] for each in room.web.items(f"{room.path}/audiences")]
    assert missing == [False, False, False]


@pytest.mark.parametrize(
    "body",
    [
        {"template": "poem"},
        {"audiences": ["mars"]},
        {"text": "x" * 1001},
        {"next_update_at": "soon"},
        {"next_update_in": "-5m"},
        {"fields": {"moon": "full"}},
        {"strange": 1},
        {"template": "leaders", "audience": "customers"},
    ],
)
def test_what_is_not_understood_is_refused_with_its_field(room: Room, body: Json) -> None:
    room.refused("updates", body, 422)


def test_an_incident_that_is_not_there_and_a_viewer_who_posts(room: Room) -> None:
    problem(room.web.post("incidents/INC-2020-999/updates", {"text": "x"}), 404)
    problem(room.as_("lea").post(f"/api/v1/{room.path}/updates", json={"text": "x"}), 403)
    problem(room.web.post(f"{room.path}/questions/qu_no/answer", {"answer": "x"}), 404)
