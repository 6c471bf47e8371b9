"""Instants as people and programs write them."""

from __future__ import annotations

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest

from holdfast.kernel.errors import Invalid
from holdfast.kernel.zone import last_instant
from holdfast.web.instants import read_instant

LISBON = ZoneInfo("Europe/Lisbon")


@pytest.mark.parametrize(
    ("text", "instant"),
    [
        ("2026-11-16T09:00:00Z", "2026-11-16T09:00:00"),
        ("2026-11-16T09:00:00.25Z", "2026-11-16T09:00:00.250000"),
        ("2026-11-16T09:00:00+05:30", "2026-11-16T03:30:00"),
        ("2026-11-16T09:00:00 05:30", "2026-11-16T03:30:00"),
        ("2026-11-16 09:00 01:00", "2026-11-16T08:00:00"),
        ("2026-12-25 03:00 Europe/Rome", "2026-12-25T02:00:00"),
        ("2026-12-25T03:00 UTC", "2026-12-25T03:00:00"),
        (" 2026-11-16T09:00:00Z ", "2026-11-16T09:00:00"),
    ],
)
def test_what_people_write_is_read_as_they_mean_it(text: str, instant: str) -> None:
    assert read_instant(text, "at") == datetime.fromisoformat(instant).replace(tzinfo=UTC)


def test_a_local_time_is_in_the_zone_it_is_asked_for() -> None:
    assert read_instant("2026-07-01T09:00", "from", zone=LISBON).hour == 8
    assert read_instant("2026-07-01T09:00Z", "from", zone=LISBON).hour == 9
    assert read_instant("2026-07-01 09:00 Europe/Rome", "from", zone=LISBON).hour == 7


def test_a_repeated_local_time_can_be_taken_as_its_last_occurrence() -> None:
    first = read_instant("2026-10-25T01:30", "from", zone=LISBON)
    last = read_instant("2026-10-25T01:30", "until", zone=LISBON, resolve=last_instant)
    assert (last - first).total_seconds() == 3600


@pytest.mark.parametrize(
    "text",
    [
        "", " ", "now", "2026-11-16T09:00", "2026-11-16", "2026-02-30T00:00:00Z",
        "2026-11-16T09:00:60Z", "2026-11-16T09:00:00Z\0", "2026-11-16T09:00 Mars/Base",
        "2026-11-16T09:00 localtime", "0001-01-01T00:00+23:59", "9999-12-31T23:59-23:59",
        "2026-11-16T09:00:00+99:00", "x" * 100, "2026-11-16T09:00:00Z" * 10, "\ud800",
    ],
)  # fmt: skip
def test_what_is_no_instant_is_refused_and_never_a_surprise(text: str) -> None:
    with pytest.raises(Invalid):
        read_instant(text, "at")


def test_a_refusal_names_the_field() -> None:
    with pytest.raises(Invalid) as refused:
        read_instant("soon", "until")
    assert refused.value.fields == {"until": "not an instant"}
