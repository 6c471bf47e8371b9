"""The safe order of an investigation."""

from __future__ import annotations

from dataclasses import replace

import pytest

from holdfast.incidents.diagnosis.model import Step
from holdfast.incidents.diagnosis.sequence import steps
from holdfast.incidents.record.model import Entry, EntryKind
from tests.incidents.mitigations.test_machine import OPTION
from tests.support.database import START
from tests.support.record import MINUTE

NOTE = Entry("en_1", "in_1", EntryKind.NOTE, "x", START, START + MINUTE, "ana")
GUESS = replace(NOTE, kind=EntryKind.ASSUMPTION, recorded_at=START + 2 * MINUTE)


@pytest.mark.ledger("S0-27")
def test_each_step_has_its_instant_and_another_order_is_shown() -> None:
    in_order = steps(START, [NOTE, GUESS], [replace(OPTION, proposed_at=START + 3 * MINUTE)])
    assert [each.step for each in in_order] == list(Step)
    assert not any(each.out_of_order for each in in_order)
    early = steps(START, [NOTE], [replace(OPTION, proposed_at=START)])
    assert [each.out_of_order for each in early] == [False, False, False, True]
    assert early[2].at is None
