"""Schedules by API: who is on call, shifts, what is wrong ahead, and overrides."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from holdfast.kernel.actor import Role
from holdfast.schedules import actions as schedules
from tests.support.api import Api, Json, api, problem
from tests.support.story import weekly


@pytest.fixture
def web() -> Iterator[Api]:
    with api() as made:
        yield made


@pytest.fixture(scope="module")
def still() -> Iterator[Api]:
    """A company that is only asked, or refuses: one for all such tests."""
    with api() as made:
        yield made


def on_call(web: Api, **query: str) -> Json:
    """What is said of the schedule `primary`."""
    return next(each for each in web.items("on-call", **query) if each["schedule"] == "primary")


def override(web: Api, **changed: object) -> Json:
    body = {"member": "cy", "from": "2026-11-17T09:00:00Z", "until": "2026-11-18T09:00:00Z"}
    answer = web.post("schedules/primary/overrides", body | changed)
    assert answer.status_code == 200, answer.text
    found: Json = answer.json()
    return found


@pytest.mark.ledger("S1-22")
def test_who_is_on_call_is_said_with_since_until_and_why(web: Api) -> None:
    assert on_call(web) == {
        "schedule": "primary",
        "user": "ana",
        "since": "2026-11-16T09:00:00Z",
        "until": "2026-11-23T09:00:00Z",
        "why": "rotation weekly, turn 1",
    }


@pytest.mark.parametrize(
    ("at", "user"),
    [
        ("2026-11-23T08:59:59Z", "ana"),
        ("2026-11-23T09:00:00Z", "bo"),
        ("2026-11-23T09:59:59+01:00", "ana"),
        ("2026-11-23T09:59:59 01:00", "ana"),  # a + that nobody escaped
        ("2026-11-23T10:00 Europe/Rome", "bo"),
        ("2026-11-01T00:00:00Z", None),
    ],
)
@pytest.mark.ledger("S1-22")
def test_who_is_on_call_can_be_asked_for_any_instant(still: Api, at: str, user: str) -> None:
    assert on_call(still, at=at)["user"] == user


@pytest.mark.parametrize(
    "at",
    [
        "", "yesterday", "2026-13-01T00:00:00Z", "2026-11-16T09:00:00", "1e9999",
        "9999-12-31T23:59:59-23:59", "0001-01-01T00:00:00Z", "2026-11-16T09:00 Nowhere/Land",
        "2026-11-16T09:00 ../../etc/passwd", "\0", "2" * 90, "2026-11-16T09:00:00Z\0",
    ],
)  # fmt: skip
def test_what_is_no_instant_is_422(still: Api, at: str) -> None:
    problem(still.get("on-call", at=at), 422)
    problem(still.get("schedules/primary/shifts", **{"from": at}), 422)
    problem(still.get("schedules/primary/shifts", until=at), 422)


def test_a_schedule_is_written_as_configuration_as_code_writes_it(web: Api) -> None:
    made = override(web, id="xmas")
    found = web.get("schedules/primary").json()
    assert found["rotations"] == [
        {
            "id": "weekly",
            "members": ["ana", "bo", "cy"],
            "handoff": {"every": "1w", "on": "monday", "at": "09:00"},
            "starts": "2026-11-16",
            "until": None,
            "hours": None,
        }
    ]
    assert found["overrides"] == [made]
    assert made == {
        "id": "xmas",
        "member": "cy",
        "from": "2026-11-17T09:00:00Z",
        "until": "2026-11-18T09:00:00Z",
    }
    assert (found["team"], found["time_zone"]) == ("payments", "UTC")
    assert found["on_call"]["user"] == "ana"
    assert {k: v for k, v in found.items() if k != "on_call"} in web.items("schedules")


def test_shifts_cover_a_window_without_holes(web: Api) -> None:
    override(web)
    window = {"from": "2026-11-16T00:00:00Z", "until": "2026-11-30T00:00:00Z"}
    found = web.items("schedules/primary/shifts", **window)
    assert [(shift["start"], shift["user"]) for shift in found] == [
        ("2026-11-16T00:00:00Z", None),
        ("2026-11-16T09:00:00Z", "ana"),
        ("2026-11-17T09:00:00Z", "cy"),
        ("2026-11-18T09:00:00Z", "ana"),
        ("2026-11-23T09:00:00Z", "bo"),
    ]
    ends = [shift["end"] for shift in found]
    assert ends[:-1] == [shift["start"] for shift in found[1:]]
    assert ends[-1] == window["until"]


def test_parts_of_a_window_join_without_holes_or_repeats(still: Api) -> None:
    window = {"from": "2026-11-16T09:00:00Z", "until": "2027-03-01T00:00:00Z"}
    whole = still.items("schedules/primary/shifts", **window)
    found: list[Json] = []
    cursor: dict[str, str] = {}
    while True:
        part = still.get("schedules/primary/shifts", limit=4, **window, **cursor).json()
        found += part["items"]
        if part["next"] is None:
            break
        cursor = {"cursor": part["next"]}
    assert found == whole
    assert len(whole) == 15


def test_a_window_that_ends_before_it_begins_or_never_ends_is_422(still: Api) -> None:
    backwards = {"from": "2026-11-17T00:00:00Z", "until": "2026-11-16T00:00:00Z"}
    problem(still.get("schedules/primary/shifts", **backwards), 422)
    same = {"from": "2026-11-17T00:00:00Z", "until": "2026-11-17T00:00:00Z"}
    problem(still.get("schedules/primary/shifts", **same), 422)


@pytest.mark.parametrize(
    "path", ["schedules/nope", "schedules/nope/shifts", "schedules/nope/problems"]
)
def test_a_schedule_that_does_not_exist_is_404(still: Api, path: str) -> None:
    problem(still.get(path), 404)


def test_what_is_wrong_ahead_is_said_in_words(web: Api) -> None:
    web.change(lambda tx: schedules.save(tx, weekly("night", ("ana", None))))
    found = web.items("schedules/night/problems", days=14)
    assert [(each["kind"], each["start"], each["end"]) for each in found] == [
        ("gap", "2026-11-23T09:00:00Z", "2026-11-30T09:00:00Z")
    ]
    assert str(found[0]["words"]).startswith("Nobody is on call from Mon 23 Nov 09:00")


@pytest.mark.parametrize("days", ["0", "-5", "367", "many", "1.5"])
def test_a_look_ahead_that_makes_no_sense_is_422(still: Api, days: str) -> None:
    problem(still.get("schedules/primary/problems", days=days), 422)


def test_a_stand_in_is_on_call_at_once_and_gone_when_removed(web: Api) -> None:
    made = override(web, id="swap", **{"from": "2026-11-16T08:00:00Z"})
    assert on_call(web)["user"] == "cy"
    assert on_call(web)["why"] == "override swap"
    removed = web.as_(Role.RESPONDER).delete(f"/api/v1/schedules/primary/overrides/{made['id']}")
    assert removed.status_code == 200
    assert removed.json()["on_call"]["user"] == "ana"
    again = web.as_(Role.RESPONDER).delete(f"/api/v1/schedules/primary/overrides/{made['id']}")
    problem(again, 404)


def test_the_same_override_asked_for_twice_is_one(web: Api) -> None:
    assert override(web) == override(web)
    assert override(web, id="named") == override(web, id="named")
    assert len(web.get("schedules/primary").json()["overrides"]) == 2


def test_local_times_are_in_the_schedules_own_zone_and_cover_a_repeated_hour_twice(
    web: Api,
) -> None:
    lisbon = weekly("lisbon", ("ana",))

    def save(zone: str) -> None:
        changed = type(lisbon)(lisbon.id, lisbon.name, lisbon.team, zone, lisbon.rotations)
        web.change(lambda tx: schedules.save(tx, changed))

    save("Europe/Lisbon")
    body = {"member": "bo", "from": "2027-10-31T01:30", "until": "2027-10-31T01:45"}
    made = web.post("schedules/lisbon/overrides", body).json()
    # The clocks go back at 02:00, so 01:30 to 01:45 comes twice: both count (promises R47).
    assert made["from"] == "2027-10-31T00:30:00Z"
    assert made["until"] == "2027-10-31T01:45:00Z"


@pytest.mark.parametrize(
    "changed",
    [
        {"member": ""},
        {"member": None},
        {"from": "soon"},
        {"from": 5},
        {"until": "2026-11-17T09:00:00Z"},
        {"until": "2026-11-16T09:00:00Z"},
        {"id": "a b"},
        {"id": "../x"},
        {"schedule": "other"},
    ],
)
def test_an_override_that_is_not_right_is_422(still: Api, changed: Json) -> None:
    body = {"member": "cy", "from": "2026-11-17T09:00:00Z", "until": "2026-11-18T09:00:00Z"}
    problem(still.post("schedules/primary/overrides", body | changed), 422)
    assert still.get("schedules/primary").json()["overrides"] == []


def test_an_override_of_nobody_or_of_nothing_is_404(still: Api) -> None:
    body = {"member": "cy", "from": "2026-11-17T09:00:00Z", "until": "2026-11-18T09:00:00Z"}
    problem(still.post("schedules/primary/overrides", body | {"member": "dee"}), 404)
    problem(still.post("schedules/nope/overrides", body), 404)


def test_whoever_may_only_look_may_not_stand_in(still: Api) -> None:
    viewer = still.as_(Role.VIEWER)
    body = {"member": "cy", "from": "2026-11-17T09:00:00Z", "until": "2026-11-18T09:00:00Z"}
    problem(viewer.post("/api/v1/schedules/primary/overrides", json=body), 403)
    problem(viewer.delete("/api/v1/schedules/primary/overrides/x"), 403)
