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
