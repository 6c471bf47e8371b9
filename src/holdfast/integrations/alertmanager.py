"""Prometheus Alertmanager's webhook, and Grafana's and incident.io's variants of it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

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

VERSIONS = ("4", "1")  # Alertmanager itself; Grafana and the incident.io receiver
TITLE_FALLBACK = "Alert from Alertmanager"
_TITLE_ANNOTATIONS = ("summary", "title", "description", "message")
_LINKS = ("generatorURL", "panelURL", "dashboardURL")
_ALERT_DETAILS = (
    "annotations", "values", "valueString", "dashboardURL", "panelURL", "silenceURL", "imageURL",
)  # fmt: skip
_GROUP_DETAILS = ("receiver", "externalURL", "notification_reason")


def read(inbound: Inbound) -> list[Signal]:
    """One signal for each alert of the group (wire 3.7, 3.8).

    Raises Unreadable for what is not JSON or has no list of alerts; everything else pages.
    """
    body = inbound.json_object()
    alerts = body.get("alerts")
    if not isinstance(alerts, list):
        raise unreadable(
            "The body has no list “alerts”, so it is not an Alertmanager webhook.",
            remedy="Point a webhook_configs receiver of Alertmanager at this address, or make "
            "this a generic connection.",
        )
    signals = signals_of(alerts, lambda alert: _reading(alert, body))
    if signals and _ends_with_members_unseen(body):
        # What max_alerts cut off is never named again: the first member speaks for all of them.
        signals[0] = replace(signals[0], resolves_group=True)
    return signals


def _reading(alert: object, body: Mapping[str, object]) -> Reading:
    if not isinstance(alert, dict):
        return Reading(title=alert or TITLE_FALLBACK, marks=("alert: not an object", *_odd(body)))
    labels = alert.get("labels")
    status, status_marks = _status(alert.get("status", body.get("status")))
    return Reading(
        title=_title(object_of(alert.get("annotations")), object_of(labels)),
        status=status,
        dedup=alert.get("fingerprint") or fingerprint(labels),
        severity=object_of(labels).get("severity"),
        labels=labels,
        details=_details(alert, body),
        link=next((alert[name] for name in _LINKS if alert.get(name)), None),
        started_at=alert.get("startsAt"),
        group=body.get("groupKey"),
        marks=(*_odd(body), *status_marks),
    )


def fingerprint(labels: object) -> str | None:
    """Prometheus' own identity of a label set (wire 3.6), or None where there are no labels."""
    if not isinstance(labels, dict) or not labels:
        return None
    digest = 0xCBF29CE484222325
    for name in sorted(labels):
        for text in (name, str(labels[name])):
            for byte in text.encode(errors="surrogatepass") + b"\xff":
                digest = ((digest ^ byte) * 0x100000001B3) & 0xFFFFFFFFFFFFFFFF
    return f"{digest:016x}"


def _title(annotations: Mapping[str, object], labels: Mapping[str, object]) -> object:
    written = (annotations[name] for name in _TITLE_ANNOTATIONS if annotations.get(name))
    return next(written, None) or labels.get("alertname") or TITLE_FALLBACK


def _status(word: object) -> tuple[SignalStatus, tuple[str, ...]]:
    known = word.strip().lower() if isinstance(word, str) else ""
    if known == "resolved":
        return SignalStatus.RESOLVED, ()
    marks = () if known == "firing" else ("status: neither firing nor resolved, so it fires",)
    return SignalStatus.FIRING, marks


def _details(alert: Mapping[str, object], body: Mapping[str, object]) -> dict[str, object]:
    found = {name: alert[name] for name in _ALERT_DETAILS if alert.get(name)}
    return found | {name: body[name] for name in _GROUP_DETAILS if body.get(name)}


def _ends_with_members_unseen(body: Mapping[str, object]) -> bool:
    truncated = body.get("truncatedAlerts")
    return body.get("status") == "resolved" and isinstance(truncated, int) and truncated > 0


def _odd(body: Mapping[str, object]) -> tuple[str, ...]:
    return () if body.get("version") in VERSIONS else ("version: not one we know",)


SNIPPET = """\
# alertmanager.yml
receivers:
  - name: holdfast
    webhook_configs:
      - url: {key_url}
        send_resolved: true
route:
  receiver: holdfast

# Grafana: Alerting, Contact points, New, Integration "Webhook", URL {key_url}
"""

SAMPLE = """\
{"version": "4", "status": "firing", "groupKey": "{}:{alertname=\\"TestAlert\\"}",
 "truncatedAlerts": 0, "receiver": "holdfast", "groupLabels": {"alertname": "TestAlert"},
 "alerts": [{"status": "firing", "fingerprint": "0f5d1c8a7e3b2946",
   "labels": {"alertname": "TestAlert", "severity": "critical"},
   "annotations": {"summary": "This is a test alert from Alertmanager"},
   "startsAt": "2026-11-20T09:00:00Z", "endsAt": "0001-01-01T00:00:00Z",
   "generatorURL": ""}]}
"""

source = Source(
    name="alertmanager",
    title="Prometheus Alertmanager or Grafana",
    read=read,
    docs="reference/integrations/alertmanager.md",
    snippet=SNIPPET,
    sample=SAMPLE,
)
