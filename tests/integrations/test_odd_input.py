"""Whatever arrives, every source pages or says why it cannot read it; it never fails."""

from __future__ import annotations

import json
from datetime import timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.strategies import SearchStrategy

from holdfast.sdk import Inbound, Signal, Unreadable
from holdfast.sdk.discovery import discover
from holdfast.sdk.reading import MARKS_MAX, SIGNALS_MAX
from holdfast.sdk.signal import (
    DEDUP_CHARS_MAX,
    DETAILS_CHARS_MAX,
    LABEL_CHARS_MAX,
    LABELS_MAX,
    LINK_CHARS_MAX,
    TITLE_CHARS_MAX,
)
from holdfast.sdk.testing import plain_signal

SOURCES = discover().sources
NAMES = sorted(SOURCES)
MARK_CHARS_MAX = 200

# Any code point at all: NUL, controls, halves of surrogate pairs, turns of the direction.
TEXTS = st.text(st.characters(exclude_categories=()), max_size=40)
SCALARS = (
    st.none()
    | st.booleans()
    | st.integers(min_value=-(10**600), max_value=10**600)
    | st.floats()
    | TEXTS
    | st.sampled_from(
        ["", " ", "firing", "resolved", "critical", "0001-01-01T00:00:00Z", "é" * 1500]
    )
)
VALUES: SearchStrategy[object] = st.recursive(
    SCALARS,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(TEXTS, inner, max_size=4),
    max_leaves=12,
)


def _object_with(*names: str) -> SearchStrategy[dict[str, object]]:
    return st.fixed_dictionaries({}, optional=dict.fromkeys(names, VALUES))


ALERTS = st.lists(
    _object_with("status", "labels", "annotations", "startsAt", "generatorURL", "fingerprint")
    | VALUES,
    max_size=3,
)
BODIES: dict[str, SearchStrategy[object]] = {
    "generic": _object_with(
        "title", "dedup", "severity", "status", "link", "labels", "started_at", "id", "details"
    ).map(lambda found: found),
    "alertmanager": st.fixed_dictionaries(
        {"alerts": ALERTS},
        optional=dict.fromkeys(("status", "version", "groupKey", "truncatedAlerts"), VALUES),
    ).map(lambda found: found),
    "pagerduty-events": st.fixed_dictionaries(
        {"event_action": st.sampled_from(["trigger", "resolve"]) | VALUES},
        optional={
            **dict.fromkeys(("dedup_key", "links", "client", "client_url"), VALUES),
            "payload": VALUES
            | _object_with("summary", "source", "severity", "timestamp", "custom_details"),
        },
    ).map(lambda found: found),
    "heartbeat": VALUES,
    "cloudevents": _object_with(
        "id", "source", "type", "subject", "data", "time", "severitynumber", "severitytext"
    ).map(lambda found: {"specversion": "1.0", **found}),
    "datadog": _object_with("title", "transition", "type", "priority", "link", "date", "tags").map(
        lambda found: {"cycle_key": "c", **found}
    ),
    "sentry": st.fixed_dictionaries(
        {
            "data": _object_with("event", "metric_alert", "issue", "triggered_rule")
            | st.fixed_dictionaries(
                {"event": _object_with("title", "issue_id", "level", "web_url", "datetime")}
            )
        },
        optional={"action": VALUES},
    ).map(lambda found: found),
    "uptime-kuma": _object_with("heartbeat", "monitor", "msg").map(lambda found: found),
    "zabbix": _object_with("event_value", "title", "severity", "host", "link").map(
        lambda found: {"event_id": "7", **found}
    ),
}


def _read(name: str, body: bytes, mapping: object = None) -> list[Signal]:
    """The signals, or none where the source says why it reads none. Anything else is raised."""
    try:
        return SOURCES[name].read(
            Inbound("POST", "/in/KEY", body, settings={"mapping": mapping} if mapping else {})
        )
    except Unreadable as refusal:
        refusal.detail.encode()
        return []


