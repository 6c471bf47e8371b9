"""Who is too tired to do something risky alone."""

from __future__ import annotations

from datetime import timedelta
from zoneinfo import ZoneInfo

import pytest

from holdfast.incidents.mitigations.fatigue import Duty, tired
from tests.support.story import at

UTC = ZoneInfo("UTC")
WOKEN = (at("2026-11-16T03:00"), at("2026-11-16T03:02"))


@pytest.mark.parametrize(
    ("zone", "now", "said"),
    [
        ("UTC", "2026-11-16T03:10", "was woken 8 minutes ago"),
        ("UTC", "2026-11-16T03:16:59", "was woken 14 minutes ago"),
        ("UTC", "2026-11-16T03:17", ""),
        ("Asia/Tokyo", "2026-11-16T03:10", ""),  # noon there
    ],
)
def test_a_page_answered_at_night_counts_for_a_quarter_of_an_hour(
    zone: str, now: str, said: str
) -> None:
    assert tired(Duty(ZoneInfo(zone), answered=[WOKEN]), at(now)) == said


def test_four_hours_in_a_role_are_enough() -> None:
    since = at("2026-11-16T09:00")
    duty = Duty(UTC, roles_since=[since])
    assert tired(duty, since + timedelta(hours=4)) == ""
    assert tired(duty, since + timedelta(hours=4, seconds=1)) == (
        "has been in a role for more than 4 hours"
    )
