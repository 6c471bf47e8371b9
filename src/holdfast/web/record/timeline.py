"""The one list by API: read it, export it, write into it, correct it, judge it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Annotated, Literal, cast

from fastapi import Header, Query, Response

from holdfast.incidents import queries as incidents
from holdfast.incidents.access import named
from holdfast.incidents.decisions import actions as decisions
from holdfast.incidents.decisions.model import Choice
from holdfast.incidents.model import Incident
from holdfast.incidents.record import actions as record
from holdfast.incidents.record import merged, milestones, queries
from holdfast.incidents.record.milestones import Reached
from holdfast.incidents.record.model import (
    BY_PEOPLE,
    KEY_CHARS_MAX,
    Entry,
    EntryKind,
    Line,
)
from holdfast.kernel.errors import Invalid
from holdfast.kernel.tx import Tx
from holdfast.web.context import Context, ContextDep
from holdfast.web.cursor import AskedDep, Listing
from holdfast.web.record.bodies import (
    KEY_SAID,
    AmendBody,
    ChangeBody,
    GroundBody,
    NoteBody,
    instant,
    pieces,
)
from holdfast.web.record.shapes import (
    EntryShape,
    LineShape,
    MilestonesShape,
    line_shape,
    milestone_shape,
)
from holdfast.web.rest import NamePath, Nothing, act, row

MARKDOWN = "text/markdown; charset=utf-8"
EXPORT_LINES_MAX = 10_000
EXPORT_PART = 500
Format = Annotated[
    Literal["json", "markdown"] | None,
    Query(
        alias="format",
        description="markdown: the UTC table of the milestones, or of every line with all=true",
    ),
]
Whole = Annotated[bool, Query(alias="all", description="Every line in the markdown table.")]
KeyHeader = Annotated[
    str | None, Header(alias="Idempotency-Key", max_length=KEY_CHARS_MAX, pattern=KEY_SAID)
]
_WRITABLE = {*(kind.value for kind in BY_PEOPLE), EntryKind.DECISION.value}


def list_lines(
    ctx: ContextDep,
    incident_id: NamePath,
    asked: AskedDep,
    *,
    written_as: Format = None,
    whole: Whole = False,
) -> Listing[LineShape]:
    """The newest part, by when it happened, oldest first in each part; `next` gives older ones."""
    with ctx.read() as tx:
        incident = incidents.incident(tx, incident_id)
        if written_as == "markdown":
            text = milestones.table(_rows(tx, incident, whole=whole))
            # An answer that is made already passes the described shape by.
            return cast(Listing[LineShape], Response(text, media_type=MARKDOWN))
        lines = queries.entries(tx, incident.id, before=asked.place(), limit=asked.one_more)
    # Read as the list grows: the oldest of this part is where the next one begins.
    shown, following = asked.by_time(lines[::-1], lambda line: (line.at, line.id))
    return Listing(items=[line_shape(line) for line in shown[::-1]], next=following)


def write(
    ctx: ContextDep,
    incident_id: NamePath,
    body: NoteBody,
    response: Response,
    key: KeyHeader = None,
) -> LineShape:
    """Writes an entry. Repeated with the same key it answers 200 with the entry there is."""
    kind = body.entry_kind()
    if kind not in _WRITABLE:
        choice = ", ".join(sorted(_WRITABLE))
        raise Invalid("There is no such kind of entry.", fields={"kind": f"use {choice}"})

    def written(tx: Tx) -> tuple[Entry, bool]:
        if kind == EntryKind.DECISION.value:
            made = decisions.decide(tx, incident_id, Choice(body.text))
            return queries.entry(tx, made.incident, made.id), True
        draft = body.draft(key or "")
        incident = incidents.incident(tx, incident_id)
        known = queries.repeated(tx, incident.id, named(tx.actor), draft.key)
        return record.note(tx, incident_id, draft), known is None

    entry, fresh = act(ctx, written)
    response.status_code = 201 if fresh else 200
    return line_shape(merged.line(entry))


def show(ctx: ContextDep, incident_id: NamePath, entry_id: NamePath) -> EntryShape:
    """One entry, with its amendments."""
    with ctx.read() as tx:
        incident = incidents.incident(tx, incident_id)
        return _entry(tx, queries.entry(tx, incident.id, entry_id))


def change(
    ctx: ContextDep, incident_id: NamePath, entry_id: NamePath, body: ChangeBody
) -> EntryShape:
    """Another wording or instant, until the incident is resolved."""
    at = instant(body.occurred_at, "occurred_at")
    return _act(
        ctx,
        lambda tx: record.change(tx, incident_id, entry_id, text=body.text, occurred_at=at),
    )


def amend(
    ctx: ContextDep, incident_id: NamePath, entry_id: NamePath, body: AmendBody
) -> EntryShape:
    """Adds to an entry, always."""
    proof = pieces(body.evidence)
    return _act(ctx, lambda tx: record.amend(tx, incident_id, entry_id, body.text, proof=proof))


def confirm(
    ctx: ContextDep, incident_id: NamePath, entry_id: NamePath, body: GroundBody | None = None
) -> EntryShape:
    """The assumption holds."""
    said = body or GroundBody()
    proof = pieces(said.evidence)
    return _act(
        ctx,
        lambda tx: record.confirm(tx, incident_id, entry_id, proof=proof, because=said.because),
    )


def refute(
    ctx: ContextDep, incident_id: NamePath, entry_id: NamePath, body: GroundBody | None = None
) -> EntryShape:
    """The assumption is ruled out."""
    said = body or GroundBody()
    proof = pieces(said.evidence)
    return _act(
        ctx, lambda tx: record.refute(tx, incident_id, entry_id, proof=proof, because=said.because)
    )


def finish(
    ctx: ContextDep, incident_id: NamePath, entry_id: NamePath, body: Nothing | None = None
) -> EntryShape:
    """The action has been done."""
    return _act(ctx, lambda tx: record.finish(tx, incident_id, entry_id))


def list_milestones(ctx: ContextDep, incident_id: NamePath) -> MilestonesShape:
    """Alert, acknowledged, declared, cause, mitigation, restored, closed; and what is missing."""
    with ctx.read() as tx:
        incident = incidents.incident(tx, incident_id)
        lines = queries.with_milestones(tx, incident.id)
    found = milestones.reached(incident.instants, lines)
    return MilestonesShape(
        items=[milestone_shape(each) for each in found], missing=list(milestones.missing(found))
    )


def _act(ctx: Context, verb: Callable[[Tx], Entry]) -> EntryShape:
    return act(ctx, lambda tx: _entry(tx, verb(tx)))


def _entry(tx: Tx, entry: Entry) -> EntryShape:
    added = [line_shape(merged.line(each)) for each in queries.amendments(tx, entry.id)]
    plain = line_shape(merged.line(entry))
    return EntryShape(**plain.model_dump(), amendments=added)


def _rows(tx: Tx, incident: Incident, *, whole: bool) -> list[tuple[datetime, str]]:
    """What the table says: the milestones, or every line there is."""
    if whole:
        return [(line.at, f"{line.author}: {line.text}") for line in _everything(tx, incident)]
    found = milestones.reached(incident.instants, queries.with_milestones(tx, incident.id))
    return [(each.at, _row(each)) for each in found]


def _row(each: Reached) -> str:
    label = milestones.LABELS[each.milestone]
    return label if each.text == label else f"{label}: {each.text}"


def _everything(tx: Tx, incident: Incident) -> list[Line]:
    """Oldest first, up to EXPORT_LINES_MAX lines."""
    lines: list[Line] = []
    place = None
    while len(lines) < EXPORT_LINES_MAX:
        part = queries.entries(tx, incident.id, before=place, limit=EXPORT_PART)
        if not part:
            break
        lines = [*part, *lines]
        place = (part[0].at, part[0].id)
    return lines


_LIST = "incidents/{incident_id}/timeline"
_ONE = f"{_LIST}/{{entry_id}}"
_SAY = "incidents.respond"
ROWS = (
    row("GET", _LIST, list_lines, "incidents.read", summary="The timeline of an incident"),
    row("POST", _LIST, write, _SAY, summary="Write an entry", status=201),
    row("GET", _ONE, show, "incidents.read", summary="One entry"),
    row("PATCH", _ONE, change, _SAY, summary="Reword an entry"),
    row("POST", f"{_ONE}/amend", amend, _SAY, summary="Add to an entry"),
    row("POST", f"{_ONE}/confirm", confirm, _SAY, summary="The assumption holds"),
    row("POST", f"{_ONE}/refute", refute, _SAY, summary="The assumption is ruled out"),
    row("POST", f"{_ONE}/done", finish, _SAY, summary="The action has been done"),
    row(
        "GET",
        "incidents/{incident_id}/milestones",
        list_milestones,
        "incidents.read",
        summary="Milestones, and which are missing",
    ),
)
