"""An incident with nothing but its row, for tests of what is written down in it."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from holdfast.incidents import store
from holdfast.incidents.model import Detection, Incident, Instants, Kind, Phase, Severity
from holdfast.incidents.roles import actions as roles
from holdfast.kernel.actor import SYSTEM
from holdfast.kernel.tx import Tx
from holdfast.practice.model import (
    Audience,
    Clocks,
    Duty,
    Hours,
    Level,
    Limits,
    Need,
    Pack,
    Postmortem,
    Role,
    RoleKey,
)
from tests.support.story import Story, person

MINUTE = timedelta(minutes=1)


class Room:
    """One incident of the small company; Ana, Bo and Cy respond to it."""

    def __init__(self, story: Story, **changed: Any) -> None:
        self.story = story
        with story.database.begin(SYSTEM) as tx:
            self.incident = incident(tx, **changed)
            store.add(tx, self.incident)

    @property
    def id(self) -> str:
        return self.incident.id

    def as_(self, name: str) -> Any:
        """A transaction in that person's name."""
        return self.story.database.begin(person(name))

    def holds(self, role: RoleKey, name: str) -> None:
        """That person takes the role."""
        with self.story.database.begin(SYSTEM) as tx:
            roles.assign(tx, self.id, role.value, name)

    def changes(self, **changed: Any) -> None:
        """What the incident's own verbs would have done."""
        with self.story.database.begin(SYSTEM) as tx:
            self.incident = store.save(tx, replace(store.take(tx, self.id), **changed))


def incident(tx: Tx, *, rank: int = 2, began: timedelta = 30 * MINUTE, **changed: Any) -> Incident:
    """Mitigating since a moment ago; the impact began half an hour ago."""
    level = PACK.level(rank)
    made = Incident(
        id="in_room",
        number="INC-2026-001",
        title="Checkout fails",
        kind=Kind.REAL,
        private=False,
        phase=Phase.MITIGATING,
        severity=Severity(rank, level.label),
        pack=PACK,
        detection=Detection.ALERT,
        declared_by="ana",
        services=("checkout",),
        instants=Instants(declared_at=tx.now, impact_started_at=tx.now - began),
    )
    return replace(made, **changed)


def _level(rank: int) -> Level:
    return Level(
        rank=rank,
        label=f"SEV{rank}",
        title=f"Level {rank}",
        criteria="As a test has it.",
        response="As a test has it.",
        aliases=(),
        hours=Hours.ALWAYS,
        page=(),
        notify=(),
        clocks=Clocks(5 * MINUTE, 15 * MINUTE, 15 * MINUTE, 60 * MINUTE),
        cadence={Audience.INTERNAL: 30 * MINUTE},
        first_update=None,
        roles_required=(RoleKey.COMMAND, RoleKey.OPERATIONS) if rank < 3 else (),
        apart=(frozenset({RoleKey.COMMAND, RoleKey.OPERATIONS}),) if rank < 3 else (),
        responders_min=1,
        war_room=Need.NONE,
        verify_window=15 * MINUTE,
        reevaluate_every=None,
        postmortem=Postmortem.BY_TRIGGER,
        postmortem_due=None,
        promise_next_update=rank < 2,
    )


LIMITS = Limits(
    command_silent_after=10 * MINUTE,
    update_grace=2 * MINUTE,
    escalation_answer_within=5 * MINUTE,
    no_mitigation_after=30 * MINUTE,
    solo_after=15 * MINUTE,
    role_missing_after=5 * MINUTE,
    scribe_prompt_after=15 * MINUTE,
    fixation_after=20 * MINUTE,
    mark_every=10 * MINUTE,
    task_overdue_grace=2 * MINUTE,
    impact_unknown_ask_after=15 * MINUTE,
    reopen_within=timedelta(days=7),
    break_glass_for=30 * MINUTE,
)
PACK = Pack(
    name="test-5",
    title="For tests",
    version="1",
    source="tests",
    summary="Five levels.",
    levels=tuple(_level(rank) for rank in range(5)),
    roles=tuple(Role(key, key.value.capitalize()) for key in RoleKey),
    duties={Duty.DECIDE: (RoleKey.COMMAND,)},
    limits=LIMITS,
    triggers=(),
)


@pytest.fixture
def room(story: Story) -> Room:
    """An incident of rank 2 on a database of each kind; nothing is written down yet."""
    return Room(story)
