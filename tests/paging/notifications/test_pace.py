"""How much one person is told in a short while."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from holdfast.paging.notifications.model import BURST_MAX, BURST_WINDOW
from holdfast.paging.notifications.pace import room, room_at

NOW = datetime(2026, 11, 16, 9, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    ("told_minutes_ago", "left"),
    [
        ([], BURST_MAX),
        ([1], BURST_MAX - 1),
        ([5], BURST_MAX),  # the window is half-open: what is as old as it is past
        ([1] * BURST_MAX, 0),
        ([1] * (BURST_MAX + 3), 0),
    ],
)
def test_there_is_room_for_what_the_window_has_not_used(
    told_minutes_ago: list[int], left: int
) -> None:
    told = [NOW - timedelta(minutes=ago) for ago in sorted(told_minutes_ago, reverse=True)]
    assert room(told, NOW) == left


def test_the_next_one_goes_out_when_the_oldest_of_the_window_is_past() -> None:
    told = [NOW - timedelta(minutes=4) + timedelta(seconds=second) for second in range(BURST_MAX)]
    assert room_at(told, NOW) == told[0] + BURST_WINDOW
    assert room(told, room_at(told, NOW)) == 1


def test_with_room_left_the_next_one_goes_out_now() -> None:
    assert room_at([NOW], NOW) == NOW
