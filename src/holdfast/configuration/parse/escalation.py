"""Escalation policies as the files write them."""

from __future__ import annotations

from datetime import timedelta

from holdfast.configuration.fields import Fields, integer_within, word
from holdfast.configuration.model import Mentioned, Place
from holdfast.escalation.model import (
    REPEAT_MAX,
    STEPS_MAX,
    TARGETS_MAX,
    WAIT_MAX,
    WAIT_MIN,
    Policy,
    Step,
    Target,
    TargetKind,
)
from holdfast.kernel.duration import format_duration, parse_duration
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
    fields.limit("steps", STEPS_MAX)
    steps = fields.each("steps", f"a step of {fields.what}", STEP_FIELDS)
    return fields.mention(
        Policy(
            id=fields.read("id", slug, ""),
            steps=tuple(_step(step, number, fields.what) for number, step in enumerate(steps, 1)),
            repeat=fields.read("repeat", integer_within(0, REPEAT_MAX), 0),
            last_resort=_targets(fields, "last_resort"),
            name=fields.read("name", word, ""),
        )
    )


def _step(fields: Fields, number: int, owner: str) -> Step:
    fields.what = f"step {number} of {owner}"
    if not fields.has("page"):
        fields.wrong(None, f"{fields.what} pages nobody.", 'Add page: ["user:ID"] to it.')
    return Step(_targets(fields, "page"), fields.read("wait", _wait, DEFAULT_WAIT))


def _wait(text: str) -> timedelta:
    found = parse_duration(text)
    if not WAIT_MIN <= found <= WAIT_MAX:
        least, most = format_duration(WAIT_MIN), format_duration(WAIT_MAX)
        raise Invalid(f"a step waits {least} to {most}.", remedy="Write wait: 5m, for example.")
    return found


def _targets(fields: Fields, key: str) -> tuple[Target, ...]:
    fields.limit(key, TARGETS_MAX)
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
