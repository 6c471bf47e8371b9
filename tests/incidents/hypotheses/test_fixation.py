"""The alarm of a single explanation."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from holdfast.incidents.hypotheses.fixation import fixation
from holdfast.incidents.hypotheses.model import Hypothesis, Trial
from holdfast.incidents.record.model import Certainty
from tests.support.database import START
from tests.support.record import MINUTE

AFTER = 20 * MINUTE
ONE = Hypothesis("hy_1", "in_1", "The pool is exhausted", START, "ana")
LOOKED = Trial("Doubled the pool in staging", False, START, "ana")
CHALLENGED = Trial("If it is the pool, reads still work", True, START, "ana")
RIVAL = replace(ONE, id="hy_2", certainty=Certainty.REFUTED)


def test_one_explanation_without_a_test_is_an_alarm_after_twenty_minutes() -> None:
    assert fixation([ONE], AFTER, START + AFTER - timedelta(seconds=1)) is None
    found = fixation([ONE], AFTER, START + AFTER)
    assert found is not None
    assert found.why == "nothing was looked at that could rule it out"


@pytest.mark.parametrize(
    ("board", "why"),
    [
        ([replace(ONE, tests=(LOOKED,))], "nothing was looked at that could rule it out"),
        ([replace(ONE, tests=(CHALLENGED,))], "there was never a second explanation"),
        ([replace(ONE, tests=(CHALLENGED,)), RIVAL], None),
        ([ONE, RIVAL], "nothing was looked at that could rule it out"),
        ([ONE, replace(RIVAL, certainty=Certainty.OPEN)], None),
        ([replace(ONE, certainty=Certainty.CONFIRMED)], None),
        ([], None),
    ],
)
def test_only_a_test_that_could_fail_and_a_second_explanation_quiet_the_alarm(
    board: list[Hypothesis], why: str | None
) -> None:
    found = fixation(board, AFTER, START + 2 * AFTER)
    assert (None if found is None else found.why) == why
