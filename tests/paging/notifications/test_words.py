"""What a notification says."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

from holdfast.paging.notifications import words
from holdfast.paging.notifications.model import Notice, Notification, NotificationState

MADE = Notification(
    "nt_1", "ana", Notice("in_1", "Update", "All is well.", code="INC-2026-001"),
    NotificationState.QUEUED, datetime(2026, 11, 16, 9, 0, tzinfo=UTC),
)  # fmt: skip


def test_a_rehearsal_says_so_before_anything_else() -> None:
    assert words.title(MADE, rehearsal=True) == "REHEARSAL: INC-2026-001 · Update"
    assert words.text(MADE, rehearsal=True).startswith("REHEARSAL: All is well.")
    assert words.payload(MADE, url="", rehearsal=True)["rehearsal"] == "REHEARSAL"


def test_a_title_that_names_the_incident_does_not_name_it_twice() -> None:
    named = replace(MADE, notice=replace(MADE.notice, title="Update on INC-2026-001"))
    assert words.title(named, rehearsal=False) == "Update on INC-2026-001"


def test_the_text_says_that_nobody_waits_for_an_answer() -> None:
    assert "nobody waits for an answer" in words.text(MADE, rehearsal=False)
