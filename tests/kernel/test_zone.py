"""Zones by name, and wall times that are skipped or repeated."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from holdfast.kernel.zone import (
    UnknownZone,
    change_between,
    instant,
    last_instant,
    named_zone,
    offset,
    wall,
    zone_names,
)

LISBON = ZoneInfo("Europe/Lisbon")
ZONES = (
    "Europe/Lisbon",
    "America/New_York",
    "America/Sao_Paulo",
    "Australia/Lord_Howe",
    "Antarctica/Troll",
    "Africa/Casablanca",
    "Asia/Kathmandu",
    "Pacific/Chatham",
    "Pacific/Apia",
    "UTC",
)


def local(text: str) -> datetime:
    return datetime.fromisoformat(text)


def utc(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


@pytest.mark.parametrize("name", ["Europe/Lisbon", "UTC", "America/Argentina/Ushuaia", "Etc/GMT+5"])
def test_zones_are_known_by_their_iana_names(name: str) -> None:
    assert named_zone(name).key == name


@pytest.mark.parametrize(
    "name",
    [
        "localtime",
        "posixrules",
        "Factory",
        "leapseconds",
        "posix/Europe/Lisbon",
        "right/Europe/Lisbon",
        "../../etc/passwd",
        "Europe/../Europe/Lisbon",
        "/usr/share/zoneinfo/UTC",
        "Europe",
        "Europe/",
        "Europe/Lisbon\n",
        "Europe/Lisbon\0",
        " UTC",
        "",
        "europe/lisbon",
        "Éurope/Lisbon",
        "\ud800",
        "A" * 100_000,
    ],
)
def test_what_is_no_zone_or_depends_on_the_machine_is_refused(name: str) -> None:
    with pytest.raises(UnknownZone) as refused:
        named_zone(name)
    assert refused.value.remedy
    assert len(refused.value.detail.encode()) < 400


def test_every_zone_that_is_offered_can_be_had() -> None:
    assert len(zone_names()) > 400
    for name in zone_names():
        named_zone(name)


@pytest.mark.parametrize(
    ("zone", "skipped", "after_the_gap"),
    [
        ("Europe/Lisbon", "2026-03-29 01:00", "2026-03-29 01:00"),
        ("Europe/Lisbon", "2026-03-29 01:30", "2026-03-29 01:00"),
        ("Europe/Lisbon", "2026-03-29 01:59:59.5", "2026-03-29 01:00"),
        ("America/New_York", "2026-03-08 02:30", "2026-03-08 07:00"),
        ("Australia/Lord_Howe", "2026-10-04 02:15", "2026-10-03 15:30"),
        ("Antarctica/Troll", "2026-03-29 02:30", "2026-03-29 01:00"),
        ("America/Sao_Paulo", "2018-11-04 00:00", "2018-11-04 03:00"),
        ("Pacific/Apia", "2011-12-30 15:00", "2011-12-30 10:00"),
    ],
)
def test_a_skipped_wall_time_is_the_first_instant_after_the_gap(
    zone: str, skipped: str, after_the_gap: str
) -> None:
    assert instant(local(skipped), ZoneInfo(zone)) == utc(after_the_gap)
    assert last_instant(local(skipped), ZoneInfo(zone)) == utc(after_the_gap)


@pytest.mark.parametrize(
    ("zone", "repeated", "first", "last"),
    [
        ("Europe/Lisbon", "2026-10-25 01:00", "2026-10-25 00:00", "2026-10-25 01:00"),
        ("Europe/Lisbon", "2026-10-25 01:30", "2026-10-25 00:30", "2026-10-25 01:30"),
        ("America/New_York", "2026-11-01 01:30", "2026-11-01 05:30", "2026-11-01 06:30"),
        ("Australia/Lord_Howe", "2026-04-05 01:45", "2026-04-04 14:45", "2026-04-04 15:15"),
        ("Africa/Casablanca", "2026-02-15 02:30", "2026-02-15 01:30", "2026-02-15 02:30"),
    ],
)
def test_a_repeated_wall_time_has_a_first_and_a_last_instant(
    zone: str, repeated: str, first: str, last: str
) -> None:
    assert instant(local(repeated), ZoneInfo(zone)) == utc(first)
    assert last_instant(local(repeated), ZoneInfo(zone)) == utc(last)


def test_a_fold_that_somebody_left_on_a_wall_time_changes_nothing() -> None:
    folded = local("2026-10-25 01:30").replace(fold=1)
    assert instant(folded, LISBON) == utc("2026-10-25 00:30")


@given(
    st.datetimes(local("2000-01-01"), local("2060-01-01")),
    st.sampled_from(ZONES).map(ZoneInfo),
)
def test_wall_and_instant_agree_wherever_the_clocks_run_on(at: datetime, zone: ZoneInfo) -> None:
    first, last = instant(at, zone), last_instant(at, zone)
    assert first <= last
    if wall(first, zone) == at:
        assert wall(last, zone) == at
    else:  # skipped: the clocks jumped over it at that very instant
        just_before = first - timedelta(microseconds=1)
        assert wall(just_before, zone) < at < wall(first, zone)


@given(
    st.lists(st.datetimes(local("2000-01-01"), local("2060-01-01")), min_size=2, max_size=2),
    st.sampled_from(ZONES).map(ZoneInfo),
)
def test_a_later_wall_time_is_never_an_earlier_instant(
    walls: list[datetime], zone: ZoneInfo
) -> None:
    before, after = sorted(walls)
    assert instant(before, zone) <= instant(after, zone)


def test_wall_time_carries_no_zone_and_no_fold() -> None:
    shown = wall(utc("2026-10-25 01:30"), LISBON)
    assert shown == local("2026-10-25 01:30")
    assert (shown.tzinfo, shown.fold) == (None, 0)


def test_an_instant_is_not_taken_for_a_wall_time() -> None:
    with pytest.raises(AssertionError, match="no zone"):
        instant(utc("2026-10-25 01:30"), LISBON)


def test_a_change_is_found_to_the_second() -> None:
    found = change_between(utc("2026-10-24 17:03:07.5"), utc("2026-10-25 11:11:11.1"), LISBON)
    assert found == utc("2026-10-25 01:00")
    assert offset(found, LISBON) == timedelta()
    assert offset(found - timedelta(microseconds=1), LISBON) == timedelta(hours=1)
