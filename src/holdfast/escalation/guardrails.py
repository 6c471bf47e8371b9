"""Guardrails of escalation."""

from __future__ import annotations

from dataclasses import dataclass

from holdfast.guardrails.model import Fault, Pass, Refuse, Strength, Verdict, rule


@dataclass(frozen=True, slots=True)
class LastResortFacts:
    """Who would be paged last by a policy, for one use of it."""

    policy: str
    used_by: str | None
    people: tuple[str, ...]


@rule(
    "NO_FINAL_LEVEL",
    Strength.MUST,
    cites=("S1-34",),
    guards="escalation.save_policy",
    fault=Fault.INPUT,
    why=(
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
    remedies=(
        "Name a last resort in the policy: a person, a team or a schedule.",
        "Or give the team of the service a lead.",
        "Or make sure that there is an administrator who is not disabled.",
    ),
)
def somebody_is_paged_at_last(facts: LastResortFacts) -> Verdict:
    """An escalation policy must end with somebody who can be paged when nobody else answers."""
    if facts.people:
        return Pass()
    where = f", used by {facts.used_by}," if facts.used_by else ""
    return Refuse(
        f"The policy {facts.policy}{where} ends with nobody: its last resort reaches no person,"
        " the team has no lead and no members, and there is no admin.",
        remedy='Give it last_resort: ["user:ID"], or give the team a lead.',
    )


RULES = (somebody_is_paged_at_last,)
