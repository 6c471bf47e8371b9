"""Datadog's webhooks: a template of the user's, for which Holdfast ships the text."""

from __future__ import annotations

from collections.abc import Mapping

from holdfast.sdk import Inbound, Reading, Signal, SignalStatus, Source, signal_of, unreadable

TITLE_FALLBACK = "Alert from Datadog"
# $ALERT_TRANSITION; everything else that Datadog says there fires (wire 3.9).
_OVER = frozenset({"recovered", "resolved", "ok"})
_SEVERITY_OF_TYPE = {"error": "critical", "warning": "warning", "info": "info", "success": "info"}
_PRIORITIES = ("P1", "P2", "P3", "P4", "P5")
_LABELS = ("hostname", "scope", "metric", "org")
_DETAILS = ("message", "query", "snapshot", "tags", "status", "priority")
_KNOWN = ("cycle_key", "title", "transition")


def read(inbound: Inbound) -> list[Signal]:
    """The one signal of a monitor's change (wire 3.9).

    Raises Unreadable where the body holds nothing of the template.
    """
    body = inbound.json_object()
    if not any(body.get(name) for name in _KNOWN):
        raise unreadable(
            "The body has neither cycle_key nor title nor transition.",
            remedy="Paste the payload that this connection shows into the webhook of Datadog.",
        )
    return [signal_of(_reading(body))]


def _reading(body: Mapping[str, object]) -> Reading:
    transition = body.get("transition")
    word = transition.strip().lower() if isinstance(transition, str) else ""
    return Reading(
        title=body.get("title") or TITLE_FALLBACK,
        status=SignalStatus.RESOLVED if word in _OVER else SignalStatus.FIRING,
        # The key of one cycle is constant from trigger to recovery; a monitor's id is not enough.
        dedup=body.get("cycle_key"),
        severity=_severity(body, word),
        labels={name: body[name] for name in _LABELS if body.get(name)},
        details={name: body[name] for name in _DETAILS if body.get(name)},
        link=body.get("link"),
        started_at=body.get("date"),
        marks=() if word else ("transition: missing, so it fires",),
    )


def _severity(body: Mapping[str, object], transition: str) -> object:
    """The monitor's priority where one is set, else what the transition and its type say."""
    if body.get("priority") in _PRIORITIES:
        return body["priority"]
    if transition in ("warn", "warning"):
        return "warning"
    kind = body.get("type")
    return _SEVERITY_OF_TYPE.get(kind, kind) if isinstance(kind, str) else kind


SNIPPET = """\
# Datadog: Integrations, Webhooks, New. URL:
{key_url}

# Payload, JSON as it is:
{"cycle_key": "$ALERT_CYCLE_KEY", "title": "$EVENT_TITLE", "transition": "$ALERT_TRANSITION",
 "type": "$ALERT_TYPE", "priority": "$ALERT_PRIORITY", "status": "$ALERT_STATUS",
 "message": "$TEXT_ONLY_MSG", "hostname": "$HOSTNAME", "scope": "$ALERT_SCOPE",
 "metric": "$ALERT_METRIC", "query": "$ALERT_QUERY", "tags": "$TAGS", "org": "$ORG_NAME",
 "link": "$LINK", "snapshot": "$SNAPSHOT", "date": "$DATE"}

# Then name it in the message of a monitor: @webhook-holdfast
"""

SAMPLE = """\
{"cycle_key": "holdfast-test", "title": "This is a test alert from Datadog",
 "transition": "Triggered", "type": "error", "hostname": "web-1"}
"""

source = Source(
    name="datadog",
    title="Datadog",
    read=read,
    docs="reference/integrations/datadog.md",
    snippet=SNIPPET,
    sample=SAMPLE,
)
