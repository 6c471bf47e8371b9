"""What the screens of guardrails say where a value decides the sentence."""

from __future__ import annotations

from collections.abc import Mapping

from holdfast.guardrails.model import (
    COUNTED_DAYS,
    REVIEW_SHARE,
    STRENGTH_REASON_CHARS_MAX,
)

REASON_CHARS_MAX = STRENGTH_REASON_CHARS_MAX
TITLE = "Guardrails"
INTRO = (
    "A guardrail refuses a claim that is not true. It never stands in the way of paging, "
    "acknowledging or escalating; where it stands on the way of a response, a reason opens it."
)
STRENGTHS: Mapping[str, str] = {
    "must": "refuses",
    "should": "asks for a reason",
    "may": "hints",
}
CHOICES: Mapping[str, str] = {
    "must": "Must: refuses",
    "should": "Should: lets pass, asks for a reason and records it",
    "may": "May: only hints",
}
STRENGTH_CLASSES: Mapping[str, str] = {"must": "bad", "should": "warn", "may": "info"}
SHOWS: Mapping[str, str] = {
    "all": "All",
    "review": "For the next review",
    "changed": "Changed here",
}
NOTHING: Mapping[str, str] = {
    "all": "No rule stands in this package",
    "review": "No rule is for the next practice review",
    "changed": "Every rule stands as it was written",
}
EVERY_PACKAGE = "Every package"
NEVER = "never fired"
BREAKABLE = "a reason opens it"
FOR_REVIEW = "for the next practice review"
REVIEW_SENTENCE = (
    f"Overridden in more than {REVIEW_SHARE:.0%} of its firings in the last {COUNTED_DAYS} days. "
    "Talk about the rule at the next practice review, rather than enforce it harder."
)
WEAKER = "Made weaker here"
STRICTER = "Made stricter here"
WEAKER_TAG = "weaker here"
STRICTER_TAG = "stricter here"
LATELY = f"in {COUNTED_DAYS} days"
CHANGED = "Changed. It holds from now on, for everybody."


def package(name: str) -> str:
    """`incidents.roles` as people read it."""
    return " / ".join(part.replace("_", " ") for part in name.split("."))


def fired(refused: int, overridden: int, noted: int) -> str:
    """The figures of one rule, zeros left out."""
    counted = (
        (refused, "refused"),
        (overridden, "overridden"),
        (noted, "noted"),
    )
    return ", ".join(f"{word} {many}×" for many, word in counted if many) or NEVER
