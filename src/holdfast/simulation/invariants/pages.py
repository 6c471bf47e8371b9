"""I6, I7 and I9: pages go to whom the step named, rung by rung, until they end."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import timedelta

from holdfast.people.model import User
from holdfast.sdk import Rejected, Urgency
from holdfast.simulation.facts import Broken, Facts, PageFact
from holdfast.simulation.invariants import climbs
from holdfast.simulation.invariants.climbs import Moves
from holdfast.timeline.event import Recorded

TRIES_PROMISED = 60  # before a delivery may be given up (I9)


@dataclass(slots=True)
class Turns:
    """What one transaction does to pages."""

    opened: dict[str, list[str]] = field(default_factory=dict)
    owed: dict[str, int] = field(default_factory=dict)  # rungs to be used because one failed


def see(facts: Facts, turns: Turns, moves: Moves, event: Recorded) -> None:
    """Follows one event about a page. Raises Broken."""
    if event.kind == "page.opened":
        _opened(facts, turns, moves, event)
        return
    follow = _FOLLOW.get(event.kind)
    page = facts.pages.get(event.subject)
    if follow is not None and page is not None:
        follow(facts, turns, page, event)


def settle(turns: Turns, moves: Moves) -> None:
    """Exactly those were paged whom the steps named, and a dead door cost no wait."""
    for alert in {**moves.asked, **turns.opened}:
        # Whom a step and the last resort name at one instant gets one page (promises R27).
        named = list(dict.fromkeys(moves.asked.get(alert, [])))
        opened = turns.opened.get(alert, [])
        if named != opened:
            raise Broken("I6", f"{alert}: the steps name {named}, but {opened} are paged")
    for page, count in turns.owed.items():
        if count > 0:
            raise Broken("P10", f"{page}: a contact method failed, and the next was not used")


def _opened(facts: Facts, turns: Turns, moves: Moves, event: Recorded) -> None:
    about, name = str(event.data["about"]), str(event.data["user"])
    if about not in facts.alerts:
        return  # a test page
    user = facts.directory.users[name]
    rungs = _ladder(user, Urgency(str(event.data["urgency"])))
    if event.data["methods"] != [method for _, method in rungs]:
        raise Broken("I6", f"{event.subject} uses {event.data['methods']}, not {rungs}")
    page = PageFact(event.subject, about, name, event.at, rungs, moves.place.get(about))
    facts.pages[page.id] = facts.pages_about(about)[page.id] = page
    turns.opened.setdefault(about, []).append(name)


def _ladder(user: User, urgency: Urgency) -> tuple[tuple[timedelta, str], ...]:
    known = [method.id for method in user.methods]
    rungs = [(r.after, r.method) for r in user.rules.get(urgency, ()) if r.method in known]
    if rungs:
        return tuple(sorted(rungs, key=lambda rung: rung[0]))
    every = tuple((timedelta(), method) for method in known)
    return every if urgency is Urgency.HIGH else every[:1]


def _rung(facts: Facts, turns: Turns, page: PageFact, event: Recorded) -> None:
    if page.ended_at is not None or page.used >= len(page.rungs):
        raise Broken("I4", f"{page.id} uses a contact method after its end")
    after, method = page.rungs[page.used]
    if event.data["method"] != method:
        raise Broken("I7", f"{page.id} uses {event.data['method']}; {method} was next")
    if turns.owed.get(page.id, 0) > 0:
        turns.owed[page.id] -= 1
    elif event.at < page.opened_at + after:
        raise Broken("I7", f"{page.id} uses {method} at {event.at}, before {after} have passed")
    page.used += 1


def _failed(facts: Facts, turns: Turns, page: PageFact, event: Recorded) -> None:
    if not event.data["again"]:
        _check_budget(facts, page, str(event.data["method"]))
        facts.given_up += 1
    if page.ended_at is None and page.used + turns.owed.get(page.id, 0) < len(page.rungs):
        turns.owed[page.id] = turns.owed.get(page.id, 0) + 1


def _check_budget(facts: Facts, page: PageFact, method: str) -> None:
    for told in facts.reporting:
        if (told.delivery.key, told.delivery.way) != (page.id, method):
            continue
        if isinstance(told.outcome, Rejected) or told.delivery.tries >= TRIES_PROMISED:
            return
    raise Broken("I9", f"{page.id} gives {method} up before {TRIES_PROMISED} tries")


def _unreachable(facts: Facts, turns: Turns, page: PageFact, event: Recorded) -> None:
    page.unreachable = True
    together = [
        other
        for other in facts.pages_about(page.about).values()
        if other.place == page.place and not other.unreachable
    ]
    if not together:
        climbs.hurry_past(facts, page, event.at)


def _answered(facts: Facts, turns: Turns, page: PageFact, event: Recorded) -> None:
    _end(facts, turns, page, event)
    if event.data["answer"] in ("decline", "escalate") and facts.alerts[page.about].wanted:
        climbs.hurry_past(facts, page, event.at)


def _end(facts: Facts, turns: Turns, page: PageFact, event: Recorded) -> None:
    if page.ended_at is not None:
        raise Broken("I11", f"{page.id} ends twice")
    page.ended_at = event.at
    facts.pages_about(page.about).pop(page.id, None)


_FOLLOW: Mapping[str, Callable[[Facts, Turns, PageFact, Recorded], None]] = {
    "page.rung_reached": _rung,
    "page.failed": _failed,
    "page.unreachable": _unreachable,
    "page.answered": _answered,
    "page.closed": _end,
}
