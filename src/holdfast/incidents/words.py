"""What incidents say to people."""

from __future__ import annotations

from collections.abc import Mapping

from holdfast.incidents.model import Incident, Phase
from holdfast.paging.notifications.model import Notice
from holdfast.practice.model import Level

LOOK_AGAIN = "Look at it again, and say it once more if it is still what you want."

PHASES: Mapping[Phase, str] = {
    Phase.DECLARED: "declared",
    Phase.TRIAGE: "triage",
    Phase.MITIGATING: "mitigating",
    Phase.MONITORING: "monitoring",
    Phase.RESOLVED: "resolved",
    Phase.POST_INCIDENT: "post-incident",
    Phase.CLOSED: "closed",
    Phase.FALSE_ALARM: "closed as a false alarm",
    Phase.MERGED: "merged into another incident",
    Phase.CANCELLED: "cancelled",
}

# What can be done with an incident that is where it is.
WAYS_ON: Mapping[Phase, str] = {
    Phase.DECLARED: "Move it to triage.",
    Phase.TRIAGE: "Move it to mitigating.",
    Phase.MITIGATING: "Move it to monitoring when it seems restored.",
    Phase.MONITORING: "Move it to resolved, or back to mitigating if it came back.",
    Phase.RESOLVED: "Move it to post_incident, or open it again with to: mitigating and a reason.",
    Phase.POST_INCIDENT: "Close it, or open it again with to: mitigating and a reason.",
    Phase.CLOSED: "Open it again with to: mitigating and a reason.",
    Phase.FALSE_ALARM: "Declare a new one.",
    Phase.MERGED: "Look at the incident that it was merged into.",
    Phase.CANCELLED: "Declare a new one.",
}

# What an event means, for whoever was a moment too late.
_DID: Mapping[str, str] = {
    "incident.declared": "declared it",
    "incident.phase_changed": "moved it to {after}",
    "incident.severity_changed": "made it {level}",
    "incident.severity_confirmed": "confirmed its severity",
    "incident.impact_changed": "changed its impact",
    "incident.brief_changed": "changed what is known",
    "incident.alert_linked": "linked an alert",
    "incident.relapsed": "saw it come back",
    "incident.resolved": "resolved it",
    "incident.closed": "closed it",
    "incident.merged": "merged it",
    "incident.reopened": "opened it again",
    "incident.checked": "wrote down a check",
    "incident.time_changed": "corrected its times",
}


def is_said(kind: str) -> bool:
    """True for an event that can be told in words of its own."""
    return kind in _DID


def moved(incident: Incident, last: tuple[str, Mapping[str, object]] | None) -> str:
    """Who changed it a moment ago, and how. `last` is the kind and the data of the event."""
    if last is None:
        return f"{incident.number} was changed a moment ago."
    kind, data = last
    after = data.get("after")
    phase = PHASES[Phase(after)] if isinstance(after, str) and after in set(Phase) else after
    did = _DID.get(kind, "changed it").format(after=phase, level=data.get("level"))
    now = PHASES[incident.phase]
    return f"{who(incident.changed_by)} {did} a moment ago: {incident.number} is {now} now."


def notice(incident: Incident, said: str) -> Notice:
    """One sentence about an incident, for somebody who should know it now."""
    return Notice(
        subject=incident.id,
        title=f"{incident.number}: {said}",
        text=f"{said}\n{incident.severity.level}, {PHASES[incident.phase]}: {incident.title}",
        code=incident.number,
        link=f"/incidents/{incident.number}",
        cause="clock",
        pressing=True,
    )


def window_passed(incident: Incident) -> str:
    return "The verify window has passed: check once more, then call it resolved."


def still_that_bad(incident: Incident) -> str:
    return f"Is it still {incident.severity.level}? Confirm it or change it."


def how_many(incident: Incident) -> str:
    return "How many users are affected? Nobody has said so yet."


def not_acknowledged(incident: Incident) -> str:
    return "Nobody has acknowledged a page about it in time."


def not_engaged(incident: Incident) -> str:
    return "Nobody works on it yet; whoever is on call is paged."


def target_missed(incident: Incident) -> str:
    return f"It is not restored in the time that {incident.severity.level} aims at."


def escalate_now(incident: Incident) -> str:
    return "Nothing has helped so far: is somebody else needed?"


def escalated_by_itself(incident: Incident) -> str:
    return "Nothing has helped, and nobody has answered: more people are being paged."


NEEDED_IN_TRIAGE = "Triage says that you are needed."
NO_PROGRESS = "Nothing has helped so far, and nobody has asked for more people."


def glass_broken(incident: Incident, code: str, actor: str, reason: str) -> str:
    return f"{who(actor)} passed the guardrail {code}: {reason}"


def milder(incident: Incident, level: Level, speaks_for: Level | None) -> str:
    """What is about to be done, where it needs a reason."""
    if level.rank > incident.severity.rank or speaks_for is None:
        return f"Calling it {level.label} and no longer {incident.severity.level}"
    return f"Calling it {level.label} where the impact speaks for {speaks_for.label}"


def who(actor: str) -> str:
    """An actor of the timeline, as one says it: a person by name, Holdfast by its own."""
    kind, _, name = actor.partition(":")
    if not name:
        return actor  # a person, or a program that acts as one
    return {"user": name, "system": "Holdfast"}.get(kind, f"the {kind} {name}")
