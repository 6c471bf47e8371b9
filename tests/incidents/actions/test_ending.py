"""Merging: two names for one trouble become one incident."""

from __future__ import annotations

import pytest

from holdfast.guardrails.model import Refused
from holdfast.incidents import actions, queries
from holdfast.incidents.actions import Move
from holdfast.incidents.actions.ending import CannotMerge
from holdfast.incidents.model import Incident, Phase
from holdfast.incidents.roles import queries as roles
from holdfast.kernel.actor import SYSTEM
from tests.support.incidents import clock, declares, incident, moves
from tests.support.story import Story, person


def merges(story: Story, name: str, into: str, level: str = "") -> Incident:
    with story.database.begin(person("ana")) as tx:
        return actions.merge(tx, name, into, level=level)


def test_the_other_incident_gets_the_alerts_and_this_one_is_over(story: Story) -> None:
    one = declares(story, alert=story.opens("a"))
    two = declares(story, alert=story.opens("b"))
    assert merges(story, one.number, two.number).id == two.id
    over = incident(story, one.id)
    assert (over.phase, over.merged_into) == (Phase.MERGED, two.id)
    with story.database.read(SYSTEM) as tx:
        assert len(queries.alerts_of(tx, two.id)) == 2
        assert roles.holders(tx, one.id) == []
    kept = clock(story, one.id, "restore")
    assert kept is not None
    assert not kept.running


@pytest.mark.ledger("S1-04")
@pytest.mark.refuses("MERGE_LOWERS_SEVERITY")
def test_a_worse_one_goes_into_a_milder_one_only_when_both_were_looked_at(story: Story) -> None:
    worse, milder = declares(story, severity="SEV1"), declares(story, severity="SEV3")
    with pytest.raises(Refused) as refusal:
        merges(story, worse.id, milder.id)
    assert refusal.value.code == "MERGE_LOWERS_SEVERITY"
    assert merges(story, worse.id, milder.id, "SEV1").severity.rank == 1


def test_merged_again_nothing_changes(story: Story) -> None:
    one, two = declares(story), declares(story)
    merges(story, one.id, two.id)
    assert merges(story, one.id, two.id).id == two.id


def test_nothing_is_merged_into_itself_or_into_what_is_over(story: Story) -> None:
    one, two = declares(story), declares(story)
    with pytest.raises(CannotMerge):
        merges(story, one.id, one.id)
    moves(story, "ana", two.id, Phase.FALSE_ALARM, Move(reason="it was the probe"))
    with pytest.raises(Exception, match="over"):
        merges(story, one.id, two.id)
