"""Whether a message is clear, factual and fair."""

from __future__ import annotations

import pytest

from holdfast.incidents.telling.lint import FindingLevel, Reading, errors, findings
from holdfast.practice.model import Audience

OUTSIDE = Reading(Audience.CUSTOMERS, 1, ("Ana Lima", "Bo"))
INSIDE = Reading(Audience.INTERNAL, 1, ("Ana Lima", "Bo"))


def codes(text: str, reading: Reading = OUTSIDE) -> list[tuple[str, str]]:
    return [(each.code, each.words) for each in findings(text, reading)]


@pytest.mark.ledger("S4-44")
def test_the_sample_has_three_findings() -> None:
    text = "We think Ana Lima broke it. The team forgot to renew the certificate."
    assert codes(text) == [
        ("speculation", "We think"),
        ("blame", "forgot to"),
        ("person_named", "Ana Lima"),
    ]


@pytest.mark.ledger("S4-44")
def test_what_is_marked_as_an_assumption_may_be_guessed() -> None:
    assert codes("Assumption: probably a network fault.") == []
    assert codes("It is probably the network.") == [("speculation", "probably")]
    assert codes("We know it (assumption). It is probably more.") == [("speculation", "probably")]


@pytest.mark.ledger("S4-44")
@pytest.mark.parametrize(("rank", "found"), [(0, []), (1, []), (2, [("overstated", "outage")])])
def test_only_the_worst_severities_are_an_outage(rank: int, found: list[tuple[str, str]]) -> None:
    reading = Reading(Audience.CUSTOMERS, rank)
    assert codes("There is an outage of card payments.", reading) == found


def test_guesses_inside_are_a_warning_and_blame_is_an_error_everywhere() -> None:
    found = findings("Maybe it was careless.", INSIDE)
    assert [(each.code, each.level) for each in found] == [
        ("blame", FindingLevel.ERROR),
        ("speculation", FindingLevel.WARNING),
    ]
    assert [each.code for each in errors(found)] == ["blame"]


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("The replica in Frankfurt is slow.", "jargon"),
        ("Card payments return 5xx errors.", "jargon"),
        ("The host db1.internal is gone.", "inner_name"),
        ("10.1.2.3 does not answer.", "inner_name"),
        ("We follow this in PAY-1234.", "inner_name"),
        ("It will be fixed by 14:00.", "time_to_fix"),
        ("Bo is on it.", "person_named"),
        ("x" * 801, "too_long"),
    ],
)
def test_what_customers_cannot_use_is_found(text: str, code: str) -> None:
    assert code in [found for found, _ in codes(text)]


@pytest.mark.parametrize(
    "text",
    [
        "Card payments fail for one in three customers in the EU since 11:40 UTC.",
        "We follow this as INC-2026-001.",
        "The both of us; bold words; a database is not a dBase.",
        "Shops were forgotten? No: they are open.",
        "",
    ],
)
def test_plain_words_are_left_alone(text: str) -> None:
    assert codes(text) == []


def test_a_message_to_customers_that_promises_nothing_is_warned_about() -> None:
    silent = Reading(Audience.CUSTOMERS, 3, next_update=False)
    found = findings("Search is slow.", silent)
    assert [(each.code, each.level) for each in found] == [("no_next_update", FindingLevel.WARNING)]


def test_every_finding_says_what_to_do_instead() -> None:
    text = "We think it is Bo's fault: human error on db1.local, back within 5 min, an outage."
    found = findings(text, Reading(Audience.CUSTOMERS, 3, ("Bo",)))
    assert len(found) >= 6
    assert all(each.remedy.endswith((".", "?")) for each in found)


def test_a_word_that_stands_there_twice_is_found_once() -> None:
    assert codes("Maybe. Maybe not.") == [("speculation", "Maybe")]


@pytest.mark.parametrize("name", ["", " ", "(", "[a-z]+", "a" * 200, "Ö"])
def test_names_of_any_shape_are_looked_for_as_they_are(name: str) -> None:
    assert codes("All is well.", Reading(Audience.CUSTOMERS, 1, (name,))) == []
