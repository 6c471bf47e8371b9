"""What happened by itself, in words."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

from holdfast.incidents.record.model import EntryKind, Milestone
from holdfast.incidents.record.told import _TOLD, LEFT_OUT, line
from holdfast.timeline.event import Recorded
from tests.support.database import START
from tests.support.source import SRC

NAMES = {"ana": "Ana", "bo": "Bo"}


def told(kind: str, actor: str = "user:ana", **data: object) -> str:
    event = Recorded("ev_1", START, kind, "in_1", actor, data)
    return line(event, lambda name: NAMES.get(name, name)).text


@pytest.mark.parametrize(
    ("kind", "data", "said"),
    [
        ("incident.role_taken", {"role": "command", "user": "bo"}, "Bo has the role command."),
        ("incident.clock_breached", {"clock": "update:internal"},
         "It ran out: the next update to everybody inside."),
        ("incident.clock_breached", {"clock": "task:tk_1"}, "It ran out: task:tk_1."),
        ("incident.coordination_gap", {"gap": "command_silent", "about": "bo"},
         "A gap in coordination: command is silent (Bo)."),
        ("incident.coordination_gap", {"gap": "task_overdue", "about": "tk_1"},
         "A gap in coordination: a task is overdue."),
        ("incident.phase_changed", {"before": "triage", "after": "mitigating", "why": ""},
         "Ana moved it from triage to mitigating."),
        ("escalation.step_reached", {"people": ["ana", "bo"], "because": "step 1"},
         "Paged: Ana, Bo (step 1)."),
        ("some.thing_new", {"count": 3, "empty": ""}, "Some thing new (count 3), by Ana."),
    ],
)  # fmt: skip
def test_an_event_is_one_sentence_with_names_and_without_ids(
    kind: str, data: dict[str, object], said: str
) -> None:
    assert told(kind, **data) == said


def test_a_gap_in_coordination_is_an_entry_of_its_own_kind() -> None:
    event = Recorded("ev_1", START, "incident.coordination_gap", "in_1", "system:holdfast", {})
    assert line(event, str).kind is EntryKind.COORDINATION
    fired = Recorded("ev_2", START, "alert.triggered", "al_1", "system:holdfast", {})
    assert line(fired, str).milestone is Milestone.ALERT


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
