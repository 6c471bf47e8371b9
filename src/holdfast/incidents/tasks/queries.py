"""Ask about tasks, and what command has to look at."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from holdfast.incidents.clocks import queries as clocks
from holdfast.incidents.clocks.model import Clock
from holdfast.incidents.model import Incident
from holdfast.incidents.responders import queries as responders
from holdfast.incidents.responders.model import SPAN_MAX, Request, Responder
from holdfast.incidents.roles import queries as roles
from holdfast.incidents.roles.model import Seat
from holdfast.incidents.roles.separation import Split
from holdfast.incidents.tasks import store
from holdfast.incidents.tasks.model import NoSuchTask, Task
from holdfast.kernel.tx import Tx
from holdfast.practice.model import RoleKey

UPDATE = "update:"  # and the audience: the clock of the next message


@dataclass(frozen=True, slots=True)
class CommandList:
    """What command has to look at, most urgent first in each list (ledger S4-14).

    What is told and what is believed comes from the packages above this one.
    """

    tasks: tuple[Task, ...]
    unclaimed: tuple[Task, ...]
    seats: tuple[Seat, ...]
    missing: tuple[RoleKey, ...]
    splits: tuple[Split, ...]
    timers: tuple[Clock, ...]
    requests: tuple[Request, ...]
    unjoined: tuple[Responder, ...]
    working: tuple[str, ...]
    too_wide: bool  # more people report to command than one can keep in view
    now: datetime
    first: str | None = None  # the most urgent of all, such as update_overdue
    first_about: str | None = None


def tasks(tx: Tx, incident_id: str) -> list[Task]:
    """Every task, in the order in which they were given."""
    return store.of(tx, incident_id)


def live(tx: Tx, incident_id: str) -> list[Task]:
    """Those that are not over, what is due first first."""
    found = [each for each in tasks(tx, incident_id) if each.live]
    return sorted(found, key=lambda each: (each.due_at, each.id))


def task(tx: Tx, incident_id: str, task_id: str) -> Task:
    """Raises NoSuchTask."""
    found = next((each for each in tasks(tx, incident_id) if each.id == task_id), None)
    if found is None:
        raise NoSuchTask
    return found


def command_list(tx: Tx, incident: Incident) -> CommandList:
    """What command has to look at now."""
    given = live(tx, incident.id)
    running = clocks.running(tx, incident.id)
    working = responders.working(tx, incident.id)
    made = CommandList(
        tasks=tuple(each for each in given if each.to is not None),
        unclaimed=tuple(each for each in given if each.to is None),
        seats=tuple(roles.seats(tx, incident)),
        missing=tuple(roles.missing(tx, incident)),
        splits=roles.to_split(tx, incident),
        timers=tuple(running),
        requests=tuple(responders.owed(tx, incident.id)),
        unjoined=tuple(responders.unjoined(tx, incident)),
        working=tuple(working),
        too_wide=len(working) - 1 > SPAN_MAX,
        now=tx.now,
    )
    return _with_first(made, running)


def _with_first(made: CommandList, running: Sequence[Clock]) -> CommandList:
    """A message that is late comes before everything else (ledger S4-22)."""
    name, about = next(_urgent(made, running), (None, None))
    return replace(made, first=name, first_about=about)


def _urgent(made: CommandList, running: Sequence[Clock]) -> Iterator[tuple[str, str]]:
    late = [each for each in running if each.name.startswith(UPDATE) and each.due_at <= made.now]
    yield from (("update_overdue", each.name.removeprefix(UPDATE)) for each in late)
    yield from (("role_missing", role.value) for role in made.missing)
    yield from (("split_roles", split.user) for split in made.splits)
    yield from (("task_overdue", task.id) for task in made.tasks if task.overdue(made.now))
    unanswered = [request for request in made.requests if request.answer_by <= made.now]
    yield from (("request_unanswered", request.id) for request in unanswered)
    yield from (("not_joined", responder.user) for responder in made.unjoined)
