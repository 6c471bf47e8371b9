"""Ask whoever answers for the record to write, where nobody has for a while (ledger S0-17)."""

from __future__ import annotations

from holdfast.incidents.clocks import actions as clocks
from holdfast.incidents.model import Incident, IncidentCoordinationGap
from holdfast.incidents.roles import queries as roles
from holdfast.kernel.tx import Tx
from holdfast.paging.notifications import actions as notifications
from holdfast.paging.notifications.model import Notice
from holdfast.practice.model import Duty
from holdfast.timeline import queries as timeline

SCRIBE = "scribe"
SILENT = "Nobody has written anything for {minutes} minutes. What is happening?"
BY_PEOPLE = "user:"


def begin_prompts(tx: Tx, incident: Incident) -> None:
    """From now on somebody is asked when the record falls silent."""
    clocks.start(tx, incident.id, SCRIBE, tx.now + incident.pack.limits.scribe_prompt_after)


def scribe_due(tx: Tx, incident: Incident, name: str) -> None:
    """The record was silent too long: its holder is asked; else the clock looks again later."""
    if not incident.active:
        return
    after = incident.pack.limits.scribe_prompt_after
    acted = [e.at for e in timeline.about(tx, [incident.id]) if e.actor.startswith(BY_PEOPLE)]
    last = acted[-1] if acted else incident.instants.declared_at
    if tx.now - last < after:
        clocks.start(tx, incident.id, SCRIBE, last + after)
        return
    clocks.start(tx, incident.id, SCRIBE, tx.now + after)
    writer = roles.accountable(tx, incident, Duty.DOCUMENT)
    tx.record(IncidentCoordinationGap(incident.id, "timeline_silent", writer or ""))
    if writer is not None:
        minutes = int((tx.now - last).total_seconds()) // 60
        said = SILENT.format(minutes=minutes)
        link = f"/incidents/{incident.number}"
        title = f"{incident.number}: {said}"
        notice = Notice(incident.id, title, incident.title, incident.number, link, pressing=True)
        notifications.notify(tx, writer, notice)
