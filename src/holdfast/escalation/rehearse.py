"""Who would be rung, how and when, if nobody answered; and where the gap is. Writes nothing.

Climbs with the machine that production climbs with, at instants that are only thought of. Not
thought of are contact methods that fail on the day: then the next one comes sooner.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Protocol

from holdfast.escalation import machine, words
from holdfast.escalation.machine import Climbed
from holdfast.escalation.model import Escalation, Plan, Target
from holdfast.people.model import Method, User
from holdfast.sdk import Urgency

RINGS_MAX = 2_000


class Whom(Protocol):
    """Whom targets mean at an instant: escalation/queries.py, bound to a transaction."""

    def reachable(self, targets: Sequence[Target], at: datetime) -> list[str]: ...

    def why_nobody(self, targets: Sequence[Target], at: datetime) -> str: ...


@dataclass(frozen=True, slots=True)
class Company:
    """Who there is. `notifiers` are the kinds of contact method that can be used."""

    whom: Whom
    users: Mapping[str, User]
    admins: tuple[Target, ...]
    notifiers: Collection[str]


@dataclass(frozen=True, slots=True)
class Ring:
    """One use of one contact method. `step` counts from 0 and is None for the last resort."""

    at: datetime
    user: str
    method: Method
    step: int | None
    round: int
    because: str


@dataclass(frozen=True, slots=True)
class Problem:
    """Where the climb would fail somebody, in words; `gap` where nobody would be paged in time."""

    at: datetime
    step: int | None
    words: str
    gap: bool = False


@dataclass(frozen=True, slots=True)
class Rehearsed:
    """`over_at` is when the last step was waited for. `last_resort` is whom it means then."""

    rings: tuple[Ring, ...]
    problems: tuple[Problem, ...]
    last_resort: tuple[str, ...]
    over_at: datetime


def rehearse(plan: Plan, urgency: Urgency, begins: datetime, company: Company) -> Rehearsed:
    """The whole climb of a plan that begins at that instant. At most RINGS_MAX rings are listed."""
    climb = _Climb(company, Escalation("rehearsal", plan, urgency.value, look_again_at=begins))
    if not plan.steps:
        climb.problems.append(Problem(begins, None, words.NO_POLICY))
    over_at = begins
    at: datetime | None = begins
    while at is not None:
        over_at, at = at, climb.advance(at)
    rings = list(_rings(climb.asked, urgency, company.users))
    problems = [*climb.problems, *_weak_points(rings, urgency, company)]
    if len(rings) > RINGS_MAX:
        more = words.more(len(rings) - RINGS_MAX)
        problems.append(Problem(rings[RINGS_MAX].at, None, more))
    return Rehearsed(
        tuple(rings[:RINGS_MAX]), tuple(_once(problems)), tuple(climb.last_reached), over_at
    )


@dataclass(frozen=True, slots=True)
class _Asked:
    """One page to one person."""

    at: datetime
    user: str
    step: int | None
    round: int
    because: str


@dataclass(slots=True)
class _Climb:
    """One climb under way; `advance` follows escalation/actions.py, instant by instant."""

    company: Company
    escalation: Escalation
    asked: list[_Asked] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)
    last_reached: list[str] = field(default_factory=list)

    def advance(self, at: datetime) -> datetime | None:
        """Everything that is due at that instant; when to look again, or None at the end."""
        rescued = False
        for _ in range(machine.steps_left(self.escalation) + 1):
            move = machine.climb(self.escalation, at)
            if not isinstance(move, Climbed):
                if not rescued:
                    self._page_last_resort(at, words.NOBODY_ANSWERED)
                return None
            reached = self.company.whom.reachable(move.step.page, at)
            if reached:
                self._page_step(at, move, reached)
                return move.look_again
            rescued = self._skip(at, move, rescued=rescued)
        raise AssertionError("a climb has no more rungs than its plan")

    def _page_step(self, at: datetime, move: Climbed, reached: Sequence[str]) -> None:
        self.escalation = move.next
        targets = move.step.page
        because = words.because(move.next.plan.policy, move.number, move.next.round, targets)
        for name in reached:
            self.asked.append(_Asked(at, name, move.number, move.next.round, because))
        for target in targets:
            if not self.company.whom.reachable([target], at):
                why = self.company.whom.why_nobody([target], at)
                said = words.target_empty(move.number, why)
                self.problems.append(Problem(at, move.number, said))

    def _skip(self, at: datetime, move: Climbed, *, rescued: bool) -> bool:
        why = self.company.whom.why_nobody(move.step.page, at)
        gap = Problem(at, move.number, words.gap(move.number, why), gap=True)
        self.problems.append(gap)
        self.escalation = machine.skip(move, at)
        if not rescued and self.escalation.rescued_round < self.escalation.round:
            self._page_last_resort(at, words.step_empty(move.number, why))
            rescued = True
        if rescued:
            self.escalation = replace(self.escalation, rescued_round=self.escalation.round)
        return rescued

    def _page_last_resort(self, at: datetime, why: str) -> None:
        targets, whom = self.escalation.plan.last_resort, self.company.whom
        reached = whom.reachable(targets, at)
        if not reached:
            reached = whom.reachable(self.company.admins, at)
            instead = words.ADMINS_INSTEAD if reached else words.NOBODY_AT_ALL
            nobody = whom.why_nobody(targets, at)
            said = words.last_resort_empty(targets, nobody, instead)
            self.problems.append(Problem(at, None, said, gap=not reached))
        self.last_reached = reached
        for name in reached:
            because = words.last_resort(why)
            self.asked.append(_Asked(at, name, None, self.escalation.round, because))


def _rings(asked: Sequence[_Asked], urgency: Urgency, users: Mapping[str, User]) -> Iterator[Ring]:
    """Each page's ladder, as far as no newer page of the same person takes its place."""
    found = []
    replaced_at: dict[str, datetime] = {}
    for order, page in reversed(list(enumerate(asked))):
        user, until = users[page.user], replaced_at.get(page.user)
        for place, rung in enumerate(user.ladder(urgency)):
            at, method = page.at + rung.after, user.method(rung.method)
            if method is not None and (until is None or at < until):
                ring = Ring(at, page.user, method, page.step, page.round, page.because)
                found.append(((at, order, place), ring))
        replaced_at[page.user] = page.at
    return (ring for _, ring in sorted(found, key=lambda pair: pair[0]))


def _weak_points(rings: Sequence[Ring], urgency: Urgency, company: Company) -> Iterator[Problem]:
    for ring in rings:
        user = company.users[ring.user]
        trouble = _trouble(user.name, ring.method, company.notifiers)
        if trouble is not None:
            yield Problem(ring.at, ring.step, trouble)
        first = user.ladder(urgency)[0].after
        if first:
            yield Problem(ring.at, ring.step, words.reached_late(user.name, first))


def _trouble(name: str, method: Method, notifiers: Collection[str]) -> str | None:
    if method.kind not in notifiers:
        return words.no_notifier(name, method.id, method.kind)
    if method.trouble is not None:
        return words.in_trouble(name, method.id, method.trouble)
    return words.never_verified(name, method.id) if method.verified_at is None else None


def _once(problems: Sequence[Problem]) -> Iterator[Problem]:
    seen = set()
    for problem in sorted(problems, key=lambda problem: problem.at):
        if problem.words not in seen:
            seen.add(problem.words)
            yield problem
