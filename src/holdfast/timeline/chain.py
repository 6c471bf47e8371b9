"""The hash chain: each seal holds the one before it, so nothing can change unseen. Pure."""

from __future__ import annotations

import hashlib

import msgspec

from holdfast.timeline.event import Recorded

GENESIS = "0" * 64


def digest(event: Recorded) -> str:
    """SHA-256 over everything the event says."""
    content = [
        event.id,
        event.at.isoformat(),
        event.kind,
        event.subject,
        event.actor,
        msgspec.json.encode(event.data, order="sorted").decode(),
    ]
    return hashlib.sha256(msgspec.json.encode(content)).hexdigest()


def link(previous: str, position: int, event_digest: str) -> str:
    """The hash of one seal: over the hash before it, its place and its event's digest."""
    return hashlib.sha256(f"{previous}:{position}:{event_digest}".encode()).hexdigest()
