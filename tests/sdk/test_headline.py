"""The line by which a person recognises a message."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime

import pytest

from holdfast.sdk import Message, MessageKind, Urgency, headline
from holdfast.sdk.headline import HEADLINE_CHARS_MAX


def _message(
    *,
    title: str = "Card payments fail",
    kind: MessageKind = MessageKind.PAGE,
    payload: Mapping[str, object] | None = None,
    rehearsal: bool = False,
) -> Message:
    return Message(
        id="pg_1",
        kind=kind,
        title=title,
        text="",
        urgency=Urgency.HIGH,
        at=datetime(2026, 11, 20, 10, tzinfo=UTC),
        payload=payload or {},
        rehearsal=rehearsal,
    )


@pytest.mark.parametrize(
    ("payload", "line"),
    [
        ({}, "[HIGH] Card payments fail"),
        ({"alert": {"severity": "critical"}}, "[CRITICAL] Card payments fail"),
        ({"alert": {"severity": "unknown"}}, "[HIGH] Card payments fail"),
        ({"incident": {"severity": {"level": "SEV1"}}}, "[SEV1] Card payments fail"),
        ({"alert": "odd", "incident": {"severity": 7}}, "[HIGH] Card payments fail"),
    ],
)
def test_a_page_begins_with_how_bad_it_is(payload: Mapping[str, object], line: str) -> None:
    assert headline(_message(payload=payload)) == line


@pytest.mark.parametrize("kind", [MessageKind.NOTIFICATION, MessageKind.TEST])
def test_what_asks_nothing_has_no_such_word(kind: MessageKind) -> None:
    assert headline(_message(kind=kind)) == "Card payments fail"


def test_the_severity_is_said_once_where_the_title_begins_with_it() -> None:
    titled = _message(title="Critical · Shop: down", payload={"alert": {"severity": "critical"}})
    untold = _message(title="Unknown · Shop: down", payload={"alert": {"severity": "unknown"}})

    assert headline(titled) == "[CRITICAL] Shop: down"
    assert headline(untold) == "[HIGH] Shop: down"


def test_a_rehearsal_says_so_first_and_once() -> None:
    assert headline(_message(rehearsal=True)) == "REHEARSAL: [HIGH] Card payments fail"
    assert headline(_message(rehearsal=True, title="REHEARSAL: x")) == "REHEARSAL: [HIGH] x"
    assert headline(_message(rehearsal=True, kind=MessageKind.TEST)).startswith("REHEARSAL: Card")


def test_a_headline_is_one_short_line_whatever_the_title() -> None:
    line = headline(_message(title="a\r\nBcc: all@example.com\x00" + "x" * 5000))

    assert "\n" not in line
    assert "\r" not in line
    assert len(line) <= HEADLINE_CHARS_MAX
    assert headline(_message(title="\x00")) == "[HIGH] A page without a title"
