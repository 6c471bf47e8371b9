"""Who may do what: one table, and the weakest role that may."""

from __future__ import annotations

import pytest

from holdfast.kernel.actor import SYSTEM, Actor, ActorKind, Role
from holdfast.people.permissions import NEEDS, NotPermitted, allowed, require, require_self_or


def actor(role: Role | None, user: str | None = "ana") -> Actor:
    return Actor(ActorKind.USER, "ana", role, user)


@pytest.mark.parametrize("permission", sorted(NEEDS))
@pytest.mark.parametrize("role", list(Role))
def test_a_role_may_what_it_and_weaker_ones_need(permission: str, role: Role) -> None:
    may = list(Role).index(role) >= list(Role).index(NEEDS[permission])
    assert allowed(actor(role), permission) is may
    if may:
        require(actor(role), permission)
    else:
        with pytest.raises(NotPermitted) as refused:
            require(actor(role), permission)
        assert NEEDS[permission].value in refused.value.detail


@pytest.mark.parametrize("permission", sorted(NEEDS))
def test_whoever_has_no_role_may_nothing_and_holdfast_itself_everything(permission: str) -> None:
    assert not allowed(actor(None), permission)
    assert not allowed(Actor(ActorKind.CONNECTION, "am"), permission)
    assert allowed(SYSTEM, permission)


def test_every_change_needs_more_than_to_look_on() -> None:
    """A viewer reads, rehearses and asks command; whoever answers or edits is a responder at
    least."""
    for_viewers = {name for name, role in NEEDS.items() if role is Role.VIEWER}
    beside = {"rehearse", "incidents.ask"}
    assert {name for name in for_viewers if not name.endswith(".read")} == beside


def test_people_look_after_themselves_and_nobody_else() -> None:
    require_self_or(actor(Role.VIEWER), "people.edit", "ana")
    with pytest.raises(NotPermitted):
        require_self_or(actor(Role.VIEWER), "people.edit", "bo")
    with pytest.raises(NotPermitted):
        require_self_or(actor(Role.VIEWER, user=None), "people.edit", "ana")


def test_a_permission_that_does_not_exist_is_a_mistake_and_no_yes() -> None:
    with pytest.raises(KeyError):
        allowed(actor(Role.ADMIN), "alerts.explode")
