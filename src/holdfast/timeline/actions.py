"""Remember what happens, and seal it."""

from __future__ import annotations

from collections.abc import Sequence

from holdfast.kernel.tx import Tx
from holdfast.storage import hold
from holdfast.timeline import chain, store
from holdfast.timeline.event import Event, Recorded, event_data
from holdfast.timeline.model import INSTANCE, InstanceReleased

SEAL_BATCH_MAX = 2000


def remember(tx: Tx, event: Event) -> None:
    """Puts the event on the timeline, with the transaction's actor and instant."""
    tx.shared.unwritten.append(
        Recorded(
            id=tx.chance.ordered_id("ev"),
            at=tx.now,
            kind=event.kind,
            subject=event.subject,
            actor=str(tx.actor),
            data=event_data(event),
        )
    )


def write(tx: Tx, events: Sequence[object]) -> None:
    """Writes what was remembered, in one statement."""
    store.append(tx, [event for event in events if isinstance(event, Recorded)])


def release_instance(tx: Tx) -> None:
    """A person has looked after a restore: paging goes on. Repeated, nothing changes."""
    held = hold.instance_hold(tx)
    if held is not None:
        hold.release_instance(tx)
        tx.record(InstanceReleased(INSTANCE, held.why))


def seal(tx: Tx) -> int:
    """Chains what is not sealed yet, oldest first; returns how many. Zero while another seals."""
    tx.write_events()
    head = store.take_head(tx)
    if head is None:
        return 0
    position, previous = head
    rows = []
    for event in store.unsealed(tx, SEAL_BATCH_MAX):
        position += 1
        digest = chain.digest(event)
        previous = chain.link(previous, position, digest)
        rows.append((position, event.id, digest, previous))
    if rows:
        store.add_seals(tx, rows, (position, previous))
    return len(rows)
