"""What happened by itself, in words."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

from holdfast.incidents.record.directory import Directory
from holdfast.incidents.record.model import EntryKind, Milestone
from holdfast.incidents.record.told import _TOLD, LEFT_OUT, line
from holdfast.timeline.event import Recorded
from tests.support.database import START
from tests.support.source import SRC

DIRECTORY = Directory(
    users={"ana": "Ana", "bo": "Bo"},
    tokens={"tk_1": ("bo", "bo's shell"), "tk_2": (None, "deploys")},
    alert=lambda name: None,
)


def told(kind: str, data: dict[str, object]) -> str:
    event = Recorded("ev_1", START, kind, "in_1", "user:ana", data)
    return line(event, DIRECTORY).text


@pytest.mark.parametrize(
    ("kind", "data", "said"),
    [
        ("incident.role_taken", {"role": "command", "user": "bo"}, "Bo is commander."),
        ("incident.role_proposed", {"role": "scribe", "user": "bo", "why": "on_call"},
         "Bo is asked to be scribe: on call."),
        ("incident.role_proposed", {"role": "scribe", "user": None, "why": "x"},
         "Nobody was found to be scribe."),
        ("incident.clock_breached", {"clock": "update:internal"},
         "The time until everybody inside hears more is over."),
        ("incident.clock_breached", {"clock": "task:tk_1"}, "The time for a task is over."),
        ("incident.coordination_gap", {"gap": "command_silent", "about": "bo"},
         "Command is silent (Bo)."),
        ("incident.coordination_gap", {"gap": "task_overdue", "about": "tk_9"}, "A task is late."),
        ("incident.help_requested", {"target": "user:bo", "why": "solo"},
         "Bo asked to help: one person was alone."),
        ("incident.phase_changed", {"before": "triage", "after": "post_incident", "why": ""},
         "Ana moved it from triage to post incident."),
        ("escalation.step_reached", {"people": ["ana", "bo"], "because": "step 1"},
         "Ana, Bo paged."),
        ("guardrail.overridden", {"code": "OL_REQUIRED", "reason": "Nobody is awake."},
         "Ana broke the glass of OL_REQUIRED: Nobody is awake."),
        ("some.thing_new", {"count": 3, "empty": ""}, "Some thing new (count 3), by Ana."),
    ],
)  # fmt: skip
def test_an_event_is_one_sentence_with_names_and_without_ids(
    kind: str, data: dict[str, object], said: str
) -> None:
    assert told(kind, data) == said


@pytest.mark.parametrize(
    ("actor", "name", "person"),
    [
        ("user:ana", "Ana", "ana"),
        ("token:tk_1", "Bo", "bo"),
        ("token:tk_2", "deploys", "tk_2"),
        ("system:holdfast", "Holdfast", "holdfast"),
        ("connection:am", "am", "am"),
    ],
)
def test_a_program_that_acts_for_a_person_is_that_person(
    actor: str, name: str, person: str
) -> None:
    assert (DIRECTORY(actor), DIRECTORY.person(actor)) == (name, person)


def test_a_gap_in_coordination_is_an_entry_of_its_own_kind() -> None:
    event = Recorded("ev_1", START, "incident.coordination_gap", "in_1", "system:holdfast", {})
    assert line(event, DIRECTORY).kind is EntryKind.COORDINATION
    fired = Recorded("ev_2", START, "alert.triggered", "al_1", "system:holdfast", {})
    assert line(fired, DIRECTORY).milestone is Milestone.ALERT


@pytest.mark.ledger("S0-29")
def test_every_event_of_an_incident_has_a_sentence_or_is_left_out_on_purpose() -> None:
    """A kind that is new falls back to plain words; this says that somebody should choose some."""
    kinds = {
        kind for path in sorted((SRC / "incidents").rglob("model.py")) for kind in _kinds(path)
    }
    silent = {kind for kind in kinds if kind.startswith("service.")}  # about no incident
    assert kinds - silent - set(LEFT_OUT) - set(_TOLD) == set()


def _kinds(path: Path) -> set[str]:
    found = set()
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if isinstance(node, ast.ClassDef) and "Event" in map(ast.unparse, node.bases):
            for statement in node.body:
                if (
                    isinstance(statement, ast.Assign)
                    and ast.unparse(statement.targets[0]) == "kind"
                ):
                    found.add(str(ast.literal_eval(statement.value)))
    return found
