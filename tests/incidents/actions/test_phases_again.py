"""Instants of the end, the seal, and opening again."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import timedelta
from threading import Barrier
from typing import Any

import pytest

from holdfast.guardrails.model import Refused
from holdfast.incidents import actions
from holdfast.incidents.actions import Move
from holdfast.incidents.model import Incident, Moved, Phase
from holdfast.kernel.actor import SYSTEM
from holdfast.timeline import queries as timeline
from tests.support.incidents import (
    RESOLVED,
    checks,
    crewed,
    declares,
    finishes,
    incident,
    moves,
    resolved,
    triaged,
)
from tests.support.story import MINUTE, Story, person

MITIGATED = Move(mitigation="the change was undone")


def refused(story: Story, name: str, to: Phase, ask: Move | None = None, who: str = "ana") -> Any:
    """The refusal that this move meets."""
    with pytest.raises(Refused) as refusal:
        moves(story, who, name, to, ask)
    return refusal.value


def monitored(story: Story, **asked: Any) -> Incident:
    """An incident that was restored just now."""
    found = declares(crewed(story), **asked)
    triaged(story, found)
    moves(story, "ana", found.id, Phase.MITIGATING)
    return moves(story, "ana", found.id, Phase.MONITORING, MITIGATED)


def verified(story: Story, **asked: Any) -> Incident:
    """The verify window is over, somebody has looked, and everybody was told."""
    found = monitored(story, **asked)
    story.clock.jump_to(story.clock.now() + found.level.verify_window)
    checks(story, found.id)
    finishes(story, found.id)
    return incident(story, found.id)


@pytest.mark.ledger("S1-58")
def test_restored_and_resolved_are_two_instants_in_order(story: Story) -> None:
    done = resolved(story, declares(crewed(story)))
    instants = done.instants
    assert instants.restored_at is not None
    assert instants.resolved_at is not None
    assert instants.resolved_at - instants.restored_at == done.level.verify_window


@pytest.mark.refuses("TIME_IMPLAUSIBLE")
def test_it_was_not_restored_before_it_began(story: Story) -> None:
    found = declares(crewed(story), impact_started_at=story.start - 5 * MINUTE)
    triaged(story, found)
    moves(story, "ana", found.id, Phase.MITIGATING)
    asked = replace(MITIGATED, restored_at=story.start - 6 * MINUTE)
    assert refused(story, found.id, Phase.MONITORING, asked).code == "TIME_IMPLAUSIBLE"


@pytest.mark.ledger("S0-25")
@pytest.mark.refuses("TIMELINE_SEALED")
def test_resolving_seals_the_record(story: Story) -> None:
    found = resolved(story, declares(crewed(story)))
    assert any("sealed" in kind for kind in story.events(found.id))
    with story.database.read(SYSTEM) as tx:
        assert timeline.verify_chain(tx).broken is None


def test_opened_again_it_keeps_its_first_instants_and_adds_a_span_of_impact(story: Story) -> None:
    done = resolved(story, declares(crewed(story)))
    first = done.instants
    story.clock.jump_to(story.clock.now() + timedelta(hours=1))
    assert refused(story, done.id, Phase.MITIGATING).code == "REASON_REQUIRED"
    again = moves(story, "ana", done.id, Phase.MITIGATING, Move(reason="it came back"))
    assert again.id == done.id
    assert again.phase is Phase.MITIGATING
    assert again.instants.resolved_at == first.resolved_at
    assert again.instants.restored_at == first.restored_at
    assert [each.start for each in again.intervals] == [story.clock.now()]
    story.clock.jump_to(story.clock.now() + 10 * MINUTE)
    with story.database.begin(person("ana")) as tx:
        actions.confirm_severity(tx, done.id)
    back = moves(story, "ana", done.id, Phase.MONITORING, MITIGATED)
    assert back.intervals[0].end == story.clock.now()
    assert refused(story, done.id, Phase.RESOLVED, RESOLVED).code == "VERIFY_WINDOW"


def test_after_too_long_it_is_a_new_one_that_names_the_old(story: Story) -> None:
    done = resolved(story, declares(crewed(story)))
    story.clock.jump_to(story.clock.now() + done.pack.limits.reopen_within + MINUTE)
    fresh = moves(story, "ana", done.id, Phase.MITIGATING, Move(reason="it came back"))
    assert fresh.id != done.id
    assert fresh.phase is Phase.DECLARED
    assert fresh.recurrence_of == done.id
    assert incident(story, done.id).phase is Phase.RESOLVED


def test_of_two_who_act_at_the_same_instant_one_wins_and_the_other_is_told(story: Story) -> None:
    found = declares(crewed(story))
    together = Barrier(2)

    def act(who: str) -> str:
        together.wait()
        try:
            story.database.transact(
                person(who),
                lambda tx: actions.move(tx, found.id, Phase.TRIAGE, seen=found.version),
            )
        except Moved as told:
            return told.detail
        return who

    with ThreadPoolExecutor(2) as pool:
        said = list(pool.map(act, ("ana", "bo")))
    winners = [each for each in said if each in ("ana", "bo")]
    assert len(winners) == 1
    told = next(each for each in said if each not in winners)
    assert f"{winners[0]} moved it to triage" in told
