"""Alerts by API: the list, one alert, and every verb with its wrong states and inputs."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

import pytest

from holdfast.alerts.actions import receive
from holdfast.alerts.model import Incoming
from holdfast.kernel.actor import Role
from holdfast.kernel.tx import Tx
from holdfast.sdk import Severity, Signal, SignalStatus
from holdfast.storage.inbox import Envelope
from tests.support.api import Api, api, problem
from tests.support.story import MINUTE

VERBS_WITHOUT_WORDS = ("acknowledge", "unacknowledge", "resolve", "release", "escalate")


@pytest.fixture
def web() -> Iterator[Api]:
    with api() as made:
        yield made


@pytest.fixture(scope="module")
def still() -> Iterator[Api]:
    """A company that is only asked for what it refuses: one for all such tests."""
    with api() as made:
        yield made


def test_an_alert_has_every_field_that_outside_tools_rely_on(web: Api) -> None:
    alert = web.fires(
        labels={"alertname": "DiskFull"}, details={"disk": "/var", "free": 0.02}, link="http://x/y"
    )
    found = web.get(f"alerts/{alert}").json()
    assert found["id"] == alert
    assert found["status"] == "triggered"
    assert found["dedup_key"] == "k"
    assert found["title"] == "Disk full"
    assert found["service"] == "checkout"
    assert (found["severity"], found["urgency"]) == ("critical", "high")
    assert found["labels"] == {"alertname": "DiskFull"}
    assert found["details"] == {"disk": "/var", "free": 0.02}
    assert (found["count"], found["connection"], found["link"]) == (1, "am", "http://x/y")
    assert found["triggered_at"] == "2026-11-16T09:00:00Z"
    assert found["acknowledged_at"] is found["resolved_at"] is found["held"] is None
    assert found["url"] == f"http://testserver/alerts/{alert}"


def test_a_pages_webhook_body_carries_the_same_object(web: Api) -> None:
    alert = web.fires(labels={"a": "b"})
    in_page = web.story.heard[0].message.payload["alert"]
    answered = web.get(f"alerts/{alert}").json()
    assert in_page == answered | {"url": f"http://holdfast.test/alerts/{alert}"}


def test_an_alert_is_found_by_its_code_too(web: Api) -> None:
    alert = web.fires()
    code = web.get(f"alerts/{alert}").json()["code"]
    assert web.get(f"alerts/{code}").json()["id"] == alert
    assert web.get(f"alerts/{code.lower()}").json()["id"] == alert
    acknowledged = web.post(f"alerts/{code}/acknowledge")
    assert acknowledged.json()["id"] == alert


@pytest.mark.parametrize("path", ["alerts/al_nobody", "alerts/RAVO-42", "alerts/al_x/why"])
def test_an_alert_that_does_not_exist_is_404(still: Api, path: str) -> None:
    problem(still.get(path), 404)


@pytest.mark.parametrize("name", ["%00", "a%20b", "%ED%A0%80", "x" * 200, "%F0%9F%94%A5"])
def test_what_cannot_be_an_id_is_refused_before_any_database_sees_it(still: Api, name: str) -> None:
    problem(still.get(f"alerts/{name}"), 422)


def test_the_list_shows_every_status_newest_first(web: Api) -> None:
    first = web.fires("one")
    web.story.pass_time(MINUTE)
    second = web.fires("two")
    web.story.recovers("one")
    assert [alert["id"] for alert in web.items("alerts")] == [second, first]
    assert [alert["status"] for alert in web.items("alerts")] == ["triggered", "resolved"]


def test_the_list_is_filtered_by_status_service_hold_and_words(web: Api) -> None:
    one, two, three = web.fires("one"), web.fires("two", title="Cards fail"), web.fires("three")
    web.post(f"alerts/{one}/resolve")
    web.post(f"alerts/{three}/snooze", {"for": "1h"})

    def ids(**query: object) -> set[object]:
        return {alert["id"] for alert in web.items("alerts", **query)}

    assert ids(status="resolved") == {one}
    assert ids(status="resolved,triggered") == {one, two, three}
    assert ids(status=["resolved", "triggered"]) == {one, two, three}
    assert ids(held="true") == {three}
    assert ids(held="false") == {one, two}
    assert ids(service="checkout") == {one, two, three}
    assert ids(service="nothing") == set()
    assert ids(q="cards") == {two}
    assert ids(q="100%") == set()
    assert ids(q="\0cards\0") == {two}


@pytest.mark.parametrize(
    ("query", "field"),
    [
        ({"status": "open"}, "status"),
        ({"held": "perhaps"}, "held"),
        ({"service": "a b"}, "service"),
        ({"limit": "0"}, "limit"),
        ({"limit": "-1"}, "limit"),
        ({"limit": "ten"}, "limit"),
        ({"cursor": "!!!"}, "cursor"),
        ({"cursor": "WzEsMl0"}, "cursor"),
        ({"q": "x" * 201}, "q"),
    ],
)
def test_a_question_that_makes_no_sense_is_422_and_names_the_field(
    still: Api, query: dict[str, str], field: str
) -> None:
    assert field in problem(still.get("alerts", **query), 422)["errors"]  # type: ignore[operator]  # it is JSON


def test_the_list_is_handed_out_in_parts_without_holes_or_repeats(web: Api) -> None:
    made = {web.fires(f"key-{number}") for number in range(7)}  # all at one instant
    found: list[object] = []
    cursor = None
    for _ in range(4):
        query = {"limit": 2} if cursor is None else {"limit": 2, "cursor": cursor}
        part = web.get("alerts", **query).json()
        found += [alert["id"] for alert in part["items"]]
        cursor = part["next"]
    assert cursor is None
    assert len(found) == 7
    assert set(found) == made


def test_a_limit_beyond_the_greatest_is_cut_to_it_and_not_refused(still: Api) -> None:
    assert still.get("alerts", limit=10**30).status_code == 200


def test_somebody_opens_an_alert_by_hand_and_is_paged(web: Api) -> None:
    body = {"service": "checkout", "title": "Cards fail\0 twice", "severity": "error"}
    answer = web.as_(Role.RESPONDER, "bo").post("/api/v1/alerts", json=body)
    assert answer.status_code == 201
    assert answer.json()["title"] == "Cards fail twice"
    assert answer.json()["urgency"] == "high"
    web.story.drain()
    assert web.story.said() == ["+0m ana@phone"]


@pytest.mark.parametrize(
    "body",
    [
        None,
        [],
        {},
        {"service": "checkout"},
        {"service": "checkout", "title": ""},
        {"service": "checkout", "title": " \n "},
        {"service": "checkout", "title": 5},
        {"service": "checkout", "title": "x" * 1025},
        {"service": "checkout", "title": "x", "severity": "terrible"},
        {"service": "check out", "title": "x"},
        {"service": "checkout", "title": "x", "status": "resolved"},
    ],
)
def test_an_alert_by_hand_that_is_not_right_is_422(still: Api, body: object) -> None:
    before = still.items("alerts")
    problem(still.post("alerts", body), 422)
    assert still.items("alerts") == before


def test_an_alert_by_hand_needs_a_service_that_exists(still: Api) -> None:
    problem(still.post("alerts", {"service": "nope", "title": "x"}), 404)


def test_acknowledging_stops_the_paging_and_repeating_it_changes_nothing(web: Api) -> None:
    alert = web.fires()
    bo = web.as_(Role.RESPONDER, "bo")
    first = bo.post(f"/api/v1/alerts/{alert}/acknowledge", json={})
    web.story.pass_time(timedelta(hours=2))
    second = bo.post(f"/api/v1/alerts/{alert}/acknowledge")
    assert first.status_code == second.status_code == 200
    assert first.json() == second.json()
    assert first.json()["acknowledged_by"] == "bo"
    assert first.json()["acknowledged_at"] == "2026-11-16T09:00:00Z"
    assert web.story.said() == ["+0m ana@phone"]


def test_resolving_twice_is_200_and_changes_nothing(web: Api) -> None:
    alert = web.fires()
    first, second = (web.post(f"alerts/{alert}/resolve") for _ in range(2))
    assert first.status_code == second.status_code == 200
    assert first.json() == second.json()
    assert first.json()["status"] == "resolved"


def test_what_the_state_refuses_is_409(web: Api) -> None:
    alert = web.fires()
    problem(web.post(f"alerts/{alert}/unacknowledge"), 409)
    problem(web.post(f"alerts/{alert}/escalate", {"from_step": 2}), 409)
    web.post(f"alerts/{alert}/resolve")
    problem(web.post(f"alerts/{alert}/acknowledge"), 409)
    problem(web.post(f"alerts/{alert}/escalate"), 409)
    problem(web.post(f"alerts/{alert}/snooze", {"for": "1h"}), 409)
    problem(web.post(f"alerts/{alert}/reassign", {"to": "bo"}), 409)


def test_an_acknowledgement_can_be_taken_back_and_pages_again(web: Api) -> None:
    alert = web.fires()
    web.post(f"alerts/{alert}/acknowledge")
    answer = web.post(f"alerts/{alert}/unacknowledge")
    assert answer.json()["status"] == "triggered"
    assert answer.json()["acknowledged_at"] is None
    web.story.drain()
    assert web.story.said() == ["+0m ana@phone", "+0m ana@phone"]


def test_escalating_pages_the_next_step_once_although_two_people_ask(web: Api) -> None:
    alert = web.fires()
    step = web.get(f"alerts/{alert}/why").json()["now"]["step"]
    assert step == 1
    assert web.post(f"alerts/{alert}/escalate", {"from_step": step}).status_code == 200
    problem(web.post(f"alerts/{alert}/escalate", {"from_step": step}), 409)
    web.story.drain()
    assert web.story.said() == ["+0m ana@phone", "+0m bo@phone"]


@pytest.mark.parametrize("to", ["cy", "user:cy"])
def test_reassigning_pages_somebody_else_first(web: Api, to: str) -> None:
    alert = web.fires()
    assert web.post(f"alerts/{alert}/reassign", {"to": to}).status_code == 200
    web.story.drain()
    assert web.story.said() == ["+0m ana@phone", "+0m cy@phone"]


def test_reassigning_to_nobody_is_refused_and_paging_goes_on(web: Api) -> None:
    alert = web.fires()
    problem(web.post(f"alerts/{alert}/reassign", {"to": "nobody"}), 409)
    problem(web.post(f"alerts/{alert}/reassign", {"to": "group:x"}), 422)
    web.story.pass_time(5 * MINUTE)
    assert "+5m bo@phone" in web.story.said()


def test_a_snooze_holds_with_its_reason_until_it_is_over_or_released(web: Api) -> None:
    alert = web.fires()
    held = web.as_(Role.RESPONDER, "bo").post(f"/api/v1/alerts/{alert}/snooze", json={"for": "2h"})
    assert held.json()["held"] == "snoozed by bo"
    assert held.json()["held_until"] == "2026-11-16T11:00:00Z"
    first = web.post(f"alerts/{alert}/release")
    second = web.post(f"alerts/{alert}/release")
    assert first.status_code == second.status_code == 200
    assert first.json() == second.json()
    assert first.json()["held"] is None


@pytest.mark.parametrize(
    "body",
    [{}, {"for": "soon"}, {"for": "1s"}, {"for": "5w"}, {"for": 5}, {"for": "2h", "why": "x"}],
)
def test_a_snooze_that_is_not_right_is_422(still: Api, body: object) -> None:
    problem(still.post(f"alerts/{still.fires()}/snooze", body), 422)


def test_merging_twice_is_200_and_changes_nothing(web: Api) -> None:
    lead, alert = web.fires("lead"), web.fires("child")
    code = web.get(f"alerts/{lead}").json()["code"]
    first = web.post(f"alerts/{alert}/merge", {"into": lead})
    events = len(web.story.events(alert))
    second = web.post(f"alerts/{alert}/merge", {"into": code})
    assert first.status_code == second.status_code == 200
    assert first.json() == second.json()
    assert first.json()["merged_into"] == lead
    assert len(web.story.events(alert)) == events


def test_merging_an_alert_into_itself_or_into_nothing_is_refused(web: Api) -> None:
    alert = web.fires()
    problem(web.post(f"alerts/{alert}/merge", {"into": alert}), 409)
    problem(web.post(f"alerts/{alert}/merge", {"into": "al_nothing"}), 404)
    problem(web.post(f"alerts/{alert}/merge", {}), 422)


@pytest.mark.parametrize("verb", VERBS_WITHOUT_WORDS)
def test_an_unknown_field_is_refused_and_nothing_is_done(still: Api, verb: str) -> None:
    alert = still.fires()
    before = still.get(f"alerts/{alert}").json()
    problem(still.post(f"alerts/{alert}/{verb}", {"status": "resolved"}), 422)
    assert still.get(f"alerts/{alert}").json() == before


@pytest.mark.parametrize("verb", [*VERBS_WITHOUT_WORDS, "snooze", "reassign", "merge"])
def test_whoever_may_only_look_may_not_answer(still: Api, verb: str) -> None:
    alert = still.fires()
    words = {"snooze": {"for": "1h"}, "reassign": {"to": "bo"}, "merge": {"into": alert}}
    viewer = still.as_(Role.VIEWER)
    problem(viewer.post(f"/api/v1/alerts/{alert}/{verb}", json=words.get(verb)), 403)
    assert viewer.get(f"/api/v1/alerts/{alert}").status_code == 200


def test_the_raw_request_is_shown_as_it_arrived(web: Api) -> None:
    raw = b'{"title": "Disk \xff full"}'
    envelope = Envelope("lt_1", "am", web.story.start, raw, "[]")
    web.program.database.append_inbox([envelope])
    signal = Signal(SignalStatus.FIRING, "Disk full", dedup="raw", severity=Severity.ERROR)

    def arrives(tx: Tx) -> None:
        receive(tx, [Incoming("lt_1", "am", tx.now, (signal,))])

    web.change(arrives)
    alert = web.items("alerts")[0]["id"]
    assert web.get(f"alerts/{alert}/raw").json() == '{"title": "Disk \ufffd full"}'


def test_an_alert_without_a_request_behind_it_has_no_raw_text(web: Api) -> None:
    problem(web.get(f"alerts/{web.fires()}/raw"), 404)


def test_why_tells_the_whole_path_and_what_comes_next(web: Api) -> None:
    alert = web.fires()
    web.story.answers("ana")
    found = web.get(f"alerts/{alert}/why").json()
    assert found["next"] is None
    assert {"at", "stage", "what", "why", "link"} <= set(found["items"][0])
    stages = [entry["stage"] for entry in found["items"]]
    assert stages[0] == "signal"
    assert {"dedup", "service", "rule", "policy", "step", "person", "delivery"} <= set(stages)
    assert found["now"]["what"] == "Ana has it: nobody else is paged."
    services = [entry["link"] for entry in found["items"] if entry["stage"] == "service"]
    assert services == ["http://testserver/services/checkout"]
