"""Any sender at all: JSON of any shape, a form or plain text, read by a mapping or by guessing."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from holdfast.sdk import (
    Inbound,
    Reading,
    Signal,
    SignalStatus,
    Source,
    Unreadable,
    clean_line,
    cut,
    dotted,
    signals_of,
    unreadable,
)

TITLE_GUESS_CHARS_MAX = 200
PATHS_MAX = 20
BROKEN_CHARS_SHARE_MAX = 0.1

# Where each field is looked for when the mapping does not say; the first that has a value counts.
GUESSES: Mapping[str, tuple[str, ...]] = {
    "title": (
        "title", "summary", "message", "name", "alertname", "alert_name", "subject", "text",
        "description",
    ),
    "dedup": (
        "dedup", "dedup_key", "alias", "fingerprint", "alert_uid", "incident_key", "entity_id",
        "id",
    ),
    "severity": ("severity", "priority", "level", "urgency", "criticality"),
    "status": ("status", "state", "event_action", "alert_status", "alert_state", "action"),
    "link": ("link", "url", "html_url", "client_url", "generatorurl", "link_to_upstream_details"),
    "labels": ("labels", "tags"),
    "started_at": ("started_at", "startsat", "starts_at", "timestamp", "time", "date"),
    "group": ("group_key", "groupkey"),
    "details": ("details", "custom_details"),
}  # fmt: skip
RESOLVED_VALUES = frozenset(
    {"ok", "resolved", "resolve", "closed", "close", "recovered", "recovery", "normal", "up"}
)
ACKNOWLEDGED_VALUES = frozenset({"acknowledged", "acknowledge", "acked", "ack"})


@dataclass(frozen=True, slots=True)
class Plan:
    """How to read one connection's messages: paths by field, and the words that end an alert."""

    paths: Mapping[str, tuple[str, ...]]
    resolved: frozenset[str]
    acknowledged: frozenset[str]


def read(inbound: Inbound) -> list[Signal]:
    """One signal for each object; a JSON array is several.

    Takes the connection's settings `mapping` (field -> path or paths), `resolved_values` and
    `acknowledged_values`. Raises Unreadable for an empty body, for broken JSON and for bytes that
    are no text.
    """
    content = _content(inbound)
    plan = plan_of(inbound.settings) if inbound.settings else GUESSING
    items = content if isinstance(content, list) else [content]
    return signals_of(items, lambda item: _reading(item, plan))


def plan_of(settings: Mapping[str, object]) -> Plan:
    """The plan in a connection's settings; what is missing or odd falls back to the guesses."""
    mapping = settings.get("mapping")
    named = mapping if isinstance(mapping, dict) else {}
    return Plan(
        paths={field: _texts(named.get(field)) for field in GUESSES},
        resolved=_words(settings.get("resolved_values")) or RESOLVED_VALUES,
        acknowledged=_words(settings.get("acknowledged_values")) or ACKNOWLEDGED_VALUES,
    )


def _content(inbound: Inbound) -> object:
    text = inbound.text.strip()
    if not text:
        raise unreadable("The body is empty.", remedy='Send JSON such as {"title": "Disk full"}.')
    kind = inbound.headers.get("content-type", "").lower()
    try:
        found = inbound.json()
    except Unreadable:
        # Many senders forget to say what they send: text that begins like JSON was meant as JSON.
        if "json" in kind or (text.startswith("{") and "text/" not in kind):
            raise
        return _form_or_text(inbound, kind, text)
    if found is None or found == {}:
        raise unreadable("The body says nothing.", remedy='Send at least {"title": "Disk full"}.')
    return found


def _form_or_text(inbound: Inbound, kind: str, text: str) -> object:
    if "form-urlencoded" in kind and "=" in text:
        try:
            return inbound.form()
        except ValueError:
            raise unreadable("The form has too many fields.", remedy="Send JSON.") from None
    broken = sum(
        1 for char in text if char == "\ufffd" or (char < " " and char not in "\t\r\n\x1b")
    )
    if broken > len(text) * BROKEN_CHARS_SHARE_MAX or "\x00" in text:
        raise unreadable(
            "The body is neither JSON nor a form nor text.",
            remedy='Send JSON in UTF-8 such as {"title": "Disk full"}.',
        )
    return text


