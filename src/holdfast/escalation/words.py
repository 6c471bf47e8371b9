"""What a rehearsed climb says: why somebody would be rung, and where nobody would be."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta

from holdfast.escalation.model import Target
from holdfast.kernel.duration import format_duration

NOBODY_ANSWERED = "nobody answered"
NO_POLICY = "The service has no escalation policy: only the last resort is paged."
ADMINS_INSTEAD = "every admin is paged instead"
NOBODY_AT_ALL = "nobody at all is paged"


def because(policy: str, number: int, climbed: int, targets: Sequence[Target]) -> str:
    """Why a step pages: `step 2 of policy payments, round 2: user:ana`."""
    again = f", round {climbed + 1}" if climbed else ""
    return f"step {number + 1} of policy {policy}{again}: {listed(targets)}"


def last_resort(why: str) -> str:
    return f"last resort: {why}"


def step_empty(number: int, why: str) -> str:
    """Why the last resort is paged in the middle of a climb."""
    return f"step {number + 1} reaches nobody: {why}"


def gap(number: int, why: str) -> str:
    return (
        f"Step {number + 1} reaches nobody: {why}. It is skipped at once, and the last resort is"
        " paged."
    )


def target_empty(number: int, why: str) -> str:
    return f"A part of step {number + 1} reaches nobody: {why}."


def last_resort_empty(targets: Sequence[Target], why: str, instead: str) -> str:
    named = f" ({listed(targets)})" if targets else ""
    return f"The last resort{named} reaches nobody: {why}; {instead}."


def reached_late(name: str, after: timedelta) -> str:
    return f"{name} is first reached {format_duration(after)} after the page began."


def never_verified(name: str, method: str) -> str:
    return f"The contact method {method} of {name} was never proved by a test page."


def in_trouble(name: str, method: str, why: str) -> str:
    return f"The contact method {method} of {name} was refused the last time: {why}."


def no_notifier(name: str, method: str, kind: str) -> str:
    return f"The contact method {method} of {name} cannot work: there is no notifier {kind}."


def more(count: int) -> str:
    return f"{count} more calls follow that are not listed here."


def listed(targets: Sequence[Target]) -> str:
    return ", ".join(str(target) for target in targets)
