"""Instants are read as their senders meant them, and never fail."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from holdfast.sdk import parse_instant

TEN = datetime(2026, 11, 20, 10, tzinfo=UTC)
FINE = TEN + timedelta(minutes=8, seconds=42, microseconds=315000)
UNIX = int(TEN.timestamp())


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("2026-11-20T10:00:00Z", TEN),
        ("2026-11-20T10:00:00+00:00", TEN),
        ("2026-11-20T10:00:00+00:00Z", TEN),  # an old client of PagerDuty
        ("2026-11-20T10:00:00+0000", TEN),
        ("2026-11-20T11:00:00+01", TEN),
        ("2026-11-21T00:00:00+14:00", TEN),
        ("2026-11-19T22:00:00-12:00", TEN),
        ("2026-11-20 10:00:00", TEN),
        ("2026-11-20 10:00:00 +0000 UTC", TEN),  # Go
        ("2026-11-20t10:00z", TEN),
        ("  2026-11-20T10:00:00Z\n", TEN),
        ("2026-11-20T10:08:42.315Z", FINE),
        ("2026-11-20T10:08:42,315Z", FINE),
        ("2026-11-20T10:08:42.315000999Z", FINE),  # nanoseconds
        ("2026-11-20", TEN - timedelta(hours=10)),
        ("2016-12-31T23:59:60Z", datetime(2016, 12, 31, 23, 59, 59, tzinfo=UTC)),
        (UNIX, TEN),
        (float(UNIX), TEN),
        (UNIX * 10**3, TEN),
        (UNIX * 10**6, TEN),
        (UNIX * 10**9, TEN),
        (str(UNIX), TEN),
        (f"{UNIX}.5", TEN + timedelta(seconds=0.5)),
        (datetime(2026, 11, 20, 19, tzinfo=timezone(timedelta(hours=9))), TEN),
        (datetime(2026, 11, 20, 10), TEN),
    ],
)
def test_an_instant_is_read_in_utc(written: object, meant: datetime) -> None:
    assert parse_instant(written) == meant


@pytest.mark.parametrize(
    "written",
    [
        None, True, "", "yesterday", "0000-01-01T00:00:00Z", "0001-01-01T00:00:00Z",
        "9999-12-31T23:59:59Z", 10**18, -1, 0, 42, 1e308, float("nan"), float("inf"), 10**400,
        "2026-13-01T00:00:00Z", "2026-02-30T00:00:00Z", "2026-11-20T25:00:00Z",
        "2026-11-20T10:00:00+99:99", "٢٠٢٦-11-20T10:00:00Z", "1_763_632_800", "²", [], {}, b"x",
        "2026-11-20T10:00:00Z" * 100, datetime(1, 1, 1, tzinfo=UTC),
        datetime(9999, 12, 31, tzinfo=timezone(timedelta(hours=-12))),
    ],
)  # fmt: skip
def test_what_is_no_instant_is_none(written: object) -> None:
    assert parse_instant(written) is None


@given(st.integers() | st.floats() | st.text(max_size=30) | st.datetimes())
def test_nothing_ever_fails_and_whatever_is_read_is_in_utc(written: object) -> None:
    instant = parse_instant(written)

    assert instant is None or instant.utcoffset() == timedelta(0)
