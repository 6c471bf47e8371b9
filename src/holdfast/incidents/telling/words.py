"""What telling says to people who are told, reminded or asked. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from holdfast.incidents.model import Incident, Kind
from holdfast.incidents.telling.model import Question, Update
from holdfast.incidents.telling.templates import clock_time
from holdfast.paging.notifications.model import Notice
from holdfast.practice.model import Audience

AUDIENCES: Mapping[Audience, str] = {
    Audience.INTERNAL: "everybody inside",
    Audience.LEADERS: "leaders",
    Audience.CUSTOMERS: "customers",
}
GAP = "no update"  # the gap of an IncidentCoordinationGap
COPY = "Holdfast has no status page yet: copy the text to yours."


def told(incident: Incident, update: Update) -> Notice:
    """An update, as it reaches one person."""
    about = "It is over" if update.final else "Update"
    corrected = "Correction" if update.corrects else about
    return _notice(
        incident, f"{corrected} on {incident.number}: {incident.title}", update.text, update.id
    )


def declared(incident: Incident) -> Notice:
    """Those whom the level names hear of it at once (ledger S3-15)."""
    text = (
        f"{incident.severity.level}: {incident.title}\n"
        "It was declared just now; updates follow. You are told because the practice says so."
    )
    return _notice(incident, f"{incident.number} declared: {incident.title}", text, "declared")


def due_soon(incident: Incident, audience: Audience, due_at: datetime, now: datetime) -> Notice:
    """For whoever answers for it, shortly before."""
    said = f"The next update for {AUDIENCES[audience]} is due at {clock_time(due_at, now)}."
    return _notice(incident, f"{incident.number}: {said}", said, "reminder", pressing=True)


def overdue(incident: Incident, audience: Audience, due_at: datetime, now: datetime) -> Notice:
    """For command, when it did not come."""
    said = (
        f"The update for {AUDIENCES[audience]} was due at {clock_time(due_at, now)}"
        " and has not come."
    )
    return _notice(incident, f"{incident.number}: {said}", said, "reminder", pressing=True)


def still_overdue(
    incident: Incident, audience: Audience, due_at: datetime, now: datetime
) -> Notice:
    """For the deputy, or whoever is next (ledger S4-22)."""
    said = (
        f"Nobody has told {AUDIENCES[audience]} anything since the update that was due at"
        f" {clock_time(due_at, now)}. Command did not react: please see to it."
    )
    return _notice(incident, f"{incident.number}: update overdue", said, "reminder", pressing=True)


def take_over(incident: Incident, update: Update, who: str) -> Notice:
    """For the communications lead, when command wrote instead (ledger S4-33)."""
    said = (
        f"{who} wrote the update for {AUDIENCES[update.audience]}. Please take over the next one."
    )
    return _notice(incident, f"{incident.number}: updates are yours", said, update.id)


def asked(incident: Incident, question: Question) -> Notice:
    """For command: a question waits."""
    text = f"{question.text}\nIt waits in the queue; answer it when there is room."
    return _notice(incident, f"{incident.number}: a question waits", text, question.id)


def answered(incident: Incident, question: Question) -> Notice:
    """For whoever asked."""
    text = f"You asked: {question.text}\nAnswer: {question.answer}"
    return _notice(incident, f"{incident.number}: your question was answered", text, question.id)


def entry(update: Update) -> str:
    """The line in the incident's own timeline."""
    what = "Corrected for" if update.corrects else "Told"
    return f"{what} {AUDIENCES[update.audience]}: {update.text}"


def _notice(
    incident: Incident, title: str, text: str, cause: str, *, pressing: bool = False
) -> Notice:
    mark = "" if incident.kind is Kind.REAL else f"{incident.kind.value.upper()}: "
    return Notice(
        subject=incident.id,
        title=f"{mark}{title}",
        text=f"{mark}{text}",
        code=incident.number,
        link=f"/incidents/{incident.number}",
        cause=cause,
        pressing=pressing,
    )
