"""Answers the clocks of incidents when they run out: each name has its function."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from holdfast.incidents import queries, words
from holdfast.incidents.clocks import actions as clocks
from holdfast.incidents.clocks.model import of_timer
from holdfast.incidents.hypotheses import actions as hypotheses
from holdfast.incidents.mitigations import actions as mitigations
from holdfast.incidents.model import ENDED, Incident, Phase
from holdfast.incidents.responders import actions as responders
from holdfast.incidents.responders.actions import overdue
from holdfast.incidents.responders.actions.come import ROLL_CALL
from holdfast.incidents.responders.actions.prompt import SCRIBE
from holdfast.incidents.responders.aim import SERVICE
from holdfast.incidents.roles import queries as roles
from holdfast.incidents.roles.actions.holding import COMMAND_SILENT, SHIFT
from holdfast.incidents.tasks.actions import follow
from holdfast.incidents.tasks.actions.work import TASK
from holdfast.incidents.telling.hearers import leaders
from holdfast.kernel.tx import Tx
from holdfast.paging.notifications import actions as notifications
from holdfast.people import queries as people
from holdfast.practice.model import RoleKey

ClockDuty = Callable[[Tx, Incident, str], None]
ENGAGE_WORDS = ("on_call", "owners")
NO_MITIGATION_AGAIN = "no_mitigation_again"


def ran_out(tx: Tx, key: str) -> None:
    """The answer to a timer of the kind CLOCK: the breach is written down, then acted upon.

    A clock that was stopped, or of an incident that has ended, is over.
    """
    incident_id, name = of_timer(key)
    incident = queries.incident(tx, incident_id)
    if incident.phase in ENDED:
        clocks.stop(tx, incident_id, name)
        return
    quiet = any(_is(name, each) for each in QUIET)
    run = clocks.reached if quiet else clocks.breach
    if run(tx, incident_id, name) is not None:
        duty = next((duty for each, duty in DUTIES.items() if _is(name, each)), None)
        if duty is not None:
            duty(tx, incident, name)


def verified(tx: Tx, incident: Incident, name: str) -> None:
    """The verify window has passed: command may call it resolved."""
    if incident.phase is Phase.MONITORING:
        _tell(tx, incident, [_commander(tx, incident)], words.window_passed(incident))


def reevaluate(tx: Tx, incident: Incident, name: str) -> None:
    """Nobody has looked at the severity again in time: command is asked (ledger S3-01). The clock
    stays overdue until somebody answers."""
    _tell(tx, incident, [_commander(tx, incident)], words.still_that_bad(incident))


def ask_for_impact(tx: Tx, incident: Incident, name: str) -> None:
    """How many users are affected is still unknown: asked again (ledger S1-05)."""
    if incident.active and incident.impact.users_affected is None:
        _tell(tx, incident, [_commander(tx, incident)], words.how_many(incident))
        again = tx.now + incident.pack.limits.impact_unknown_ask_after
        clocks.start(tx, incident.id, name, again)


def not_acknowledged(tx: Tx, incident: Incident, name: str) -> None:
    """Nobody has answered a page in time; the climbs go on by themselves, and command hears it."""
    _tell(tx, incident, [_commander(tx, incident)], words.not_acknowledged(incident))


def not_engaged(tx: Tx, incident: Incident, name: str) -> None:
    """Nobody works on it in time: whoever is on call is paged for it (ledger S2-02)."""
    responders.page_for(tx, incident, ENGAGE_WORDS)
    _tell(tx, incident, [_commander(tx, incident)], words.not_engaged(incident))


def not_restored(tx: Tx, incident: Incident, name: str) -> None:
    """The level's target has passed: leaders hear it, and nothing resolves by itself (S2-53)."""
    everybody = [_commander(tx, incident), *leaders(people.users(tx), people.teams(tx))]
    _tell(tx, incident, everybody, words.target_missed(incident))


def not_mitigated(tx: Tx, incident: Incident, name: str) -> None:
    """Nothing has helped for a while: command is asked whether somebody else is needed."""
    _tell(tx, incident, [_commander(tx, incident)], words.escalate_now(incident))
    again = tx.now + incident.pack.limits.no_mitigation_after
    clocks.start(tx, incident.id, NO_MITIGATION_AGAIN, again)


def still_not_mitigated(tx: Tx, incident: Incident, name: str) -> None:
    """Asked once and nothing came of it: more people are paged without another word (S4-23)."""
    if incident.instants.mitigated_at is not None or not incident.active:
        return
    if incident.services:
        responders.request(tx, incident.id, f"{SERVICE}{incident.services[0]}", words.NO_PROGRESS)
    everybody = [_commander(tx, incident), *leaders(people.users(tx), people.teams(tx))]
    _tell(tx, incident, everybody, words.escalated_by_itself(incident))


def _fixated(tx: Tx, incident: Incident, name: str) -> None:
    hypotheses.look_again(tx, incident.id, name)


def _mitigated(tx: Tx, incident: Incident, name: str) -> None:
    mitigations.look_again(tx, incident.id, name)


def _is(name: str, each: str) -> bool:
    return name.startswith(each) if each.endswith(":") else name == each


def _commander(tx: Tx, incident: Incident) -> str:
    return roles.holder(tx, incident.id, RoleKey.COMMAND) or incident.declared_by


def _tell(tx: Tx, incident: Incident, users: list[str], said: str) -> None:
    known = people.users(tx)
    for user in dict.fromkeys(users):
        if user in known:
            notifications.notify(tx, user, words.notice(incident, said))


# By a clock's name, or by the beginning of it where that ends with a colon.
DUTIES: Mapping[str, ClockDuty] = {
    **overdue.CLOCKS,
    "verify": verified,
    "reevaluate": reevaluate,
    "impact": ask_for_impact,
    "ack": not_acknowledged,
    "engage": not_engaged,
    "restore": not_restored,
    "no_mitigation": not_mitigated,
    NO_MITIGATION_AGAIN: still_not_mitigated,
    "hypothesis:": _fixated,
    "resources": _fixated,
    "mitigation:": _mitigated,
    follow.MARK: follow.mark_due,
    TASK: follow.task_due,
}
# These say only when to look again: that their time has come is no breach of anything.
QUIET = (
    "verify",
    "impact",
    "hypothesis:",
    "resources",
    "mitigation:",
    follow.MARK,
    SHIFT,
    ROLL_CALL,
    COMMAND_SILENT,
    SCRIBE,
)
