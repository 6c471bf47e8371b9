"""How a decision is kept in its entry, and read from it. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

import msgspec

from holdfast.incidents.decisions.model import Answer, Decision, DecisionState
from holdfast.incidents.record.model import Entry


def details(decision: Decision) -> Mapping[str, object]:
    """What the entry keeps as JSON; who and when stand in the entry itself."""
    kept: Mapping[str, object] = msgspec.to_builtins(
        {
            "choice": decision.choice,
            "why": decision.why,
            "options": decision.options,
            "high_risk": decision.high_risk,
            "state": decision.state,
            "poll_until": decision.poll_until,
            "answers": decision.answers,
            "no_poll_because": decision.no_poll_because,
            "decided_at": decision.decided_at,
            "decided_by": decision.decided_by,
        }
    )
    return kept


def decision(entry: Entry) -> Decision | None:
    """The decision that an entry keeps; None for one that only says that something was decided."""
    kept = entry.details
    if "state" not in kept or "choice" not in kept:
        return None
    return Decision(
        id=entry.id,
        incident=entry.incident,
        choice=str(kept["choice"]),
        why=str(kept.get("why", "")),
        options=msgspec.convert(kept.get("options", ()), tuple[str, ...]),
        high_risk=bool(kept.get("high_risk")),
        state=DecisionState(str(kept["state"])),
        proposed_at=entry.occurred_at,
        proposed_by=entry.author,
        poll_until=msgspec.convert(kept.get("poll_until"), datetime | None),
        answers=msgspec.convert(kept.get("answers", ()), tuple[Answer, ...]),
        no_poll_because=str(kept.get("no_poll_because", "")),
        decided_at=msgspec.convert(kept.get("decided_at"), datetime | None),
        decided_by=msgspec.convert(kept.get("decided_by"), str | None),
    )
