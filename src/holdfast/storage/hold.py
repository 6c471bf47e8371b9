"""An instance on hold: it takes alerts in and shows what it would page, but sends nothing."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Column, Table, Text, bindparam, delete, select
from sqlalchemy.dialects.postgresql import insert as upsert

from holdfast.kernel.tx import Tx
from holdfast.storage.types import METADATA, Instant, Name

instance_states = Table(
    "instance_states",
    METADATA,
    Column("name", Name, primary_key=True),
    Column("since", Instant, nullable=False),
    Column("value", Text, nullable=False),
)
_HOLD = "hold"
_PULSE = "pulse"
_ADDRESS = "base_url"


@dataclass(frozen=True, slots=True)
class InstanceHold:
    """Since when, and why."""

    since: datetime
    why: str


def hold_instance(tx: Tx, why: str) -> None:
    """From now on nothing is climbed or sent, until a person releases it."""
    _put(tx, _HOLD, why)


def release_instance(tx: Tx) -> None:
    """A person has looked: paging goes on from where it stands."""
    tx.execute(delete(instance_states).where(instance_states.c.name == _HOLD))
    tx.wake()


def instance_hold(tx: Tx) -> InstanceHold | None:
    row = tx.execute(_FIND, {"n": _HOLD}).one_or_none()
    return None if row is None else InstanceHold(row.since, row.value)


def beat(tx: Tx) -> None:
    """An engine is alive at this instant."""
    _put(tx, _PULSE, "")


def last_beat(tx: Tx) -> datetime | None:
    """When an engine was last alive: the measure of our own outages."""
    row = tx.execute(_FIND, {"n": _PULSE}).one_or_none()
    return None if row is None else row.since


def outside_address(tx: Tx, given: str | None) -> str | None:
    """The address that links are made from: what one node was told, all nodes use."""
    if given:
        _put(tx, _ADDRESS, given.rstrip("/"))
        return given.rstrip("/")
    row = tx.execute(_FIND, {"n": _ADDRESS}).one_or_none()
    return None if row is None else str(row.value)


def _put(tx: Tx, name: str, value: str) -> None:
    tx.execute(
        upsert(instance_states)
        .values(name=name, since=tx.now, value=value)
        .on_conflict_do_update(index_elements=["name"], set_={"since": tx.now, "value": value})
    )


_FIND = select(instance_states).where(instance_states.c.name == bindparam("n"))
