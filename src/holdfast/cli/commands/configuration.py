"""Configuration as code: plan, apply, export."""

from __future__ import annotations

import shlex
import sys
from collections import Counter
from pathlib import Path
from typing import Annotated, cast

from cyclopts import Parameter

from holdfast.cli import words
from holdfast.cli.caller import Json
from holdfast.cli.exits import WRONG_USAGE, Failed
from holdfast.cli.reach import AsJson, Where, reach
from holdfast.cli.say import clean, out, out_json, paint, tell

STANDARD_INPUT = "-"
STANDARD_INPUT_NAME = "standard input"
_SIGNS = {"create": ("+", "green"), "change": ("~", "yellow"), "remove": ("-", "red")}
_PLANNED = {"create": "to create", "change": "to change", "remove": "to remove"}
_APPLIED = {"create": "created", "change": "changed", "remove": "removed"}

Files = Annotated[list[str], Parameter(help="YAML files; - is the standard input.")]
Prune = Annotated[bool, Parameter(negative="", help="Remove what no file mentions.")]


def plan(
    files: Files, /, *, prune: Prune = False, where: Where | None = None, as_json: AsJson = False
) -> None:
    """Show what the files would change. Changes nothing."""
    found = _send("plan", files, prune=prune, where=where, as_json=as_json)
    if found is None:
        return
    changes = _show(found)
    if changes:
        flag = " --prune" if prune else ""
        command = f"holdfast apply {shlex.join(files)}{flag}"
        tell(words.PLANNED.format(summary=_summary(changes, _PLANNED), command=command))
    else:
        tell(words.NOTHING_TO_CHANGE)


def apply(
    files: Files, /, *, prune: Prune = False, where: Where | None = None, as_json: AsJson = False
) -> None:
    """Make it as the files say: all of it, or nothing with file, line and remedy."""
    found = _send("apply", files, prune=prune, where=where, as_json=as_json)
    if found is None:
        return
    changes = _show(found)
    keys = cast(dict[str, str], found["made_keys"])
    if keys:
        tell(words.KEYS_MADE)
        for connection, key in keys.items():
            out(f"{connection}  {key}")
    done = words.APPLIED.format(summary=_summary(changes, _APPLIED))
    tell(done if changes else words.NOTHING_TO_CHANGE)


def export(*, where: Where | None = None, as_json: AsJson = False) -> None:
    """Write everything that is configured as one file, without keys."""
    with reach(where) as caller:
        text = caller.text("configuration/export")
    if as_json:
        out_json({"text": text})
        return
    sys.stdout.write(text)
    tell(words.EXPORTED)


def _send(
    verb: str, files: list[str], *, prune: bool, where: Where | None, as_json: bool
) -> Json | None:
    body = {"files": [_read(name) for name in files], "prune": prune}
    with reach(where) as caller:
        found = caller.post(f"configuration/{verb}", body)
    if not as_json:
        return found
    out_json(found)
    return None


def _read(name: str) -> dict[str, str]:
    try:
        if name == STANDARD_INPUT:
            return {"name": STANDARD_INPUT_NAME, "text": sys.stdin.buffer.read().decode()}
        return {"name": clean(name), "text": Path(name).read_bytes().decode()}
    except UnicodeDecodeError as error:
        detail = words.NOT_TEXT.format(file=clean(name))
        raise Failed(detail, code=WRONG_USAGE, remedy=words.NOT_TEXT_REMEDY) from error
    except OSError as error:
        detail = words.NOT_READ.format(file=clean(name), why=error.strerror)
        raise Failed(detail, code=WRONG_USAGE) from error


def _show(found: Json) -> list[Json]:
    changes = cast(list[Json], found["changes"])
    for change in changes:
        sign, colour = _SIGNS[str(change["kind"])]
        place = f"  ({change['file']}:{change['line']})" if change["file"] else ""
        line = f"{sign} {change['kind']} {change['object']} {change['id']}{place}"
        out(paint(clean(line), colour))
        if change["kind"] == "change":
            for field in cast(list[Json], change["fields"]):
                before, after = (field[side] or "nothing" for side in ("before", "after"))
                out(clean(f"    {field['field']}: {before} → {after}"))
    for warning in cast(list[str], found["warnings"]):
        tell(clean(warning))
    return changes


def _summary(changes: list[Json], verbs: dict[str, str]) -> str:
    counts = Counter(str(change["kind"]) for change in changes)
    return ", ".join(f"{counts[kind]} {verb}" for kind, verb in verbs.items() if counts[kind])