def _reading(item: object, plan: Plan) -> Reading:
    if not isinstance(item, dict):
        return _reading_of_text(item)
    lowered = {name.lower(): value for name, value in reversed(item.items())}
    found = {field: _find(field, item, lowered, plan) for field in GUESSES}
    title, marks = _title(item, lowered, found["title"])
    return Reading(
        title=title,
        status=_status(found["status"], plan),
        dedup=found["dedup"],
        severity=found["severity"],
        labels=found["labels"],
        details=found["details"] if plan.paths["details"] else item,
        link=found["link"],
        started_at=found["started_at"],
        group=found["group"],
        marks=marks,
    )


def _reading_of_text(item: object) -> Reading:
    first, _, rest = item.strip().partition("\n") if isinstance(item, str) else ("", "", "")
    if not isinstance(item, str):
        return Reading(title=item, marks=("message: not an object, shown as it came",))
    return Reading(title=first, details={"text": rest.strip()} if rest.strip() else None)


def _find(field: str, item: dict[str, object], lowered: Mapping[str, object], plan: Plan) -> object:
    if plan.paths[field]:
        # What is mapped is never guessed: a wrong dedup key would join strangers (promises R22).
        return _first(dotted(item, path) for path in plan.paths[field])
    return _first(lowered.get(name) for name in GUESSES[field])


def _first(values: Iterable[object]) -> object:
    return next((value for value in values if value not in (None, "", [], {})), None)


def _title(
    item: dict[str, object], lowered: Mapping[str, object], found: object
) -> tuple[object, tuple[str, ...]]:
    """A title in any case: the mapped one, a guessed one, or the body itself."""
    if clean_line(found, TITLE_GUESS_CHARS_MAX)[0]:
        return found, ()
    mark = "title: nothing where it was looked for, guessed"
    guessed = _first(lowered.get(name) for name in GUESSES["title"])
    if clean_line(guessed, TITLE_GUESS_CHARS_MAX)[0]:
        return guessed, (mark,)
    return cut(clean_line(item, TITLE_GUESS_CHARS_MAX)[0], TITLE_GUESS_CHARS_MAX), (mark,)


def _status(word: object, plan: Plan) -> SignalStatus:
    known = clean_line(word, TITLE_GUESS_CHARS_MAX)[0].lower()
    if known in plan.resolved:
        return SignalStatus.RESOLVED
    if known in plan.acknowledged:
        return SignalStatus.ACKNOWLEDGED
    return SignalStatus.FIRING  # whatever is not clearly over pages


def _texts(value: object) -> tuple[str, ...]:
    listed = value if isinstance(value, list | tuple) else [value]
    return tuple(text for text in listed[:PATHS_MAX] if isinstance(text, str) and text.strip())


def _words(value: object) -> frozenset[str]:
    listed = value if isinstance(value, list | tuple) else ()
    return frozenset(clean_line(word, TITLE_GUESS_CHARS_MAX)[0].lower() for word in listed) - {""}


GUESSING = plan_of({})

SNIPPET = """\
curl --fail {key_url} --header 'Content-Type: application/json' --data '{
  "title": "Disk full on db-1",
  "dedup": "db-1/disk",
  "severity": "critical",
  "status": "firing",
  "link": "https://grafana.example/d/disk"
}'

# It is over: the same dedup, status "resolved"
curl --fail {key_url} --header 'Content-Type: application/json' \\
  --data '{"title": "Disk full on db-1", "dedup": "db-1/disk", "status": "resolved"}'
"""

SAMPLE = json.dumps(
    {"title": "This is a test alert", "dedup": "holdfast-test", "severity": "critical"}
)

source = Source(
    name="generic",
    title="Anything that sends JSON, a form or text",
    read=read,
    docs="reference/integrations/generic.md",
    snippet=SNIPPET,
    sample=SAMPLE,
)
