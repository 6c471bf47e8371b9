"""Who may see an incident."""

from __future__ import annotations

from dataclasses import replace

import pytest

from holdfast.incidents.access import may_see
from holdfast.kernel.actor import SYSTEM, Actor, ActorKind, Role
from tests.support.incidents import declares
from tests.support.story import Story, person

TOKEN = Actor(ActorKind.TOKEN, "tk_1", Role.RESPONDER)


def test_what_is_not_private_is_for_everyone(story: Story) -> None:
    found = declares(story)
    assert may_see(found, person("dee", Role.VIEWER))
    assert may_see(found, TOKEN)


@pytest.mark.parametrize(
    ("actor", "sees"),
    [
        (person("ana"), True),
        (person("cy"), True),
        (person("bo"), False),
        (TOKEN, False),
        (person("root", Role.ADMIN), True),
        (SYSTEM, True),
    ],
)
def test_a_private_one_is_for_its_people(story: Story, actor: Actor, sees: object) -> None:
    found = replace(declares(story), private=True, access=("cy",))
    assert may_see(found, actor) is sees
