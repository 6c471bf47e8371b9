"""What people do with pages: answer them, late, twice or the wrong one; decline; or sleep on."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from zoneinfo import ZoneInfo

from holdfast.alerts import actions as alerts
from holdfast.escalation.model import Target
from holdfast.kernel.actor import Actor, ActorKind, Role
from holdfast.kernel.tx import Tx
from holdfast.paging import actions as paging
from holdfast.paging.model import PageAnswer
from holdfast.sdk import Severity
from holdfast.simulation.stage import Stage, about, between

SECOND = timedelta(seconds=1)
MINUTE = timedelta(minutes=1)
HOUR = timedelta(hours=1)
TEMPERS = ("quick", "slow", "asleep", "declines", "twice", "old", "by hand", "absent")
NIGHT = range(7)  # before 07:00 on their own wall, some do not wake up


class People:
    """Everybody who is paged, each with a temper."""

    def __init__(self, stage: Stage) -> None:
        self._stage = stage
        self._tempers = {name: stage.chance.pick(TEMPERS) for name in stage.company.people}
        self._seen: dict[str, list[str]] = {name: [] for name in stage.company.people}
        self._notice = {
            "quick": self._quick, "slow": self._slow, "asleep": self._asleep,
            "declines": self._declines, "twice": self._twice, "old": self._old,
            "by hand": self._by_hand, "absent": self._absent,
        }  # fmt: skip

    def start(self) -> None:
        self._stage.later(about(self._stage.chance, 3 * HOUR), self._look_around)

    def notice(self, name: str, page: str) -> None:
        """A message about that page has come up on that person's phone."""
        self._seen[name].append(page)
        self._notice[self._tempers[name]](name, page)

    def answer_now(self, name: str, page: str) -> None:
        """The worst moment there is."""
        self._answer(name, page, PageAnswer.ACKNOWLEDGE)

    def _quick(self, name: str, page: str) -> None:
        self._answer_in(between(self._stage.chance, SECOND, 2 * MINUTE), name, page)

    def _slow(self, name: str, page: str) -> None:
        if self._stage.chance.below(3):
            self._answer_in(between(self._stage.chance, 4 * MINUTE, 90 * MINUTE), name, page)

    def _asleep(self, name: str, page: str) -> None:
        zone = ZoneInfo(self._stage.facts.directory.users[name].time_zone)
        if self._stage.now().astimezone(zone).hour not in NIGHT:
            self._slow(name, page)

    def _declines(self, name: str, page: str) -> None:
        chance = self._stage.chance
        answer = chance.pick((PageAnswer.DECLINE, PageAnswer.ESCALATE, PageAnswer.ACKNOWLEDGE))
        self._answer_in(between(chance, SECOND, 5 * MINUTE), name, page, answer)

    def _twice(self, name: str, page: str) -> None:
        delay = between(self._stage.chance, SECOND, 2 * MINUTE)
        self._answer_in(delay, name, page)
        self._answer_in(delay + self._stage.chance.below(3) * SECOND, name, page)

    def _old(self, name: str, page: str) -> None:
        self._quick(name, self._stage.chance.pick(self._seen[name]))

    def _by_hand(self, name: str, page: str) -> None:
        alert = self._stage.facts.pages[page].about
        delay = between(self._stage.chance, 10 * SECOND, 20 * MINUTE)
        self._stage.later(delay, lambda: self._do_something(name, alert))

    def _absent(self, name: str, page: str) -> None:
        """The phone rings in an empty room."""

    def _answer_in(
        self, delay: timedelta, name: str, page: str, answer: PageAnswer = PageAnswer.ACKNOWLEDGE
    ) -> None:
        self._stage.later(delay, lambda: self._answer(name, page, answer))

    def _answer(self, name: str, page: str, answer: PageAnswer) -> None:
        self._stage.act(self._as(name), lambda tx: paging.answer(tx, page, answer))

    def _look_around(self) -> None:
        """Somebody looks at the list, and finds something to do."""
        stage = self._stage
        stage.later(about(stage.chance, 3 * HOUR), self._look_around)
        name = stage.company.a_person()
        if stage.chance.below(8) == 0:
            service = stage.chance.pick(stage.company.services)
            stage.act(self._as(name), lambda tx: alerts.open_by_hand(
                tx, service, "It smells of smoke", Severity.CRITICAL))  # fmt: skip
        elif stage.facts.open_alerts:
            self._do_something(name, stage.chance.pick(list(stage.facts.open_alerts)))

    def _do_something(self, name: str, alert: str) -> None:
        verbs: tuple[Callable[[Tx], object], ...] = (
            lambda tx: alerts.acknowledge(tx, alert),
            lambda tx: alerts.acknowledge(tx, alert),
            lambda tx: alerts.resolve(tx, alert),
            lambda tx: alerts.snooze(tx, alert, MINUTE * snoozed),
            lambda tx: alerts.snooze(tx, alert, MINUTE * snoozed),
            lambda tx: alerts.release(tx, alert),
            lambda tx: alerts.escalate(tx, alert),
            lambda tx: alerts.unacknowledge(tx, alert),
            lambda tx: alerts.reassign(tx, alert, target),
            lambda tx: alerts.merge(tx, alert, other),
            lambda tx: alerts.merge(tx, alert, other),
            lambda tx: alerts.merge(tx, other, alert),
        )
        stage = self._stage
        snoozed = 1 + stage.chance.below(180)
        target: Target = stage.company.a_target()
        other = stage.chance.pick([*stage.facts.open_alerts, alert])
        stage.act(self._as(name), stage.chance.pick(verbs))

    def _as(self, name: str) -> Actor:
        user = self._stage.facts.directory.users.get(name)
        return Actor(ActorKind.USER, name, Role.RESPONDER if user is None else user.role, name)
