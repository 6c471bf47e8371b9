"""What instants alone show, as in the sample of one founding text."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from holdfast.incidents.conformance.instants import findings
from holdfast.incidents.model import Instants
from holdfast.practice import shipped
from tests.support.story import at

DAY = "2024-01-15T"
SEV1 = shipped.pack("devops-4").level(0)
SAMPLE = "data/samples/s4-inc-2024-001.md"
MOMENTS = {
    "Alert triggered": "detected_at",
    "SEV1 declared": "declared_at",
    "Service restored": "restored_at",
    "Incident closed": "closed_at",
}


def sample(shared: Path) -> Instants:
    """The instants in the table of the sample."""
    rows = [
        [cell.strip() for cell in line.strip("|\n ").split("|")]
        for line in (shared / SAMPLE).read_text("utf-8").splitlines()
        if line.startswith("| 1")
    ]
    said = {MOMENTS[row[1]]: at(f"{DAY}{row[0]}") for row in rows if row[1] in MOMENTS}
    return replace(Instants(declared_at=said["declared_at"]), **said)  # type: ignore[arg-type]  # each is an instant


@pytest.mark.ledger("S4-95", "S4-96")
def test_the_sample_held_four_minutes_missed_its_target_and_was_declared_late(
    shared: Path,
) -> None:
    instants = sample(shared)
    # The text counts until it was closed, as if the service had been away until then.
    counted = replace(instants, impact_started_at=instants.detected_at)
    found = {each.code: each.found for each in findings(counted, SEV1)}
    assert found["VERIFY_WINDOW"] == timedelta(minutes=4)
    assert found["DECLARE_LATENCY"] == timedelta(minutes=15)
    until_closed = {e.code: e for e in findings(replace(counted, restored_at=None), SEV1)}
    missed = until_closed["TTR_TARGET_MISSED"]
    assert (missed.found, missed.limit) == (timedelta(minutes=154), timedelta(minutes=60))


def test_a_record_without_faults_finds_nothing() -> None:
    start = datetime.fromisoformat("2024-01-15T10:00:00+00:00")
    minute = timedelta(minutes=1)
    good = Instants(
        declared_at=start + 3 * minute,
        detected_at=start,
        impact_started_at=start,
        restored_at=start + 30 * minute,
        resolved_at=start + 60 * minute,
    )
    assert findings(good, SEV1) == ()


def test_what_nobody_knows_is_no_fault() -> None:
    start = datetime.fromisoformat("2024-01-15T10:00:00+00:00")
    assert findings(Instants(declared_at=start), SEV1) == ()
