"""What the policy screens say where a value decides the sentence."""

from __future__ import annotations

from holdfast.web.layout.words import count

TARGET_ICONS = {"schedule": "calendar-clock", "user": "smartphone", "team": "users"}
DEFAULT_LAST_RESORT = "The team’s lead, else everybody in it, else every administrator"


def repeats(number: int) -> str:
    if number == 0:
        return "Climbed once, then the last resort."
    return f"Then again from step 1, {count(number, 'more time', 'more times')}."
