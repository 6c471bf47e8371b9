"""The digest of an entry, which the chain holds in its place."""

from __future__ import annotations

from dataclasses import fields, replace
from datetime import timedelta, timezone

import pytest

from holdfast.incidents.record.digest import digest, digest_of_all
from holdfast.incidents.record.model import (
    Certainty,
    Entry,
    EntryKind,
    Evidence,
    EvidenceKind,
    Milestone,
)
from tests.support.database import START

ENTRY = Entry("en_1", "in_1", EntryKind.NOTE, "x", START, START, "ana")
OTHERS: dict[str, object] = {
    "id": "en_2", "incident": "in_2", "kind": EntryKind.FACT, "text": "y",
    "occurred_at": START + timedelta(microseconds=1), "recorded_at": START + timedelta(days=1),
    "author": "bo", "precision": timedelta(seconds=1), "source": "chat",
    "evidence": (Evidence(EvidenceKind.LOG),), "certainty": Certainty.OPEN, "judged_at": START,
    "judged_by": "bo", "because": "so", "done_at": START, "about": "hy_1", "amends": "en_0",
    "milestone": Milestone.CAUSE, "marks": ("late",), "details": {"a": 1},
}  # fmt: skip


@pytest.mark.ledger("S0-25")
@pytest.mark.parametrize("field", [each.name for each in fields(Entry)])
def test_whatever_an_entry_says_counts_but_for_its_seal_and_its_key(field: str) -> None:
    if field in ("sealed_at", "key"):
        assert digest(replace(ENTRY, sealed_at=START, key="k")) == digest(ENTRY)
    else:
        changed = replace(ENTRY, **{field: OTHERS[field]})  # type: ignore[arg-type]  # a table
        assert digest(changed) != digest(ENTRY)


def test_the_zone_of_an_instant_does_not_count() -> None:
    elsewhere = START.astimezone(timezone(timedelta(hours=9)))
    same = replace(ENTRY, occurred_at=elsewhere, recorded_at=elsewhere)
    assert digest(same) == digest(ENTRY)


def test_one_digest_for_many_does_not_depend_on_their_order() -> None:
    other = replace(ENTRY, id="en_2")
    assert digest_of_all([ENTRY, other]) == digest_of_all([other, ENTRY])
    assert digest_of_all([ENTRY]) != digest_of_all([ENTRY, other])
