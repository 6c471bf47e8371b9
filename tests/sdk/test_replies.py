"""What HTTP replies mean for a delivery."""

from __future__ import annotations

from datetime import timedelta

import pytest

from holdfast.sdk import Rejected, Reply, Retry, Sent, asked_wait, judge
from holdfast.sdk.replies import RETRY_AFTER_MAX, SAID_CHARS_MAX


@pytest.mark.parametrize("status", [200, 201, 202, 204])
def test_a_2xx_is_sent(status: int) -> None:
    assert judge(Reply(status), "It") == Sent()


@pytest.mark.parametrize("status", [400, 401, 403, 404, 410, 413, 422])
def test_a_4xx_will_be_the_same_tomorrow(status: int) -> None:
    assert judge(Reply(status), "It") == Rejected(f"It answered {status}")


@pytest.mark.parametrize("status", [100, 302, 408, 425, 429, 500, 502, 503, 504, 599])
def test_everything_else_may_work_later(status: int) -> None:
    assert isinstance(judge(Reply(status), "It"), Retry)


def test_no_answer_is_tried_again_with_its_reason() -> None:
    assert judge(Reply(0, error="timed out after 10 s", unknown=True), "It") == Retry(
        "It: timed out after 10 s"
    )
    assert judge(Reply(0), "It") == Retry("It: no answer came")


@pytest.mark.parametrize(
    ("asked", "wait"),
    [
        ("7", timedelta(seconds=7)),
        (" 30 ", timedelta(seconds=30)),
        ("0", timedelta(0)),
        ("9999999", RETRY_AFTER_MAX),
        ("9" * 5000, RETRY_AFTER_MAX),
        ("-1", None),
        ("1.5", None),
        ("1_0", None),
        ("٣", None),
        ("²", None),
        ("", None),
        ("Fri, 20 Nov 2026 10:00:00 GMT", None),
    ],
)
def test_retry_after_is_read_in_seconds_and_capped(asked: str, wait: timedelta | None) -> None:
    assert asked_wait(Reply(503, headers={"Retry-After": asked})) == wait


def test_a_retry_carries_the_wait_that_was_asked_for() -> None:
    outcome = judge(Reply(429, headers={"retry-after": "12"}), "It")

    assert outcome == Retry("It answered 429", after=timedelta(seconds=12))


@pytest.mark.parametrize(
    ("body", "why"),
    [
        (b'{"error": "no such topic"}', "It answered 400: no such topic"),
        (b'{"message": ["a", "b"]}', 'It answered 400: ["a", "b"]'),
        (b"plain words\nand more", "It answered 400: plain words and more"),
        (b"<html><h1>Bad Request</h1>", "It answered 400"),
        (b"\xff\x00\x1b[31mred", "It answered 400: \ufffd[31mred"),
        (b"[" * 100_000, f"It answered 400: {'[' * (SAID_CHARS_MAX - 1)}…"),
    ],
)
def test_the_reason_quotes_the_other_side_on_one_short_line(body: bytes, why: str) -> None:
    assert judge(Reply(400, body), "It") == Rejected(why)
