"""I18: a heartbeat alarms when its own silence was too long, our downtime left out."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta

from holdfast.simulation.facts import Broken, Facts
from holdfast.timeline.event import Recorded

# A shorter downtime is not forgiven, and a longer one is measured from the last pulse.
OUTAGE_MEASURED_MIN = timedelta(seconds=30)
RETRIES_TAKE = timedelta(seconds=60)


def see(facts: Facts, event: Recorded, periods: Mapping[str, timedelta]) -> None:
    """An alert about silence: was it silent, and for long enough?"""
    name = str(event.data.get("connection"))
    if event.kind != "alert.triggered" or name not in periods:
        return
    alert = facts.alerts[event.subject]
    alert.key = (name, "silence")
    facts.by_key[alert.key] = alert.id
    facts.missed.add(name)
    due = _expected(facts, name, periods[name])
    if not _just_back(facts, event.at):
        due = max(due, facts.pinged[name] + periods[name])
    if event.at < due:
        raise Broken(
            "I18", f"{name} is missed at {event.at}: heard {facts.heard[name]}, last tried"
            f" {facts.pinged[name]}, so not before {due}"
        )  # fmt: skip


def check_silence(facts: Facts, periods: Mapping[str, timedelta], now: datetime) -> None:
    """Silence that was long enough is known."""
    for name, heard in facts.heard.items():
        if name in facts.missed:
            continue
        period = periods[name]
        outages = _outages(facts, heard)
        latest = max((end + period for _, end in outages), default=heard + period)
        limit = max(_expected(facts, name, period), latest) + OUTAGE_MEASURED_MIN * len(outages)
        if facts.health.late(limit, now).total_seconds() > 0:
            raise Broken("I18", f"the heartbeat {name} is silent since {heard}, and nobody knows")


def note_heard(facts: Facts, name: str, at: datetime) -> None:
    """A beat was taken in."""
    facts.heard[name] = at
    facts.missed.discard(name)


def _expected(facts: Facts, name: str, period: timedelta) -> datetime:
    heard = facts.heard[name]
    spans = (end - start for start, end in _outages(facts, heard))
    return heard + period + sum((d for d in spans if d >= OUTAGE_MEASURED_MIN), timedelta())


def _just_back(facts: Facts, at: datetime) -> bool:
    """After an outage too short to be forgiven, a retry may come a moment after the alarm."""
    return any(
        end - start < OUTAGE_MEASURED_MIN and end <= at < end + RETRIES_TAKE
        for start, end in facts.outages[-3:]
    )


def _outages(facts: Facts, since: datetime) -> list[tuple[datetime, datetime]]:
    return [(max(start, since), end) for start, end in facts.outages if end > since]
