"""Write into the timeline of an incident, in one line."""

from __future__ import annotations

from typing import Annotated, Literal

from cyclopts import Parameter

from holdfast.cli import words
from holdfast.cli.caller import Json
from holdfast.cli.exits import UNREACHABLE, WRONG_USAGE, Failed
from holdfast.cli.reach import AsJson, Where, reach
from holdfast.cli.say import clean, moment, out, out_json, tell
from holdfast.kernel.chance import Chance

TRIES_MAX = 2

Kind = Literal["note", "fact", "assumption", "action", "communication", "change", "decision"]


def note(
    incident: Annotated[str, Parameter(help="Its number, such as INC-2026-001, or its id.")],
    text: Annotated[str, Parameter(help="What happened, or what you think.")],
    /,
    *,
    kind: Annotated[Kind, Parameter(help="What it claims to be.")] = "note",
    at: Annotated[str | None, Parameter(help="When it happened; left out, it is now.")] = None,
    precision: Annotated[str | None, Parameter(help="How exactly you know it, such as 1m.")] = None,
    source: Annotated[str, Parameter(help="Where the time comes from, such as chat.")] = "",
    evidence: Annotated[
        list[str] | None, Parameter(help="Such as metric=https://...; several allowed.")
    ] = None,
    seen: Annotated[bool, Parameter(negative="", help="I saw it: myself as evidence.")] = False,
    where: Where | None = None,
    as_json: AsJson = False,
) -> None:
    """Write an entry. Sent again when the server does not answer, it stays one entry."""
    pieces = [_piece(each) for each in evidence or []]
    body: Json = {
        "text": text,
        "kind": kind,
        "source": source,
        "evidence": [*pieces, *([{"kind": "seen"}] if seen else [])],
        "key": Chance().new_id("ky"),
    }
    if at is not None:
        body["occurred_at"] = at
    if precision is not None:
        body["precision"] = precision
    written = _sent(where, f"incidents/{incident}/timeline", body)
    if as_json:
        out_json(written)
        return
    out(str(written["id"]))
    tell(words.NOTED.format(at=moment(written["occurred_at"]), author=clean(written["author"])))


def _sent(where: Where | None, path: str, body: Json) -> Json:
    """Once more where the answer was lost: the key keeps it one entry (ledger S4-27)."""
    for attempt in range(1, TRIES_MAX + 1):
        try:
            with reach(where) as caller:
                return caller.post(path, body)
        except Failed as failure:
            if failure.code != UNREACHABLE or attempt == TRIES_MAX:
                raise
            tell(words.SENT_AGAIN)
    raise AssertionError("the last try either answers or raises")


def _piece(written: str) -> Json:
    kind, sign, rest = written.partition("=")
    if not sign or not rest:
        raise Failed(
            words.BAD_EVIDENCE.format(text=clean(written)),
            code=WRONG_USAGE,
            remedy=words.BAD_EVIDENCE_REMEDY,
        )
    is_link = rest.startswith(("http://", "https://"))
    return {"kind": kind, "link" if is_link else "value": rest}
