"""What the policy screens say where a value decides the sentence."""

from __future__ import annotations

from holdfast.web.layout.words import count

TARGET_ICONS = {"schedule": "calendar-clock", "user": "smartphone", "team": "users"}
DEFAULT_LAST_RESORT = "The team’s lead, else everybody in it, else every administrator"


def repeats(number: int) -> str:
    if number == 0:
        return "Climbed once, then the last resort."
    return f"Then again from step 1, {count(number, 'more time', 'more times')}."


AT_ONCE = "at once"
REACHES_NOBODY = "reaches nobody now"
SAVED = "Saved. Alerts that are climbing keep the plan they began with."
DELETED = "Deleted."
NAME_NEEDED = "Give it a name."
NOT_A_NUMBER = "Write a whole number."
CHOOSE_TARGET = "Choose whom to page."
UNNAMED = "unnamed"
GONE = "is not there any more"


def after(length: str) -> str:
    return f"after {length}"


def nobody_from(moment: str) -> str:
    return f"No step reaches anybody from {moment} on: only the last resort is left."


def whole_team(name: str) -> str:
    return f"Everybody in {name}"


def on_call_in(name: str) -> str:
    return f"On call in {name}"


def plan_step(begins: str, whom: str, wait: str) -> str:
    return f"{begins[:1].upper()}{begins[1:]}, page {whom}; then wait {wait}."


def plan_last(whom: str, after_length: str) -> str:
    return f"After {after_length}, page the last resort: {whom}."
