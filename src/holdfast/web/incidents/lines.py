"""The one list of an incident as the timeline shows it: newest first, each line with its kind."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from holdfast.incidents.hypotheses.model import Hypothesis
from holdfast.incidents.model import Incident
from holdfast.incidents.record import queries as record
from holdfast.incidents.record.model import (
    ENTRIES_MAX,
    Certainty,
    EntryKind,
    EvidenceKind,
    Line,
)
from holdfast.incidents.record.model import Entry as Written
from holdfast.incidents.record.model import Evidence as Piece
from holdfast.kernel.tx import Tx
from holdfast.web.faces import Faces
from holdfast.web.incidents import room_views as views
from holdfast.web.incidents import words
from holdfast.web.incidents.room_views import Entry, Evidence
from holdfast.web.pages.state import safe_link

ENTRIES_SHOWN_MAX = 100
LATE_AFTER = timedelta(minutes=2)
_ALL = "all"

# An event by the beginning of its kind; what is not here is shown as what the record calls it.
_BY_EVENT: Mapping[str, views.EntryKind] = {
    "incident.declared": "declared",
    "incident.phase_changed": "phase",
    "incident.relapsed": "phase",
    "incident.restored": "phase",
    "incident.resolved": "phase",
    "incident.closed": "phase",
    "incident.reopened": "phase",
    "incident.merged": "phase",
    "incident.severity": "severity",
    "incident.reevaluation": "severity",
    "incident.role": "role",
    "incident.handoff": "role",
    "incident.command": "role",
    "incident.help": "page",
    "incident.responder": "page",
    "incident.task": "task",
    "incident.mark": "mark",
    "incident.reported": "report",
    "incident.question": "question",
    "incident.clock": "coordination",
    "incident.coordination": "coordination",
    "page.": "page",
    "escalation.": "page",
    "alert.": "alert",
}
_BY_KIND: Mapping[EntryKind, views.EntryKind] = {
    EntryKind.NOTE: "note",
    EntryKind.FACT: "fact",
    EntryKind.ASSUMPTION: "assumption",
    EntryKind.DECISION: "decision",
    EntryKind.ACTION: "action",
    EntryKind.COMMUNICATION: "update",
    EntryKind.CHANGE: "change",
    EntryKind.SYSTEM: "system",
    EntryKind.COORDINATION: "coordination",
}
_BY_SUBJECT: Mapping[str, views.EntryKind] = {
    "hy_": "hypothesis",
    "mt_": "mitigation",
    "qu_": "question",
    "ta_": "task",
}
_CERTAINTIES: Mapping[Certainty, views.Certainty] = {
    Certainty.CONFIRMED: "confirmed",
    Certainty.OPEN: "assumption",
    Certainty.REFUTED: "refuted",
    Certainty.INCONCLUSIVE: "assumption",
}
_SHOWN: Mapping[str, Callable[[Entry], bool]] = {
    "decisions": lambda e: e.kind in ("decision", "proposal", "severity", "phase", "declared"),
    "evidence": lambda e: bool(e.evidence) or e.kind in ("fact", "change", "alert"),
    "updates": lambda e: e.kind in ("update", "question", "report"),
    "hypotheses": lambda e: e.kind in ("hypothesis", "assumption", "mitigation"),
}


@dataclass(frozen=True, slots=True)
class Shown:
    """A part of the list, newest first; `older` is where it goes on."""

    entries: tuple[Entry, ...]
    older: tuple[datetime, str] | None


@dataclass(frozen=True, slots=True)
class _Around:
    faces: Faces
    hypotheses: Mapping[str, Hypothesis]


def shown(
    tx: Tx,
    incident: Incident,
    faces: Faces,
    hypotheses: Sequence[Hypothesis],
    *,
    show: str = _ALL,
    before: tuple[datetime, str] | None = None,
) -> Shown:
    """The newest lines of that kind, or those before a place. A filter looks at 500 lines."""
    wanted = _SHOWN.get(show)
    count = ENTRIES_SHOWN_MAX if wanted is None else ENTRIES_MAX
    found = record.entries(tx, incident.id, before=before, limit=count + 1)
    around = _Around(faces, {each.id: each for each in hypotheses})
    here = [(line, entry_of(line, around)) for line in reversed(found[-count:])]
    fitting = [(line, entry) for line, entry in here if wanted is None or wanted(entry)]
    part = fitting[:ENTRIES_SHOWN_MAX]
    more = len(found) > count or len(fitting) > len(part)
    last = (part or here)[-1][0] if here else None
    older = (last.at, last.id) if more and last is not None else None
    return Shown(tuple(entry for _, entry in part), older)


def entry_of(line: Line, around: _Around) -> Entry:
    """One line, with who wrote it, how sure it is and what shows it."""
    written = line.entry
    kind = kind_of(line)
    who = line.author if line.author in around.faces.users else None
    certainty, subject = _certainty(line, around)
    title, body = _title(kind, line.text)
    return Entry(
        id=line.id,
        at=line.at,
        kind=kind,
        title=title,
        who=around.faces.maybe(who),
        body=body or _body(written),
        certainty=certainty,
        evidence=() if written is None else tuple(map(evidence_of, written.evidence)),
        footer=_footer(line, around),
        late=_late(line),
        amended=_amended(written),
        provable=bool(subject),
        decidable=kind == "proposal",
        subject=subject or (written.about or written.id if written is not None else ""),
    )


def kind_of(line: Line) -> views.EntryKind:
    """What the line is, as people call it."""
    if line.entry is None:
        found = (kind for start, kind in _BY_EVENT.items() if line.event.startswith(start))
        return next(found, _BY_KIND[line.kind])
    if line.kind is EntryKind.DECISION and line.entry.details.get("state") == "proposed":
        return "proposal"
    if line.kind not in (EntryKind.COORDINATION, EntryKind.DECISION, EntryKind.COMMUNICATION):
        for start, kind in _BY_SUBJECT.items():
            if line.about.startswith(start):
                return kind
    return _BY_KIND[line.kind]


def evidence_of(piece: Piece) -> Evidence:
    """What shows it, with where it was read; a link that is none of the web's is text."""
    href = safe_link(piece.link)
    named = piece.source or piece.value or piece.link or words.EVIDENCE[piece.kind.value]
    text = f"{piece.value} ({piece.source})" if piece.source and piece.value else named
    if piece.kind is EvidenceKind.SEEN:
        text = f"Seen: {piece.value}" if piece.value else "Seen with their own eyes"
    return Evidence(piece.kind.value, text, href)


