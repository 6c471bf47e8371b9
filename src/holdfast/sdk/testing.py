"""Try an integration without a network: replies for a notifier, written requests for a source."""

from __future__ import annotations

import base64
import json
from collections.abc import Callable, Mapping, Sequence

from holdfast.sdk.call import Call, Reply
from holdfast.sdk.inbound import Inbound, Unreadable
from holdfast.sdk.notifier import Delivering, Outcome
from holdfast.sdk.signal import Signal
from holdfast.sdk.source import Source


def perform(delivering: Delivering, transport: Callable[[Call], Reply]) -> Outcome:
    """Drives one delivery to its end through any function from call to reply."""
    try:
        call = next(delivering)
        while True:
            call = delivering.send(transport(call))
    except StopIteration as done:
        outcome: Outcome = done.value
        return outcome


class FakeCarrier:
    """Gives the replies it was handed, in order, and keeps the calls it saw."""

    def __init__(self, replies: Sequence[Reply]) -> None:
        self.calls: list[Call] = []
        self._replies = list(replies)

    def __call__(self, call: Call) -> Reply:
        self.calls.append(call)
        assert self._replies, f"an unexpected call: {call}"
        return self._replies.pop(0)


def inbound_of(request: Mapping[str, object]) -> Inbound:
    """A request written down as JSON: method, path, headers, query, settings, and a body.

    `body` is text as sent, or an object that is sent as JSON; `body_base64` holds other bytes.
    """
    return Inbound(
        method=str(request.get("method", "POST")),
        path=str(request.get("path", "/in/KEY")),
        body=_bytes_of(request),
        headers={name.lower(): str(text) for name, text in _named(request, "headers").items()},
        query={name: str(text) for name, text in _named(request, "query").items()},
        settings=_named(request, "settings"),
    )


def told(source: Source, request: Mapping[str, object]) -> object:
    """What a source makes of a written request, as plain JSON: signals, or why it refuses."""
    try:
        return [plain_signal(signal) for signal in source.read(inbound_of(request))]
    except Unreadable as refusal:
        return {"unreadable": refusal.detail, "remedy": refusal.remedy}


def plain_signal(signal: Signal) -> dict[str, object]:
    """A signal as plain JSON, without the fields that say nothing."""
    fields: dict[str, object] = {
        "status": signal.status.value,
        "title": signal.title,
        "dedup": signal.dedup,
        "severity": signal.severity.value,
        "labels": dict(signal.labels),
        "details": dict(signal.details),
        "link": signal.link,
        "started_at": signal.started_at.isoformat() if signal.started_at else None,
        "group": signal.group,
        "resolves_group": signal.resolves_group,
        "marks": list(signal.marks),
    }
    return {name: value for name, value in fields.items() if value not in (None, {}, [], False)}


def _bytes_of(request: Mapping[str, object]) -> bytes:
    if "body_base64" in request:
        return base64.b64decode(str(request["body_base64"]))
    body = request.get("body", "")
    return (body if isinstance(body, str) else json.dumps(body)).encode()


def _named(request: Mapping[str, object], name: str) -> Mapping[str, object]:
    value = request.get(name)
    return value if isinstance(value, dict) else {}
