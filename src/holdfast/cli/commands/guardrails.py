"""Guardrails: every rule with its figures, one of them, and how strictly it stands."""

from __future__ import annotations

from typing import Annotated, Literal, cast

from cyclopts import App, Parameter

from holdfast.cli import words
from holdfast.cli.caller import Json
from holdfast.cli.reach import AsJson, Where, reach
from holdfast.cli.say import clean, moment, out, out_json, paint, table, tell

Strength = Literal["must", "should", "may"]

app = App(name="guardrails", help=words.HELP["guardrails"])


@app.default
@app.command(name="list")
def list_guardrails(
    *,
    package: Annotated[str | None, Parameter(help="Only this part, such as incidents.")] = None,
    where: Where | None = None,
    as_json: AsJson = False,
) -> None:
    """Every rule: what it refuses, how strictly, how often it fired and was overridden."""
    with reach(where) as caller:
        found = caller.items("guardrails", package=package)
    if as_json:
        out_json({"items": found})
    elif not found:
        tell(words.NO_GUARDRAILS)
    else:
        headings = ("code", "strength", "refused", "overridden", "what must be so")
        table(headings, [_row(each) for each in found])


@app.command
def show(
    code: Annotated[str, Parameter(help="Such as NO_FINAL_LEVEL.")],
    /,
    *,
    where: Where | None = None,
    as_json: AsJson = False,
) -> None:
    """One rule: what it stands before, its figures, and who changed how strictly it stands."""
    with reach(where) as caller:
        found = caller.get(f"guardrails/{code}")
    if as_json:
        out_json(found)
        return
    for line in _told(found):
        out(line)


@app.command
def strength(
    code: Annotated[str, Parameter(help="Such as NO_FINAL_LEVEL.")],
    strength: Annotated[Strength, Parameter(help="must refuses, should asks, may hints.")],
    /,
    *,
    reason: Annotated[str, Parameter(help="Needed to make a rule weaker; all can read it.")] = "",
    where: Where | None = None,
    as_json: AsJson = False,
) -> None:
    """Hold people to a rule more or less strictly. The change is recorded, and shown as such."""
    with reach(where) as caller:
        body = {"strength": strength, "reason": reason}
        changed = caller.post(f"guardrails/{code}/strength", body)
    if as_json:
        out_json(changed)
    else:
        tell(words.STRENGTH_SET.format(code=clean(changed["code"]), strength=_strictly(changed)))


def _row(rule: Json) -> list[str]:
    counters = cast(Json, rule["counters"])
    return [
        str(rule["code"]),
        _strictly(rule),
        str(counters["refused"]),
        paint(str(counters["overridden"]), "yellow")
        if counters["for_review"]
        else str(counters["overridden"]),
        clean(rule["title"]),
    ]


def _told(rule: Json) -> list[str]:
    counters = cast(Json, rule["counters"])
    lately = cast(Json, counters["lately"])
    cites = ", ".join(str(cite) for cite in cast(list[object], rule["cites"]))
    lines = [
        clean(rule["title"]),
        words.GUARDS.format(guards=rule["guards"], strength=_strictly(rule), cites=cites),
        words.FIRED.format(**counters),
        words.FIRED_LATELY.format(**lately),
    ]
    if counters["for_review"]:
        lines.append(words.FOR_REVIEW)
    if rule["chosen"] is not None:
        chosen = cast(Json, rule["chosen"])
        lines.append(
            words.STRENGTH_CHOSEN.format(
                declared=rule["declared"],
                by=clean(chosen["changed_by"]),
                at=moment(chosen["changed_at"]),
                reason=clean(chosen["reason"]) or words.NO_REASON,
            )
        )
    return [*lines, words.EXPLAINED_AT.format(path=rule["help"])]


def _strictly(rule: Json) -> str:
    """The strength in force, and what was written where that differs."""
    if rule["strength"] == rule["declared"]:
        return str(rule["strength"])
    return f"{rule['strength']} (was {rule['declared']})"
