"""Packs are chosen, kept and removed; running incidents keep theirs."""

from __future__ import annotations

from dataclasses import replace

import pytest

from holdfast.kernel.actor import SYSTEM, Actor, ActorKind, Role
from holdfast.people.permissions import NotPermitted
from holdfast.practice import actions, queries, shipped
from holdfast.practice.model import (
    DEFAULT,
    OFF,
    PACKS_MAX,
    SHIPPED,
    NoPractice,
    NoSuchPractice,
    NotAPack,
    NotOurs,
    PackInUse,
    TooManyPacks,
)
from holdfast.practice.snapshot import dumped, loaded
from holdfast.storage.database import Database
from holdfast.timeline import queries as timeline
from tests.practice.build import ours, text, with_level
from tests.support.database import START


def kinds(database: Database) -> list[str]:
    with database.read(SYSTEM) as tx:
        return [event.kind for event in timeline.since(tx, START)]


def test_the_default_pack_counts_until_somebody_chooses(database: Database) -> None:
    with database.read(SYSTEM) as tx:
        assert (queries.active_name(tx), queries.chosen(tx)) == (DEFAULT, None)
        assert queries.active(tx) == shipped.pack(DEFAULT)
    for _ in range(2):
        with database.begin(SYSTEM) as tx:
            actions.choose(tx, "imoc-p3")
    with database.read(SYSTEM) as tx:
        assert queries.active(tx).name == queries.chosen(tx) == "imoc-p3"
    assert kinds(database) == ["practice.chosen"]


def test_an_unknown_pack_or_somebody_who_may_not_is_refused(database: Database) -> None:
    with pytest.raises(NoSuchPractice, match="onion"), database.begin(SYSTEM) as tx:
        actions.choose(tx, "onion")
    manager = Actor(ActorKind.USER, "mo", Role.MANAGER, "mo")
    with pytest.raises(NotPermitted), database.begin(manager) as tx:
        actions.choose(tx, "union-5")
    with pytest.raises(NotPermitted), database.begin(manager) as tx:
        actions.save(tx, ours())
    with pytest.raises(NotPermitted), database.begin(manager) as tx:
        actions.take_in(tx, "not even a pack", "f")


@pytest.mark.ledger("S0-09")
def test_without_a_practice_there_is_no_pack_to_declare_under(database: Database) -> None:
    with database.begin(SYSTEM) as tx:
        actions.choose(tx, OFF)
    with database.read(SYSTEM) as tx:
        assert queries.in_force(tx) is None
        with pytest.raises(NoPractice) as refusal:
            queries.active(tx)
    assert "choose a practice pack" in str(refusal.value.remedy)
    with database.begin(SYSTEM) as tx:
        actions.choose(tx, "union-5")
        assert queries.active(tx).name == "union-5"


@pytest.mark.ledger("S0-10")
def test_a_pack_that_is_exported_and_taken_in_elsewhere_is_byte_equal(database: Database) -> None:
    with database.begin(SYSTEM) as tx:
        actions.take_in(tx, text(("engage: 5m", "engage: 6m")), "ours.yaml")
        exported = queries.export(tx, "ours")
    with database.begin(SYSTEM) as tx:
        actions.remove(tx, "ours")
    with database.begin(SYSTEM) as tx:
        actions.take_in(tx, exported, "theirs.yaml")
    with database.read(SYSTEM) as tx:
        assert queries.export(tx, "ours") == exported
        assert queries.pack(tx, "ours") == ours(("engage: 5m", "engage: 6m"))
        assert [pack.name for pack in queries.packs(tx)] == [*SHIPPED, "ours"]
    assert kinds(database) == ["practice.saved", "practice.removed", "practice.saved"]


def test_a_pack_that_is_saved_as_it_is_changes_nothing(database: Database) -> None:
    for _ in range(2):
        with database.begin(SYSTEM) as tx:
            actions.save(tx, ours())
    assert kinds(database) == ["practice.saved"]


@pytest.mark.ledger("S0-09")
def test_a_change_of_the_pack_does_not_reach_a_snapshot_that_was_taken(database: Database) -> None:
    with database.begin(SYSTEM) as tx:
        actions.save(tx, ours())
        actions.choose(tx, "ours")
        bound = dumped(queries.active(tx))
    with database.begin(SYSTEM) as tx:
        actions.save(tx, ours(("internal: 15m", "internal: 10m")))
        assert queries.active(tx) != loaded(bound)
        assert loaded(bound) == ours()


@pytest.mark.ledger("S3-09")
def test_relaxing_the_separation_is_written_on_the_timeline(database: Database) -> None:
    with database.begin(SYSTEM) as tx:
        actions.save(tx, with_level(ours(), 2, apart=()))
    with database.read(SYSTEM) as tx:
        (event,) = timeline.since(tx, START)
    assert event.data["relaxed"] == ["SEV2: command+operations"]


@pytest.mark.ledger("S3-06", "S2-04")
@pytest.mark.refuses("SEVERITY_WITHOUT_BEHAVIOUR")
def test_a_pack_with_a_blank_cell_is_neither_kept_nor_chosen(database: Database) -> None:
    with pytest.raises(NotAPack) as refusal, database.begin(SYSTEM) as tx:
        actions.take_in(tx, text(("notify: [owners]", "notify:")), "ours.yaml")
    assert refusal.value.code == "SEVERITY_WITHOUT_BEHAVIOUR"
    with pytest.raises(NoSuchPractice), database.begin(SYSTEM) as tx:
        actions.choose(tx, "ours")


def test_a_shipped_pack_stays_as_it_is(database: Database) -> None:
    with pytest.raises(NotOurs), database.begin(SYSTEM) as tx:
        actions.save(tx, replace(ours(), name="union-5"))
    with pytest.raises(NotOurs), database.begin(SYSTEM) as tx:
        actions.remove(tx, "union-5")


def test_the_pack_in_force_cannot_be_removed(database: Database) -> None:
    with database.begin(SYSTEM) as tx:
        actions.save(tx, ours())
        actions.choose(tx, "ours")
    with pytest.raises(PackInUse), database.begin(SYSTEM) as tx:
        actions.remove(tx, "ours")
    with database.begin(SYSTEM) as tx:
        actions.choose(tx, "union-5")
        actions.remove(tx, "ours")
        assert dict(queries.own(tx)) == {}
    with pytest.raises(NoSuchPractice), database.begin(SYSTEM) as tx:
        actions.remove(tx, "ours")


def test_there_are_not_more_packs_than_can_be_shown(database: Database) -> None:
    pack = ours()
    with database.begin(SYSTEM) as tx:
        for number in range(PACKS_MAX):
            actions.save(tx, replace(pack, name=f"p{number}"))
    with pytest.raises(TooManyPacks), database.begin(SYSTEM) as tx:
        actions.save(tx, pack)
    with database.begin(SYSTEM) as tx:
        actions.save(tx, replace(pack, name="p1", version="2"))
