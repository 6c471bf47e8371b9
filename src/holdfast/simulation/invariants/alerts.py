"""I2, I4 and I11: alerts move as their verbs say, and whoever is wanted is being looked for."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime

from holdfast.simulation.facts import AlertFact, Broken, Facts
from holdfast.simulation.invariants.signals import register
from holdfast.timeline.event import Recorded


def see(facts: Facts, event: Recorded) -> None:
    """Follows one event about an alert. Raises Broken where a status went back."""
    if event.kind == "alert.triggered":
        register(facts, event, event.at)
        return
    alert = facts.alerts.get(event.subject)
    follow = _FOLLOW.get(event.kind)
    if alert is None or follow is None:
        return
    if alert.id not in facts.open_alerts:
        raise Broken("I11", f"{event.kind} about {alert.id}, which is resolved")
    follow(facts, alert, event)


def settle(facts: Facts, touched: set[str], at: datetime) -> None:
    """After a transaction: who is wanted is climbed for, who is not is left in peace."""
    for name in sorted(touched):
        alert = facts.alerts[name]
        climb = facts.climbs.get(name)
        if alert.wanted:
            alert.quiet_since = None
            if climb is None or climb.state == "stopped":
                raise Broken("I2", f"{name} is {alert.status}, and nobody will ever be paged")
            if climb.skipping:
                raise Broken("I7", f"{name} waits at a step that reaches nobody (R41)")
            continue
        alert.quiet_since = alert.quiet_since or at
        if climb is not None and climb.state != "stopped":
            raise Broken("I4", f"{name} is {_how(alert)}, but its climb is {climb.state}")
        if pages := facts.pages_about(name):
            page = next(iter(pages.values()))
            raise Broken("I4", f"{name} is {_how(alert)}, but {page.user} is asked by {page.id}")


def check_holds(facts: Facts, now: datetime) -> None:
    """A hold ends when it said, and a merged alert is not held for a lead that is over."""
    for alert in facts.open_alerts.values():
        if not alert.held:
            continue
        until = alert.held_until
        if until is not None and facts.health.late(until, now).total_seconds() > 0:
            raise Broken("I2", f"{alert.id} was held until {until}, and still is at {now}")
        if alert.lead is not None and alert.lead not in facts.open_alerts:
            raise Broken("I2", f"{alert.id} is held for {alert.lead}, which is over")


def check_first_attempts(facts: Facts, now: datetime) -> None:
    """I3: somebody was called within the bound, however the call went."""
    for alert in facts.open_alerts.values():
        climb = facts.climbs.get(alert.id)
        if alert.attempted_at is None and alert.wanted and climb and not climb.poisoned:
            check_in_time(facts, alert, now)


def check_in_time(facts: Facts, alert: AlertFact, now: datetime) -> None:
    """Raises Broken where the first page about an alert is late at that instant."""
    since = max(alert.accepted_at, alert.quiet_since or alert.accepted_at)
    over = facts.health.late(since, now)
    if over.total_seconds() > 0:
        raise Broken("I3", f"no page about {alert.id} for {now - since}: {over} beyond the bound")


def _how(alert: AlertFact) -> str:
    return "held" if alert.held else alert.status


def _acknowledged(facts: Facts, alert: AlertFact, event: Recorded) -> None:
    alert.status = "acknowledged"


def _triggered_again(facts: Facts, alert: AlertFact, event: Recorded) -> None:
    alert.status = "triggered"
    alert.attempted_at = alert.attempted_at or event.at


def _free(facts: Facts, alert: AlertFact, event: Recorded) -> None:
    alert.held, alert.held_until, alert.lead = False, None, None
    _triggered_again(facts, alert, event)


def _resolved(facts: Facts, alert: AlertFact, event: Recorded) -> None:
    alert.status, alert.held, alert.held_until, alert.lead = "resolved", False, None, None
    del facts.open_alerts[alert.id]
    if alert.key is not None and facts.by_key.get(alert.key) == alert.id:
        del facts.by_key[alert.key]


def _held(facts: Facts, alert: AlertFact, event: Recorded) -> None:
    until = event.data.get("until")
    alert.held, alert.lead = True, None
    alert.held_until = datetime.fromisoformat(until) if isinstance(until, str) else None


def _merged(facts: Facts, alert: AlertFact, event: Recorded) -> None:
    alert.held, alert.held_until, alert.lead = True, None, str(event.data["lead"])


def _nothing(facts: Facts, alert: AlertFact, event: Recorded) -> None:
    """Told for the people who read it; it moves nothing here."""


_FOLLOW: Mapping[str, Callable[[Facts, AlertFact, Recorded], None]] = {
    "alert.acknowledged": _acknowledged,
    "alert.unacknowledged": _free,
    "alert.reassigned": _free,
    "alert.released": _free,
    "alert.resolved": _resolved,
    "alert.held": _held,
    "alert.merged": _merged,
    "alert.escalated": _nothing,
    "alert.raised": _nothing,
}
