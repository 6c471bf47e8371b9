"""The shipped packs lived through: a declaration under each brings about what its text says."""

from __future__ import annotations

from datetime import timedelta

import pytest

from holdfast.guardrails.model import Refused
from holdfast.incidents import actions as incidents
from holdfast.incidents.model import Incident, Phase
from holdfast.incidents.responders import queries as responders
from holdfast.incidents.roles import actions as roles
from holdfast.incidents.roles import queries as holders
from holdfast.kernel.actor import SYSTEM
from holdfast.people import actions as people
from holdfast.people.model import Team
from holdfast.practice import actions, queries
from holdfast.practice.model import RoleKey
from tests.practice.build import ours
from tests.support.incidents import clock, crewed, declares, practises, triaged
from tests.support.incidents import incident as now
from tests.support.story import MINUTE, Story, person, user

SECOND = timedelta(seconds=1)


def staffed(story: Story, pack: str) -> Story:
    """The company with leaders, senior engineers and all hands, and the pack in force."""
    crewed(story)
    with story.database.begin(SYSTEM) as tx:
        people.save_user(tx, user("lea"))
        for name in ("leadership", "senior", "all_hands"):
            people.save_team(tx, Team(name.replace("_", "-"), name, "lea", ("lea",)))
    return practises(story, pack)


def breached(story: Story, found: Incident, name: str) -> bool:
    kept = clock(story, found.id, name)
    return kept is not None and kept.breached_at is not None


def asked(story: Story, found: Incident) -> set[str]:
    """Who was paged for it."""
    with story.database.read(SYSTEM) as tx:
        requests = responders.requests(tx, found.id)
    return {page.user for each in requests for page in story.pages_about(each.id)}


@pytest.mark.ledger("S1-09", "S1-10", "S2-02")
@pytest.mark.parametrize(
    ("pack", "label", "minutes"),
    [("classic-4", "Sev-2", 15), ("classic-4", "Sev-3", 60), ("imoc-p3", "P2", 30)],
)
def test_nobody_at_work_is_a_breach_at_the_texts_own_minute_and_not_a_second_before(
    story: Story, pack: str, label: str, minutes: int
) -> None:
    found = declares(staffed(story, pack), "dee", severity=label)
    assert found.pack.name == pack
    story.pass_time(minutes * MINUTE - SECOND)
    assert not breached(story, found, "engage")
    story.pass_time(SECOND)
    assert breached(story, found, "engage")


@pytest.mark.ledger("S1-08")
def test_a_complete_outage_calls_all_hands_and_is_worked_on_at_once(story: Story) -> None:
    found = declares(staffed(story, "classic-4"), "dee", severity="Sev-1")
    assert "lea" in asked(story, found)
    kept = clock(story, found.id, "engage")
    assert kept is not None
    assert kept.due_at == found.instants.declared_at


@pytest.mark.ledger("S2-01")
def test_a_p1_without_a_war_room_after_fifteen_minutes_is_a_breach(story: Story) -> None:
    found = declares(staffed(story, "imoc-p3"), "dee", severity="P1")
    story.pass_time(15 * MINUTE - SECOND)
    assert not breached(story, found, "war_room")
    story.pass_time(SECOND)
    assert breached(story, found, "war_room")


@pytest.mark.ledger("S2-03", "S4-04")
@pytest.mark.parametrize(
    ("pack", "label"), [("imoc-p3", "P3"), ("devops-4", "SEV4"), ("guardrails-4", "Sev3")]
)
def test_what_is_only_written_down_pages_nobody_and_rings_nowhere(
    story: Story, pack: str, label: str
) -> None:
    found = declares(staffed(story, pack), "dee", severity=label)
    story.pass_time(5 * MINUTE)
    assert asked(story, found) == set()
    assert [heard.message.title for heard in story.heard] == []


@pytest.mark.ledger("S3-05")
def test_a_minor_incident_pages_whoever_is_on_call_and_nobody_beyond(story: Story) -> None:
    found = declares(staffed(story, "imag-3"), "dee", severity="SEV3")
    assert asked(story, found) == {"ana"}


@pytest.mark.ledger("S3-04")
def test_a_sev2_of_imag_needs_an_operations_lead_and_no_communications_lead(story: Story) -> None:
    found = declares(staffed(story, "imag-3"), "dee", severity="SEV2")
    assert set(found.level.roles_required) == {RoleKey.COMMAND, RoleKey.OPERATIONS}
    ready = triaged(story, found, "dee")
    with story.database.begin(person("dee")) as tx:
        incidents.move(tx, ready.id, Phase.MITIGATING)
    assert now(story, ready.id).phase is Phase.MITIGATING


@pytest.mark.ledger("S4-01")
def test_a_critical_incident_that_lasts_an_hour_has_missed_its_target(story: Story) -> None:
    found = declares(staffed(story, "devops-4"), "dee", severity="SEV1")
    for audience in ("update:leaders", "update:customers"):
        kept = clock(story, found.id, audience)
        assert kept is not None
        assert kept.due_at is not None
    story.pass_time(60 * MINUTE - SECOND)
    assert not breached(story, found, "restore")
    story.pass_time(SECOND)
    assert breached(story, found, "restore")


@pytest.mark.ledger("S0-06")
def test_a_sev1_of_guardrails_4_calls_the_owners_and_not_leadership(story: Story) -> None:
    found = declares(staffed(story, "guardrails-4"), "dee", severity="Sev1")
    assert "ana" in asked(story, found)
    assert "lea" not in asked(story, found)


@pytest.mark.ledger("S0-09")
def test_a_cadence_that_is_changed_does_not_reach_an_open_incident(story: Story) -> None:
    with story.database.begin(SYSTEM) as tx:
        actions.save(tx, ours())
        actions.choose(tx, "ours")
    crewed(story)
    found = declares(story, severity="SEV1")
    with story.database.begin(SYSTEM) as tx:
        changed = ours(("{internal: 30m, leaders: 30m,", "{internal: 20m, leaders: 20m,"))
        actions.save(tx, changed)
        assert queries.active(tx) == changed
    assert now(story, found.id).pack == ours()
    assert declares(story, "bo", severity="SEV1", title="Another").pack == changed


@pytest.mark.ledger("S3-09")
@pytest.mark.refuses("SEPARATION_OF_DUTIES")
def test_a_role_by_another_name_is_kept_apart_as_before(story: Story) -> None:
    crewed(story)
    with story.database.begin(SYSTEM) as tx:
        actions.save(tx, ours(("label: Incident commander", "label: Einsatzleitung")))
        actions.choose(tx, "ours")
    found = declares(story, "dee", severity="SEV1")
    with story.database.read(SYSTEM) as tx:
        assert holders.holder(tx, found.id, RoleKey.COMMAND) == "dee"
    with pytest.raises(Refused) as refusal, story.database.begin(person("dee")) as tx:
        roles.assign(tx, found.id, "operations", "dee")
    assert refusal.value.code == "SEPARATION_OF_DUTIES"
    assert "Einsatzleitung" in refusal.value.detail
