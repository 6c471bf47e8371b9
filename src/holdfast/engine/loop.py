"""Fire whatever is due. Knows no domain: duties.py says who answers which kind of timer."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta

import structlog
from sqlalchemy.exc import DBAPIError

from holdfast.kernel.actor import SYSTEM
from holdfast.kernel.tx import Tx
from holdfast.storage import duties, inbox
from holdfast.storage.database import Database, is_busy, savepoint
from holdfast.storage.duties import ERROR_CHARS_MAX, Timer
from holdfast.storage.inbox import Letter

TIMERS_PER_TURN = 200
LETTERS_PER_TURN = 200
SIGNALS_PER_TURN = 200
BUSY_WAIT = timedelta(milliseconds=50)
FAILURE_WAIT = timedelta(seconds=2)

log = structlog.get_logger("engine")


@dataclass(frozen=True, slots=True)
class TimerDuty:
    """`act` answers the timer; `rescue` is what is left when our own code failed three times;
    `look_ahead` reads at once what many of its kind will ask for one by one."""

    act: Callable[[Tx, str], None]
    rescue: Callable[[Tx, str], None] | None = None
    look_ahead: Callable[[Tx, Sequence[str]], None] | None = None


@dataclass(frozen=True, slots=True)
class InboxDuty:
    """`digest` turns letters into alerts; `rescue` makes sure that one we cannot digest pages."""

    digest: Callable[[Tx, list[Letter]], None]
    rescue: Callable[[Tx, Letter, str], None]


def turn(database: Database, timers: Mapping[str, TimerDuty], duty: InboxDuty) -> int:
    """Digests the oldest letters, then answers what is due, in one transaction; says how many.

    A letter's alert climbs its first step in the same commit. Where one of many fails, each is
    taken alone in a savepoint of its own: it undoes nothing of another (promises rule 7).
    """
    with database.begin(SYSTEM, patient=False) as tx:
        return _read_inbox(tx, duty) + _fire_timers(tx, timers)


def _read_inbox(tx: Tx, duty: InboxDuty) -> int:
    letters = _some(inbox.take_waiting(tx, LETTERS_PER_TURN))
    if letters and not _digest(tx, duty, letters):
        # One of them is poisoned: find it by taking each alone.
        for letter in letters:
            _digest(tx, duty, [letter])
    return len(letters)


def _some(letters: list[Letter]) -> list[Letter]:
    """The first of them, until they hold many signals: a turn must not keep others waiting."""
    count = 0
    for place, letter in enumerate(letters):
        count += len(letter.signals) if isinstance(letter.signals, list) else 1
        if count > SIGNALS_PER_TURN:
            return letters[: max(place, 1)]
    return letters


def _fire_timers(tx: Tx, timers: Mapping[str, TimerDuty]) -> int:
    due = duties.take_due_timers(tx, TIMERS_PER_TURN)

    def act() -> None:
        _look_ahead(tx, timers, due)
        for timer in due:
            duties.finish_timer(tx, timer)
        for timer in due:
            timers.get(timer.kind, UNKNOWN).act(tx, timer.key)

    if due and _failure_of(tx, act) is not None:
        # One of them is poisoned or busy: answer each in a savepoint of its own.
        for timer in due:
            _fire(tx, timer, timers.get(timer.kind, UNKNOWN))
    return len(due)


def _look_ahead(tx: Tx, timers: Mapping[str, TimerDuty], due: list[Timer]) -> None:
    keys: dict[str, list[str]] = {}
    for timer in due:
        keys.setdefault(timer.kind, []).append(timer.key)
    for kind, together in keys.items():
        look_ahead = timers.get(kind, UNKNOWN).look_ahead
        if look_ahead is not None and len(together) > 1:
            look_ahead(tx, together)


def _fire(tx: Tx, timer: Timer, duty: TimerDuty) -> None:
    def act() -> None:
        duties.finish_timer(tx, timer)
        duty.act(tx, timer.key)

    failed = _failure_of(tx, act)
    if failed is None:
        return
    if _is_busy(failed):
        # Somebody is answering this very thing: look again in a moment.
        duties.postpone_timer(tx, timer, tx.now + BUSY_WAIT)
        return
    log.error("timer.failed", kind=timer.kind, key=timer.key, failures=timer.failures + 1,
              exc_info=failed)  # fmt: skip
    rescue = duty.rescue
    if duties.fail_timer(tx, timer, repr(failed), tx.now + FAILURE_WAIT) and rescue is not None:
        _rescue(tx, lambda: rescue(tx, timer.key))


def _digest(tx: Tx, duty: InboxDuty, letters: list[Letter]) -> bool:
    """False where one of several letters is poisoned: nothing of the batch was done then."""

    def act() -> None:
        duty.digest(tx, letters)
        inbox.mark_done(tx, letters)

    failed = _failure_of(tx, act)
    if failed is None or _is_busy(failed):
        return True  # where somebody holds one of these alerts, the batch waits for the next look
    if len(letters) > 1:
        return False
    letter = letters[0]
    log.error("letter.failed", letter=letter.id, failures=letter.failures + 1, exc_info=failed)
    if inbox.mark_failed(tx, letter, repr(failed)[:ERROR_CHARS_MAX]):
        _rescue(tx, lambda: duty.rescue(tx, letter, repr(failed)))
    return True


def _rescue(tx: Tx, act: Callable[[], None]) -> None:
    """What is left where our own code failed; where even that fails, the row stays to be seen."""
    failed = _failure_of(tx, act)
    if failed is not None:
        log.error("rescue.failed", exc_info=failed)


def _failure_of(tx: Tx, act: Callable[[], None]) -> Exception | None:
    """Runs `act` in a savepoint of its own. A connection that broke fails everything: it raises."""
    try:
        with savepoint(tx):
            act()
    except Exception as error:
        if isinstance(error, DBAPIError) and error.connection_invalidated:
            raise
        return error
    return None


def _is_busy(error: Exception) -> bool:
    return isinstance(error, DBAPIError) and is_busy(error)


def _nobody_answers(tx: Tx, key: str) -> None:
    raise LookupError("this version of Holdfast knows no such kind of timer")


UNKNOWN = TimerDuty(_nobody_answers)
