"""Uptime Kuma's webhook notification: one message for each change of a monitor."""

from __future__ import annotations

import json
from collections.abc import Mapping

from holdfast.sdk import (
    Inbound,
    Reading,
    Signal,
    SignalStatus,
    Source,
    object_of,
    signal_of,
    unreadable,
)

TITLE_FALLBACK = "Uptime Kuma"
FORM_FIELD = "data"
# The status of a beat; 0 is down and 2 is pending, and 3 is under maintenance.
_UP, _MAINTENANCE = "1", "3"
_LABELS = ("hostname", "url", "type", "port")
_DETAILS = ("ping", "duration", "retries", "important", "localDateTime", "timezone")
_FORM = "form"


def read(inbound: Inbound) -> list[Signal]:
    """The one signal of a beat (wire 3.12). The body is JSON, or a form that holds it in `data`.

    Raises Unreadable for a body without heartbeat, monitor and message.
    """
    body = _body(inbound)
    if not any(body.get(name) for name in ("heartbeat", "monitor", "msg")):
        raise unreadable(
            "The body has neither heartbeat nor monitor nor msg.",
            remedy="In Uptime Kuma choose the notification type Webhook with preset JSON.",
        )
    return [signal_of(_reading(body))]


def _body(inbound: Inbound) -> Mapping[str, object]:
    if _FORM not in inbound.headers.get("content-type", "").lower():
        return inbound.json_object()
    try:
        held = json.loads(inbound.form().get(FORM_FIELD, ""))
    except (ValueError, RecursionError):
        raise unreadable(
            f"The form's field “{FORM_FIELD}” holds no JSON.",
            remedy="In Uptime Kuma choose the preset application/json.",
        ) from None
    return object_of(held)


def _reading(body: Mapping[str, object]) -> Reading:
    monitor, beat = object_of(body.get("monitor")), object_of(body.get("heartbeat"))
    name, status = monitor.get("name"), str(beat.get("status"))
    told = beat.get("msg") or body.get("msg")
    number = monitor.get("id") or beat.get("monitorID")
    return Reading(
        title=f"{name}: {told}" if name and told else (told or name or TITLE_FALLBACK),
        status=SignalStatus.RESOLVED if status == _UP else SignalStatus.FIRING,
        dedup=f"Uptime Kuma/{number}" if number else None,
        severity="info" if status == _MAINTENANCE else "critical",
        labels={key: monitor[key] for key in _LABELS if monitor.get(key)},
        details={key: beat[key] for key in _DETAILS if beat.get(key) is not None},
        link=monitor.get("url"),
        started_at=beat.get("time"),
        marks=() if beat else ("heartbeat: missing, so it fires",),
    )


SNIPPET = """\
# Uptime Kuma: Settings, Notifications, Setup Notification
Notification Type: Webhook
Post URL:          {key_url}
Request Body:      Preset - application/json
"""

SAMPLE = """\
{"monitor": {"id": 7, "name": "web-1", "url": "https://web-1.example"},
 "heartbeat": {"monitorID": 7, "status": 0, "msg": "This is a test alert from Uptime Kuma"},
 "msg": "[web-1] [Down] This is a test alert from Uptime Kuma"}
"""

source = Source(
    name="uptime-kuma",
    title="Uptime Kuma",
    read=read,
    docs="reference/integrations/uptime-kuma.md",
    snippet=SNIPPET,
    sample=SAMPLE,
)
