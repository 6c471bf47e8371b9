"""How each kind of sender says the same: our own names of fields, in the words of its door."""

from __future__ import annotations

import json

from tests.hostile.siege import KEYS

Fields = dict[str, object]


def spoken(kind: str, fields: Fields) -> bytes:
    """The body in which a sender of that kind says these fields; `status` is firing or resolved."""
    return json.dumps(_SPEAKERS[kind](fields)).encode()


def _generic(fields: Fields) -> Fields:
    return {"status": "firing", **fields}


def _alertmanager(fields: Fields) -> Fields:
    status = fields.get("status", "firing")
    alert: Fields = {"status": status, "annotations": {"summary": fields.get("title")}}
    labels = fields.get("labels")
    alert["labels"] = labels if isinstance(labels, dict) else {"alertname": "A", "odd": labels}
    if "severity" in fields:
        alert["labels"] = {**dict(alert["labels"]), "severity": fields["severity"]}  # type: ignore[call-overload]  # it is one
    for ours, theirs in (("dedup", "fingerprint"), ("started_at", "startsAt"),
                         ("link", "generatorURL"), ("details", "values")):  # fmt: skip
        if ours in fields:
            alert[theirs] = fields[ours]
    return {"version": "4", "status": status, "groupKey": "group", "alerts": [alert]}


def _pagerduty(fields: Fields) -> Fields:
    action = {"resolved": "resolve", "acknowledged": "acknowledge"}.get(str(fields.get("status")))
    payload: Fields = {"source": "corpus"}
    for ours, theirs in (("title", "summary"), ("severity", "severity"),
                         ("started_at", "timestamp"), ("labels", "component"),
                         ("details", "custom_details")):  # fmt: skip
        if ours in fields:
            payload[theirs] = fields[ours]
    said: Fields = {
        "routing_key": KEYS["pagerduty-events"],
        "event_action": action or "trigger",
        "payload": payload,
    }
    if "dedup" in fields:
        said["dedup_key"] = fields["dedup"]
    if "link" in fields:
        said["links"] = [{"href": fields["link"]}]
    return said


_SPEAKERS = {
    "generic": _generic,
    "alertmanager": _alertmanager,
    "pagerduty-events": _pagerduty,
}
