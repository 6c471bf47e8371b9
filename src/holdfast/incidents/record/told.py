"""What the timeline's own events say in an incident's list, in words. Pure."""

from __future__ import annotations

from collections.abc import Mapping

from holdfast.incidents.record.called import called
from holdfast.incidents.record.directory import Directory
from holdfast.incidents.record.model import EntryKind, Line, Milestone
from holdfast.timeline.event import Recorded

# These stand in the list as entries already, or say nothing to a reader.
LEFT_OUT = (
    "incident.entry_written",
    "incident.entry_changed",
    "incident.update_posted",
    "incident.question_asked",  # they wait for command, never among responders (ledger S2-09)
    "incident.question_answered",
    "incident.subscribed",
    "incident.unsubscribed",
    "hypothesis.opened",
    "hypothesis.judged",
    "hypothesis.tested",
    "hypothesis.fixated",
    "incident.resource_checked",
    "incident.racing",
    "mitigation.proposed",
    "mitigation.moved",
    "mitigation.approved",
    "mitigation.revert_reminded",
    "decision.asked",
    "decision.answered",
    "decision.made",
    "alert.signal_ignored",
    # Whom a step pages stands in the step's own line, and who took it in the answer's.
    "escalation.started",
    "escalation.stopped",
    "page.opened",
    "page.answered",
    "page.rung_reached",
    "page.sent",
    "page.closed",
)


def line(event: Recorded, names: Directory) -> Line:
    """One event as one line, with the names that people know."""
    kind, sentence, milestone = _TOLD.get(event.kind, (EntryKind.SYSTEM, None, None))
    said = _words(event, names)
    if event.kind in _NOBODY and not said.get("user"):
        sentence = _NOBODY[event.kind]
    return Line(
        id=event.id,
        at=event.at,
        recorded_at=event.at,
        kind=kind,
        text=_plain(event, names) if sentence is None else _filled(sentence, said),
        author=names.person(event.actor),
        about=event.subject,
        event=event.kind,
        milestone=milestone,
    )


def _filled(sentence: str, said: Mapping[str, str]) -> str:
    """The sentence with what is known; what is empty takes its punctuation with it."""
    text = sentence.format_map(_Blank(said))
    plain = text.replace(": .", ".").replace(" ()", "").replace("  ", " ").strip(" :")
    if plain.endswith(("..", "!.", "?.")):
        plain = plain.removesuffix(".")
    return plain[:1].upper() + plain[1:]


class _Blank(dict[str, str]):
    """Nothing, for a field that an older event does not have."""

    def __missing__(self, key: str) -> str:
        return ""


def _words(event: Recorded, names: Directory) -> dict[str, str]:
    found = {"actor": names(event.actor)}
    for field, value in event.data.items():
        if isinstance(value, str):
            found[field] = _said(field, value, names)
        elif isinstance(value, list):
            found[field] = ", ".join(_said(field, str(each), names) for each in value)
        elif value is not None:
            found[field] = str(value)
    return found


def _said(field: str, value: str, names: Directory) -> str:
    """One value as people say it: who, or what a code stands for."""
    if field in _WHO:
        named = names(value)
        # An id that nothing stands behind is nothing for people to read.
        return "" if named == value and value[2:3] == "_" else named
    if field in _CODES:
        return called(field, value)
    return names(value) if field == "alert" else value


def _plain(event: Recorded, names: Directory) -> str:
    """An event that has no sentence of its own: its kind, and what it says."""
    said = _words(event, names)
    actor = said.pop("actor")
    facts = ", ".join(f"{name} {value}" for name, value in said.items() if value)
    what = event.kind.replace(".", " ").replace("_", " ").capitalize()
    return f"{what} ({facts}), by {actor}." if facts else f"{what}, by {actor}."


