"""Tell command what it has to know at once, wherever the commander looks just now."""

from __future__ import annotations

from holdfast.incidents.model import Incident
from holdfast.incidents.roles import queries as roles
from holdfast.kernel.tx import Tx
from holdfast.paging.notifications import actions as notifications
from holdfast.paging.notifications.model import Notice
from holdfast.practice.model import RoleKey

NO_ANSWER = "Nobody has answered: {target} was asked to help. The next one is asked."
NOBODY_CAME = "Everybody was asked in vain: {target} was to help, and nobody has come."
TASK_OVERDUE = "The time is up for {user}: {text}"
ANSWERED = "{user} comes."


def tell_command(tx: Tx, incident: Incident, said: str, cause: str) -> None:
    """A notification to the commander, who is not told what they did themselves."""
    commander = roles.holder(tx, incident.id, RoleKey.COMMAND)
    if commander is None or commander == tx.actor.user_id:
        return
    notice = Notice(
        subject=incident.id,
        title=f"{incident.number}: {said}",
        text=incident.title,
        code=incident.number,
        link=f"/incidents/{incident.number}",
        cause=cause,
        pressing=True,
    )
    notifications.notify(tx, commander, notice)
