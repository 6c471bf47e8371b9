"""What the guardrails of monitoring, resolving and closing judge, and what can be seen in it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from holdfast.incidents.actions.model import Gate, Move
from holdfast.incidents.model import Check, Incident
from holdfast.practice.model import Audience

_ZERO = timedelta()


@dataclass(frozen=True, slots=True)
class CommandFacts:
    """Who says that it is over. `commanded`: somebody holds command, or the level asks for it."""

    by_command: bool
    commanded: bool
    commander: str | None


@dataclass(frozen=True, slots=True)
class MonitorFacts:
    """Somebody says that it helped. `mitigations` counts those that were carried out."""

    ask: Move
    mitigations: int


@dataclass(frozen=True, slots=True)
class ResolveFacts:
    """What stands when somebody says that it is resolved. `open_alerts` are codes of linked alerts
    that still fire; `untold` the audiences that heard of it and not yet that it is over."""

    incident: Incident
    now: datetime
    ask: Move
    open_alerts: tuple[str, ...]
    customers_told: bool
    untold: tuple[Audience, ...]


@dataclass(frozen=True, slots=True)
class CloseFacts:
    """What stands when somebody closes it. `triggers` are the reasons that ask for a postmortem."""

    incident: Incident
    ask: Move
    triggers: tuple[str, ...]


def window_left(incident: Incident, now: datetime) -> timedelta:
    """How much of the verify window is left; all of it where nobody has begun to watch."""
    since = incident.instants.monitoring_since
    if since is None:
        return incident.level.verify_window
    return max(since + incident.level.verify_window - now, _ZERO)


def latest_checks(incident: Incident) -> Mapping[str, Check]:
    """The newest check of each thing, of those since it is watched: older ones prove nothing."""
    since = incident.instants.monitoring_since
    counted = [] if since is None else [check for check in incident.checks if check.at >= since]
    return {check.what: check for check in counted}


def answers(facts: ResolveFacts | CloseFacts) -> Mapping[Gate, str]:
    """What was answered for each gate, now or before."""
    before = {Gate(name): said for name, said in facts.incident.outcome.waivers}
    return {**before, **facts.ask.waive}


def answered(facts: ResolveFacts | CloseFacts, gate: Gate) -> bool:
    """True where a gate was answered by a link or by a reason."""
    return bool(answers(facts).get(gate, "").strip())


def is_automatic(check: Check) -> bool:
    """True for one that no person made: an alert ended."""
    return check.by == AUTOMATIC


def whole_seconds(left: timedelta) -> timedelta:
    """Whole seconds, rounded up: that nothing is left is not said before it is so."""
    return timedelta(seconds=-(-left // timedelta(seconds=1)))


AUTOMATIC = "holdfast"  # who wrote down a check that no person made
