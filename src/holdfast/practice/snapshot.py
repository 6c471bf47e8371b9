"""A pack as JSON values, for the row of an incident that keeps it as it was (ledger S0-09)."""

from __future__ import annotations

import msgspec

from holdfast.practice.model import Pack


def dumped(pack: Pack) -> dict[str, object]:
    """JSON values only; the same pack gives the same values in the same order."""
    found = msgspec.to_builtins(pack, str_keys=True, order="deterministic")
    assert isinstance(found, dict)
    return found


def loaded(snapshot: object) -> Pack:
    """The pack again. What a later version added has its default, what it dropped is ignored."""
    return msgspec.convert(snapshot, Pack, strict=False)
