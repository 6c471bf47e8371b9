"""Changing who people are and how they are reached."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from holdfast.kernel.actor import SYSTEM, Role
from holdfast.kernel.errors import HoldfastError, Invalid
from holdfast.kernel.tx import Tx
from holdfast.people import actions as people
from holdfast.people import queries
from holdfast.people.model import EmailTaken, Method, NoSuchTeam, NoSuchUser, Rung, Team, User
from holdfast.people.permissions import NotPermitted
from holdfast.sdk import Urgency
from tests.support.story import MINUTE, Story, person, user

METHODS = tuple(Method(f"m{number}", "fake", "x") for number in range(21))
RUNGS = tuple(Rung(number * MINUTE, "phone") for number in range(21))


def saved(story: Story, name: str) -> User:
    with story.database.read(SYSTEM) as tx:
        return queries.user(tx, name)


@pytest.mark.parametrize(
    "odd",
    [
        user("Ana Lima"),
        replace(user("ana"), name=" "),
        replace(user("ana"), name="x" * 201),
        user("ana", time_zone="Mars/Olympus"),
        user("ana", time_zone="localtime"),
        user("ana", email="not an address"),
        user("ana", email="a@b@c"),
        user("ana", email="x" * 320 + "@example.com"),
        user("ana", methods=(Method("phone", "fake", ""),), rules={}),
        user("ana", methods=(Method("phone", "fake", "x" * 1001),), rules={}),
        user("ana", methods=(Method("a b", "fake", "x"),), rules={}),
        user("ana", methods=(METHODS[0], METHODS[0]), rules={}),
        user("ana", methods=METHODS, rules={}),
        user("ana", rules={Urgency.HIGH: (Rung(timedelta(), "pigeon"),)}),
        user("ana", rules={Urgency.HIGH: RUNGS}),
    ],
)
def test_a_person_outside_the_limits_is_refused_and_stays_as_they_were(
    story: Story, odd: User
) -> None:
    before = saved(story, "ana")
    with story.database.begin(SYSTEM) as tx, pytest.raises(Invalid) as refused:
        people.save_user(tx, odd)
    assert refused.value.detail
    assert saved(story, "ana") == before


def test_a_saved_person_comes_back_as_they_were(story: Story) -> None:
    wanted = user("dee", time_zone="Asia/Kolkata", role=Role.MANAGER)
    with story.database.begin(SYSTEM) as tx:
        people.save_user(tx, wanted)
    assert saved(story, "dee") == wanted
    assert story.events("dee") == ["user.saved"]


def test_saving_what_is_already_so_is_no_event(story: Story) -> None:
    before = story.events("ana")
    with story.database.begin(SYSTEM) as tx:
        people.save_user(tx, user("ana"))
    assert story.events("ana") == before


def test_people_change_themselves_but_not_their_role_and_nobody_else(story: Story) -> None:
    def as_ana(changed: User) -> None:
        with story.database.begin(person("ana")) as tx:
            people.save_user(tx, changed)

    as_ana(user("ana", time_zone="Europe/Rome"))
    assert saved(story, "ana").time_zone == "Europe/Rome"
    for forbidden in (user("ana", role=Role.ADMIN), user("bo", time_zone="Europe/Rome")):
        with pytest.raises(NotPermitted):
            as_ana(forbidden)
    assert saved(story, "ana").role is Role.RESPONDER
    with story.database.begin(person("eve")) as tx, pytest.raises(NotPermitted):
        people.save_user(tx, user("eve", role=Role.ADMIN))


def test_one_address_belongs_to_one_person_in_any_case(story: Story) -> None:
    with story.database.begin(SYSTEM) as tx, pytest.raises(EmailTaken):
        people.save_user(tx, user("dee", email="ANA@example.COM"))


def test_whoever_signs_in_is_found_by_address_or_name_unless_disabled(story: Story) -> None:
    def found(tx: Tx, name: str) -> str | None:
        signed = queries.user_by_sign_in(tx, name)
        return None if signed is None else signed.id

    with story.database.begin(SYSTEM) as tx:
        assert found(tx, " Ana@Example.com ") == found(tx, "ANA") == "ana"
        assert found(tx, "nobody") is None
        people.disable_user(tx, "ana")
        assert found(tx, "ana") is None
        people.enable_user(tx, "ana")
        assert found(tx, "ana") == "ana"


def test_a_method_that_is_removed_takes_its_rungs_along(story: Story) -> None:
    with story.database.begin(person("ana")) as tx:
        people.save_methods(tx, "ana", (Method("mail", "fake", "ana@mail"),))
    assert saved(story, "ana").rules == {
        Urgency.HIGH: (Rung(2 * MINUTE, "mail"),),
        Urgency.LOW: (Rung(timedelta(), "mail"),),
    }


def test_what_was_proved_of_one_address_proves_nothing_of_another(story: Story) -> None:
    with story.database.begin(SYSTEM) as tx:
        people.verify_method(tx, "ana", "phone")
        people.verify_method(tx, "ana", "mail")
        people.note_trouble(tx, "ana", "mail", "bounced")
    phone, mail = saved(story, "ana").methods
    moved = replace(phone, address="another@phone")
    with story.database.begin(person("ana")) as tx:
        people.save_methods(tx, "ana", (moved, mail))
    phone, mail = saved(story, "ana").methods
    assert phone.verified_at is None
    assert (mail.verified_at, mail.trouble) == (story.clock.now(), "bounced")


def test_nobody_verifies_a_method_by_saying_so(story: Story) -> None:
    claimed = Method("phone", "fake", "new@phone", verified_at=story.clock.now())
    with story.database.begin(person("ana")) as tx:
        people.save_methods(tx, "ana", (claimed,))
    assert saved(story, "ana").methods[0].verified_at is None


def test_a_team_is_made_of_people_who_exist(story: Story) -> None:
    with story.database.begin(SYSTEM) as tx:
        for odd in (Team("x", "X", "nobody"), Team("x", "X", None, ("ana", "nobody"))):
            with pytest.raises(NoSuchUser):
                people.save_team(tx, odd)
        for badly_named in (Team("No Slug", "X"), Team("x", "")):
            with pytest.raises(HoldfastError):
                people.save_team(tx, badly_named)
        assert set(queries.teams(tx)) == {"payments"}
        with pytest.raises(NoSuchTeam):
            queries.team(tx, "x")


def test_admins_are_those_who_are_not_disabled(story: Story) -> None:
    with story.database.begin(SYSTEM) as tx:
        for name in ("root", "gone"):
            people.save_user(tx, user(name, role=Role.ADMIN))
        people.disable_user(tx, "gone")
        assert [admin.id for admin in queries.admins(tx)] == ["root"]