def _certainty(line: Line, around: _Around) -> tuple[views.Certainty | None, str]:
    """How sure it is; and what its verdict is asked of, where nobody has given one."""
    written = line.entry
    if written is None or written.certainty is None:
        return None, ""
    hypothesis = around.hypotheses.get(line.about)
    if hypothesis is not None and line.kind is EntryKind.ASSUMPTION:
        state = _CERTAINTIES[hypothesis.certainty]
        return state, hypothesis.id if hypothesis.open else ""
    return _CERTAINTIES[written.certainty], line.id if written.open_assumption else ""


def _title(kind: views.EntryKind, text: str) -> tuple[str, str]:
    """To whom, and what they were told; a hypothesis without the word that its icon says."""
    if kind == "update":
        head, _, rest = text.partition(": ")
        return (head, rest) if rest else (text, "")
    return (text.removeprefix("Hypothesis: "), "") if kind == "hypothesis" else (text, "")


def _body(written: Written | None) -> str:
    """Why: of a verdict, or of a decision."""
    if written is None:
        return ""
    why = written.details.get("why")
    return written.because or (why if isinstance(why, str) else "")


def _footer(line: Line, around: _Around) -> str:
    written = line.entry
    if written is None:
        return ""
    if written.judged_by is not None and written.kind is EntryKind.ASSUMPTION:
        return f"judged by {around.faces.of(written.judged_by).name}"
    return written.source


def _late(line: Line) -> datetime | None:
    return line.recorded_at if line.recorded_at - line.at > LATE_AFTER else None


def _amended(written: Written | None) -> str:
    return "Adds to an earlier entry." if written is not None and written.amends else ""
