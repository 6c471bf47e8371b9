"""A person's ways, rules and shifts as lines of a screen."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from typing import Literal

from holdfast.kernel.tx import Tx
from holdfast.paging import queries as pages
from holdfast.paging.model import Page, PageKind, PageState
from holdfast.people.model import Method, User
from holdfast.schedules import queries as schedules
from holdfast.sdk import Urgency
from holdfast.web.layout.views import Link
from holdfast.web.layout.words import length
from holdfast.web.masking import masked
from holdfast.web.people import words
from holdfast.web.people.kinds import method_title
from holdfast.web.people.views import ComingShift, Ladder, MethodLine, RungLine
from holdfast.web.program import Program
from holdfast.web.schedules.turns import turns_of

SHIFTS_WITHIN = timedelta(days=30)
SHIFTS_SHOWN_MAX = 12
TESTS_LOOKED_AT_MAX = 50


def method_lines(tx: Tx, program: Program, user: User, *, in_full: bool) -> tuple[MethodLine, ...]:
    """Every way of a person; the address in full only to whom it belongs, or who may change it."""
    tests = _newest_tests(tx, user)
    return tuple(
        _method_line(program, method, tests.get(method.id), in_full=in_full)
        for method in user.methods
    )


def ladders_of(program: Program, user: User) -> Iterator[Ladder]:
    """How the person is reached at each urgency, in words."""
    titles = {method.id: method_title(program, method.kind) for method in user.methods}
    for urgency in Urgency:
        rungs = tuple(
            RungLine(_after(rung.after), titles.get(rung.method, rung.method))
            for rung in user.ladder(urgency)
        )
        yield Ladder(urgency.value, rungs, by_default=not user.rules.get(urgency))


def coming_shifts(tx: Tx, user: User) -> tuple[ComingShift, ...]:
    """The person's turns of the next 30 days in every schedule, soonest first."""
    found = [
        ComingShift(
            schedule=Link(schedule.name, f"/schedules/{schedule.id}"),
            start=turn.start,
            end=turn.end,
            now=turn.start <= tx.now,
        )
        for schedule in schedules.schedules(tx).values()
        for turn in turns_of(schedule, user.id, tx.now, SHIFTS_WITHIN)
    ]
    return tuple(sorted(found, key=lambda shift: shift.start)[:SHIFTS_SHOWN_MAX])


def warnings_of(user: User) -> Iterator[str]:
    """What would cost this person a page."""
    if not user.methods:
        yield words.WARN_NO_METHOD
    elif not any(method.verified_at for method in user.methods):
        yield words.WARN_NOTHING_TESTED
    elif len(user.methods) == 1:
        yield words.WARN_ONE_METHOD


def _newest_tests(tx: Tx, user: User) -> dict[str, Page]:
    """The newest test page of each way."""
    found: dict[str, Page] = {}
    for page in pages.latest(tx, user=user.id, limit=TESTS_LOOKED_AT_MAX):
        if page.kind is PageKind.TEST and page.rungs:
            found.setdefault(page.rungs[0].method, page)
    return found


def _method_line(
    program: Program, method: Method, test: Page | None, *, in_full: bool
) -> MethodLine:
    return MethodLine(
        id=method.id,
        kind_title=method_title(program, method.kind),
        icon=words.METHOD_ICONS.get(method.kind, words.METHOD_ICON),
        address=method.address if in_full else masked(method.address),
        state=_state(method, test),
        verified_at=method.verified_at,
        tested_at=None if test is None else test.opened_at,
        # The other side's words may hold the address.
        trouble=method.trouble if in_full else None,
    )


def _state(
    method: Method, test: Page | None
) -> Literal["verified", "untested", "waiting", "failed"]:
    if method.trouble is not None:
        return "failed"
    if test is not None and test.state is PageState.OPEN:
        return "waiting"
    return "untested" if method.verified_at is None else "verified"


def _after(wait: timedelta) -> str:
    return words.paged_after(length(wait)) if wait else words.AT_ONCE
