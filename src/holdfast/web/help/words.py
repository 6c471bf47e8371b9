"""What help pages say that is the same for every guardrail."""

from __future__ import annotations

from collections.abc import Mapping

STRENGTHS: Mapping[str, str] = {
    "must": "What you asked for is refused until it is so.",
    "should": "What you asked for is done. You are asked for a reason, which is recorded.",
    "may": "It is a hint; nothing is refused.",
}
BREAKABLE = (
    "If it cannot wait: say why, and go on. The form asks for the reason; programs send it as "
    "break_glass. It is recorded and stands in the review; in an incident a second person is told."
)
UNBREAKABLE = "No reason opens it: mend what it speaks of."
CHANGED = "Your organisation changed it; as written it {written}."
NOT_EXPLAINED = "The refusal itself says what to do next."
EVERY = "All guardrails"
EVERY_HREF = "/settings/guardrails"
CITES = "What it rests on"


def changed(written: str) -> str:
    return CHANGED.format(written=written)
