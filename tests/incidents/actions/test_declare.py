"""Declaring: in one request, filled in from the alert, refused where something is not said."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from holdfast.guardrails.model import Refused
from holdfast.incidents import actions, queries
from holdfast.incidents.actions import Declaration
from holdfast.incidents.model import (
    AlreadyDeclared,
    DataRisk,
    Detection,
    Impact,
    Kind,
    NoSuchIncident,
    Phase,
)
from holdfast.incidents.roles import queries as roles
from holdfast.kernel.actor import SYSTEM, Role
from holdfast.kernel.errors import Invalid
from holdfast.people.permissions import NotPermitted
from holdfast.practice import actions as practice
from holdfast.practice.model import OFF, RoleKey
from tests.support.incidents import clock, crewed, declares, incident
from tests.support.story import MINUTE, Story, at, person


@pytest.mark.ledger("S0-02")
@pytest.mark.refuses("SEVERITY_REQUIRED")
def test_an_incident_without_a_severity_is_refused(story: Story) -> None:
    with pytest.raises(Refused) as refusal:
        declares(story, severity=None)
    assert refusal.value.code == "SEVERITY_REQUIRED"


@pytest.mark.ledger("S0-02")
def test_whoever_is_unsure_declares_the_worst_of_what_may_be_true(story: Story) -> None:
    found = declares(story, unsure=(2, 1), title="Checkout is slow")
    assert (found.severity.rank, found.severity.level) == (1, "SEV1")
    assert found.severity.provisional
    assert found.severity.plausible == (1, 2)


@pytest.mark.ledger("S1-02")
@pytest.mark.refuses("DETECTION_SOURCE_REQUIRED")
def test_it_has_to_be_said_who_noticed(story: Story) -> None:
    with pytest.raises(Refused) as refusal:
        declares(story, detection=None)
    assert refusal.value.code == "DETECTION_SOURCE_REQUIRED"


@pytest.mark.ledger("S0-09")
@pytest.mark.refuses("NO_SEVERITY_POLICY")
def test_without_a_practice_nothing_is_declared(story: Story) -> None:
    with story.database.begin(SYSTEM) as tx:
        practice.choose(tx, OFF)
    with pytest.raises(Refused) as refusal:
        declares(story)
    assert refusal.value.code == "NO_SEVERITY_POLICY"


@pytest.mark.ledger("S0-09")
def test_an_incident_keeps_the_practice_that_it_was_declared_under(story: Story) -> None:
    found = declares(story)
    with story.database.begin(SYSTEM) as tx:
        practice.choose(tx, "imag-3")
    assert incident(story, found.id).pack.name == "union-5"
    assert incident(story, found.id).pack == found.pack
    assert declares(story).pack.name == "imag-3"
    with story.database.begin(person("ana")) as tx:
        assert actions.rebind(tx, found.id).pack.name == "imag-3"
    assert "incident.rebound" in story.events(found.id)


def test_from_an_alert_everything_that_is_known_is_filled_in(story: Story) -> None:
    alert = story.opens(started_at=story.start - 5 * MINUTE)
    story.drain()
    story.pass_time(3 * MINUTE)
    found = declares(story, alert=alert)
    assert found.title == "Disk full"
    assert found.detection is Detection.ALERT
    assert found.services == ("checkout",)
    assert found.instants.impact_started_at == story.start - 5 * MINUTE
    assert found.instants.detected_at == found.instants.alert_fired_at == story.start
    assert found.instants.paged_at == story.start
    assert found.instants.declared_at == story.start + 3 * MINUTE
    with story.database.read(SYSTEM) as tx:
        assert queries.alerts_of(tx, found.id) == [alert]
        assert [each.id for each in queries.incidents_of_alert(tx, alert)] == [found.id]


def test_of_two_who_declare_for_one_alert_the_second_is_told_who_was_first(story: Story) -> None:
    alert = story.opens()
    first = declares(story, alert=alert)
    with pytest.raises(AlreadyDeclared) as refusal:
        declares(story, "bo", alert=alert)
    assert first.number in refusal.value.detail
    assert "ana" in refusal.value.detail


def test_numbers_count_through_the_year_and_begin_anew_with_the_next(story: Story) -> None:
    numbers = [declares(story).number for _ in range(3)]
    assert numbers == ["INC-2026-001", "INC-2026-002", "INC-2026-003"]
    story.clock.jump_to(at("2027-01-01T00:00:00"))
    assert declares(story).number == "INC-2027-001"


def test_an_incident_is_found_by_its_number_in_any_case(story: Story) -> None:
    found = declares(story)
    assert incident(story, "inc-2026-001").id == found.id
    with pytest.raises(NoSuchIncident):
        incident(story, "INC-2026-999")


@pytest.mark.ledger("S0-01", "S0-03")
def test_at_three_on_a_sunday_every_role_has_a_candidate_or_says_missing(story: Story) -> None:
    story.clock.jump_to(at("2026-11-22T03:00:00"))
    found = declares(story, "bo", severity="SEV1")
    with story.database.read(SYSTEM) as tx:
        seats = roles.seats(tx, found)
        missing = roles.missing(tx, found)
    for seat in seats:
        if seat.required:
            assert seat.holders or seat.candidate or seat.role in missing
    assert found.phase is Phase.DECLARED
    running = clock(story, found.id, "roles")
    assert running is not None
    assert running.due_at == found.instants.declared_at + found.pack.limits.role_missing_after


def test_roles_named_in_the_declaration_are_held_at_once(story: Story) -> None:
    crewed(story)
    found = declares(story, severity="SEV1", roles={"IC": "bo", "operations": "cy"})
    with story.database.read(SYSTEM) as tx:
        assert roles.holder(tx, found.id, RoleKey.COMMAND) == "bo"
        assert roles.holder(tx, found.id, RoleKey.OPERATIONS) == "cy"


def test_the_clocks_of_the_level_run_from_the_instant_of_declaring(story: Story) -> None:
    found = declares(story, severity="SEV1", impact_started_at=story.start - 10 * MINUTE)
    stated = found.level.clocks
    assert stated.restore is not None
    assert stated.engage is not None
    assert stated.war_room is not None
    due = {
        name: kept.due_at
        for name in ("restore", "engage", "war_room", "reevaluate")
        if (kept := clock(story, found.id, name)) is not None
    }
    assert due["restore"] == story.start - 10 * MINUTE + stated.restore
    assert due["engage"] == story.start + stated.engage
    assert due["war_room"] == story.start + stated.war_room
    assert due["reevaluate"] == story.start + timedelta(minutes=30)


def test_the_same_trouble_within_thirty_days_is_a_recurrence(story: Story) -> None:
    first = declares(story)
    assert first.recurrence_of is None
    story.clock.jump_to(story.start + timedelta(days=29))
    second = declares(story)
    assert second.recurrence_of == first.id
    story.clock.jump_to(story.start + timedelta(days=29 + 31))
    assert declares(story).recurrence_of is None


@pytest.mark.parametrize("kind", [Kind.DRILL, Kind.TEST])
def test_drills_and_tests_are_no_recurrence_of_anything(story: Story, kind: Kind) -> None:
    declares(story, kind=kind)
    assert declares(story).recurrence_of is None
    assert declares(story, kind=kind).recurrence_of is None


@pytest.mark.ledger("S4-07")
@pytest.mark.refuses("SEVERITY_FLOOR")
def test_lost_data_is_not_declared_as_minor_but_with_a_reason(story: Story) -> None:
    lost = Impact(data_risk=DataRisk.CONFIRMED)
    with pytest.raises(Refused) as refusal:
        declares(story, severity="SEV3", impact=lost)
    assert refusal.value.code == "SEVERITY_FLOOR"
    assert declares(story, severity="SEV0", impact=lost).severity.rank == 0
    broken = declares(story, severity="SEV3", impact=lost, break_glass="a drill with copies")
    assert broken.severity.rank == 3
    assert "guardrail.overridden" in story.events(broken.id)


@pytest.mark.ledger("S4-07")
def test_possible_loss_allows_the_second_level_and_no_milder_one(story: Story) -> None:
    possible = Impact(data_risk=DataRisk.POSSIBLE)
    assert declares(story, severity="SEV1", impact=possible).severity.rank == 1
    with pytest.raises(Refused):
        declares(story, severity="SEV2", impact=possible)


@pytest.mark.parametrize(
    "asked",
    [
        {"severity": "SEV9"},
        {"services": ("nowhere",)},
        {"title": " "},
        {"severity": None, "unsure": (7,)},
        {"impact": Impact(users_affected=101)},
    ],
)
def test_what_cannot_be_meant_is_named(story: Story, asked: dict[str, Any]) -> None:
    with pytest.raises(Invalid):
        declares(story, "ana", **{"title": "Checkout is down", **asked})


@pytest.mark.parametrize(
    "asked",
    [
        {"impact_started_at": "2026-11-16T09:05:00"},
        {"detected_at": "2026-11-16T09:05:00"},
    ],
)
@pytest.mark.refuses("TIME_IMPLAUSIBLE")
def test_an_incident_did_not_begin_in_the_future(story: Story, asked: dict[str, str]) -> None:
    with pytest.raises(Refused) as refusal:
        declares(story, "ana", **{name: at(text) for name, text in asked.items()})
    assert refusal.value.code == "TIME_IMPLAUSIBLE"


def test_who_may_only_look_does_not_declare(story: Story) -> None:
    ask = Declaration(title="Down", severity="SEV2", detection=Detection.TEAMMATE)
    with pytest.raises(NotPermitted), story.database.begin(person("ana", Role.VIEWER)) as tx:
        actions.declare(tx, ask)


def test_a_private_incident_is_not_there_for_others(story: Story) -> None:
    found = declares(story, "bo", private=True, services=())
    with pytest.raises(NoSuchIncident), story.database.read(person("dee")) as tx:
        queries.incident(tx, found.number)
    with story.database.read(person("dee")) as tx:
        assert queries.active(tx) == []
    with story.database.read(person("bo")) as tx:
        assert [each.id for each in queries.active(tx)] == [found.id]
    with story.database.begin(person("bo")) as tx:
        actions.set_private(tx, found.id, ["cy"], private=True)
    with story.database.read(person("cy")) as tx:
        assert queries.incident(tx, found.id).access == ("cy", "bo")
        assert [each.id for each in queries.active(tx)] == [found.id]


def test_an_incident_comes_back_from_the_database_as_it_was_put_there(story: Story) -> None:
    told = Impact(users_affected=12.5, scope=("region:eu",), workaround=True, revenue="10 EUR")
    found = declares(story, impact=told, impact_precision=2 * MINUTE)
    assert incident(story, found.id) == found
    assert replace(found, version=7) != found


@pytest.mark.ledger("S2-05")
def test_in_doubt_the_worse_level_is_declared(story: Story) -> None:
    found = declares(story, severity="SEV2", in_doubt=True)
    assert found.severity.level == "SEV1"
    assert found.severity.provisional
