"""Ask for all that stands around an incident at once."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from holdfast.incidents import queries as incidents
from holdfast.incidents.clocks import queries as clocks
from holdfast.incidents.hypotheses import queries as hypotheses
from holdfast.incidents.hypotheses.model import Hypothesis
from holdfast.incidents.model import Incident
from holdfast.incidents.responders import queries as responders
from holdfast.incidents.responders.model import Request
from holdfast.incidents.roles import queries as roles
from holdfast.incidents.shape import Around, incident_object
from holdfast.incidents.tasks import queries as tasks
from holdfast.incidents.tasks.queries import CommandList
from holdfast.incidents.telling import queries as telling
from holdfast.incidents.telling.model import Question, QuestionState
from holdfast.kernel.tx import Tx


@dataclass(frozen=True, slots=True)
class CommandBoard:
    """What command looks at: what has to be done, what is owed, what was asked (ledger S4-14)."""

    todo: CommandList
    next_update_by: datetime | None
    questions: Sequence[Question]
    hypotheses: Sequence[Hypothesis]


def around(tx: Tx, incident: Incident) -> Around:
    """Roles, clocks and the next message of an incident."""
    return Around(
        roles.seats(tx, incident),
        clocks.all_of(tx, incident.id),
        telling.next_update_by(tx, incident),
    )


def as_object(tx: Tx, incident: Incident, *, base_url: str) -> dict[str, object]:
    """The incident as every message and answer carries it."""
    url = f"{base_url}/incidents/{incident.number}"
    return incident_object(incident, around(tx, incident), url=url)


def asked_incident(tx: Tx, request: Request, *, base_url: str) -> dict[str, object]:
    """The incident that somebody is asked to; whoever is asked may see it."""
    return as_object(tx, responders.incident_of(tx, request), base_url=base_url)


def command_board(tx: Tx, name: str) -> CommandBoard:
    """What command has to look at now. Raises NoSuchIncident."""
    incident = incidents.incident(tx, name)
    return CommandBoard(
        tasks.command_list(tx, incident),
        telling.next_update_by(tx, incident),
        telling.questions(tx, incident.id, state=QuestionState.OPEN),
        hypotheses.hypotheses(tx, incident.id),
    )
