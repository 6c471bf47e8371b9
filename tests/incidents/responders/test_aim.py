"""Whom a word of the practice means, and by which plan they are asked."""

from __future__ import annotations

import pytest

from holdfast.catalog.model import Service
from holdfast.escalation.model import Target, TargetKind
from holdfast.incidents.responders.aim import Aim, aim, aims, empty_groups
from holdfast.incidents.responders.model import CannotBeAsked
from holdfast.kernel.errors import Invalid
from holdfast.people.model import Team

CHECKOUT = Service("checkout", "Checkout", "payments", "payments-policy")
ORDERS = Service("orders", "Orders", "stock", "stock-policy")
SERVICES = {service.id: service for service in (CHECKOUT, ORDERS)}
TEAMS = {
    team.id: team
    for team in (
        Team("payments", "Payments", members=("ana", "bo")),
        Team("stock", "Stock", members=("cy",)),
        Team("leadership", "Leadership", members=("eli",)),
    )
}


@pytest.mark.ledger("S0-06")
def test_owners_and_on_call_are_asked_once_by_the_policy_of_each_service() -> None:
    found = aims(["owners", "on_call"], [CHECKOUT, ORDERS], SERVICES, TEAMS)
    assert found == (
        Aim("service:checkout", None, "payments-policy", "payments"),
        Aim("service:orders", None, "stock-policy", "stock"),
    )


@pytest.mark.ledger("S0-05")
def test_leadership_is_the_team_of_that_name_and_nobody_where_there_is_none() -> None:
    [found] = aims(["leadership"], [CHECKOUT], SERVICES, TEAMS)
    assert found.target == "team:leadership"
    assert aims(["leadership"], [CHECKOUT], SERVICES, {}) == ()
    assert empty_groups(["leadership", "on_call"], {}) == ("leadership",)
    assert empty_groups(["leadership"], TEAMS) == ()


@pytest.mark.ledger("S1-08")
def test_all_hands_are_everybody_of_the_owning_teams() -> None:
    found = aims(["all_hands"], [CHECKOUT, ORDERS], SERVICES, TEAMS)
    assert [each.target for each in found] == ["team:payments", "team:stock"]


@pytest.mark.ledger("S4-16")
def test_a_person_who_does_not_answer_is_followed_by_the_policy_of_their_team() -> None:
    found = aim("cy", SERVICES, TEAMS)
    assert found == Aim("user:cy", Target(TargetKind.USER, "cy"), "stock-policy", "stock")


def test_roles_are_not_asked_by_their_name_here() -> None:
    assert aims(["roles", "role:command"], [CHECKOUT], SERVICES, TEAMS) == ()


@pytest.mark.parametrize(
    ("text", "error"), [("service:nothing", CannotBeAsked), ("group:x", Invalid)]
)
def test_what_names_nobody_is_refused(text: str, error: type[Exception]) -> None:
    with pytest.raises(error):
        aim(text, SERVICES, TEAMS)
