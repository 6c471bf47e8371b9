"""Zabbix: a media type of kind webhook whose script sends the fields that matter."""

from __future__ import annotations

from collections.abc import Mapping

from holdfast.sdk import Inbound, Reading, Signal, SignalStatus, Source, signal_of, unreadable

TITLE_FALLBACK = "Problem in Zabbix"
# {EVENT.NSEVERITY}: not classified, information, warning, average, high, disaster.
_SEVERITIES = ("unknown", "info", "warning", "warning", "error", "critical")
_LABELS = ("host", "trigger_id")
_DETAILS = ("message", "item_value", "tags", "update_status", "operational_data")


def read(inbound: Inbound) -> list[Signal]:
    """The one signal of a problem, its update or its recovery (wire 3.12).

    Raises Unreadable where there is neither an event nor a title.
    """
    body = inbound.json_object()
    if not body.get("event_id") and not body.get("title"):
        raise unreadable(
            "The body has neither event_id nor title.",
            remedy="Use the script and the parameters that this connection shows.",
        )
    return [signal_of(_reading(body))]


def _reading(body: Mapping[str, object]) -> Reading:
    # {EVENT.VALUE} is 0 for a recovery and 1 for a problem; an update repeats the problem.
    is_over = str(body.get("event_value")) == "0"
    return Reading(
        title=body.get("title") or TITLE_FALLBACK,
        status=SignalStatus.RESOLVED if is_over else SignalStatus.FIRING,
        dedup=body.get("event_id"),
        severity=_severity(body.get("severity")),
        labels={name: body[name] for name in _LABELS if body.get(name)},
        details={name: body[name] for name in _DETAILS if body.get(name)},
        link=body.get("link"),
    )


def _severity(number: object) -> object:
    text = str(number)
    known = len(text) == 1 and text.isdecimal() and int(text) < len(_SEVERITIES)
    return _SEVERITIES[int(text)] if known else number


SNIPPET = """\
# Zabbix: Alerts, Media types, Create. Type Webhook, these parameters:
url         {key_url}
event_id    {EVENT.ID}
event_value {EVENT.VALUE}
title       {EVENT.NAME}
severity    {EVENT.NSEVERITY}
host        {HOST.NAME}
trigger_id  {TRIGGER.ID}
message     {ALERT.MESSAGE}
tags        {EVENT.TAGSJSON}
link        {$ZABBIX.URL}/tr_events.php?triggerid={TRIGGER.ID}&eventid={EVENT.ID}

# Script:
var sent = JSON.parse(value), request = new HttpRequest();
request.addHeader('Content-Type: application/json');
var answer = request.post(sent.url, value);
if (request.getStatus() >= 300) { throw request.getStatus() + ': ' + answer; }
return 'OK';
"""

SAMPLE = """\
{"event_id": "holdfast-test", "event_value": "1", "severity": "5", "host": "web-1",
 "title": "This is a test alert from Zabbix"}
"""

source = Source(
    name="zabbix",
    title="Zabbix",
    read=read,
    docs="reference/integrations/zabbix.md",
    snippet=SNIPPET,
    sample=SAMPLE,
)
