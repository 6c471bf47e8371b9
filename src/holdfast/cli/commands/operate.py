"""Prove the timeline, end a hold, and list the settings."""

from __future__ import annotations

from typing import cast

from holdfast.cli import words
from holdfast.cli.exits import DONE, FAILED
from holdfast.cli.reach import AsJson, Where, reach
from holdfast.cli.say import clean, count, out, out_json, table, tell


def verify(*, where: Where | None = None, as_json: AsJson = False) -> int:
    """Prove the timeline's hash chain and the invariants; exit 1 and the row named where not."""
    with reach(where) as caller:
        proof = caller.get("verify")
    code = DONE if proof["ok"] else FAILED
    if as_json:
        out_json(proof)
        return code
    if proof["broken"]:
        out(words.BROKEN.format(row=clean(proof["broken"])))
    else:
        sealed = count(cast(int, proof["sealed"]), "event sealed", "events sealed")
        unsealed = f"{proof['unsealed']} not sealed yet"
        out(words.WHOLE.format(sealed=sealed, unsealed=unsealed))
        out(words.ANCHOR.format(anchor=proof["anchor"]))
    for invariant in cast(list[str], proof["invariants"]):
        out(clean(invariant))
    if not proof["ok"]:
        tell(words.NOT_PROVED)
        tell(words.NOT_PROVED_REMEDY)
    return code


def release(*, where: Where | None = None, as_json: AsJson = False) -> None:
    """End the hold after a restore: paging goes on from where it stands."""
    with reach(where) as caller:
        hold = caller.post("hold/release")
    if as_json:
        out_json(hold)
    else:
        tell(words.RELEASED if caller.pages else words.ASLEEP)


def settings(*, where: Where | None = None, as_json: AsJson = False) -> None:
    """List all settings with value, default and where the value comes from."""
    with reach(where) as caller:
        found = caller.items("settings")
    if as_json:
        out_json({"items": found})
        return
    names = ("name", "value", "source", "default", "description")
    table(names, [[clean(knob[name]) or "-" for name in names] for knob in found])
