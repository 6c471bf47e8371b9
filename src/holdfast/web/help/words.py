"""Why each guardrail exists and what to do about its refusal, by its code."""

from __future__ import annotations

from collections.abc import Mapping

WHY: Mapping[str, tuple[str, ...]] = {
    "NO_FINAL_LEVEL": (
        (
            "An escalation policy is climbed while nobody answers. When its last step has passed, "
            "somebody must still be paged: otherwise the alert is open, everybody believes that "
            "somebody else was called, and nobody was."
        ),
        (
            "Holdfast asks for a last resort when a policy is saved, not when it is needed. Unless "
            "it is named, it is the lead of the team, else everybody in the team, else every "
            "administrator. The rule refuses only where none of these is a person to be paged."
        ),
    ),
}
REMEDIES: Mapping[str, tuple[str, ...]] = {
    "NO_FINAL_LEVEL": (
        "Name a last resort in the policy: a person, a team or a schedule.",
        "Or give the team of the service a lead.",
        "Or make sure that there is an administrator who is not disabled.",
    ),
}
NOT_EXPLAINED = "This rule is not explained further yet. Its refusal says what to do."
