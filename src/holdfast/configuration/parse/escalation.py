"""Escalation policies as the files write them."""

from __future__ import annotations

from datetime import timedelta

from holdfast.configuration.fields import Fields, integer, word
from holdfast.configuration.model import Mentioned, Place
from holdfast.escalation.model import Policy, Step, Target, TargetKind
from holdfast.kernel.duration import parse_duration
from holdfast.kernel.errors import Invalid
from holdfast.kernel.ids import slug

POLICY_FIELDS = ("id", "name", "steps", "repeat", "last_resort")
STEP_FIELDS = ("page", "wait")
DEFAULT_WAIT = timedelta(minutes=5)
# Keeps the place of a target that cannot be read, so that the lines of the others stay theirs.
NO_TARGET = Target(TargetKind.USER, "")


def policy(fields: Fields) -> Mentioned[Policy]:
    """Whom the targets mean is looked at in references.py."""
    if not fields.has("steps"):
        fields.wrong(
            None,
            f"{fields.what} has no steps.",
            'Add steps: [{page: ["schedule:ID"], wait: 5m}] to it.',
        )
    steps = fields.each("steps", f"a step of {fields.what}", STEP_FIELDS)
    return fields.mention(
        Policy(
            id=fields.read("id", slug, ""),
            steps=tuple(_step(step, number, fields.what) for number, step in enumerate(steps, 1)),
            repeat=fields.read("repeat", integer, 0),
            last_resort=_targets(fields, "last_resort"),
            name=fields.read("name", word, ""),
        )
    )


def _step(fields: Fields, number: int, owner: str) -> Step:
    fields.what = f"step {number} of {owner}"
    if not fields.has("page"):
        fields.wrong(None, f"{fields.what} pages nobody.", 'Add page: ["user:ID"] to it.')
    return Step(_targets(fields, "page"), fields.read("wait", parse_duration, DEFAULT_WAIT))


def _targets(fields: Fields, key: str) -> tuple[Target, ...]:
    lines = [node.line for node in fields.items(key)]
    found = []
    for text, line in zip(fields.texts_or_null(key), lines, strict=False):
        try:
            found.append(Target.parse(text or ""))
        except Invalid as error:
            place = Place(fields.file, line)
            message = f"{key} of {fields.what}: {error.detail}"
            fields.mistakes.add(place, message, error.remedy or "")
            found.append(NO_TARGET)
    return tuple(found)
