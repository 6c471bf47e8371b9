"""PagerDuty's Events API: its door, its answers and its refusals."""

from __future__ import annotations

import json

import pytest

from holdfast.integrations.pagerduty_events import source
from holdfast.sdk import Answer, Inbound, Signal, SignalStatus, Unreadable

KEY = "0123456789abcdef0123456789abcdef"


def _enqueue(**body: object) -> Inbound:
    return Inbound("POST", "/v2/enqueue", json.dumps(body).encode())


@pytest.mark.parametrize(
    "key", [None, "", "short", KEY + "0", 7, ["k"], "\ud800" + KEY[1:], "é" + KEY[1:]]
)
def test_the_door_refuses_what_can_be_no_key_in_the_vendors_words(key: object) -> None:
    assert source.door is not None
    with pytest.raises(Unreadable, match="'routing_key'"):
        source.door.key(_enqueue(routing_key=key))


@pytest.mark.parametrize("body", [b"", b"not json", b"[]", b"[" * 100_000, b"\xff\x00"])
def test_the_door_says_why_it_cannot_look_for_a_key(body: bytes) -> None:
    assert source.door is not None
    with pytest.raises(Unreadable):
        source.door.key(Inbound("POST", "/v2/enqueue", body))


def test_the_door_finds_the_key_in_the_body() -> None:
    assert source.door is not None
    assert source.door.key(_enqueue(routing_key=KEY)) == KEY


@pytest.mark.parametrize("path", ["/v2/enqueue", "/v2/enqueue/", "/compat/pagerduty/v2/enqueue"])
def test_a_routing_key_of_another_length_is_refused_in_the_vendors_words(path: str) -> None:
    body = {"routing_key": "short", "event_action": "trigger", "payload": {"summary": "x"}}

    with pytest.raises(Unreadable, match="should be 32 characters"):
        source.read(Inbound("POST", path, json.dumps(body).encode()))


@pytest.mark.ledger("S1-89")
def test_the_answer_names_the_dedup_key_without_which_the_vendors_client_fails() -> None:
    assert source.answer([Signal(SignalStatus.FIRING, "x", dedup="srv01/mysql")]) == Answer(
        202, {"status": "success", "message": "Event processed", "dedup_key": "srv01/mysql"}
    )


def test_a_refusal_has_the_vendors_shape() -> None:
    detail = "Length of 'routing_key' is incorrect (should be 32 characters)"

    assert source.refuse(400, detail) == Answer(
        400,
        {"status": "invalid event", "message": "Event object is invalid", "errors": [detail]},
    )


@pytest.mark.parametrize(
    ("status", "given", "word"),
    [
        (401, 400, "invalid event"),
        (404, 400, "invalid event"),
        (413, 413, "invalid event"),
        (429, 429, "throttle exceeded"),
        (503, 503, "unavailable"),
    ],
)
def test_refusals_are_those_that_the_vendors_clients_know(
    status: int, given: int, word: str
) -> None:
    answer = source.refuse(status, "why")

    assert answer.status == given
    assert isinstance(answer.body, dict)
    assert answer.body["status"] == word


def test_overload_is_answered_with_what_its_senders_try_again() -> None:
    assert (source.busy_status, source.key_digits) == (429, 32)
