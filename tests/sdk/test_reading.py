"""A reading of any types becomes one signal that keeps every promise of Signal."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from holdfast.sdk import Reading, Severity, Signal, SignalStatus, signal_of, signals_of
from holdfast.sdk.reading import LEFT_OUT_DEDUP, MARKS_MAX, SIGNALS_MAX, TITLE_FALLBACK


def test_an_ordinary_reading_becomes_its_signal_without_a_mark() -> None:
    reading = Reading(
        title="Disk full",
        dedup="db-1/disk",
        severity="Critical",
        labels={"env": "prod"},
        details={"free": 0.01},
        link="https://grafana.example/d/x?a=1&b={c}",
        started_at="2026-11-20T10:00:00Z",
        group="g",
    )

    assert signal_of(reading) == Signal(
        status=SignalStatus.FIRING,
        title="Disk full",
        dedup="db-1/disk",
        severity=Severity.CRITICAL,
        labels={"env": "prod"},
        details={"free": 0.01},
        link="https://grafana.example/d/x?a=1&b={c}",
        started_at=datetime(2026, 11, 20, 10, tzinfo=UTC),
        group="g",
    )


def test_a_missing_title_still_pages_under_a_name() -> None:
    signal = signal_of(Reading(title="\x00 "))

    assert signal.title == TITLE_FALLBACK
    assert signal.marks == ("title: missing",)


@pytest.mark.parametrize("word", [None, "", "unknown", " Unknown "])
def test_a_severity_that_nobody_gave_needs_no_mark(word: object) -> None:
    signal = signal_of(Reading(title="x", severity=word))

    assert (signal.severity, signal.marks) == (Severity.UNKNOWN, ())


@pytest.mark.parametrize("word", ["banana", 3, ["critical"], "{{ .Severity }}"])
def test_a_severity_that_nobody_knows_pages_as_unknown_and_is_quoted(word: object) -> None:
    signal = signal_of(Reading(title="x", severity=word))

    assert signal.severity is Severity.UNKNOWN
    assert "is not known here, so it pages" in signal.marks[0]


@pytest.mark.parametrize(
    "link",
    [
        "javascript:alert(1)", "//evil.example", "/\\evil", "data:text/html,x", "http:evil", 7,
        "https://a b", "https://\x00a", "https://" + "x" * 3000, "vbscript:x", {"href": "https://a"},
    ],
)  # fmt: skip
def test_a_link_that_could_act_or_lead_nowhere_is_left_out(link: object) -> None:
    signal = signal_of(Reading(title="x", link=link))

    assert (signal.link, signal.marks) == (None, ("link: not a web address, left out",))


@pytest.mark.parametrize("status", [SignalStatus.RESOLVED, SignalStatus.ACKNOWLEDGED])
def test_an_answer_that_names_no_alert_says_that_it_matches_none(status: SignalStatus) -> None:
    assert signal_of(Reading(title="x", status=status)).marks == (
        "dedup key: missing, so this matches no open alert",
    )


def test_a_thousand_oddities_leave_a_readable_number_of_marks() -> None:
    signal = signal_of(Reading(title="x", labels={f"l{n}": "v" * (2000 + n) for n in range(90)}))

    assert len(signal.marks) == MARKS_MAX


def test_more_alerts_than_are_read_become_one_signal_that_pages() -> None:
    signals = signals_of(range(SIGNALS_MAX + 5), lambda n: Reading(title=n))

    assert len(signals) == SIGNALS_MAX + 1
    assert signals[-1].dedup == LEFT_OUT_DEDUP
    assert signals[-1].severity is Severity.UNKNOWN
    assert signals[-1].details == {"read": SIGNALS_MAX, "left_out": 5}
