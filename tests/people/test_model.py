"""The ladder by which a person is reached."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from holdfast.people.model import Rung
from holdfast.sdk import Urgency
from tests.support.database import START
from tests.support.story import MINUTE, user


def ladder(person: object, urgency: Urgency = Urgency.HIGH) -> list[tuple[timedelta, str]]:
    assert isinstance(person, type(user("x")))
    return [(rung.after, rung.method) for rung in person.ladder(urgency)]


def test_without_a_rule_everything_rings_at_once_when_it_matters_and_one_thing_when_not() -> None:
    nobody_said = user("ana", rules={})
    assert ladder(nobody_said) == [(timedelta(), "phone"), (timedelta(), "mail")]
    assert ladder(nobody_said, Urgency.LOW) == [(timedelta(), "phone")]


def test_rungs_are_climbed_in_the_order_of_their_times_however_they_were_written() -> None:
    rules = {Urgency.HIGH: (Rung(5 * MINUTE, "mail"), Rung(timedelta(), "phone"))}
    assert ladder(user("ana", rules=rules)) == [(timedelta(), "phone"), (5 * MINUTE, "mail")]


def test_a_rung_whose_method_is_gone_is_no_rung() -> None:
    rules = {Urgency.HIGH: (Rung(timedelta(), "pigeon"), Rung(MINUTE, "mail"))}
    assert ladder(user("ana", rules=rules)) == [(MINUTE, "mail")]


def test_a_rule_of_which_nothing_is_left_rings_everything() -> None:
    rules = {Urgency.HIGH: (Rung(timedelta(), "pigeon"),)}
    assert len(ladder(user("ana", rules=rules))) == 2


def test_whoever_is_disabled_or_has_no_door_cannot_be_reached() -> None:
    assert user("ana").reachable
    assert not replace(user("ana"), disabled_at=START).reachable
    assert not user("ana", methods=()).reachable
