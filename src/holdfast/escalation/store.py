"""Tables of escalation: policies and climbs."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import timedelta
from typing import cast

from sqlalchemy import Column, Integer, Table, Text, bindparam, delete, select, update
from sqlalchemy.dialects.postgresql import insert as upsert

from holdfast.escalation.model import Escalation, EscalationState, Plan, Policy, Step, Target
from holdfast.kernel.tx import Tx
from holdfast.storage.types import METADATA, Instant, Json, Name

policies = Table(
    "policies",
    METADATA,
    Column("id", Name, primary_key=True),
    Column("name", Text, nullable=False),
    Column("steps", Json, nullable=False),
    Column("repeat", Integer, nullable=False),
    Column("last_resort", Json, nullable=False),
)

escalations = Table(
    "escalations",
    METADATA,
    Column("subject", Name, primary_key=True),
    Column("plan", Json, nullable=False),
    Column("urgency", Text, nullable=False),
    Column("state", Name, nullable=False),
    Column("step", Integer, nullable=False),
    Column("round", Integer, nullable=False),
    Column("look_again_at", Instant),
    Column("rescued_round", Integer, nullable=False),
    Column("climb", Integer, nullable=False),
)


def find_policies(tx: Tx) -> dict[str, Policy]:
    return {
        row.id: Policy(
            row.id, _steps_in(row.steps), row.repeat, _targets_in(row.last_resort), row.name
        )
        for row in tx.execute(select(policies).order_by(policies.c.id))
    }


def save_policy(tx: Tx, policy: Policy) -> None:
    row = {
        "name": policy.name, "steps": _steps_out(policy.steps), "repeat": policy.repeat,
        "last_resort": [str(target) for target in policy.last_resort],
    }  # fmt: skip
    tx.execute(
        upsert(policies)
        .values(id=policy.id, **row)
        .on_conflict_do_update(index_elements=["id"], set_=row)
    )


def delete_policy(tx: Tx, policy: str) -> None:
    tx.execute(delete(policies).where(policies.c.id == policy))


def take(tx: Tx, subject: str) -> Escalation | None:
    """The climb, locked for this transaction."""
    if tx.remembers(("climb", subject)):
        return cast(Escalation | None, tx.recall(("climb", subject)))
    row = tx.execute(_TAKE, {"s": subject}).one_or_none()
    return None if row is None else _escalation(row)


def take_ahead(tx: Tx, subjects: Sequence[str]) -> None:
    """Locks and reads the climbs of many subjects at once; `take` finds them remembered."""
    climbs = (
        select(escalations)
        .where(escalations.c.subject.in_(subjects))
        .order_by(escalations.c.subject)
        .with_for_update()
    )
    found = {row.subject: _escalation(row) for row in tx.execute(climbs)}
    for subject in subjects:
        tx.note(("climb", subject), found.get(subject))


def find(tx: Tx, subjects: Sequence[str]) -> dict[str, Escalation]:
    rows = tx.execute(select(escalations).where(escalations.c.subject.in_(subjects)))
    return {row.subject: _escalation(row) for row in rows}


def begin(tx: Tx, escalation: Escalation) -> None:
    """A new climb; where the subject had one before, the count of its climbs goes on."""
    tx.execute_later(_BEGIN, ("climb", escalation.subject), _row(escalation))
    tx.unlearn(("climb", escalation.subject))


def save(tx: Tx, escalation: Escalation) -> None:
    """How far a climb has come; its plan and its urgency are frozen."""
    tx.execute_later(
        _SAVE,
        ("climb", escalation.subject),
        {"s": escalation.subject, "state": escalation.state.value, "step": escalation.step,
         "round": escalation.round, "look_again_at": escalation.look_again_at,
         "rescued_round": escalation.rescued_round},
    )  # fmt: skip
    tx.note(("climb", escalation.subject), escalation)


def delete_climbs(tx: Tx, subjects: Sequence[str]) -> None:
    for subject in subjects:
        tx.unlearn(("climb", subject))
    tx.execute(delete(escalations).where(escalations.c.subject.in_(list(subjects))))


def _row(escalation: Escalation) -> dict[str, object]:
    plan = escalation.plan
    return {
        "subject": escalation.subject, "urgency": escalation.urgency,
        "state": escalation.state.value, "step": escalation.step, "round": escalation.round,
        "look_again_at": escalation.look_again_at, "rescued_round": escalation.rescued_round,
        "climb": escalation.climb,
        "plan": {"policy": plan.policy, "steps": _steps_out(plan.steps), "repeat": plan.repeat,
                 "last_resort": [str(target) for target in plan.last_resort]},
    }  # fmt: skip


def _escalation(row: object) -> Escalation:
    get = row.__getattribute__
    plan = cast(Mapping[str, object], get("plan"))
    return Escalation(
        subject=get("subject"),
        plan=Plan(
            policy=str(plan["policy"]),
            steps=_steps_in(plan["steps"]),
            repeat=cast(int, plan["repeat"]),
            last_resort=_targets_in(plan["last_resort"]),
        ),
        urgency=get("urgency"),
        state=EscalationState(get("state")),
        step=get("step"),
        round=get("round"),
        look_again_at=get("look_again_at"),
        rescued_round=get("rescued_round"),
        climb=get("climb"),
    )


def _steps_out(steps: tuple[Step, ...]) -> list[list[object]]:
    return [[[str(target) for target in step.page], step.wait.total_seconds()] for step in steps]


def _steps_in(stored: object) -> tuple[Step, ...]:
    rows = cast(list[tuple[list[str], float]], stored)
    return tuple(Step(_targets_in(page), timedelta(seconds=wait)) for page, wait in rows)


def _targets_in(stored: object) -> tuple[Target, ...]:
    return tuple(Target.parse(text) for text in cast(list[str], stored))


_TAKE = select(escalations).where(escalations.c.subject == bindparam("s")).with_for_update()
_COLUMNS = [column.name for column in escalations.columns]
_INSERT = upsert(escalations).values({name: bindparam(name) for name in _COLUMNS})
_NEW: dict[str, object] = {name: bindparam(name) for name in _COLUMNS if name != "subject"}
_SAVE = (
    update(escalations)
    .where(escalations.c.subject == bindparam("s"))
    .values({name: bindparam(name)
             for name in ("state", "step", "round", "look_again_at", "rescued_round")})
)  # fmt: skip
_BEGIN = _INSERT.on_conflict_do_update(
    index_elements=["subject"], set_={**_NEW, "climb": escalations.c.climb + 1}
)
