"""Severity: proposed with reasons, changed with what it brings about, and looked at again."""

from __future__ import annotations

from typing import Any

import pytest

from holdfast.guardrails.model import Refused
from holdfast.incidents import actions, queries
from holdfast.incidents.actions import severity
from holdfast.incidents.model import DataRisk, Impact, Incident, Phase
from holdfast.incidents.responders import queries as responders
from holdfast.kernel.actor import SYSTEM
from holdfast.kernel.errors import Invalid
from holdfast.people import actions as people
from holdfast.people.model import Team
from tests.support.incidents import clock, crewed, declares, incident, moves, triaged
from tests.support.story import MINUTE, Story, person, user


def says(story: Story, name: str, level: str, reason: str = "", **asked: Any) -> Incident:
    """Ana says that it is that level."""
    with story.database.begin(person("ana")) as tx:
        return actions.change_severity(tx, name, level, reason, **asked)


def led(story: Story) -> Story:
    """Lea leads the company."""
    crewed(story)
    with story.database.begin(SYSTEM) as tx:
        people.save_user(tx, user("lea"))
        people.save_team(tx, Team("leadership", "Leadership", "lea", ("lea",)))
    return story


@pytest.mark.ledger("S0-04")
def test_a_worse_severity_calls_the_people_and_starts_the_clocks_of_its_level(
    story: Story,
) -> None:
    found = declares(led(story), severity="SEV3")
    story.drain()
    before = len(story.heard)
    raised = says(story, found.id, "sev-0", "everybody is affected")
    assert (raised.severity.rank, raised.severity.level) == (0, "SEV0")
    story.drain()
    reached = {heard.address for heard in story.heard[before:]}
    assert "lea@phone" in reached or "lea@mail" in reached
    with story.database.read(SYSTEM) as tx:
        asked = {each.user for each in responders.responders(tx, found.id)}
    assert asked - {"ana"}
    restore = clock(story, found.id, "restore")
    assert restore is not None
    assert raised.level.clocks.restore is not None
    assert restore.due_at == found.instants.declared_at + raised.level.clocks.restore


@pytest.mark.ledger("S0-04")
def test_the_event_keeps_old_new_reason_and_actor(story: Story) -> None:
    found = declares(story)
    says(story, found.id, "SEV1", "more customers than we thought")
    event = next(e for e in story.recorded(found.id) if e.kind == "incident.severity_changed")
    assert (event.data["before"], event.data["after"]) == (2, 1)
    assert event.data["why"] == "more customers than we thought"
    assert event.actor == "user:ana"


@pytest.mark.ledger("S0-04")
def test_another_impact_asks_for_the_severity_until_somebody_confirms(story: Story) -> None:
    found = triaged(crewed(story), declares(story), users_affected=5.0)
    assert not found.severity.reevaluate
    with story.database.begin(person("ana")) as tx:
        actions.set_impact(tx, found.id, Impact(users_affected=60.0))
    asked = incident(story, found.id)
    assert asked.severity.reevaluate
    assert "incident.reevaluation_asked" in story.events(found.id)
    with pytest.raises(Refused) as refusal:
        moves(story, "ana", found.id, Phase.MITIGATING)
    assert refusal.value.code == "TRIAGE_INCOMPLETE"
    assert "severity" in refusal.value.detail
    with story.database.begin(person("ana")) as tx:
        actions.confirm_severity(tx, found.id, reason="one region, and it is small")
    assert not incident(story, found.id).severity.reevaluate


@pytest.mark.ledger("S1-07")
@pytest.mark.refuses("REASON_REQUIRED")
def test_milder_than_the_impact_says_takes_a_reason(story: Story) -> None:
    found = declares(story, unsure=(0, 3))
    with story.database.begin(person("ana")) as tx:
        actions.set_impact(tx, found.id, Impact(users_affected=100.0, workaround=False))
        proposed = severity.proposal(tx, queries.incident(tx, found.id))
    assert proposed.level.rank <= 1
    assert proposed.reasons
    with pytest.raises(Refused) as refusal:
        says(story, found.id, "SEV3")
    assert refusal.value.code == "REASON_REQUIRED"
    assert says(story, found.id, "SEV3", "an internal tool").severity.rank == 3


