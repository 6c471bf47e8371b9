"""Which change lies nearest before the beginning of the impact (ledger S2-16, S2-21). Pure."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

from holdfast.incidents.diagnosis.model import Suspect
from holdfast.incidents.record.model import Entry

LOOKED_BACK = timedelta(days=7)
SUSPECTS_MAX = 50


def suspects(changes: Sequence[Entry], started_at: datetime) -> list[Suspect]:
    """Changes by how shortly before the beginning they were made; what came after comes last."""
    near = [
        Suspect(change, started_at - change.occurred_at)
        for change in changes
        if started_at - change.occurred_at <= LOOKED_BACK
    ]
    ordered = sorted(near, key=lambda each: (each.before < timedelta(), abs(each.before)))
    return ordered[:SUSPECTS_MAX]
