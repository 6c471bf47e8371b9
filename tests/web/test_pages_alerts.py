"""Alerts and Now on screen: what is listed, what the verbs do, and who may use them."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

import pytest

from holdfast.alerts.model import AlertStatus
from holdfast.kernel.actor import Role
from holdfast.sdk import Severity
from holdfast.web.alerts.pages import ROWS_MAX
from tests.support.program import add_user, client, make_program
from tests.support.screens import Screens, screens, words_of
from tests.support.story import MINUTE


@pytest.fixture
def web() -> Iterator[Screens]:
    with screens() as made:
        yield made


def test_what_wants_an_answer_comes_first_with_what_happens_next(web: Screens) -> None:
    alert = web.fires()
    said = words_of(web.browser.get("/alerts"))
    assert "Disk full" in said
    assert alert.code in said
    assert "pages Bo in 5:00" in said
    assert "Wants an answer 1" in said


def test_each_filter_shows_its_own_and_nothing_else(web: Screens) -> None:
    names = ("waits", "taken", "asleep", "over")
    found = {name: web.fires(name, title=f"It {name}") for name in names}
    web.browser.send_form(f"/alerts/{found['taken'].id}/acknowledge")
    web.browser.send_form(f"/alerts/{found['asleep'].id}/snooze", {"for": "1h"})
    web.browser.send_form(f"/alerts/{found['over'].id}/resolve")
    filters = {"open": "waits", "acknowledged": "taken", "held": "asleep", "resolved": "over"}
    for show, name in filters.items():
        said = words_of(web.browser.get(f"/alerts?show={show}"))
        assert [other for other in names if f"It {other}" in said] == [name]
    assert all(f"It {n}" in words_of(web.browser.get("/alerts?show=all")) for n in names)


def test_a_search_looks_at_titles_and_codes_and_keeps_what_was_typed(web: Screens) -> None:
    alert = web.fires("a", title="Queue is stuck")
    web.fires("b", title="Disk is full")
    for text in ("queue", alert.code.lower()):
        answer = web.browser.get("/alerts", params={"q": text})
        assert "Queue is stuck" in words_of(answer)
        assert "Disk is full" not in words_of(answer)
        assert f'value="{text}"' in answer.text
    hostile = web.browser.get("/alerts", params={"q": '"><script>alert(1)</script>'})
    assert "<script>alert(1)" not in hostile.text


def test_a_long_list_is_handed_out_in_parts_without_a_hole(web: Screens) -> None:
    for number in range(ROWS_MAX + 3):
        web.story.fires(f"k{number}", title=f"Trouble {number:03}")
    first = web.browser.get("/alerts?show=all")
    older = first.text.split('rel="next" href="')[1].split('"')[0].replace("&amp;", "&")
    second = web.browser.get(older)
    both = words_of(first) + words_of(second)
    assert all(f"Trouble {number:03}" in both for number in range(ROWS_MAX + 3))
    assert 'rel="prev"' in second.text
    assert web.browser.get("/alerts?cursor=nonsense").status_code == 422


def test_the_page_of_an_alert_tells_every_decision(web: Screens) -> None:
    alert = web.fires(labels={"env": "prod"}, details={"description": "94% of 200 GB"})
    said = words_of(web.browser.get(f"/alerts/{alert.id}"))
    for words in (
        "94% of 200 GB", "env= prod", "Step 1 paged Ana", "By the contact method phone",
        "Sent by phone", "Step 2 pages user:bo", "It belongs to Checkout",
    ):  # fmt: skip
        assert words in said
    assert words_of(web.browser.get(f"/alerts/{alert.code}")).count("Disk full") >= 1


@pytest.mark.parametrize(
    ("verb", "fields", "status"),
    [
        ("acknowledge", {}, AlertStatus.ACKNOWLEDGED),
        ("resolve", {}, AlertStatus.RESOLVED),
        ("escalate", {}, AlertStatus.TRIGGERED),
        ("snooze", {"for": "30m"}, AlertStatus.TRIGGERED),
        ("reassign", {"to": "user:cy"}, AlertStatus.TRIGGERED),
    ],
)
def test_a_verb_leads_back_to_the_alert_and_says_what_is_true(
    web: Screens, verb: str, fields: dict[str, str], status: AlertStatus
) -> None:
    alert = web.fires()
    answer = web.browser.send_form(f"/alerts/{alert.id}/{verb}", fields)
    assert (answer.status_code, answer.headers["location"]) == (303, f"/alerts/{alert.id}")
    assert web.alert(alert.id).status is status
    shown = web.browser.get(answer.headers["location"])
    assert 'class="notice ok"' in shown.text
    assert 'class="notice ok"' not in web.browser.get(f"/alerts/{alert.id}").text


def test_a_verb_that_the_state_refuses_says_so_on_the_alert(web: Screens) -> None:
    alert = web.fires()
    web.browser.send_form(f"/alerts/{alert.id}/resolve")
    answer = web.browser.send_form(f"/alerts/{alert.id}/snooze", {"for": "1h"})
    assert answer.status_code == 409
    assert "This alert is resolved" in words_of(answer)
    assert web.browser.get(f"/alerts/{alert.id}/snooze").status_code == 200


@pytest.mark.parametrize(
    ("verb", "fields"),
    [("snooze", {"for": "forever"}), ("reassign", {"to": "nonsense"}), ("snooze", {"for": "1s"})],
)
def test_a_verb_that_the_input_refuses_is_422_with_the_alert(
    web: Screens, verb: str, fields: dict[str, str]
) -> None:
    alert = web.fires()
    answer = web.browser.send_form(f"/alerts/{alert.id}/{verb}", fields)
    assert answer.status_code == 422
    assert "Disk full" in words_of(answer)


def test_merged_alerts_point_at_the_one_that_goes_on(web: Screens) -> None:
    lead, same = web.fires("lead", title="The lead"), web.fires("same", title="The same")
    web.browser.send_form(f"/alerts/{same.id}/merge", {"into": lead.id})
    said = words_of(web.browser.get(f"/alerts/{same.id}"))
    assert f"Merged into {lead.code} The lead" in said


def test_a_viewer_sees_everything_and_changes_nothing(web: Screens) -> None:
    alert = web.fires()
    viewer = client(web.program, add_user(web.program, "Vi", Role.VIEWER), app=web.browser.app)
    shown = viewer.get(f"/alerts/{alert.id}")
    assert shown.status_code == 200
    assert "Acknowledge and stop paging" not in words_of(shown)
    assert viewer.send_form(f"/alerts/{alert.id}/acknowledge").status_code == 403
    assert web.alert(alert.id).status is AlertStatus.TRIGGERED


def test_a_form_without_our_token_changes_nothing(web: Screens) -> None:
    alert = web.fires()
    answer = web.browser.post(f"/alerts/{alert.id}/acknowledge", data={"csrf": "wrong"})
    assert answer.status_code == 403
    assert web.alert(alert.id).status is AlertStatus.TRIGGERED


def test_now_shows_my_pages_who_is_on_call_and_what_is_ahead(web: Screens) -> None:
    web.fires()
    said = words_of(web.as_("ana").get("/"))
    assert "You are on call" in said
    assert "1 page wants your answer" in said
    assert "Primary AN Ana, you" in said
    others = words_of(web.as_("bo").get("/"))
    assert "You are off call until Mon 23 Nov 09:00" in others
    assert "wants your answer" not in others


def test_now_stops_asking_for_a_test_once_something_has_reached_the_reader(web: Screens) -> None:
    assert "We cannot reach you yet" in words_of(web.as_("ana").get("/"))
    alert = web.fires()
    web.stranger().post(web.link(web.page_of(alert, "ana")), json={"answer": "acknowledge"})
    assert "We cannot reach you yet" not in words_of(web.as_("ana").get("/"))


def test_a_gap_ahead_is_named_on_the_first_screen(web: Screens) -> None:
    form = {
        "name": "Nights", "team": "payments", "time_zone": "UTC", "do": "save",
        "r0.id": "n", "r0.member": "ana", "r0.every": "1", "r0.unit": "days", "r0.weekday": "mon",
        "r0.at": "09:00", "r0.starts": "2026-11-16", "r0.until": "2026-11-18",
    }  # fmt: skip
    web.browser.send_form("/schedules/new", form)
    said = words_of(web.browser.get("/"))
    assert "Nobody is on call in Nights" in said


def test_the_unknown_severity_pages_and_looks_as_bad_as_an_error(web: Screens) -> None:
    web.fires(severity=Severity.UNKNOWN)
    assert 'class="sev sev2' in web.browser.get("/alerts").text


def test_an_empty_holdfast_leads_an_administrator_to_setup() -> None:
    program = make_program()
    ada = add_user(program, "Ada", Role.ADMIN)
    first = client(program, ada)
    assert first.get("/").headers["location"] == "/setup"
    viewer = client(program, add_user(program, "Vi", Role.VIEWER), app=first.app)
    assert viewer.get("/").status_code == 200
    assert viewer.get("/setup").headers["location"] == "/me"
    program.database.close()


def test_the_first_screen_stays_quick_with_much_going_on(web: Screens) -> None:
    for number in range(30):
        web.story.fires(f"k{number}")
    web.story.pass_time(MINUTE)
    answer = web.browser.get("/")
    assert answer.status_code == 200
    assert "and 20 more" in words_of(answer)
    assert answer.elapsed < timedelta(seconds=5)
