"""The table of an incident: what was reached, and what is missing."""

from __future__ import annotations

from datetime import timedelta, timezone

import pytest

from holdfast.incidents.model import Instants
from holdfast.incidents.record.milestones import missing, reached, table
from holdfast.incidents.record.model import EntryKind, Line, Milestone
from tests.support.database import START

MINUTE = timedelta(minutes=1)


def line(milestone: Milestone, minutes: int, text: str = "x") -> Line:
    at = START + minutes * MINUTE
    return Line(f"en_{minutes}", at, at, EntryKind.FACT, text, "ana", milestone=milestone)


@pytest.mark.ledger("S4-28", "S2-15")
def test_the_seven_milestones_of_a_sample_are_found_in_order() -> None:
    instants = Instants(
        declared_at=START + 15 * MINUTE,
        restored_at=START + 150 * MINUTE,
        closed_at=START + 154 * MINUTE,
    )
    lines = [
        line(Milestone.MITIGATION, 60), line(Milestone.ALERT, 0), line(Milestone.CAUSE, 30),
        line(Milestone.ACKNOWLEDGED, 5), line(Milestone.ALERT, 20, "fired again"),
    ]  # fmt: skip
    found = reached(instants, lines)
    assert [each.milestone for each in found] == [
        Milestone.ALERT, Milestone.ACKNOWLEDGED, Milestone.DECLARED, Milestone.CAUSE,
        Milestone.MITIGATION, Milestone.RESTORED, Milestone.CLOSED,
    ]  # fmt: skip
    assert missing(found) == ()
    assert found[0].at == START


def test_what_people_set_on_the_incident_wins_over_the_list() -> None:
    corrected = Instants(declared_at=START, restored_at=START + 9 * MINUTE)
    lines = [line(Milestone.RESTORED, 20, "Ana says that service is restored.")]
    restored = reached(corrected, lines)[1]
    assert (restored.at, restored.text) == (START + 9 * MINUTE, lines[0].text)
    assert Milestone.CLOSED in missing(reached(corrected, lines))


@pytest.mark.ledger("S4-28")
def test_the_table_is_in_utc_and_survives_what_people_type() -> None:
    kolkata = START.astimezone(timezone(timedelta(hours=5, minutes=30)))
    assert table([(kolkata, "a | b\nc")]) == (
        "| Time (UTC) | Event |\n| --- | --- |\n| 2026-11-16 09:00:00 | a \\| b c |\n"
    )