def _assert_sound(signal: Signal) -> None:
    plain = json.dumps(plain_signal(signal), allow_nan=False, ensure_ascii=False)
    plain.encode()
    assert "\\u0000" not in plain
    assert 0 < len(signal.title) <= TITLE_CHARS_MAX
    assert "\n" not in signal.title
    assert signal.dedup is None or 0 < len(signal.dedup) <= DEDUP_CHARS_MAX
    assert signal.group is None or 0 < len(signal.group) <= DEDUP_CHARS_MAX
    assert signal.link is None or len(signal.link) <= LINK_CHARS_MAX
    assert len(signal.labels) <= LABELS_MAX
    assert all(len(text) <= LABEL_CHARS_MAX for pair in signal.labels.items() for text in pair)
    assert len(json.dumps(signal.details, ensure_ascii=False)) <= DETAILS_CHARS_MAX
    assert signal.started_at is None or signal.started_at.utcoffset() == timedelta(0)
    assert len(signal.marks) <= MARKS_MAX
    assert all(len(mark) <= MARK_CHARS_MAX for mark in signal.marks)


@pytest.mark.parametrize("name", NAMES)
@given(data=st.data())
@settings(max_examples=150, deadline=None)
def test_any_json_in_the_known_fields_becomes_sound_signals(name: str, data: st.DataObject) -> None:
    body = data.draw(BODIES[name])

    for signal in _read(name, json.dumps(body).encode()):
        _assert_sound(signal)


@pytest.mark.parametrize("name", NAMES)
@given(body=VALUES)
@settings(max_examples=100, deadline=None)
def test_any_json_at_all_becomes_sound_signals_or_a_reason(name: str, body: object) -> None:
    for signal in _read(name, json.dumps(body).encode()):
        _assert_sound(signal)


@pytest.mark.parametrize("name", NAMES)
@given(body=st.binary(max_size=200))
@settings(max_examples=100, deadline=None)
def test_any_bytes_become_sound_signals_or_a_reason(name: str, body: bytes) -> None:
    for signal in _read(name, body):
        _assert_sound(signal)


@given(body=VALUES, path=st.text(st.sampled_from("ab.[]019$ "), max_size=12) | TEXTS)
@settings(max_examples=150, deadline=None)
def test_any_mapping_is_followed_without_failing(body: object, path: str) -> None:
    for signal in _read(
        "generic", json.dumps(body).encode(), dict.fromkeys(("title", "dedup"), path)
    ):
        _assert_sound(signal)


HOSTILE = {
    "depth of 100,000": b"[" * 100_000,
    "depth of 100,000 objects": b'{"a":' * 100_000,
    "depth of 60": b'{"title": ' + b"[" * 60 + b"]" * 60 + b"}",
    "600 KB title": b'{"title": "' + b"x" * 600_000 + b'"}',
    "600 KB of spaces": b'{"title": "' + b" " * 600_000 + b'"}',
    "600 KB of quotes": b'{"details": "' + b'\\"' * 300_000 + b'"}',
    "10,000 accents on one letter": ('{"title": "a' + "\u0301" * 10_000 + '"}').encode(),
    "one emoji of 10,000 parts": ('{"title": "' + "👩\u200d" * 10_000 + '"}').encode(),
    "5,000-digit number": b'{"title": ' + b"9" * 5_000 + b"}",
    "10,000 labels": json.dumps({"labels": {f"l{n}": "v" * 50 for n in range(10_000)}}).encode(),
    "100,000 alerts": json.dumps([1] * 100_000).encode(),
    "100,000 alerts of Alertmanager": json.dumps({"alerts": [{}] * 100_000}).encode(),
    "a key of 1 MB": json.dumps({"k" * 1_000_000: 1}).encode(),
    "100,000 keys": json.dumps({f"k{n}": n for n in range(100_000)}).encode(),
    "overlong UTF-8": b'{"title": "\xc0\xaf\xed\xa0\x80"}',
    "JSON text sequence": b'\x1e{"title": "a"}\n\x1e{"title": "b"}\n',
    "YAML": b"title: Disk full\nlevel: 1\n",
    "XML": b'<?xml version="1.0"?><alert><title>Disk</title></alert>',
    "trailing comma": b'{"title": "a",}',
    "nothing": b"",
    "null": b"null",
    "minus zero": b"-0",
}


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("shape", HOSTILE)
def test_hostile_bodies_are_read_or_refused_with_a_reason(name: str, shape: str) -> None:
    signals = _read(name, HOSTILE[shape])

    assert len(signals) <= SIGNALS_MAX + 1
    for signal in signals:
        _assert_sound(signal)


def test_an_over_long_alert_still_pages_shortened_and_marked() -> None:
    [signal] = _read("generic", HOSTILE["600 KB title"])

    assert signal.title.endswith("…")
    assert "title: shortened from 600000 to 1024 characters" in signal.marks
