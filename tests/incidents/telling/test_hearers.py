"""Who hears what an audience is told."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import pytest

from holdfast.catalog.model import Service
from holdfast.incidents.model import Kind
from holdfast.incidents.telling.hearers import Around, hearers, interested
from holdfast.incidents.telling.model import Stakeholder, Subscription
from holdfast.kernel.actor import Role
from holdfast.people.model import Team
from holdfast.practice.model import Audience
from tests.incidents.telling.test_templates import INCIDENT
from tests.support.story import user

NOW = datetime(2026, 11, 16, 10, 0, tzinfo=UTC)
USERS = {
    **{name: user(name) for name in ("ana", "bo", "cy", "dee", "eve")},
    "root": user("root", role=Role.ADMIN),
    "gone": user("gone", disabled_at=NOW),
}
TEAMS = {"payments": Team("payments", "Payments", "ana", ("ana", "bo", "gone"))}
AROUND = Around(
    incident=INCIDENT,
    users=USERS,
    teams=TEAMS,
    services=(Service("checkout", "Checkout", "payments", "payments"),),
    working=("cy", "ana"),
    subscriptions=(
        Subscription("in_1", "dee", Audience.INTERNAL, "asked", NOW),
        Subscription("in_1", "eve", Audience.LEADERS, "asked", NOW),
    ),
    heard=("eve", "bo"),
)


def hear(audience: Audience, *, final: bool = False, **changed: Any) -> list[str]:
    return hearers(replace(AROUND, **changed), audience, final=final)


def test_inside_are_those_who_respond_who_own_it_and_who_asked_each_once() -> None:
    assert hear(Audience.INTERNAL) == ["cy", "ana", "bo", "dee"]


def test_leaders_are_the_team_of_that_name_and_without_it_the_admins() -> None:
    assert hear(Audience.LEADERS) == ["root", "eve"]
    teams = {**TEAMS, "leadership": Team("leadership", "Leadership", None, ("dee",))}
    assert hear(Audience.LEADERS, teams=teams) == ["dee", "eve"]


@pytest.mark.ledger("S1-17")
def test_the_end_reaches_everybody_who_heard_of_it() -> None:
    assert hear(Audience.INTERNAL, final=True) == ["cy", "ana", "bo", "dee", "eve"]


def test_customers_are_nobody_while_there_is_no_status_page() -> None:
    assert hear(Audience.CUSTOMERS) == []


def test_of_a_private_incident_hear_only_its_people_and_admins() -> None:
    private = replace(INCIDENT, private=True, access=("cy",))
    assert hear(Audience.INTERNAL, incident=private) == ["cy", "ana"]
    assert hear(Audience.LEADERS, incident=private) == ["root"]


@pytest.mark.parametrize("kind", [Kind.DRILL, Kind.TEST])
def test_a_drill_disturbs_nobody_who_does_not_take_part(kind: Kind) -> None:
    drill = replace(INCIDENT, kind=kind)
    assert hear(Audience.INTERNAL, incident=drill) == ["cy", "ana", "dee"]
    assert hear(Audience.LEADERS, incident=drill) == ["eve"]


@pytest.mark.ledger("S4-34")
def test_stakeholders_hear_of_what_is_as_bad_as_they_asked_for() -> None:
    asked = [
        Stakeholder("checkout", "dee", Audience.INTERNAL, 1),
        Stakeholder("checkout", "team:payments", Audience.LEADERS, 3),
        Stakeholder("checkout", "team:nobody", Audience.LEADERS, 3),
    ]
    assert list(interested(asked, 1, TEAMS)) == ["dee", "ana", "bo", "gone", "team:nobody"]
    assert "dee" not in interested(asked, 2, TEAMS)
