"""What one signal does to one alert."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from holdfast.alerts import lifecycle
from holdfast.alerts.lifecycle import Acknowledge, Change, Ignore, Open, Raise, Repeat, Resolve
from holdfast.alerts.model import Alert, AlertStatus
from holdfast.sdk import Severity, Signal, SignalStatus, Urgency, urgency_of
from tests.support.database import START
from tests.support.story import firing, resolved

MINUTE = timedelta(minutes=1)


def an_alert(severity: Severity = Severity.CRITICAL, **changed: object) -> Alert:
    alert = Alert(
        id="al_1",
        code="RAVO-42",
        connection="am",
        service="checkout",
        dedup_key="k",
        title="Disk full",
        status=AlertStatus.TRIGGERED,
        severity=severity,
        urgency=urgency_of(severity),
        triggered_at=START,
        started_at=START,
    )
    return replace(alert, **changed)  # type: ignore[arg-type]  # names and types are the test's


ACKNOWLEDGED = Signal(SignalStatus.ACKNOWLEDGED, "Disk full", dedup="k")


@pytest.mark.parametrize(
    ("alert", "signal", "change"),
    [
        (None, firing(), Open),
        (None, resolved(), Ignore),
        (None, ACKNOWLEDGED, Ignore),
        (an_alert(), firing(), Repeat),
        (an_alert(), firing(severity=Severity.WARNING), Repeat),
        (an_alert(Severity.WARNING), firing(severity=Severity.INFO), Repeat),
        (an_alert(Severity.WARNING), firing(severity=Severity.CRITICAL), Raise),
        (an_alert(Severity.INFO), firing(severity=Severity.UNKNOWN), Raise),
        (an_alert(), resolved(), Resolve),
        (an_alert(), resolved(started_at=START), Resolve),
        (an_alert(), resolved(started_at=START - MINUTE), Ignore),
        (an_alert(started_at=None), resolved(started_at=START - MINUTE), Resolve),
        (an_alert(), ACKNOWLEDGED, Acknowledge),
        (an_alert(status=AlertStatus.ACKNOWLEDGED), ACKNOWLEDGED, Ignore),
        (an_alert(status=AlertStatus.ACKNOWLEDGED), resolved(), Resolve),
        (an_alert(status=AlertStatus.ACKNOWLEDGED), firing(), Repeat),
    ],
)
def test_every_signal_has_one_meaning_and_a_reason(
    alert: Alert | None, signal: Signal, change: type[Change]
) -> None:
    found = lifecycle.apply(alert, signal, START + MINUTE)
    assert type(found) is change
    assert found.why


def test_a_repetition_counts_and_keeps_everything_else() -> None:
    before = an_alert(count=3)
    change = lifecycle.apply(before, firing(title="Another title"), START + MINUTE)
    assert isinstance(change, Repeat)
    assert change.alert == replace(before, count=4, last_signal_at=START + MINUTE)


def test_what_could_wait_and_got_worse_wakes_people_from_now_on() -> None:
    before = an_alert(Severity.WARNING)
    change = lifecycle.apply(before, firing(severity=Severity.CRITICAL), START + MINUTE)
    assert isinstance(change, Raise)
    assert (change.alert.severity, change.alert.urgency) == (Severity.CRITICAL, Urgency.HIGH)
    assert change.alert.count == 2
