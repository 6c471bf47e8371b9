"""Pages through ntfy: the JSON that its server takes, whatever the alert says."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from holdfast.integrations.ntfy import Settings, notifier
from holdfast.sdk import (
    Call,
    Destination,
    HttpCall,
    Message,
    MessageKind,
    Rejected,
    Reply,
    Retry,
    Sent,
    Urgency,
)
from holdfast.sdk.testing import FakeCarrier, perform

URL = "https://holdfast.example/a/tok"
PAGE = Message(
    id="dl_01",
    kind=MessageKind.PAGE,
    title="Card payments fail",
    text="Checkout, EU. Since 10:00.",
    urgency=Urgency.HIGH,
    at=datetime(2026, 11, 20, 10, tzinfo=UTC),
    answer_url=URL,
)
ANA = Destination("https://ntfy.example/ana-5f3c")


def _strict_ntfy(call: Call) -> Reply:
    """The checks of ntfy's own server: its limits, its topics, its actions."""
    assert isinstance(call, HttpCall)
    body = call.body or b""
    published = json.loads(body)
    too_long = len(body) > 8192 or len(published["message"].encode()) > 4096
    known = {"topic", "title", "message", "priority", "tags", "click", "actions"}
    if too_long or not set(published) <= known or not 1 <= published["priority"] <= 5:
        return Reply(400, b'{"error": "invalid request"}')
    return Reply(200, b'{"id": "xE73Iyuabi", "event": "message"}')


def _published(message: Message = PAGE) -> dict[str, object]:
    carrier = FakeCarrier([Reply(200, b"{}")])
    perform(notifier.deliver(message, ANA, Settings()), carrier)
    [call] = carrier.calls
    assert isinstance(call, HttpCall)
    assert call.url == "https://ntfy.example/"
    published: dict[str, object] = json.loads(call.body or b"")
    return published


def _headers(to: Destination, settings: Settings) -> dict[str, str]:
    carrier = FakeCarrier([Reply(200)])
    perform(notifier.deliver(PAGE, to, settings), carrier)
    [call] = carrier.calls
    assert isinstance(call, HttpCall)
    return dict(call.headers)


@pytest.mark.ledger("S1-32")
def test_a_page_is_published_with_a_button_that_acknowledges_by_itself() -> None:
    assert _published() == {
        "topic": "ana-5f3c",
        "title": "[HIGH] Card payments fail",
        "message": "Checkout, EU. Since 10:00.",
        "priority": 5,
        "tags": ["rotating_light"],
        "click": URL,
        "actions": [
            {
                "action": "http",
                "label": "Acknowledge",
                "url": URL,
                "method": "POST",
                "headers": {"Content-Type": "application/json"},
                "body": '{"answer":"acknowledge"}',
                "clear": True,
            },
            {"action": "view", "label": "Open", "url": URL},
        ],
    }


def test_what_can_wait_is_less_urgent() -> None:
    assert _published(replace(PAGE, urgency=Urgency.LOW))["priority"] == 3


def test_what_wants_no_answer_has_no_acknowledge_button() -> None:
    published = _published(replace(PAGE, kind=MessageKind.NOTIFICATION))

    assert published["actions"] == [{"action": "view", "label": "Open", "url": URL}]
    assert "actions" not in _published(replace(PAGE, answer_url=None))


def test_a_test_page_can_be_answered_like_a_real_one() -> None:
    actions = _published(replace(PAGE, kind=MessageKind.TEST))["actions"]

    assert actions == _published()["actions"]


def test_a_rehearsal_says_so_in_the_title() -> None:
    assert str(_published(replace(PAGE, rehearsal=True))["title"]).startswith("REHEARSAL: ")


@given(
    st.text(st.characters(exclude_categories=()), max_size=200).map(lambda text: text * 60),
    st.sampled_from(['"', "\\", "\n", "👩\u200d👧", "a\u0301", "x"]).map(lambda text: text * 6000),
)
def test_whatever_the_alert_says_a_strict_server_takes_it(some: str, many: str) -> None:
    for title, text in ((some, many), (many, some)):
        message = replace(PAGE, title=title, text=text, answer_url=URL + "x" * 900)
        outcome = perform(notifier.deliver(message, ANA, Settings()), _strict_ntfy)

        assert outcome == Sent(ref="xE73Iyuabi")


def test_the_token_goes_to_its_own_server_alone() -> None:
    settings = Settings(server="https://ntfy.example/", token="tk_1")

    assert _headers(ANA, settings)["Authorization"] == "Bearer tk_1"
    assert "Authorization" not in _headers(Destination("https://evil.example/t"), settings)
    assert "Authorization" not in _headers(
        Destination("https://ntfy.example.evil.example/t"), settings
    )
    assert "Authorization" not in _headers(ANA, Settings(token="tk_1"))


def test_a_refused_sign_in_names_the_settings() -> None:
    outcome = perform(notifier.deliver(PAGE, ANA, Settings()), FakeCarrier([Reply(403)]))

    assert isinstance(outcome, Rejected)
    assert "HOLDFAST_NTFY_TOKEN" in outcome.why


def test_a_full_server_is_tried_again() -> None:
    reply = Reply(429, b'{"code":42908,"error":"limit reached"}')
    outcome = perform(notifier.deliver(PAGE, ANA, Settings()), FakeCarrier([reply]))

    assert outcome == Retry("The ntfy server answered 429: limit reached")


@pytest.mark.parametrize("body", [b"", b"[]", b'{"id": 7}', b"[" * 100_000])
def test_an_odd_answer_is_still_taken(body: bytes) -> None:
    assert (
        perform(notifier.deliver(PAGE, ANA, Settings()), FakeCarrier([Reply(200, body)])) == Sent()
    )


@pytest.mark.parametrize(
    "address",
    ["https://ntfy.sh/topic", "http://127.0.0.1:8080/a-B_9/", "https://host.example/ntfy/topic"],
)
def test_a_topic_address_is_accepted(address: str) -> None:
    assert notifier.check(address) is None


@pytest.mark.parametrize(
    "address",
    [
        "", "topic", "https://ntfy.sh", "https://ntfy.sh/", "https://ntfy.sh/a b", "ntfy.sh/topic",
        "https://ntfy.sh/topic?auth=x", "https://u:p@ntfy.sh/topic", "https://ntfy.sh/" + "a" * 65,
        "https://ntfy.sh/a\r\nb", "https://ntfy.sh//", "https://" + "a/" * 5000 + "!",
    ],
)  # fmt: skip
def test_what_is_no_topic_is_told_and_never_called(address: str) -> None:
    assert notifier.check(address)
    assert isinstance(
        perform(notifier.deliver(PAGE, Destination(address), Settings()), FakeCarrier([])), Rejected
    )
