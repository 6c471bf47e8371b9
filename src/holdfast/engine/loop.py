"""Fire whatever is due. Knows no domain: duties.py says who answers which kind of timer."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import timedelta

import structlog
from sqlalchemy.exc import OperationalError

from holdfast.kernel.actor import SYSTEM
from holdfast.kernel.tx import Tx
from holdfast.storage import duties, inbox
from holdfast.storage.database import Database, is_busy, savepoint
from holdfast.storage.duties import Timer
from holdfast.storage.inbox import Letter

TIMERS_PER_TURN = 100
LETTERS_PER_TURN = 100
BUSY_WAIT = timedelta(milliseconds=50)
FAILURE_WAIT = timedelta(seconds=2)

log = structlog.get_logger("engine")


@dataclass(frozen=True, slots=True)
class TimerDuty:
    """`act` answers the timer; `rescue` is what is left when our own code failed three times."""

    act: Callable[[Tx, str], None]
    rescue: Callable[[Tx, str], None] | None = None


@dataclass(frozen=True, slots=True)
class InboxDuty:
    """`digest` turns letters into alerts; `rescue` makes sure that one we cannot digest pages."""

    digest: Callable[[Tx, list[Letter]], None]
    rescue: Callable[[Tx, Letter, str], None]


def turn(database: Database, timers: Mapping[str, TimerDuty], duty: InboxDuty) -> int:
    """Digests the oldest letters, then answers what is due, in one transaction; says how many.

    A letter's alert climbs its first step in the same commit. Each timer has a savepoint of its
    own: what fails in one undoes nothing of another (promises rule 7).
    """
    with database.begin(SYSTEM, patient=False) as tx:
        return _read_inbox(tx, duty) + _fire_timers(tx, timers)


def _read_inbox(tx: Tx, duty: InboxDuty) -> int:
    letters = inbox.take_waiting(tx, LETTERS_PER_TURN)
    if letters and not _digest(tx, duty, letters):
        # One of them is poisoned: find it by taking each alone.
        for letter in letters:
            _digest(tx, duty, [letter])
    return len(letters)


def _fire_timers(tx: Tx, timers: Mapping[str, TimerDuty]) -> int:
    due = duties.take_due_timers(tx, TIMERS_PER_TURN)
    for timer in due:
        _fire(tx, timer, timers[timer.kind])
    return len(due)


def _fire(tx: Tx, timer: Timer, duty: TimerDuty) -> None:
    try:
        with savepoint(tx):
            duties.finish_timer(tx, timer)
            duty.act(tx, timer.key)
    except OperationalError as error:
        if not is_busy(error):
            raise
        # Somebody is answering this very thing: look again in a moment.
        duties.postpone_timer(tx, timer, tx.now + BUSY_WAIT)
    except Exception as error:
        log.exception("timer.failed", kind=timer.kind, key=timer.key, failures=timer.failures + 1)
        parked = duties.fail_timer(tx, timer, repr(error), tx.now + FAILURE_WAIT)
        if parked and duty.rescue is not None:
            with savepoint(tx):
                duty.rescue(tx, timer.key)


def _digest(tx: Tx, duty: InboxDuty, letters: list[Letter]) -> bool:
    try:
        with savepoint(tx):
            duty.digest(tx, letters)
            inbox.mark_done(tx, letters)
    except OperationalError as error:
        if not is_busy(error):
            raise
        return True  # somebody holds one of these alerts: the whole batch waits for the next look
    except Exception as error:
        if len(letters) > 1:
            return False
        _set_aside(tx, duty, letters[0], repr(error))
    return True


def _set_aside(tx: Tx, duty: InboxDuty, letter: Letter, error: str) -> None:
    log.exception("letter.failed", letter=letter.id, failures=letter.failures + 1)
    if inbox.mark_failed(tx, letter, error[:500]):
        with savepoint(tx):
            duty.rescue(tx, letter, error)