_WHO = frozenset({"user", "to", "by", "giver", "before", "opened_by", "about", "target", "people"})
_CODES = frozenset({"clock", "gap", "why", "role", "fields", "state", "after"})
_SYSTEM, _PEOPLE = EntryKind.SYSTEM, EntryKind.COORDINATION
_TOLD: Mapping[str, tuple[EntryKind, str, Milestone | None]] = {
    "incident.declared": (
        EntryKind.DECISION, "{actor} declared {number}, {level}.", Milestone.DECLARED,
    ),
    "incident.phase_changed": (
        EntryKind.DECISION, "{actor} moved it from {before} to {after}: {why}.", None,
    ),
    "incident.severity_changed": (
        EntryKind.DECISION, "{actor} changed the severity to {level}: {why}.", None,
    ),
    "incident.severity_confirmed": (
        EntryKind.DECISION, "{actor} looked again: the severity is right.", None,
    ),
    "incident.impact_changed": (_SYSTEM, "{actor} changed the impact: {fields}.", None),
    "incident.brief_changed": (_SYSTEM, "{actor} changed what we know: {fields}.", None),
    "incident.alert_linked": (_SYSTEM, "Alert {alert} belongs to it.", None),
    "incident.relapsed": (_SYSTEM, "It came back: {why}.", None),
    "incident.restored": (
        EntryKind.DECISION, "{actor} says that service is restored.", Milestone.RESTORED,
    ),
    "incident.resolved": (EntryKind.DECISION, "{actor} resolved it.", Milestone.RESOLVED),
    "incident.closed": (EntryKind.DECISION, "{actor} closed it.", Milestone.CLOSED),
    "incident.checked": (_SYSTEM, "{actor} checked the recovery.", None),
    "incident.time_changed": (_SYSTEM, "{actor} corrected its times.", None),
    "incident.cadence_changed": (
        _PEOPLE, "{actor} changed how often {audience} hear something: {why}.", None,
    ),
    "incident.reopened": (EntryKind.DECISION, "{actor} opened it again: {why}.", None),
    "incident.merged": (EntryKind.DECISION, "{actor} merged it into {into}.", None),
    "incident.clock_breached": (_PEOPLE, "{clock} is over.", None),
    "incident.coordination_gap": (_PEOPLE, "{gap} ({about}).", None),
    "incident.timeline_sealed": (
        _SYSTEM, "The timeline was sealed with {entry_count} entries.", None,
    ),
    "incident.false_alarm": (EntryKind.DECISION, "{actor} says it was a false alarm: {why}.", None),
    "incident.access_changed": (_SYSTEM, "{actor} changed who may see it.", None),
    "incident.rebound": (EntryKind.DECISION, "{actor} bound it to the practice {pack}.", None),
    "incident.reevaluation_asked": (_PEOPLE, "Somebody should look again: {why}.", None),
    "incident.task_given": (EntryKind.ACTION, "{actor} gave {to} a task.", None),
    "incident.task_claimed": (EntryKind.ACTION, "{user} took a task.", None),
    "incident.task_read_back": (EntryKind.ACTION, "{user} read a task back.", None),
    "incident.task_ended": (EntryKind.ACTION, "A task is {state}.", None),
    "incident.reported": (EntryKind.COMMUNICATION, "{user} reported to command.", None),
    "incident.mark_reached": (_PEOPLE, "{minutes} minutes have passed.", None),
    "incident.help_requested": (_PEOPLE, "{target} asked to help: {why}.", None),
    "incident.help_answered": (_PEOPLE, "{user} {state}.", None),
    "incident.responder_joined": (_PEOPLE, "{user} joined.", None),
    "incident.responder_released": (_PEOPLE, "{user} was released.", None),
    "incident.room_opened": (_PEOPLE, "{opened_by} opened a room.", None),
    "incident.role_proposed": (_PEOPLE, "{user} is asked to be {role}: {why}.", None),
    "incident.role_taken": (_PEOPLE, "{user} is {role}.", None),
    "incident.role_released": (_PEOPLE, "{user} is not {role} any more: {why}.", None),
    "incident.handoff_offered": (_PEOPLE, "{giver} offers {to} to be {role}.", None),
    "incident.handoff_accepted": (_PEOPLE, "{to} is {role}, handed on by {giver}.", None),
    "incident.handoff_ended": (_PEOPLE, "{to} does not become {role}: {state}.", None),
    "incident.command_taken_over": (_PEOPLE, "{user} took command from {before}: {why}.", None),
    "incident.question_asked": (EntryKind.COMMUNICATION, "{actor} asked command something.", None),
    "incident.question_answered": (EntryKind.COMMUNICATION, "A question was answered.", None),
    "incident.subscribed": (_SYSTEM, "{user} is told as {audience}.", None),
    "incident.unsubscribed": (_SYSTEM, "{user} is not told any more.", None),
    "notification.failed": (_PEOPLE, "{user} could not be told: {why}.", None),
    "guardrail.overridden": (_PEOPLE, "{actor} broke the glass of {code}: {reason}.", None),
    "guardrail.noted": (_SYSTEM, "{actor} went on without {code}: {reason}.", None),
    "alert.triggered": (_SYSTEM, "An alert fired: {severity} on {service}.", Milestone.ALERT),
    "alert.raised": (_SYSTEM, "The alert is worse now: {severity}.", None),
    "alert.acknowledged": (
        _SYSTEM, "{user} acknowledged the alert: {why}.", Milestone.ACKNOWLEDGED,
    ),
    "alert.unacknowledged": (_PEOPLE, "{user} took the acknowledgement back.", None),
    "alert.resolved": (_SYSTEM, "The alert is over: {why}.", None),
    "alert.held": (_SYSTEM, "The alert wakes nobody: {reason}.", None),
    "alert.escalated": (_SYSTEM, "{user} asked for the next step.", None),
    "escalation.step_reached": (_SYSTEM, "{people} paged.", None),
    "escalation.step_skipped": (_PEOPLE, "A step reaches nobody: {why}.", None),
    "escalation.exhausted": (_PEOPLE, "Everybody was paged and nobody answered.", None),
    "escalation.last_resort_paged": (_PEOPLE, "{people} paged, as the last resort: {why}.", None),
    "page.failed": (_PEOPLE, "{user} could not be reached: {why}.", None),
    "page.unreachable": (_PEOPLE, "{user} cannot be reached at all.", None),
}  # fmt: skip
_NOBODY: Mapping[str, str] = {
    "incident.role_proposed": "Nobody was found to be {role}.",
    "incident.help_answered": "The request for help is {state}.",
}
MILESTONES = tuple(kind for kind, (_, _, reached) in _TOLD.items() if reached is not None)
