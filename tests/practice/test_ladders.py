"""Between ladders stands a table: the same digit is not the same severity."""

from __future__ import annotations

import itertools

import pytest

from holdfast.practice import shipped
from holdfast.practice.ladders import fit
from holdfast.practice.model import SHIPPED

UNION = shipped.pack("union-5")
# Ledger 1.0, the cross-preset map: what each internal rank is called.
TABLE = {
    "guardrails-4": ["Sev0", "Sev1", "Sev2", "Sev3", "Sev3"],
    "classic-4": ["Sev-1", "Sev-1", "Sev-2", "Sev-3", "Sev-4"],
    "imoc-p3": ["SEV-0", "P1", "P2", "P3", "P3"],
    "imag-3": ["SEV1", "SEV1", "SEV2", "SEV3", "SEV3"],
    "devops-4": ["SEV1", "SEV1", "SEV2", "SEV3", "SEV4"],
}


@pytest.mark.parametrize("name", TABLE)
def test_the_tables_are_those_of_the_ledger(name: str) -> None:
    for rank, label in enumerate(TABLE[name]):
        found = fit(UNION, name, label)
        assert found is not None
        assert rank in [level.rank for level in found.levels]
        # And the other way round: what a rank is called there.
        assert shipped.pack(name).level(rank).label == label
        back = fit(shipped.pack(name), "union-5", f"SEV{rank}")
        assert back is not None
        assert back.sure
        assert back.worst.label == label


def test_one_texts_sev1_is_not_anothers() -> None:
    first = fit(UNION, "guardrails-4", "Sev1")
    second = fit(UNION, "devops-4", "sev-1")
    assert first is not None
    assert second is not None
    assert (first.sure, first.worst.rank) == (True, 1)
    assert (second.sure, second.worst.rank) == (False, 0)
    assert [level.rank for level in second.levels] == [0, 1]


def test_every_label_of_every_ladder_stands_in_every_other_table() -> None:
    for name, other in itertools.product(SHIPPED, SHIPPED):
        for level in shipped.pack(other).levels:
            assert fit(shipped.pack(name), other, level.label) is not None


def test_a_label_that_no_table_has_fits_nothing() -> None:
    assert fit(UNION, "devops-4", "P1") is None
    assert fit(UNION, "unheard-of", "SEV1") is None
