"""The practice pack is chosen once, and kept."""

from __future__ import annotations

import pytest

from holdfast.kernel.actor import SYSTEM, Actor, ActorKind, Role
from holdfast.people.permissions import NotPermitted
from holdfast.practice import actions, queries
from holdfast.practice.model import NoSuchPractice
from holdfast.timeline import queries as timeline
from tests.configuration.build import NOW, Instance


def test_the_default_pack_counts_until_somebody_chooses() -> None:
    instance = Instance()
    with instance.look() as tx:
        assert (queries.active_name(tx), queries.chosen(tx)) == ("union-5", None)
    for _ in range(2):
        with instance.database.begin(SYSTEM) as tx:
            actions.choose(tx, "union-5")
    with instance.look() as tx:
        assert queries.chosen(tx) == "union-5"
        assert [event.kind for event in timeline.since(tx, NOW)] == ["practice.chosen"]


def test_an_unknown_pack_or_somebody_who_may_not_is_refused() -> None:
    database = Instance().database
    with pytest.raises(NoSuchPractice, match="onion"), database.begin(SYSTEM) as tx:
        actions.choose(tx, "onion")
    manager = Actor(ActorKind.USER, "mo", Role.MANAGER, "mo")
    with pytest.raises(NotPermitted), database.begin(manager) as tx:
        actions.choose(tx, "union-5")
