"""PagerDuty's Events API v2: whatever can send there can send here by changing one address."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from holdfast.sdk import (
    Answer,
    Door,
    Inbound,
    Reading,
    Signal,
    SignalStatus,
    Source,
    clean_key,
    signal_of,
    unreadable,
)

DOOR_PATH = "/v2/enqueue"
KEY_DIGITS = 32
_STATUS_OF_ACTION = {
    "trigger": SignalStatus.FIRING,
    "acknowledge": SignalStatus.ACKNOWLEDGED,
    "resolve": SignalStatus.RESOLVED,
}
_LABELS = ("source", "component", "group", "class")
_CLIENT_ERRORS = frozenset({401, 403, 404, 422})  # the vendor knows only 400 for all of these


def read(inbound: Inbound) -> list[Signal]:
    """The one signal of an event (wire 3.1).

    Raises Unreadable, in the vendor's words, for a routing key of another length at the vendor's
    path, for an unknown action, and for an answer (acknowledge, resolve) that names no alert. An
    odd trigger always pages.
    """
    body = inbound.json_object()
    if inbound.path.rstrip("/").endswith(DOOR_PATH):
        _routing_key(body)
    status = _status(body.get("event_action"))
    if status is not SignalStatus.FIRING and clean_key(body.get("dedup_key"))[0] is None:
        raise unreadable("'dedup_key' is missing or blank", remedy="Name the alert that is meant.")
    return [signal_of(_reading(body, status))]


def routing_key(inbound: Inbound) -> str | None:
    """The key of the connection, from the body.

    Raises Unreadable, in the vendor's words, where there is none that could be one.
    """
    return _routing_key(inbound.json_object())


def answer(signals: Sequence[Signal]) -> Answer:
    """202 in the vendor's shape; its clients fail without a `dedup_key` (wire 3.1)."""
    dedup = next((signal.dedup for signal in signals if signal.dedup), "")
    return Answer(202, {"status": "success", "message": "Event processed", "dedup_key": dedup})


def refuse(status: int, detail: str) -> Answer:
    """400, 429 and 5xx in the vendor's shape."""
    if status == 429:
        return Answer(
            429,
            _refusal(
                "throttle exceeded",
                "Requests for this service are arriving too quickly. Please retry later.",
                detail,
            ),
        )
    if status >= 500:
        return Answer(status, _refusal("unavailable", "Please retry later.", detail))
    given = 400 if status in _CLIENT_ERRORS else status
    return Answer(given, _refusal("invalid event", "Event object is invalid", detail))


def _refusal(status: str, message: str, detail: str) -> dict[str, object]:
    return {"status": status, "message": message, "errors": [detail]}


def _routing_key(body: Mapping[str, object]) -> str:
    key = body.get("routing_key")
    if not isinstance(key, str) or not key:
        raise unreadable("'routing_key' is missing or blank", remedy="Send the connection's key.")
    if len(key) != KEY_DIGITS or not key.isascii():
        raise unreadable(
            f"Length of 'routing_key' is incorrect (should be {KEY_DIGITS} characters)",
            remedy="Copy the connection's key again.",
        )
    return key


def _status(action: object) -> SignalStatus:
    status = _STATUS_OF_ACTION.get(action.strip().lower()) if isinstance(action, str) else None
    if status is None:
        raise unreadable(
            "'event_action' is missing or is not one of trigger, acknowledge, resolve",
            remedy="Send one of the three.",
        )
    return status


def _reading(body: Mapping[str, object], status: SignalStatus) -> Reading:
    payload = body.get("payload")
    told = payload if isinstance(payload, dict) else {}
    fires = status is SignalStatus.FIRING
    odd = fires and not isinstance(payload, dict)
    title = told.get("summary") or (payload if isinstance(payload, str) else None)
    return Reading(
        # An acknowledgement has no payload, and its title is never shown.
        title=title or (None if fires else body.get("dedup_key")),
        status=status,
        dedup=body.get("dedup_key"),
        severity=told.get("severity"),
        labels={name: told[name] for name in _LABELS if told.get(name)},
        details=_details(body, told),
        link=body.get("client_url") or _first_link(body.get("links")),
        started_at=told.get("timestamp"),
        marks=("payload: missing or not an object",) if odd else (),
    )


def _details(body: Mapping[str, object], payload: Mapping[str, object]) -> dict[str, object]:
    given = payload.get("custom_details")
    details = dict(given) if isinstance(given, dict) else {}
    if given and not isinstance(given, dict):
        details["custom_details"] = given
    for name in ("client", "links", "images"):
        if body.get(name):
            details.setdefault(name, body[name])
    return details


def _first_link(links: object) -> object:
    first = links[0] if isinstance(links, list) and links else None
    return first.get("href") if isinstance(first, dict) else None


SNIPPET = """\
# Any tool that speaks PagerDuty's Events API v2: this address, this key
url:         {base_url}/v2/enqueue
routing key: {key}

# alertmanager.yml
receivers:
  - name: holdfast
    pagerduty_configs:
      - url: {base_url}/v2/enqueue
        routing_key: {key}
"""

SAMPLE = """\
{"event_action": "trigger", "dedup_key": "holdfast-test",
 "payload": {"summary": "This is a test alert from PagerDuty's Events API", "source": "holdfast",
             "severity": "critical"}}
"""

source = Source(
    name="pagerduty-events",
    title="PagerDuty Events API v2",
    read=read,
    docs="reference/integrations/pagerduty-events.md",
    snippet=SNIPPET,
    sample=SAMPLE,
    answer=answer,
    refuse=refuse,
    door=Door(DOOR_PATH, routing_key),
    busy_status=429,
    key_digits=KEY_DIGITS,
)
