"""What is old enough is let go: raw requests sooner, resolved alerts later, the timeline never."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

from holdfast.alerts import store
from holdfast.escalation import actions as escalation
from holdfast.kernel.tx import Tx
from holdfast.paging import actions as paging
from holdfast.storage import inbox

RETENTION = "retention"  # the kind of its timer
ROWS_PER_TURN_MAX = 500
EVERY = timedelta(hours=1)
AGAIN = timedelta(seconds=5)


@dataclass(frozen=True, slots=True)
class Limits:
    """How many days each kind is kept (settings inbox_days, alert_days)."""

    inbox_days: int
    alert_days: int


def run(tx: Tx, limits: Limits) -> None:
    """One turn of letting go; looks again soon while there is more. The answer to its timer."""
    letters = inbox.forget_before(tx, tx.now - timedelta(days=limits.inbox_days), ROWS_PER_TURN_MAX)
    old = store.resolved_before(tx, tx.now - timedelta(days=limits.alert_days), ROWS_PER_TURN_MAX)
    if old:
        paging.forget(tx, old)
        escalation.forget(tx, old)
        store.delete(tx, old)
    full = letters >= ROWS_PER_TURN_MAX or len(old) >= ROWS_PER_TURN_MAX
    tx.set_timer(RETENTION, RETENTION, tx.now + (AGAIN if full else EVERY))
