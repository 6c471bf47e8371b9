"""What the incident screens say where a value decides the sentence."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from holdfast.web.layout.words import listing

TITLE = "Incidents"
TABS: Mapping[str, str] = {"open": "Open", "closed": "Over", "drills": "Drills and tests"}
NOTHING: Mapping[str, tuple[str, str]] = {
    "open": (
        "No incident is open",
        (
            "When something is wrong that needs more than one person, declare it: the room opens,"
            " roles are filled from who is on call, and the clocks start."
        ),
    ),
    "closed": (
        "Nothing is over yet",
        "Incidents that were resolved stand here with what was decided and what was told to whom.",
    ),
    "drills": (
        "No drill so far",
        (
            "A drill is a room like any other, left out of every figure. Declare one and choose"
            " Drill, so that the first real one is not the first."
        ),
    ),
}
FIRST_DAY = (
    "No incident has been declared here yet",
    (
        "One title and one severity are enough; everything else is filled in. Try it with a drill:"
        " it opens a real room, and stays out of every figure."
    ),
)
PHASES: Mapping[str, str] = {
    "declared": "Declared",
    "triage": "Triage",
    "mitigating": "Mitigating",
    "monitoring": "Monitoring",
    "resolved": "Resolved",
    "post_incident": "Post-incident",
    "closed": "Closed",
    "closed_false_alarm": "False alarm",
    "merged": "Merged",
    "cancelled": "Cancelled",
}
# The same for people who were not there: what is going on, in one plain sentence.
PLAIN_PHASES: Mapping[str, str] = {
    "declared": "We have just noticed it and are gathering the people it needs.",
    "triage": "We are finding out how far it reaches.",
    "mitigating": "We are working to make it stop.",
    "monitoring": "It works again. We are watching that it stays so.",
    "resolved": "It is over.",
    "post_incident": "It is over. We are writing down what we learn from it.",
    "closed": "It is over, and what we learned is written down.",
    "closed_false_alarm": "It turned out that nothing was wrong.",
    "merged": "It is part of another incident, and is handled there.",
    "cancelled": "It was called off.",
}
# What the button into each phase says, and what it brings about.
MOVES: Mapping[str, tuple[str, str]] = {
    "triage": ("Begin triage", "Find out what is hit, how badly, and who else is needed."),
    "mitigating": ("Begin mitigating", "The roles are filled; now make it stop."),
    "monitoring": (
        "It works again",
        "Starts the verify window. If it comes back within it, the window starts anew.",
    ),
    "resolved": ("Resolve", "Ends the incident. Everybody who was told hears that it is over."),
    "post_incident": ("Begin the aftermath", "Learn from it: postmortem, follow-ups, runbooks."),
    "closed": ("Close", "Nothing about it is open any more."),
    "mitigating_again": ("It came back", "Back to mitigating. The verify window starts anew."),
}
KINDS: Mapping[str, str] = {"real": "Real", "drill": "Drill", "test": "Test"}
KIND_STRIPES: Mapping[str, str] = {
    "drill": "DRILL. A real room with a made-up trouble. It counts in no figure.",
    "test": "TEST. It counts in no figure.",
}
DETECTIONS: Mapping[str, str] = {
    "alert": "An alert",
    "synthetic": "A synthetic check",
    "customer": "A customer",
    "teammate": "One of us",
    "partner": "A partner",
    "other": "Something else",
}
ENTRY_ICONS: Mapping[str, str] = {
    "note": "message-square",
    "fact": "circle-check",
    "assumption": "circle-dashed",
    "decision": "flag",
    "proposal": "flag",
    "hypothesis": "sparkles",
    "action": "zap",
    "task": "list-checks",
    "update": "megaphone",
    "question": "life-buoy",
    "report": "activity",
    "role": "users",
    "page": "phone-call",
    "alert": "bell",
    "severity": "flame",
    "phase": "arrow-up-right",
    "declared": "siren",
    "change": "git-commit-horizontal",
    "coordination": "triangle-alert",
    "mark": "timer",
    "system": "settings",
    "mitigation": "rotate-ccw",
}
ENTRY_KINDS: Mapping[str, str] = {
    "note": "Note",
    "fact": "Fact",
    "assumption": "Assumption",
    "decision": "Decision",
    "proposal": "Proposed decision",
    "hypothesis": "Hypothesis",
    "action": "Action",
    "task": "Task",
    "update": "Update",
    "question": "Question",
    "report": "Report",
    "role": "Role",
    "page": "Page",
    "alert": "Alert",
    "severity": "Severity",
    "phase": "Phase",
    "declared": "Declared",
    "change": "Change",
    "coordination": "Coordination",
    "mark": "Mark",
    "system": "By itself",
    "mitigation": "Mitigation",
}
# What the composer of the timeline offers, in the order of how often it is needed.
COMPOSED = ("note", "fact", "assumption", "hypothesis", "decision", "action", "task")
HINTS: Mapping[str, str] = {
    "note": "What did you see or hear?",
    "fact": "What is so? Say where it can be seen.",
    "assumption": "What do you take for granted until it is shown?",
    "hypothesis": "What do you think is the cause?",
    "decision": "What is decided?",
    "action": "What was done?",
    "task": "What is to be done?",
}
FILTERS: Mapping[str, str] = {
    "all": "All",
    "decisions": "Decisions",
    "evidence": "Evidence",
    "updates": "Updates",
    "hypotheses": "Hypotheses",
}
NO_ENTRIES: Mapping[str, str] = {
    "all": "Nothing is written down yet. Begin with what you see: one line is enough.",
    "decisions": "Nothing is decided yet. A decision is a line with who decided and why.",
    "evidence": "No evidence yet. A fact with a link to a graph, a log or a change is evidence.",
    "updates": "Nobody was told anything yet.",
    "hypotheses": "No hypothesis yet. Write down what you think the cause is, and what would show"
    " that you are wrong.",
}
CERTAINTIES: Mapping[str, str] = {
    "confirmed": "Confirmed",
    "assumption": "Assumption",
    "refuted": "Ruled out",
    "inconclusive": "Undecided",
}
CERTAINTY_ICONS: Mapping[str, str] = {
    "confirmed": "circle-check",
    "assumption": "circle-dashed",
    "refuted": "circle-x",
    "inconclusive": "circle-dashed",
}
DUE_ICONS: Mapping[str, str] = {"bad": "circle-alert", "warn": "circle-alert", "info": "timer"}
EVIDENCE_ICONS: Mapping[str, str] = {
    "metric": "chart-line",
    "trace": "activity",
    "log": "terminal",
    "change": "git-commit-horizontal",
    "alert": "bell",
    "report": "notebook-pen",
    "seen": "eye",
}
EVIDENCE: Mapping[str, str] = {
    "seen": "I saw it myself",
    "metric": "A graph",
    "log": "A log",
    "trace": "A trace",
    "change": "A change",
    "alert": "An alert",
    "report": "A report",
}
RESPONDERS: Mapping[str, str] = {
    "asked": "Paged",
    "accepted": "Accepted",
    "joined": "Joined",
    "declined": "Declined",
    "no_answer": "No answer",
    "released": "Released",
}
RESPONDER_ICONS: Mapping[str, str] = {
    "asked": "phone-call",
    "accepted": "check",
    "joined": "radio-tower",
    "declined": "x",
    "no_answer": "circle-alert",
    "released": "moon",
}
RESPONDER_TONES: Mapping[str, str] = {
    "asked": "warn",
    "accepted": "info",
    "joined": "ok",
    "declined": "",
    "no_answer": "bad",
    "released": "",
}
AUDIENCES: Mapping[str, tuple[str, str]] = {
    "internal": ("Responders", "everybody in the room"),
    "leaders": ("Leaders", "no jargon"),
    "customers": ("Customers", "plain words"),
}
UPDATE_KINDS: Mapping[str, str] = {
    "initial": "First word",
    "update": "Update",
    "resolution": "It is over",
}
DUTIES: Mapping[str, str] = {
    "decide": "Command",
    "communicate_public": "Communication",
    "document": "Evidence",
    "execute": "Execution",
}
CLOCKS: Mapping[str, str] = {
    "open": "Open",
    "impact": "Impact",
    "next_update": "Next update",
    "verify": "Verify window",
    "restore": "Restore by",
    "ack": "Answer by",
    "engage": "Somebody at work by",
    "war_room": "War room by",
    "roles": "Roles filled by",
    "reevaluate": "Look at severity again",
    "took": "Took",
}
# The same for command, who sees all that run; a clock that is not here is not shown by name.
TIMERS: Mapping[str, str] = {
    "verify": "Verify window",
    "restore": "Restore by",
    "ack": "Answer by",
    "engage": "Somebody at work by",
    "war_room": "War room by",
    "roles": "Roles filled by",
    "reevaluate": "Severity again",
    "impact": "Say the impact by",
    "no_mitigation": "Escalate at",
    "no_mitigation_again": "Escalates by itself at",
    "command_silent": "Commander heard by",
    "solo": "Second person by",
    "scribe": "Next entry by",
    "mark": "Next mark",
}
DATA_RISKS: Mapping[str, str] = {
    "none": "No data at risk",
    "possible": "Data possibly lost or wrong",
    "confirmed": "Data is lost or wrong",
    "exposure": "Data seen by the wrong people",
}
DONE: Mapping[str, str] = {
    "severity": "The severity is changed, and whoever it calls for is paged.",
    "severity-confirm": "Confirmed. It is looked at again when the impact changes.",
    "in-doubt": "One level up, and the next people are paged.",
    "brief": "Saved. Leaders read it from now on.",
    "impact": "Saved.",
    "move": "Done.",
    "false-alarm": "Closed as a false alarm.",
    "merge": "Merged. What happens next happens there.",
    "reopen": "Open again.",
    "war-room": "The war room is open.",
    "join": "You are in.",
    "decline": "Declined. The next one is asked.",
    "release": "Released.",
    "page": "Paged. The answer shows up under Responders.",
    "role": "The role is given.",
    "handoff": "Offered. You hold the role until it is accepted.",
    "handoff-accept": "The role is yours.",
    "roles-fill": "The roles are given as proposed.",
    "handoff-decline": "Declined. The role stays where it was.",
    "take-over": "The role is yours.",
    "leave": "You have left the role.",
    "entry": "Added.",
    "amend": "Amended. The first words stay readable.",
    "judge": "Noted, with what it stands on.",
    "decide": "Decided.",
    "object": "Noted.",
    "update": "Sent.",
    "ask": "Asked. Command sees it; responders are not disturbed.",
    "answer": "Answered.",
    "task-read-back": "Read back.",
    "task-done": "Done.",
    "task-claim": "It is yours.",
    "systems": "Saved.",
    "check": "Written down.",
    "report": "Reported.",
    "report-ask": "Asked for.",
    "hypothesis-test": "Under test.",
    "mitigation": "Proposed.",
    "mitigation-approve": "Approved.",
    "mitigation-start": "Started.",
    "mitigation-verify": "Verified.",
    "mitigation-fail": "Noted. Choose the next one.",
    "mitigation-withdraw": "Withdrawn.",
    "mitigation-revert": "Noted that it is undone.",
    "alert": "Linked.",
    "escalation-answer": "Answered.",
}
MITIGATIONS: Mapping[str, str] = {
    "rollback": "Roll back",
    "scale": "Scale",
    "restart": "Restart",
    "failover": "Fail over",
    "flag": "Switch a flag",
    "maintenance": "Maintenance page",
    "restore": "Restore from a backup",
    "workaround": "A way around it",
    "emergency_change": "Emergency change",
    "other": "Something else",
}
MITIGATION_STATES: Mapping[str, str] = {
    "proposed": "Proposed",
    "evidence_ok": "Evidence is there",
    "approved": "Approved",
    "executing": "Under way",
    "verified": "Worked",
    "failed": "Did not work",
    "reverted": "Undone",
    "withdrawn": "Withdrawn",
}
GATES: Mapping[str, str] = {
    "postmortem": "Postmortem",
    "runbook_review": "Runbooks looked at",
    "status_page": "Status page",
    "detection_gap": "Why monitoring did not see it",
    "final_update": "The last word to everybody",
}
# Whom a level pages, by the word of its practice.
PAGED: Mapping[str, str] = {
    "owners": "the owners",
    "on_call": "who is on call",
    "roles": "the roles",
    "leadership": "leadership",
    "senior": "senior people",
    "all_hands": "everybody",
}
MISSING = "MISSING"
UNASKED = "Came without being asked"
SAY_SOMETHING = "Say who notices what, since when, and what they can do."
DECLARED = "Declared. The room is open."


def lacking(count: int) -> str:
    return "nothing missing" if count == 0 else f"{count} missing"


def people_joined(count: int) -> str:
    return "nobody in it yet" if count == 0 else "1 person" if count == 1 else f"{count} people"


def stands_in(name: str) -> str:
    return f"{name}, standing in"


def leads(name: str | None, label: str) -> str:
    return f"{name} ({label})" if name else f"Nobody leads yet ({label} is missing)"


def pages(names: Sequence[str]) -> str:
    return f"Pages {listing(list(names))}" if names else "Pages nobody"


def evidence_of(kind: str) -> str:
    return EVIDENCE.get(kind, kind)