@pytest.mark.refuses("REASON_REQUIRED")
def test_a_milder_severity_while_it_is_mitigated_takes_a_reason(story: Story) -> None:
    found = triaged(crewed(story), declares(story, severity="SEV2"), users_affected=1.0)
    moves(story, "ana", found.id, Phase.MITIGATING)
    with pytest.raises(Refused) as refusal:
        says(story, found.id, "SEV3")
    assert refusal.value.code == "REASON_REQUIRED"
    assert says(story, found.id, "SEV3", "one customer only").severity.rank == 3


def test_a_worse_severity_takes_none(story: Story) -> None:
    assert says(story, declares(story).id, "SEV1").severity.rank == 1


@pytest.mark.ledger("S4-07")
def test_no_verb_goes_below_the_floor_of_data_risk(story: Story) -> None:
    found = declares(story, severity="SEV1")
    with story.database.begin(person("ana")) as tx:
        actions.set_impact(tx, found.id, Impact(data_risk=DataRisk.CONFIRMED))
    with pytest.raises(Refused) as refusal:
        says(story, found.id, "SEV1")
    assert refusal.value.code == "SEVERITY_FLOOR"
    kept = says(story, found.id, "SEV1", break_glass="restored from a copy at once")
    assert kept.severity.rank == 1


@pytest.mark.ledger("S2-05")
def test_in_doubt_it_is_one_level_worse_and_pages_and_milder_again_is_one_call(
    story: Story,
) -> None:
    found = declares(led(story), severity="SEV2")
    with story.database.begin(person("bo")) as tx:
        raised = actions.in_doubt(tx, found.id)
    assert (raised.severity.rank, raised.severity.provisional) == (1, True)
    with story.database.read(SYSTEM) as tx:
        assert responders.requests(tx, found.id)
    assert says(story, found.id, "SEV2", "it was less").severity.rank == 2


def test_in_doubt_at_the_worst_level_nothing_changes(story: Story) -> None:
    found = declares(story, severity="SEV0")
    with story.database.begin(person("bo")) as tx:
        assert actions.in_doubt(tx, found.id) == queries.incident(tx, found.id)


@pytest.mark.ledger("S3-01")
def test_whether_it_is_still_that_bad_is_asked_on_a_clock_and_at_each_phase(story: Story) -> None:
    found = triaged(crewed(story), declares(story, severity="SEV2"))
    moves(story, "ana", found.id, Phase.MITIGATING)
    every = found.level.reevaluate_every
    assert every is not None
    story.drain()
    story.pass_time(every)
    overdue = clock(story, found.id, "reevaluate")
    assert overdue is not None
    assert overdue.breached_at == story.start + every
    titles = [heard.message.title for heard in story.heard if heard.address == "ana@mail"]
    assert any("Is it still SEV2?" in title for title in titles)
    with story.database.begin(person("ana")) as tx:
        actions.confirm_severity(tx, found.id, reason="still slow for some")
    again = clock(story, found.id, "reevaluate")
    assert again is not None
    assert (again.breached_at, again.due_at) == (None, story.start + 2 * every)
    asked = [k for k in story.events(found.id) if k == "incident.reevaluation_asked"]
    assert asked
    assert "incident.severity_confirmed" in story.events(found.id)


def test_an_unknown_level_is_named_with_those_there_are(story: Story) -> None:
    with pytest.raises(Invalid) as refusal:
        says(story, declares(story).id, "SEV9")
    assert "SEV0" in str(refusal.value.fields)


def test_said_again_with_a_milder_clock_the_target_moves_back(story: Story) -> None:
    found = declares(story, severity="SEV1")
    says(story, found.id, "SEV2", "one region")
    restore = clock(story, found.id, "restore")
    assert restore is not None
    assert restore.due_at == story.start + 240 * MINUTE
