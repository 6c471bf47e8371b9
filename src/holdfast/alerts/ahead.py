"""What happens next about an alert if nobody does anything, and when."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from holdfast.alerts import words
from holdfast.alerts.model import AlertStatus
from holdfast.alerts.why import Entry, Facts, Stage, State
from holdfast.escalation import machine
from holdfast.escalation.machine import Climbed
from holdfast.escalation.model import EscalationState
from holdfast.paging.model import Page, PageState


@dataclass(frozen=True, slots=True)
class Now:
    """How it stands, in one sentence, and what comes by itself, soonest first."""

    what: str
    ahead: tuple[Entry, ...]


def now_of(facts: Facts) -> Now:
    """What an alert waits for, by the frozen plan and the open pages: as the engine reads them."""
    alert = facts.alert
    if not alert.open:
        return Now(words.OVER, ())
    if alert.hold is not None:
        until = alert.hold.until
        ends = Entry(until, Stage.HOLD, words.hold_ends(), alert.hold.reason, state=State.PENDING)
        return Now(words.held_now(alert.hold.reason), () if until is None else (ends,))
    if alert.status is AlertStatus.ACKNOWLEDGED:
        return Now(words.has_it(_whoever(facts)), ())
    coming = [*_next_step(facts), *_next_rungs(facts), *_on_the_way(facts)]
    coming.sort(key=lambda entry: (entry.at is not None, entry.at or alert.triggered_at))
    return Now(_waiting_for(facts), tuple(coming))


def _whoever(facts: Facts) -> str:
    by = facts.alert.acknowledged_by or ""
    return words.who(by, facts.names) if ":" in by else words.person(by, facts.names)


def _waiting_for(facts: Facts) -> str:
    asked = list(dict.fromkeys(page.user for page in _open_pages(facts)))
    if asked:
        return words.asked_now(words.people(asked, facts.names))
    climb = facts.climb
    if climb is None or climb.state is EscalationState.STOPPED:
        return words.NOBODY_PAGED
    return words.ALL_TRIED if climb.state is EscalationState.EXHAUSTED else words.WAITING


def _next_step(facts: Facts) -> Iterator[Entry]:
    climb = facts.climb
    if climb is None or climb.state is not EscalationState.CLIMBING or climb.look_again_at is None:
        return
    at = climb.look_again_at
    move = machine.climb(climb, at)
    if isinstance(move, Climbed):
        targets = ", ".join(str(target) for target in move.step.page)
        said, stage = words.step_next(move.number, targets), Stage.STEP
    else:
        targets = ", ".join(str(target) for target in climb.plan.last_resort)
        said, stage = words.last_resort_next(targets), Stage.LAST_RESORT
    why = words.SILENT if climb.step or climb.round else words.AT_ONCE
    yield Entry(at, stage, said, why, state=State.PENDING)


def _next_rungs(facts: Facts) -> Iterator[Entry]:
    for page in _open_pages(facts):
        for rung in page.rungs[page.rung :]:
            said = words.rung_next(words.person(page.user, facts.names), rung.method)
            at, why = page.opened_at + rung.after, words.rung_after(rung.after)
            yield Entry(at, Stage.RUNG, said, why, state=State.PENDING, depth=1)


def _on_the_way(facts: Facts) -> Iterator[Entry]:
    for each in facts.deliveries:
        if each.state in ("queued", "leased"):
            said = words.tried(each.method, each.tries)
            why = each.outcome or None
            yield Entry(each.due, Stage.DELIVERY, said, why, state=State.PENDING, depth=2)


def _open_pages(facts: Facts) -> list[Page]:
    return [page for page in facts.pages if page.state is PageState.OPEN]
