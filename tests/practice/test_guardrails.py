"""Each rule about packs refuses by its own code, with what to do."""

from __future__ import annotations

from dataclasses import replace

import pytest

from holdfast.guardrails.model import Pass, Refuse, Refused
from holdfast.kernel.actor import SYSTEM
from holdfast.practice import actions, queries, shipped
from holdfast.practice.guardrails import PACK_RULES, help_of, significant_is_defined
from holdfast.practice.model import SHIPPED, Pack
from holdfast.storage.database import Database
from tests.practice.build import changed, ours, with_level

LONG = replace(
    ours(),
    levels=(
        *ours().levels,
        *(changed(ours().levels[-1], rank=r, label=f"S{r}", aliases=()) for r in (5, 6)),
    ),
)
SILENT = with_level(ours(), 1, response="")


@pytest.mark.parametrize("name", SHIPPED)
def test_no_rule_has_anything_against_a_shipped_pack(name: str) -> None:
    assert [rule.judge(shipped.pack(name)) for rule in PACK_RULES] == [Pass()] * 4


@pytest.mark.refuses("LADDER_TOO_LONG", "SEVERITY_WITHOUT_BEHAVIOUR", "SIGNIFICANCE_UNDEFINED")
@pytest.mark.ledger("S3-02", "S3-06", "S3-22")
@pytest.mark.parametrize(
    ("pack", "code"),
    [
        (LONG, "LADDER_TOO_LONG"),
        (SILENT, "SEVERITY_WITHOUT_BEHAVIOUR"),
        (replace(ours(), triggers=()), "SIGNIFICANCE_UNDEFINED"),
    ],
)
def test_a_pack_that_nobody_could_work_by_is_not_saved(
    database: Database, pack: Pack, code: str
) -> None:
    with pytest.raises(Refused) as refusal, database.begin(SYSTEM) as tx:
        actions.save(tx, pack)
    assert refusal.value.code == code
    assert refusal.value.remedy
    assert refusal.value.help == help_of(code) == f"/help/guardrails/{code}"
    with database.read(SYSTEM) as tx:
        assert "ours" not in queries.own(tx)


@pytest.mark.refuses("POLICY_INCONSISTENT")
def test_clocks_that_eat_each_other_are_refused_with_the_pair(database: Database) -> None:
    pack = with_level(ours(), 0, clocks=replace(ours().levels[0].clocks, war_room=None))
    with pytest.raises(Refused) as refusal, database.begin(SYSTEM) as tx:
        actions.save(tx, pack)
    assert refusal.value.code == "POLICY_INCONSISTENT"
    assert "war_room, clocks" in refusal.value.detail


def test_a_rule_says_nothing_about_what_another_rule_refuses() -> None:
    assert significant_is_defined.judge(SILENT) == Pass()
    assert isinstance(significant_is_defined.judge(replace(ours(), triggers=())), Refuse)
    assert help_of("IC_REQUIRED") is None
