"""Where evidence comes from, and what is missing of it. Pure."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime

from holdfast.incidents.record.model import Evidence, EvidenceKind

# What must be looked at before a step that could do harm (ledger S0-24).
BEFORE_RISK = (EvidenceKind.METRIC, EvidenceKind.TRACE, EvidenceKind.LOG)


def stamped(pieces: Sequence[Evidence], collector: str, at: datetime) -> tuple[Evidence, ...]:
    """The same with their provenance: who brought them, when, and the SHA-256 of what they say."""
    return tuple(
        replace(
            piece,
            collector=collector,
            at=piece.at or at,
            digest=hashlib.sha256(f"{piece.link}\n{piece.value}".encode()).hexdigest(),
        )
        for piece in pieces
    )


def stands(piece: Evidence) -> bool:
    """True where it can be looked at, or a witness says that they saw it."""
    return piece.kind is EvidenceKind.SEEN or bool(piece.link or piece.value or piece.entry)


def missing(
    pieces: Iterable[Evidence], not_available: Mapping[EvidenceKind, str]
) -> tuple[EvidenceKind, ...]:
    """Which of metrics, traces and logs are neither there nor said to be out of reach."""
    there = {piece.kind for piece in pieces if stands(piece)}
    excused = {kind for kind, why in not_available.items() if why.strip()}
    return tuple(kind for kind in BEFORE_RISK if kind not in there | excused)
