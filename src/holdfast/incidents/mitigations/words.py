"""What mitigations say in an incident's list."""

from __future__ import annotations

from collections.abc import Sequence

from holdfast.incidents.mitigations.model import Mitigation, Run


def proposed(mitigation: Mitigation) -> str:
    command = f" `{mitigation.plan.command}`" if mitigation.plan.command else ""
    return f"Option, {mitigation.risk.value} risk: {_named(mitigation)}.{command}"


def approved(mitigation: Mitigation, *, command: bool, words: str) -> str:
    who = "Command approves" if command else "Approved"
    return f"{who}: {_named(mitigation)}{_because(words)}"


def withdrawn(mitigation: Mitigation) -> str:
    return f"Withdrawn: {_named(mitigation)}."


def started(mitigation: Mitigation, run: Run) -> str:
    command = f" `{mitigation.plan.command}`" if mitigation.plan.command else ""
    before = f" Before: {run.impact_before}." if run.impact_before else ""
    return f"Started, attempt {mitigation.attempt}: {_named(mitigation)}.{command}{before}"


def ended(mitigation: Mitigation, run: Run, *, worked: bool) -> str:
    what = "It worked" if worked else "It did not work"
    after = ""
    if run.impact_before or run.impact_after:
        after = f" Before: {run.impact_before or '?'}; after: {run.impact_after or '?'}."
    return f"{what}: {_named(mitigation)}{_because(run.result)}{after}"


def reverted(mitigation: Mitigation) -> str:
    return f"Undone: {_named(mitigation)}."


def not_captured(mitigation: Mitigation) -> str:
    return f"Nobody said that dumps were captured before: {_named(mitigation)}."


def racing(started_count: int, evidence_count: int) -> str:
    pieces = f"{evidence_count} pieces" if evidence_count else "no pieces"
    return (
        f"{started_count} mitigations were started on {pieces} of evidence."
        " Build the shared picture first."
    )


def still_off(mitigation: Mitigation) -> str:
    return f"Still in place, and to be undone one day: {_named(mitigation)}."


def no_outcome(mitigation: Mitigation) -> str:
    return f"Nobody has said whether it worked: {_named(mitigation)}. {mitigation.plan.check}"


def unpractised(others: Sequence[str]) -> str:
    if others:
        return f"Nobody on this incident has done this before; {', '.join(others)} has."
    return "Nobody is known to have done this before."


def practice_wanted(mitigation: Mitigation) -> str:
    return f"You have done this before: {_named(mitigation)}."


def _named(mitigation: Mitigation) -> str:
    on = f" ({mitigation.target})" if mitigation.target else ""
    return f"{mitigation.plan.title}{on}"


def _because(words: str) -> str:
    return f": {words}" if words else "."
