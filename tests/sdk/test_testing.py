"""The tools for those who write integrations."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from holdfast.sdk import Delivering, HttpCall, Reply, Sent, Signal, SignalStatus
from holdfast.sdk.testing import FakeCarrier, inbound_of, perform, plain_signal


def _two_steps() -> Delivering:
    opened = yield HttpCall("POST", "https://a.example/open")
    posted = yield HttpCall("POST", "https://a.example/post", json=opened.status)
    return Sent(ref=str(posted.status))


def test_a_delivery_of_two_calls_runs_on_two_replies() -> None:
    carrier = FakeCarrier([Reply(200), Reply(201)])

    assert perform(_two_steps(), carrier) == Sent("201")
    assert [call.url for call in carrier.calls if isinstance(call, HttpCall)] == [
        "https://a.example/open",
        "https://a.example/post",
    ]


def test_a_call_that_nobody_expected_fails_the_test() -> None:
    with pytest.raises(AssertionError, match="an unexpected call"):
        perform(_two_steps(), FakeCarrier([Reply(200)]))


def test_a_written_request_becomes_what_arrives_at_the_door() -> None:
    inbound = inbound_of(
        {"path": "/x", "headers": {"X-Key": "k"}, "body": {"a": 1}, "settings": {"s": 2}}
    )

    assert (inbound.method, inbound.path, inbound.body) == ("POST", "/x", b'{"a": 1}')
    assert (inbound.headers, inbound.settings) == ({"x-key": "k"}, {"s": 2})
    assert inbound_of({"body_base64": "/w=="}).body == b"\xff"


def test_a_plain_signal_leaves_out_what_says_nothing() -> None:
    at = datetime(2026, 11, 20, tzinfo=UTC)

    assert plain_signal(Signal(SignalStatus.FIRING, "x", started_at=at)) == {
        "status": "firing",
        "title": "x",
        "severity": "unknown",
        "started_at": "2026-11-20T00:00:00+00:00",
    }
