"""Users and teams by API: contact methods are masked, and a test page proves one."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from holdfast.kernel.actor import Role
from holdfast.people import actions as people
from tests.support.api import Api, api, problem


@pytest.fixture
def web() -> Iterator[Api]:
    with api() as made:
        yield made


def test_contact_methods_are_told_in_full_to_the_person_and_to_admins_only(web: Api) -> None:
    web.change(lambda tx: people.note_trouble(tx, "ana", "phone", "ana@phone is dead"))
    for allowed in (web.as_(Role.ADMIN), web.as_(Role.VIEWER, "ana")):
        found = allowed.get("/api/v1/users/ana").json()
        assert [method["address"] for method in found["methods"]] == ["ana@phone", "ana@mail"]
        assert found["methods"][0]["trouble"] == "ana@phone is dead"
        assert found["email"] == "ana@example.com"
    other = web.as_(Role.MANAGER, "bo")
    for text in (other.get("/api/v1/users/ana").text, other.get("/api/v1/users").text):
        assert "ana@" not in text
    found = other.get("/api/v1/users/ana").json()
    assert [method["address"] for method in found["methods"]] == ["a…@phone", "a…@mail"]
    assert found["methods"][0]["trouble"] == "it was refused the last time"
    assert found["email"] == "a…@example.com"


def test_users_are_listed_with_their_notification_rules(web: Api) -> None:
    found = web.items("users")
    assert [user["id"] for user in found] == ["ana", "bo", "cy"]
    assert found[0]["rules"] == {
        "high": [{"after": "0m", "method": "phone"}, {"after": "2m", "method": "mail"}],
        "low": [{"after": "0m", "method": "mail"}],
    }


def test_users_are_handed_out_in_parts_in_the_order_of_their_ids(web: Api) -> None:
    first = web.get("users", limit=2).json()
    second = web.get("users", limit=2, cursor=first["next"]).json()
    assert [u["id"] for u in first["items"] + second["items"]] == ["ana", "bo", "cy"]
    assert second["next"] is None
    problem(web.get("users", cursor="WzFd"), 422)


def test_a_test_page_leaves_and_its_answer_proves_the_method(web: Api) -> None:
    ana = web.as_(Role.VIEWER, "ana")
    sent = ana.post("/api/v1/users/ana/methods/mail/test")
    assert sent.status_code == 200
    assert sent.json()["kind"] == "test"
    assert sent.json()["alert"] is None
    web.story.drain()
    assert web.story.said() == ["+0m ana@mail"]
    answered = ana.post(f"/api/v1/pages/{sent.json()['id']}/answer", json={"answer": "acknowledge"})
    assert answered.status_code == 200
    methods = {each["id"]: each for each in web.get("users/ana").json()["methods"]}
    assert methods["mail"]["verified_at"] == "2026-11-16T09:00:00Z"
    assert methods["phone"]["verified_at"] is None


def test_nobody_but_an_admin_sends_a_test_page_to_somebody_else(web: Api) -> None:
    manager = web.as_(Role.MANAGER, "bo")
    problem(manager.post("/api/v1/users/ana/methods/mail/test"), 403)
    assert web.post("users/ana/methods/mail/test").status_code == 200
    problem(web.post("users/ana/methods/fax/test"), 404)
    problem(web.post("users/dee/methods/mail/test"), 404)
    problem(web.post("users/ana/methods/mail/test", {"address": "x"}), 422)


def test_teams_name_their_lead_and_members(web: Api) -> None:
    assert web.items("teams") == [
        {"id": "payments", "name": "Payments", "lead": "ana", "members": ["ana", "bo", "cy"]}
    ]
    assert web.get("teams/payments").json() == web.items("teams")[0]
    problem(web.get("teams/nope"), 404)
    problem(web.get("users/nope"), 404)
