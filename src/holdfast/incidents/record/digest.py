"""The digest of an entry, which the hash chain holds in the entry's place. Pure.

The chain keeps no text, so that a person's data stays erasable; whoever changes the text behind
the product's back no longer matches what the chain says (ledger S0-25).
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from datetime import UTC, datetime

import msgspec

from holdfast.incidents.record.model import Entry


def digest(entry: Entry) -> str:
    """SHA-256 over all that the entry says, except when it was sealed and by which key it came."""
    # One by one: a field that is added later must not change what older entries are held to.
    said = (
        entry.id, entry.incident, entry.kind, entry.text, _instant(entry.occurred_at),
        _instant(entry.recorded_at), entry.author, entry.precision.total_seconds(), entry.source,
        entry.evidence, entry.certainty, _instant(entry.judged_at), entry.judged_by,
        entry.because, _instant(entry.done_at), entry.about, entry.amends, entry.milestone,
        entry.marks, dict(entry.details),
    )  # fmt: skip
    return hashlib.sha256(msgspec.json.encode(said, order="sorted")).hexdigest()


def digest_of_all(entries: Iterable[Entry]) -> str:
    """One digest for many, whatever order they come in."""
    lines = "\n".join(sorted(digest(entry) for entry in entries))
    return hashlib.sha256(lines.encode()).hexdigest()


def _instant(at: datetime | None) -> str | None:
    return None if at is None else at.astimezone(UTC).isoformat(timespec="microseconds")
