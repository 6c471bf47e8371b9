"""What each kind of message says, and what is filled in by itself."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from holdfast.incidents.model import Brief, Incident, Instants, Kind, Phase, Severity
from holdfast.incidents.model import Detection as Found
from holdfast.incidents.telling import templates
from holdfast.incidents.telling.model import Template
from holdfast.incidents.telling.templates import Facts, blank, filled, rendered
from holdfast.practice import shipped
from holdfast.practice.model import Audience

NOW = datetime(2026, 11, 16, 10, 0, tzinfo=UTC)
MINUTE = timedelta(minutes=1)
INCIDENT = Incident(
    id="in_1",
    number="INC-2026-001",
    title="Card payments fail",
    kind=Kind.REAL,
    private=False,
    phase=Phase.DECLARED,
    severity=Severity(1, "SEV1"),
    pack=shipped.pack("union-5"),
    detection=Found.ALERT,
    declared_by="ana",
    services=("checkout",),
    instants=Instants(declared_at=NOW),
    brief=Brief(impact="one in three card payments fails"),
)
FACTS = Facts(
    incident=INCIDENT, commander="Ana Lima", every=30 * MINUTE,
    next_update_at=NOW + 30 * MINUTE, follow_ups="/incidents/INC-2026-001", now=NOW,
)  # fmt: skip


def facts(**changed: Any) -> Facts:
    return replace(FACTS, **changed)


def incident(**changed: Any) -> Facts:
    return replace(FACTS, incident=replace(INCIDENT, **changed))


@pytest.mark.ledger("S4-37", "S4-42", "S1-16")
def test_the_first_message_says_six_things_and_asks_for_none_that_is_known() -> None:
    fields = filled(Template.INITIAL, FACTS, {})
    assert blank(fields) == ()
    assert rendered(Template.INITIAL, Audience.INTERNAL, fields).splitlines() == [
        "Incident: INC-2026-001 Card payments fail",
        "Severity: SEV1",
        "Status: Investigating",
        "Impact: one in three card payments fails",
        "Commander: Ana Lima",
        "Updates: every 30 min, next by 10:30 UTC",
    ]


@pytest.mark.ledger("S4-37")
@pytest.mark.parametrize(
    ("changed", "name"),
    [
        ({"commander": ""}, "commander"),
        ({"every": None, "next_update_at": None}, "updates"),
        ({"incident": replace(INCIDENT, brief=Brief())}, "impact"),
    ],
)
def test_a_field_that_nobody_knows_is_named(changed: dict[str, Any], name: str) -> None:
    assert blank(filled(Template.INITIAL, facts(**changed), {})) == (name,)


@pytest.mark.ledger("S4-38")
def test_an_update_says_that_the_time_of_recovery_is_not_known_unless_somebody_does() -> None:
    fields = filled(Template.UPDATE, FACTS, {"update": "We undo the change."})
    assert "ETA: not known" in rendered(Template.UPDATE, Audience.INTERNAL, fields)
    known = filled(Template.UPDATE, FACTS, {"update": "We undo the change.", "eta": "12:00 UTC"})
    assert "ETA: 12:00 UTC" in rendered(Template.UPDATE, Audience.INTERNAL, known)


@pytest.mark.ledger("S4-38")
def test_an_update_without_a_next_one_has_a_blank_field() -> None:
    fields = filled(Template.UPDATE, facts(next_update_at=None), {"update": "We look."})
    assert blank(fields) == ("next_update",)


def test_a_level_that_promises_nothing_says_so_in_words() -> None:
    quiet = replace(INCIDENT, severity=Severity(4, "SEV4"))
    fields = filled(
        Template.UPDATE, facts(incident=quiet, every=None, next_update_at=None), {"update": "Soon."}
    )
    assert fields["next_update"] == "when there is something new"


@pytest.mark.ledger("S4-39")
def test_the_resolution_computes_its_duration_from_the_times() -> None:
    instants = Instants(
        declared_at=NOW, impact_started_at=NOW - 15 * MINUTE, restored_at=NOW + 139 * MINUTE
    )
    fields = filled(
        Template.RESOLUTION,
        incident(phase=Phase.RESOLVED, instants=instants),
        {"duration": "5 min"},
    )
    assert fields["duration"] == "2 h 34 min"
    assert fields["resolved"] == "12:19 UTC"
    assert fields["follow_ups"] == "/incidents/INC-2026-001"


@pytest.mark.ledger("S4-39")
def test_nobody_must_know_the_cause_to_say_that_it_is_over() -> None:
    fields = filled(Template.RESOLUTION, FACTS, {})
    assert fields["cause"] == "under investigation, see the postmortem by 2026-11-19"
    known = filled(Template.RESOLUTION, incident(brief=Brief(cause="A full disk")), {})
    assert known["cause"] == "A full disk"


@pytest.mark.ledger("S1-18")
def test_a_provider_that_is_down_has_a_message_of_its_own() -> None:
    said = {
        "provider": "Acme Cloud",
        "says": "their storage is slow",
        "link": "https://status.example.com",
    }
    fields = filled(Template.UPSTREAM, FACTS, said)
    assert blank(fields) == ()
    assert rendered(Template.UPSTREAM, Audience.CUSTOMERS, fields).splitlines() == [
        "Acme Cloud has trouble: Their storage is slow.",
        "One in three card payments fails.",
        "Their own status: https://status.example.com",
        "Next update by 10:30 UTC.",
    ]


@pytest.mark.ledger("S4-36")
def test_a_brief_for_leaders_asks_for_risk_and_for_the_decision_that_is_needed() -> None:
    told = incident(brief=Brief(impact="payments fail", doing="undoing a change"))
    assert blank(filled(Template.LEADERS, told, {})) == ("risk", "decision")
    fields = filled(Template.LEADERS, told, {"risk": "more shops", "decision": "none"})
    assert blank(fields) == ()
    text = rendered(Template.LEADERS, Audience.LEADERS, fields)
    assert "Decision needed: none" in text
    assert "Next update: 10:30 UTC" in text


def test_customers_read_sentences_without_severity_or_names() -> None:
    fields = filled(Template.INITIAL, FACTS, {})
    text = rendered(Template.INITIAL, Audience.CUSTOMERS, fields)
    assert text == (
        "One in three card payments fails.\nWe are looking into it.\nNext update by 10:30 UTC."
    )


@pytest.mark.ledger("S0-32")
def test_somebodys_own_words_get_the_next_time_all_the_same() -> None:
    fields = filled(Template.UPDATE, FACTS, {"update": "x"})
    own = "We are still on it."
    assert templates.with_promise(own, Template.UPDATE, fields) == (
        "We are still on it.\nNext update by 10:30 UTC."
    )
    said = "We are on it; more at 10:30 UTC."
    assert templates.with_promise(said, Template.UPDATE, fields) == said
    over = filled(Template.RESOLUTION, FACTS, {})
    assert templates.with_promise(own, Template.RESOLUTION, over) == own


def test_a_false_alarm_ends_without_a_duration() -> None:
    fields = filled(Template.RESOLUTION, incident(phase=Phase.FALSE_ALARM), {})
    assert blank(fields) == ()
    assert fields["duration"] == "none, it was a false alarm"


@pytest.mark.parametrize(
    ("length", "said"),
    [
        (timedelta(seconds=59), "less than a minute"),
        (MINUTE, "1 min"),
        (timedelta(hours=1), "1 h"),
        (timedelta(days=2, minutes=5), "2 d 5 min"),
    ],
)
def test_lengths_of_time_are_said_in_words(length: timedelta, said: str) -> None:
    assert templates.spoken(length) == said


def test_a_time_of_another_day_says_which_day() -> None:
    assert templates.clock_time(NOW + timedelta(hours=15), NOW) == "2026-11-17 01:00 UTC"


def test_what_is_filled_in_by_itself_is_not_judged_as_somebodys_words() -> None:
    fields = filled(Template.INITIAL, FACTS, {})
    assert templates.prose(fields) == "one in three card payments fails"
