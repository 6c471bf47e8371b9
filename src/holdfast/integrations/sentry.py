"""Sentry's integration webhooks: issue alerts, metric alerts, and issues that are resolved."""

from __future__ import annotations

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

TITLE_FALLBACK = "Alert from Sentry"
RESOURCE_HEADER = "sentry-hook-resource"
_SEVERITY_OF_ACTION = {"critical": "critical", "warning": "warning"}
# What else happens to an issue wakes nobody: its alert rules say what does.
_ISSUE_STATUS = {"resolved": SignalStatus.RESOLVED, "ignored": SignalStatus.ACKNOWLEDGED}


def read(inbound: Inbound) -> list[Signal]:
    """The one signal of a message (wire 3.11), or none where it tells of nothing that alerts.

    An issue that is resolved ends what its alert began. Raises Unreadable for what has no `data`,
    and for a body without event, metric alert and issue.
    """
    body = inbound.json_object()
    data = body.get("data")
    if not isinstance(data, dict):
        raise unreadable(
            "The body has no object “data”, so it is not a webhook of Sentry.",
            remedy="Point an internal integration of Sentry at this address.",
        )
    action = str(body.get("action") or "")
    resource = inbound.headers.get(RESOURCE_HEADER, "")
    if resource == "installation":  # Sentry tells that it was connected
        return []
    if data.get("metric_alert") is not None:
        return [signal_of(_metric(data, action))]
    if data.get("event") is not None:
        return [signal_of(_event(data))]
    if data.get("issue") is None:
        raise unreadable(
            "The body has neither event nor metric_alert nor issue.",
            remedy="Choose the webhook “issue” and Alert Rule Action, and nothing else.",
        )
    status = _ISSUE_STATUS.get(action)
    return [] if status is None else [signal_of(_issue(data, status))]


def _event(data: Mapping[str, object]) -> Reading:
    event = object_of(data.get("event"))
    return Reading(
        title=event.get("title") or event.get("message") or TITLE_FALLBACK,
        dedup=_issue_key(event.get("issue_id")),
        severity=event.get("level"),
        labels={
            name: event[name] for name in ("environment", "platform", "release") if event.get(name)
        },
        details={"rule": data.get("triggered_rule"), "culprit": event.get("culprit")},
        link=event.get("web_url") or event.get("url"),
        started_at=event.get("datetime"),
    )


def _metric(data: Mapping[str, object], action: str) -> Reading:
    alert = object_of(data.get("metric_alert"))
    rule = object_of(alert.get("alert_rule"))
    return Reading(
        title=data.get("description_title") or alert.get("title") or TITLE_FALLBACK,
        status=SignalStatus.RESOLVED if action == "resolved" else SignalStatus.FIRING,
        dedup=f"metric/{alert['id']}" if alert.get("id") else None,
        severity=_SEVERITY_OF_ACTION.get(action, "unknown"),
        labels={name: rule[name] for name in ("name", "environment") if rule.get(name)},
        details={"text": data.get("description_text"), "query": rule.get("query")},
        link=data.get("web_url"),
        started_at=alert.get("date_started"),
    )


def _issue(data: Mapping[str, object], status: SignalStatus) -> Reading:
    issue = object_of(data.get("issue"))
    project = object_of(issue.get("project"))
    return Reading(
        title=issue.get("title") or TITLE_FALLBACK,
        status=status,
        dedup=_issue_key(issue.get("id")),
        severity=issue.get("level"),
        labels={"project": project["slug"]} if project.get("slug") else None,
        details={"culprit": issue.get("culprit"), "count": issue.get("count")},
        link=issue.get("web_url") or issue.get("permalink"),
        started_at=issue.get("firstSeen"),
    )


def _issue_key(number: object) -> str | None:
    return f"issue/{number}" if number else None


SNIPPET = """\
# Sentry: Settings, Developer Settings, Create New Integration, Internal Integration
Webhook URL:  {key_url}
Alert Rule Action: on
Webhooks:     issue (so that a resolved issue ends its alert)

# Then add the integration as an action to an alert rule.
"""

SAMPLE = """\
{"action": "triggered", "data": {"triggered_rule": "Test",
 "event": {"title": "This is a test alert from Sentry", "issue_id": "holdfast-test",
           "level": "fatal", "web_url": "https://sentry.example/issues/1"}}}
"""

source = Source(
    name="sentry",
    title="Sentry",
    read=read,
    docs="reference/integrations/sentry.md",
    snippet=SNIPPET,
    sample=SAMPLE,
)
