"""The page on the phone: looking changes nothing, one tap answers, each state says what is so."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

import pytest

from holdfast.alerts import actions as alerts
from holdfast.alerts.model import AlertStatus
from holdfast.kernel.actor import SYSTEM
from holdfast.paging import actions as paging
from holdfast.paging.model import PageAnswer
from holdfast.people import actions as people
from tests.support.screens import Screens, screens, words_of
from tests.support.story import MINUTE

JSON = {"answer": "acknowledge"}
BOTS = (
    "Slackbot-LinkExpanding 1.0", "WhatsApp/2.23", "Mozilla/5.0 (compatible; Googlebot/2.1)",
    "Mozilla/5.0 SafeLinks", "facebookexternalhit/1.1", "TelegramBot (like TwitterBot)",
    "Discordbot/2.0", "curl/8.4.0", "Mozilla/5.0 BingPreview/1.0b",
)  # fmt: skip


@pytest.fixture
def web() -> Iterator[Screens]:
    with screens() as made:
        yield made


@pytest.mark.parametrize("method", ["GET", "HEAD", "OPTIONS"])
def test_whoever_only_looks_has_answered_nothing(web: Screens, method: str) -> None:
    alert = web.fires()
    link = web.link(web.page_of(alert, "ana"))
    for agent in BOTS:
        headers = {"user-agent": agent, "purpose": "prefetch", "sec-purpose": "prefetch"}
        web.stranger().request(method, link, headers=headers)
    assert web.alert(alert.id).status is AlertStatus.TRIGGERED


def test_the_page_says_what_is_wrong_and_what_comes_by_itself(web: Screens) -> None:
    alert = web.fires(details={"description": "Normal is 40%."}, link="https://grafana.test/d/1")
    answer = web.stranger().get(web.link(web.page_of(alert, "ana")))
    said = words_of(answer)
    assert answer.status_code == 200
    assert "Paging Ana · Payments" in said
    assert "Disk full" in said
    assert "Normal is 40%." in said
    assert "Checkout" in said
    assert "Goes to Bo" in said
    assert "At grafana.test" in said
    assert 'name="csrf"' not in answer.text
    assert answer.headers["cache-control"] == "no-store"
    assert "noindex" in answer.headers["x-robots-tag"]
    assert "set-cookie" not in answer.headers


def test_one_tap_without_a_session_stops_the_paging(web: Screens) -> None:
    alert = web.fires()
    link = web.link(web.page_of(alert, "ana"))
    answer = web.stranger().post(link, data=JSON, headers={"origin": "null"})
    assert answer.status_code == 200
    assert "You have it" in words_of(answer)
    assert "Nobody else was woken." in words_of(answer)
    assert web.alert(alert.id).acknowledged_by == "ana"
    web.story.pass_time(timedelta(hours=1))
    assert web.story.said() == ["+0m ana@phone"]


def test_a_program_is_told_in_json_what_is_true_now(web: Screens) -> None:
    alert = web.fires()
    link = web.link(web.page_of(alert, "ana"))
    told = web.stranger().post(link, json=JSON).json()
    assert told["status"] == "acknowledged"
    assert told["alert"]["id"] == alert.id
    assert told["alert"]["status"] == "acknowledged"
    assert told["page"]["state"] == "answered"


def test_a_repeated_answer_is_200_and_changes_nothing(web: Screens) -> None:
    alert = web.fires()
    link = web.link(web.page_of(alert, "ana"))
    web.stranger().post(link, json=JSON)
    at = web.alert(alert.id).acknowledged_at
    web.story.pass_time(MINUTE)
    events = web.story.events(alert.id)
    answer = web.stranger().post(link, json=JSON)
    assert (answer.status_code, answer.json()["status"]) == (200, "acknowledged")
    assert web.alert(alert.id).acknowledged_at == at
    assert web.story.events(alert.id) == events


@pytest.mark.parametrize("answer", [PageAnswer.ESCALATE, PageAnswer.DECLINE])
def test_passing_it_on_pages_the_next_step_at_once(web: Screens, answer: PageAnswer) -> None:
    alert = web.fires()
    link = web.link(web.page_of(alert, "ana"))
    told = web.stranger().post(link, json={"answer": answer.value})
    assert told.json()["status"] == {"escalate": "escalated", "decline": "declined"}[answer.value]
    web.story.drain()
    assert web.story.said() == ["+0m ana@phone", "+0m bo@phone"]
    later = web.stranger().get(link)
    assert "Bo is paged now" in words_of(later)


def test_whoever_declined_may_take_it_after_all(web: Screens) -> None:
    alert = web.fires()
    link = web.link(web.page_of(alert, "ana"))
    web.stranger().post(link, json={"answer": "decline"})
    assert "I take it after all" in words_of(web.stranger().get(link))
    assert web.stranger().post(link, json=JSON).json()["status"] == "acknowledged"
    assert web.alert(alert.id).acknowledged_by == "ana"


def test_somebody_else_was_faster_and_the_page_says_who(web: Screens) -> None:
    alert = web.fires()
    web.story.pass_time(5 * MINUTE)
    web.stranger().post(web.link(web.page_of(alert, "bo")), json=JSON)
    link = web.link(web.page_of(alert, "ana"))
    assert "Bo has it" in words_of(web.stranger().get(link))
    late = web.stranger().post(link, json=JSON)
    assert late.status_code == 409
    assert late.headers["content-type"] == "application/problem+json"
    assert web.alert(alert.id).acknowledged_by == "bo"
    in_a_browser = web.stranger().post(link, data=JSON, headers={"accept": "text/html"})
    assert (in_a_browser.status_code, "Bo has it" in words_of(in_a_browser)) == (409, True)


def test_what_is_over_needs_no_answer(web: Screens) -> None:
    alert = web.fires()
    web.story.recovers()
    link = web.link(web.page_of(alert, "ana"))
    assert "It ended by itself" in words_of(web.stranger().get(link))
    assert web.stranger().post(link, json=JSON).status_code == 409


def test_an_older_message_still_answers_for_the_newest_page(web: Screens) -> None:
    alert = web.fires()
    first = web.link(web.page_of(alert, "ana"))
    web.story.act("cy", lambda tx: alerts.acknowledge(tx, alert.id))
    web.story.act("cy", lambda tx: alerts.unacknowledge(tx, alert.id))
    web.story.drain()
    assert "I’ve got it" in words_of(web.stranger().get(first))
    assert web.stranger().post(first, json=JSON).json()["status"] == "acknowledged"
    assert web.alert(alert.id).acknowledged_by == "ana"


def test_a_test_page_has_one_button_and_proves_the_way(web: Screens) -> None:
    with web.program.database.begin(SYSTEM) as tx:
        page = paging.send_test(tx, "ana", "mail")
    link = web.link(page)
    shown = words_of(web.stranger().get(link))
    assert "This is a test page" in shown
    assert "I cannot take it" not in shown
    told = web.stranger().post(link, json=JSON).json()
    assert (told["status"], told["alert"]) == ("test_received", None)
    method = web.user("ana").method("mail")
    assert method is not None
    assert method.verified_at is not None
    assert "It reached you" in words_of(web.stranger().get(link))


def test_a_link_with_one_wrong_character_is_nobodys(web: Screens) -> None:
    alert = web.fires()
    link = web.link(web.page_of(alert, "ana"))
    for place in range(len("http://testserver/p/"), len(link)):
        wrong = link[:place] + ("A" if link[place] != "A" else "B") + link[place + 1 :]
        assert web.stranger().post(wrong, json=JSON).status_code == 404
    start = "http://testserver/p/"
    for other in (link + "x", link[:-1], f"{start}x", f"{start}.{'x' * 600}"):
        assert web.stranger().get(other).status_code == 404
    assert web.alert(alert.id).status is AlertStatus.TRIGGERED


def test_a_link_of_another_page_answers_that_page_only(web: Screens) -> None:
    one, other = web.fires("one"), web.fires("other")
    web.stranger().post(web.link(web.page_of(one, "ana")), json=JSON)
    assert web.alert(other.id).status is AlertStatus.TRIGGERED


def test_the_link_of_somebody_who_was_disabled_is_dead(web: Screens) -> None:
    alert = web.fires()
    link = web.link(web.page_of(alert, "ana"))
    with web.program.database.begin(SYSTEM) as tx:
        people.disable_user(tx, "ana")
    assert web.stranger().post(link, json=JSON).status_code == 404
    assert web.alert(alert.id).status is AlertStatus.TRIGGERED


@pytest.mark.parametrize(
    "body",
    [b"", b"{}", b"[]", b'{"answer": "resolve"}', b'{"answer": null}', b"{", b"\xff{", b"[" * 5000],
)
def test_an_answer_that_is_none_is_refused_with_the_remedy(web: Screens, body: bytes) -> None:
    alert = web.fires()
    link = web.link(web.page_of(alert, "ana"))
    answer = web.stranger().post(link, content=body, headers={"content-type": "application/json"})
    assert answer.status_code == 422
    assert "acknowledge" in answer.json()["remedy"]
    assert web.alert(alert.id).status is AlertStatus.TRIGGERED


def test_json_is_read_whatever_its_sender_calls_it(web: Screens) -> None:
    alert = web.fires()
    link = web.link(web.page_of(alert, "ana"))
    told = web.stranger().post(link, content=b'{"answer": "acknowledge"}')
    assert told.json()["status"] == "acknowledged"


def test_a_senders_link_that_is_no_web_address_is_not_shown(web: Screens) -> None:
    alert = web.fires(link="javascript:alert(1)")
    answer = web.stranger().get(web.link(web.page_of(alert, "ana")))
    assert "javascript:" not in answer.text
