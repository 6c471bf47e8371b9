"""What the first screen says where a value decides the sentence."""

from __future__ import annotations

from collections.abc import Mapping

PROBLEM_ICONS: Mapping[str, str] = {
    "gap": "triangle-alert",
    "unreachable": "smartphone",
    "unverified": "smartphone",
    "no_policy": "shield-check",
    "heartbeat": "activity",
}


def pages(count: int) -> str:
    return "1 page wants your answer" if count == 1 else f"{count} pages want your answer"


def calls(count: int) -> str:
    return "An incident asks for you" if count == 1 else f"{count} calls into incidents"


def gap_title(schedule: str) -> str:
    return f"Nobody is on call in {schedule}"


def unreachable_title(name: str) -> str:
    return f"{name} cannot be reached"


def unreachable_detail(schedule: str) -> str:
    return f"On call in {schedule}, without a way to be reached."


def unverified_title(name: str) -> str:
    return f"No way to reach {name} is tested"


def unverified_detail(schedule: str) -> str:
    return f"On call in {schedule}. A test page shows that it arrives."


def no_policy_title(service: str) -> str:
    return f"{service} has no escalation policy"


NO_POLICY_DETAIL = "Its alerts page the last resort only."


def silent_title(connection: str) -> str:
    return f"The heartbeat {connection} was not heard in time"


def silent_detail(service: str) -> str:
    return f"It watches {service}."


ACTIONS: Mapping[str, str] = {
    "gap": "Fill gap",
    "unreachable": "Look",
    "unverified": "Look",
    "no_policy": "Choose one",
    "heartbeat": "Look",
}
