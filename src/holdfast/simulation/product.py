"""The production code, composed as main.py composes it, with carriers that obey the world."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import datetime

from holdfast import duties
from holdfast.alerts.actions import heartbeat, retention
from holdfast.catalog import queries as catalog
from holdfast.engine.loop import InboxDuty, TimerDuty
from holdfast.engine.sender import Carrier, DeliveryDuty
from holdfast.engine.supervisor import Chore, Work
from holdfast.escalation import queries as escalation
from holdfast.escalation.actions import ESCALATION
from holdfast.integrations import email, ntfy, webhook
from holdfast.kernel.tx import Tx
from holdfast.people import queries as people
from holdfast.schedules import queries as schedules
from holdfast.sdk import Outcome
from holdfast.simulation.carrier import Carriers
from holdfast.simulation.facts import Facts, Report
from holdfast.simulation.resolver import Directory
from holdfast.storage.duties import Delivery, find_delivery
from holdfast.storage.inbox import Letter

KEEP = retention.Limits(inbox_days=400, alert_days=400)
SECRET = "whsec_" + "c2ltdWxhdGVkIHNlY3JldCBvZiBhIHdvcmxk"


class Poisoned(Exception):
    """A bug in our own code, planted on one row."""


def directory_of(tx: Tx) -> Directory:
    """The whole configuration as this transaction sees it."""
    return Directory(
        users=people.users(tx),
        teams=people.teams(tx),
        schedules=schedules.schedules(tx),
        policies=escalation.policies(tx),
        services=catalog.services(tx),
    )


def note_addresses(facts: Facts, now: datetime) -> None:
    """Remembers since when each contact method leads where."""
    for user in facts.directory.users.values():
        for method in user.methods:
            known = facts.addresses.setdefault((user.id, method.id), [])
            if not known or known[-1][1] != method.address:
                known.append((now, method.address))


def carrier_of(carriers: Carriers) -> Carrier:
    """The real plug-ins, and the simulated way out."""
    return Carrier(
        {
            "webhook": (webhook.notifier, webhook.Settings(secret=SECRET)),
            "ntfy": (ntfy.notifier, ntfy.Settings()),
            "email": (email.notifier, email.Settings(host="smtp.example", sender="h@smtp.example")),
        },
        carriers,
    )


def work_of(facts: Facts, fired: Callable[[], None]) -> Work:
    """What the engine does, with a planted bug wherever `facts.poisoned` says so."""
    links = duties.Links(
        base_url=lambda: "https://holdfast.example",
        answer=lambda page: f"https://holdfast.example/p/{page.id}",
    )
    return Work(
        timers=_poisonable(duties.timers(KEEP), facts, fired),
        inbox=_watched(duties.inbox_duty(), facts),
        deliveries=_heard(duties.deliveries(links), facts),
        chores=(Chore("seal", 1.0, wanted=duties.something_to_seal, act=duties.seal),),
        after_outage=heartbeat.forgive_our_outage,
    )


def _poisonable(
    timers: Mapping[str, TimerDuty], facts: Facts, fired: Callable[[], None]
) -> Mapping[str, TimerDuty]:
    def poisonable(kind: str, duty: TimerDuty) -> TimerDuty:
        def act(tx: Tx, key: str) -> None:
            fired()
            duty.act(tx, key)
            if kind == ESCALATION and key in facts.poisoned:
                raise Poisoned(key)

        return TimerDuty(act, duty.rescue)

    return {kind: poisonable(kind, duty) for kind, duty in timers.items()}


def _heard(kinds: Mapping[str, DeliveryDuty], facts: Facts) -> Mapping[str, DeliveryDuty]:
    def heard(duty: DeliveryDuty) -> DeliveryDuty:
        def report(tx: Tx, delivery: Delivery, outcome: Outcome) -> None:
            row = find_delivery(tx, delivery.id)
            stale = row is None or row.token != delivery.token
            facts.reporting.append(Report(delivery, outcome, stale))
            duty.report(tx, delivery, outcome)
            if stale and find_delivery(tx, delivery.id) != row:
                facts.overwritten = delivery.id

        return replace(duty, report=report)

    return {kind: heard(duty) for kind, duty in kinds.items()}


def _watched(duty: InboxDuty, facts: Facts) -> InboxDuty:
    def digest(tx: Tx, letters: list[Letter]) -> None:
        duty.digest(tx, letters)
        if any(letter.id in facts.poisoned for letter in letters):
            raise Poisoned(letters[0].id)
        facts.reading += [facts.letters[letter.id] for letter in letters]

    def rescue(tx: Tx, letter: Letter, error: str) -> None:
        duty.rescue(tx, letter, error)
        facts.rescued.append(facts.letters[letter.id])

    return InboxDuty(digest, rescue)
