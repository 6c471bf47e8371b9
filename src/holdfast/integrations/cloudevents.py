"""CloudEvents 1.0 over HTTP: structured, batched or binary, whatever its type says."""

from __future__ import annotations

import json
from collections.abc import Mapping
from urllib.parse import unquote

from holdfast.sdk import (
    Inbound,
    Reading,
    Signal,
    SignalStatus,
    Source,
    object_of,
    signals_of,
    unreadable,
)

TITLE_FALLBACK = "CloudEvent"
BATCH = "application/cloudevents-batch+json"
STRUCTURED = "application/cloudevents+json"
_PREFIX = "ce-"
_REQUIRED = ("id", "source", "specversion", "type")
_OVER = ("resolved", "recovered", "closed", "ok", "cleared")
_TITLES = ("title", "summary", "message", "name", "description")
_LABELS = ("source", "type", "subject")
# OpenTelemetry's numbers: from 21 fatal, from 17 error, from 13 warning; 24 is the last.
_SEVERITY_NUMBERS = (
    (25, "unknown"),
    (21, "critical"),
    (17, "error"),
    (13, "warning"),
    (1, "info"),
)


def read(inbound: Inbound) -> list[Signal]:
    """One signal for each event (wire 3.14).

    `subject` joins events of one trouble, else `dedup` or `id` in the data. An event is over where
    its data says so in `status` or `state`, or the last word of its type does. Raises Unreadable
    for what is no CloudEvent.
    """
    content = inbound.headers.get("content-type", "").partition(";")[0].strip().lower()
    if content == BATCH:
        events = inbound.json()
        if not isinstance(events, list):
            raise unreadable("A batch of CloudEvents is a JSON array.")
        return signals_of(events, _structured)
    if content != STRUCTURED and any(name.startswith(_PREFIX) for name in inbound.headers):
        return signals_of([_binary(inbound)], _reading)
    event = inbound.json_object()
    if not any(event.get(name) for name in _REQUIRED):
        raise unreadable(
            f"The body has none of {', '.join(_REQUIRED)}, so it is no CloudEvent.",
            remedy="Send a CloudEvent 1.0, or make this a generic connection.",
        )
    return signals_of([event], _structured)


def _structured(event: object) -> Reading:
    return _reading(object_of(event))


def _binary(inbound: Inbound) -> Mapping[str, object]:
    """The event in headers, its data in the body: JSON where it is, else text."""
    event: dict[str, object] = {
        name.removeprefix(_PREFIX): unquote(value, errors="replace")
        for name, value in inbound.headers.items()
        if name.startswith(_PREFIX)
    }
    try:
        return event | {"data": json.loads(inbound.text)}
    except (ValueError, RecursionError):
        return event | {"data": inbound.text}


def _reading(event: Mapping[str, object]) -> Reading:
    data = event.get("data")
    told = object_of(data)
    missing = [name for name in _REQUIRED if not event.get(name)]
    text = data if isinstance(data, str) else None
    return Reading(
        title=_first(told, _TITLES) or text or event.get("type") or TITLE_FALLBACK,
        status=_status(event, told),
        dedup=_dedup(event, told),
        severity=_severity(event, told),
        labels={
            **object_of(told.get("labels")),
            **{name: event[name] for name in _LABELS if event.get(name)},
        },
        details={"data": data, "id": event.get("id")},
        link=_first(told, ("link", "url")),
        started_at=event.get("time"),
        marks=(f"missing: {', '.join(missing)}",) if missing else (),
    )


def _first(data: Mapping[str, object], names: tuple[str, ...]) -> object:
    return next((data[name] for name in names if data.get(name)), None)


def _status(event: Mapping[str, object], data: Mapping[str, object]) -> SignalStatus:
    said = _first(data, ("status", "state")) or str(event.get("type") or "").rsplit(".", 1)[-1]
    is_over = isinstance(said, str) and said.strip().lower() in _OVER
    return SignalStatus.RESOLVED if is_over else SignalStatus.FIRING


def _dedup(event: Mapping[str, object], data: Mapping[str, object]) -> object:
    named = _first(data, ("dedup", "dedup_key", "id")) or event.get("subject")
    return f"{event.get('source')} {named}" if named else None


def _severity(event: Mapping[str, object], data: Mapping[str, object]) -> object:
    number = event.get("severitynumber")
    if isinstance(number, int | str) and str(number).isdecimal() and len(str(number)) <= 2:
        level = int(number)
        return next((word for least, word in _SEVERITY_NUMBERS if level >= least), "unknown")
    return event.get("severitytext") or data.get("severity")


SNIPPET = """\
# Whatever sends CloudEvents 1.0, structured, batched or binary:
{key_url}

curl {key_url} -H 'content-type: application/cloudevents+json' -d '{"specversion": "1.0",
  "id": "1", "source": "/web-1", "type": "example.alert.firing", "subject": "cpu",
  "data": {"title": "CPU of web-1 is above 95 %", "severity": "critical"}}'
"""

SAMPLE = """\
{"specversion": "1.0", "id": "holdfast-test", "source": "/holdfast",
 "type": "holdfast.alert.firing", "subject": "test",
 "data": {"title": "This is a test alert from CloudEvents", "severity": "critical"}}
"""

source = Source(
    name="cloudevents",
    title="CloudEvents",
    read=read,
    docs="reference/integrations/cloudevents.md",
    snippet=SNIPPET,
    sample=SAMPLE,
)
