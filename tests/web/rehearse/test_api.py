"""A rehearsal of a climb by API: who, how, when, and where the gap is; nothing is written."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from holdfast.escalation.actions import save_policy
from holdfast.escalation.model import Policy, Step, Target
from holdfast.kernel.actor import Role
from holdfast.schedules import actions as schedules
from tests.support.api import Api, Json, api, problem
from tests.support.story import MINUTE, weekly


@pytest.fixture(scope="module")
def web() -> Iterator[Api]:
    with api() as made:
        yield made


def test_a_viewer_learns_who_would_be_rung_how_and_when(web: Api) -> None:
    viewer = web.as_(Role.VIEWER)
    answer = viewer.post("/api/v1/rehearse", json={"service": "checkout"})
    assert answer.status_code == 200
    found = answer.json()
    rung = [(each["after"], each["who"], each["how"], each["step"]) for each in found["items"]]
    assert rung == [
        ("0m", "ana", "phone", 1),
        ("2m", "ana", "mail", 1),
        ("5m", "bo", "phone", 2),
        ("7m", "bo", "mail", 2),
        ("20m", "cy", "phone", None),
        ("22m", "cy", "mail", None),
    ]
    assert found["items"][0]["because"] == "step 1 of policy payments: schedule:primary"
    assert found["items"][0]["at"] == "2026-11-16T09:00:00Z"
    assert found["last_resort"] == ["cy"]
    assert found["next"] is None


def test_addresses_are_masked_for_everybody(web: Api) -> None:
    text = web.post("rehearse", {"service": "checkout"}).text
    assert "@phone" in text
    assert "ana@phone" not in text


def test_another_instant_has_other_people_on_call(web: Api) -> None:
    body = {"service": "checkout", "at": "2026-12-01 03:00 Europe/Rome", "nobody_answers": True}
    found = web.post("rehearse", body).json()
    assert found["items"][0]["who"] == "cy"
    assert found["at"] == "2026-12-01T02:00:00Z"


def test_low_urgency_is_rung_by_the_rules_for_low_urgency(web: Api) -> None:
    found = web.post("rehearse", {"service": "checkout", "urgency": "low"}).json()
    assert [(each["after"], each["how"]) for each in found["items"]] == [
        ("0m", "mail"), ("5m", "mail"), ("20m", "mail"),
    ]  # fmt: skip


def test_nothing_is_written_and_nobody_is_rung(web: Api) -> None:
    before = web.items("timeline")
    web.post("rehearse", {"service": "checkout"})
    web.story.drain()
    assert web.items("timeline") == before
    assert web.story.heard == []


def test_a_gap_is_named_in_words() -> None:
    with api() as web:
        empty = Step((Target.parse("schedule:night"),), 5 * MINUTE)
        policy = Policy("payments", (empty,), last_resort=(Target.parse("user:cy"),))
        web.change(lambda tx: schedules.save(tx, weekly("night", (None,))))
        web.change(lambda tx: save_policy(tx, policy))
        problems = web.post("rehearse", {"service": "checkout"}).json()["problems"]
    gaps = [each for each in problems if each["gap"]]
    assert gaps == [
        {
            "after": "0m",
            "at": "2026-11-16T09:00:00Z",
            "step": 1,
            "gap": True,
            "words": "Step 1 reaches nobody: nobody is on call in schedule:night. It is skipped at"
            " once, and the last resort is paged.",
        }
    ]


@pytest.mark.parametrize(
    "changed",
    [
        {"service": None},
        {"service": 5},
        {"at": "tonight"},
        {"at": "2026-12-25T03:00"},
        {"nobody_answers": False},
        {"urgency": "extreme"},
        {"policy": "other"},
    ],
)
def test_a_rehearsal_that_is_not_right_is_422(web: Api, changed: Json) -> None:
    problem(web.post("rehearse", {"service": "checkout"} | changed), 422)


def test_a_service_that_does_not_exist_is_404(web: Api) -> None:
    problem(web.post("rehearse", {"service": "nope"}), 404)
