"""The Alertmanager source where a written request alone does not tell the story."""

from __future__ import annotations

import json

import pytest

from holdfast.integrations.alertmanager import fingerprint, source
from holdfast.sdk import Inbound, Signal


def _read(**body: object) -> list[Signal]:
    return source.read(Inbound("POST", "/in/KEY", json.dumps({"version": "4", **body}).encode()))


def test_the_fingerprint_of_labels_is_prometheus_own() -> None:
    labels = {"alertname": "HighCPU", "cluster": "prod", "instance": "i1", "severity": "critical"}

    assert fingerprint(labels) == "723d901c53579ef2"
    assert fingerprint(dict(reversed(labels.items()))) == "723d901c53579ef2"


@pytest.mark.parametrize("labels", [None, {}, [], "a"])
def test_alerts_without_labels_and_fingerprint_are_never_joined(labels: object) -> None:
    assert fingerprint(labels) is None
    assert [signal.dedup for signal in _read(alerts=[{"labels": labels}])] == [None]


@pytest.mark.parametrize(
    ("status", "truncated", "ends"),
    [
        ("resolved", 1, ["g"]),
        ("resolved", 0, []),
        ("firing", 1, []),
        ("resolved", "1", []),
        ("resolved", None, []),
    ],
)
def test_only_a_resolved_group_with_unseen_members_ends_as_a_whole(
    status: str, truncated: object, ends: list[str]
) -> None:
    alerts = [{"status": status, "labels": {"n": str(n)}} for n in range(3)]
    signals = _read(status=status, truncatedAlerts=truncated, groupKey="g", alerts=alerts)

    assert [signal.group for signal in signals if signal.resolves_group] == ends


def test_a_group_without_alerts_is_no_alert() -> None:
    assert _read(alerts=[]) == []


@pytest.mark.parametrize(
    ("annotations", "title"),
    [
        ({"summary": "S", "title": "T"}, "S"),
        ({"title": "T", "description": "D"}, "T"),
        ({"summary": "", "description": "D\nmore"}, "D more"),
        ({"runbook_url": "x"}, "HighCPU"),
    ],
)
def test_the_title_is_the_best_sentence_there_is(annotations: object, title: str) -> None:
    alert = {"annotations": annotations, "labels": {"alertname": "HighCPU"}}

    assert [signal.title for signal in _read(alerts=[alert])] == [title]
