"""Telling people about an incident: post an update, and ask command a question."""

from __future__ import annotations

from typing import Annotated, Literal, cast

from cyclopts import Parameter

from holdfast.cli import words
from holdfast.cli.caller import Caller, Json
from holdfast.cli.reach import AsJson, Where, reach
from holdfast.cli.say import clean, moment, out, out_json, tell

Kind = Literal["initial", "update", "resolution", "leaders", "upstream"]
CADENCE = "cadence"


def update(
    incident: Annotated[str, Parameter(help="Its number, such as INC-2026-001, or its id.")],
    text: Annotated[str, Parameter(help="What to say; left out, what is known is said.")] = "",
    /,
    *,
    kind: Annotated[Kind, Parameter(name=["--template", "-t"], help="What it is.")] = "update",
    to: Annotated[
        list[str] | None, Parameter(help="internal, leaders or customers; several allowed.")
    ] = None,
    following: Annotated[
        str, Parameter(name="--next", help="When the next one comes: cadence, 15m, an instant.")
    ] = CADENCE,
    final: Annotated[bool, Parameter(negative="", help="It is over; the last message.")] = False,
    set_field: Annotated[
        list[str] | None, Parameter(name="--set", help="A field, such as risk=none; repeatable.")
    ] = None,
    dry_run: Annotated[
        bool, Parameter(name="--dry-run", negative="", help="Show it; send nothing.")
    ] = False,
    break_glass: Annotated[str, Parameter(help="Why a guardrail is passed.")] = "",
    where: Where | None = None,
    as_json: AsJson = False,
) -> None:
    """Tell people how it stands. The text is checked; the next update is promised."""
    body: Json = {
        "template": "resolution" if final else kind,
        "text": text,
        "fields": dict(_pair(each) for each in set_field or []),
        "audiences": [word for each in to or [] for word in each.split(",") if word],
        "break_glass": break_glass,
    }
    if not final and kind != "resolution":
        relative = following != CADENCE and "-" not in following
        body["next_update_in" if relative else "next_update_at"] = following
    with reach(where) as caller:
        if dry_run:
            _show(caller.post(f"incidents/{incident}/updates/preview", body), as_json=as_json)
        else:
            _post(caller, incident, body, as_json=as_json)


def ask(
    incident: Annotated[str, Parameter(help="Its number, such as INC-2026-001, or its id.")],
    text: Annotated[str, Parameter(help="The question.")],
    /,
    *,
    where: Where | None = None,
    as_json: AsJson = False,
) -> None:
    """Put a question into the queue of command. Nobody who responds is disturbed by it."""
    with reach(where) as caller:
        asked = caller.post(f"incidents/{incident}/questions", {"text": text})
    if as_json:
        out_json(asked)
        return
    out(str(asked["id"]))
    tell(words.ASKED)


def _post(caller: Caller, incident: str, body: Json, *, as_json: bool) -> None:
    posted = caller.post(f"incidents/{incident}/updates", body)
    if as_json:
        out_json(posted)
        return
    for each in cast(list[Json], posted["items"]):
        out(f"{each['audience']}: {clean(each['text'])}")
        note = cast(Json, each["delivery"])["note"]
        if note:
            tell(clean(note))
    due = posted["next_update_at"]
    tell(words.TOLD_LAST if due is None else words.TOLD.format(at=moment(due)))


def _show(preview: Json, *, as_json: bool) -> None:
    if as_json:
        out_json(preview)
        return
    for each in cast(list[Json], preview["items"]):
        out(f"{each['audience']} ({each['hearers']}): {clean(each['text'])}")
        for finding in cast(list[Json], each["findings"]):
            tell(clean(f"{finding['level']}: “{finding['words']}”: {finding['remedy']}"))
        for refusal in cast(list[Json], each["refusals"]):
            tell(clean(f"{refusal['code']}: {refusal['message']} {refusal['remedy']}"))
    tell(words.NOT_TOLD)


def _pair(text: str) -> tuple[str, str]:
    name, _, value = text.partition("=")
    return name.strip(), value.strip()
