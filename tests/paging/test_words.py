"""What a page says."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from holdfast.paging import words
from holdfast.sdk import Urgency
from tests.support.database import START

FACTS = words.Facts(
    code="RAVO-42",
    title="Disk full",
    service="Checkout",
    severity="critical",
    urgency=Urgency.HIGH,
    count=1,
    since=START,
    because="step 1 of policy payments: schedule:primary",
    attempt=1,
)


def test_the_title_begins_with_what_matters_most() -> None:
    assert words.title(FACTS) == "Critical · Checkout: Disk full"


def test_the_text_says_what_where_how_long_why_and_what_to_do() -> None:
    assert words.text(FACTS, START + timedelta(minutes=3)).splitlines() == [
        "Disk full",
        "Critical on Checkout, for 3 min.",
        "You are paged because of step 1 of policy payments: schedule:primary.",
        "Alert RAVO-42. Acknowledge to stop the paging.",
    ]


@pytest.mark.parametrize(
    ("minutes", "words_for_it"), [(0, "since just now"), (119, "for 119 min"), (120, "for 2 h")]
)
def test_the_age_of_an_alert_is_said_in_one_unit(minutes: int, words_for_it: str) -> None:
    assert words_for_it in words.text(FACTS, START + timedelta(minutes=minutes))


@pytest.mark.parametrize(
    ("attempt", "said"),
    [(2, "You were paged about this before."), (4, "You were paged about this 3 times before.")],
)
def test_a_page_that_is_not_the_first_says_so(attempt: int, said: str) -> None:
    assert said in words.text(replace(FACTS, attempt=attempt), START)
    assert "before" not in words.text(FACTS, START)


def test_a_rehearsal_says_so_first_in_every_message() -> None:
    rehearsed = replace(FACTS, rehearsal=True)
    for said in (
        words.title(rehearsed),
        words.text(rehearsed, START),
        words.test_title(rehearsal=True),
    ):
        assert said.startswith("REHEARSAL: ")


def test_a_title_is_never_longer_than_its_limit() -> None:
    long = replace(FACTS, title="x" * 5000, rehearsal=True)
    assert len(words.title(long)) == words.TITLE_CHARS_MAX
