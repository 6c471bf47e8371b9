"""Which rules an incident kept, from what is written down about it. Pure.

Guardrails come first: one that refuses was kept, unless somebody passed it with a reason. Then
clocks, gaps in coordination and what else can be seen.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from holdfast.incidents.conformance.instants import findings
from holdfast.incidents.conformance.model import Facts, Item, Ruling, Verdict
from holdfast.incidents.lifecycle import WAY
from holdfast.incidents.model import Detection, Phase

# What shows that the action was tried before which a guardrail stands. A guardrail whose action
# is not here was not met by this incident.
SHOWN_BY: Mapping[str, tuple[str, ...]] = {
    "incidents.declare": ("incident.declared",),
    "incidents.severity": ("incident.declared",),
    "incidents.merge": ("incident.merged",),
    "incidents.record.note": ("incident.entry_written",),
    "incidents.record.change": ("incident.timeline_sealed",),
    "incidents.roles.assign": ("incident.role_taken",),
    "incidents.roles.accept_handoff": ("incident.handoff_accepted",),
    "incidents.roles.leave": ("incident.role_released",),
    "incidents.roles.take_over": ("incident.command_taken_over",),
    "incidents.responders.request": ("incident.help_requested",),
    "incidents.tasks.give": ("incident.task_given",),
    "incidents.tasks.claim": ("incident.task_claimed",),
    "incidents.mitigations.propose": ("mitigation.proposed",),
    "incidents.mitigations.execute": ("mitigation.moved",),
    "incidents.mitigations.verify": ("mitigation.moved",),
    "incidents.decisions.decide": ("decision.made",),
    "incidents.decisions.confirm": ("decision.made",),
    "telling.post": ("incident.update_posted",),
}
MOVE = "incidents.move"
# At which phase a guardrail of a move is met; those not named here are met on leaving triage.
MET_AT: Mapping[str, Phase] = {
    "MITIGATION_MISSING": Phase.MONITORING,
    "SOLO_RESPONDER": Phase.MONITORING,
    **dict.fromkeys(
        (
            "ONLY_COMMAND_CLOSES",
            "VERIFY_WINDOW",
            "VERIFICATION_MISSING",
            "SLO_NOT_RECOVERED",
            "REMEDIATION_REQUIRED",
            "PROBLEM_LINK",
            "CAUSE_UNANSWERED",
            "FOLLOWUP_OR_REASON",
            "STATUS_PAGE_UPDATE_REQUIRED",
            "FINAL_UPDATE_MISSING",
        ),
        Phase.RESOLVED,
    ),
    **dict.fromkeys(
        ("POSTMORTEM_REQUIRED", "RUNBOOK_REVIEW_REQUIRED", "DETECTION_GAP_UNANSWERED"),
        Phase.CLOSED,
    ),
}
# By a clock's name, or by the beginning of it where that ends with a colon.
CLOCK_ROWS: Mapping[str, tuple[str, str]] = {
    "ack": ("S2-01", "Somebody acknowledges in time"),
    "engage": ("S2-02", "Somebody works on it in time"),
    "war_room": ("S2-01", "There is a room with two people in time"),
    "restore": ("S2-53", "Service is restored in the time that the level aims at"),
    "roles": ("S0-03", "The roles of the level are filled in time"),
    "reevaluate": ("S3-01", "The severity is looked at again in time"),
    "solo": ("S1-12", "Nobody works on it alone for long"),
    "responder:": ("S4-16", "Whoever is asked to come answers in time"),
    "task:": ("S2-10", "What somebody was given is done in its time"),
}
GAP_ROWS: Mapping[str, tuple[str, str]] = {
    "command_silent": ("S3-14", "Command is not silent"),
    "shift_ended": ("S3-13", "Command is handed off at the end of a shift"),
    "not_joined": ("S4-47", "Whoever was asked is in the room"),
    "split_roles": ("S3-12", "Roles that the level keeps apart are held apart"),
}


def report(facts: Facts) -> tuple[Item, ...]:
    """Every rule that can be seen in one incident, in the order of the ledger's rows (S0-68)."""
    items = [
        *_guardrails(facts),
        *_clocks(facts),
        *_gaps(facts),
        *_telling(facts),
        *_severity(facts),
        *_record(facts),
        *_instants(facts),
    ]
    return tuple(sorted(items, key=lambda item: (item.row, item.rule)))


def _guardrails(facts: Facts) -> Iterator[Item]:
    for ruling in facts.rulings:
        passed = [each for each in facts.passages if each.code == ruling.code]
        shown = _met(facts, ruling)
        for row in ruling.cites:
            if passed:
                why = passed[-1].reason or "it was noted without a reason"
                verdict, said = Verdict.OVERRIDDEN, f"passed: {why}"
            elif shown is None:
                verdict, said = Verdict.NOT_APPLICABLE, "it did not come to that"
            else:
                verdict, said = Verdict.PASSED, "it did not have to refuse, or was heeded"
            yield Item(row, ruling.code, ruling.title, verdict, said, shown or ())


def _met(facts: Facts, ruling: Ruling) -> tuple[str, ...] | None:
    """Ids of the events that show that it was met; None where it was not."""
    missed = facts.incident.detection is Detection.CUSTOMER
    if ruling.code == "DETECTION_GAP_UNANSWERED" and not missed:
        return None
    if ruling.guards == MOVE:
        return _entered(facts, MET_AT.get(ruling.code, Phase.MITIGATING))
    kinds = SHOWN_BY.get(ruling.guards, ())
    return _ids(facts, kinds) or None


def _entered(facts: Facts, phase: Phase) -> tuple[str, ...] | None:
    later = {each.value for each in WAY[WAY.index(phase) :]}
    found = [
        each.id
        for each in facts.happenings
        if each.kind == "incident.phase_changed" and each.data.get("after") in later
    ]
    return (found[0],) if found else None


def _clocks(facts: Facts) -> Iterator[Item]:
    for name, (row, title) in CLOCK_ROWS.items():
        mine = [clock for clock in facts.clocks if _is(clock.name, name)]
        if not mine:
            yield Item(row, name, title, Verdict.NOT_APPLICABLE, "this clock never ran")
            continue
        late = sum(clock.breaches for clock in mine)
        broken = [
            each.id
            for each in facts.happenings
            if each.kind == "incident.clock_breached" and _is(str(each.data.get("clock")), name)
        ]
        verdict = Verdict.FAILED if late else Verdict.PASSED
        why = f"it ran out {late} times" if late else "it never ran out"
        yield Item(row, name, title, verdict, why, tuple(broken))


def _gaps(facts: Facts) -> Iterator[Item]:
    for gap, (row, title) in GAP_ROWS.items():
        found = [
            each.id
            for each in facts.happenings
            if each.kind == "incident.coordination_gap" and each.data.get("gap") == gap
        ]
        verdict = Verdict.FAILED if found else Verdict.PASSED
        why = f"seen {len(found)} times" if found else "not seen"
        yield Item(row, gap, title, verdict, why, tuple(found))


def _telling(facts: Facts) -> Iterator[Item]:
    title = "Every promised update comes in time"
    posted = _ids(facts, ("incident.update_posted",))
    if not facts.owed:
        yield Item("S0-30", "updates", title, Verdict.NOT_APPLICABLE, "nothing was promised yet")
        return
    verdict = Verdict.PASSED if facts.kept == facts.owed else Verdict.FAILED
    why = f"{facts.kept} of {facts.owed} promised updates came in time"
    yield Item("S0-30", "updates", title, verdict, why, posted)


def _severity(facts: Facts) -> Iterator[Item]:
    title = "After a change of impact somebody looks at the severity again"
    asked = _ids(facts, ("incident.reevaluation_asked",))
    if not asked:
        yield Item("S0-04", "reevaluated", title, Verdict.NOT_APPLICABLE, "impact did not change")
        return
    waiting = facts.incident.severity.reevaluate
    verdict = Verdict.FAILED if waiting else Verdict.PASSED
    why = "nobody has answered yet" if waiting else "somebody answered"
    yield Item("S0-04", "reevaluated", title, verdict, why, asked)


def _record(facts: Facts) -> Iterator[Item]:
    fixated = _ids(facts, ("hypothesis.fixated",))
    yield Item(
        "B29", "fixation", "Nobody clings to one hypothesis without a test",
        Verdict.FAILED if fixated else Verdict.PASSED,
        "the alarm rang" if fixated else "the alarm did not ring", fixated,
    )  # fmt: skip
    instants = facts.incident.instants
    both = instants.restored_at is not None and instants.resolved_at is not None
    shown = _ids(facts, ("incident.restored", "incident.resolved"))
    yield Item(
        "S1-58", "restored_and_resolved", "Restored and resolved are two instants",
        Verdict.PASSED if both else Verdict.NOT_APPLICABLE,
        "both are written down" if both else "it is not resolved", shown,
    )  # fmt: skip


def _instants(facts: Facts) -> Iterator[Item]:
    found = {each.code: each for each in findings(facts.incident.instants, facts.incident.level)}
    for code, row, title in (
        ("VERIFY_WINDOW", "S4-95", "The record shows a whole verify window"),
        ("TTR_TARGET_MISSED", "S4-96", "The record shows that the target was met"),
        ("DECLARE_LATENCY", "S4-96", "It was declared soon after it was known"),
    ):
        seen = found.get(code)
        verdict = Verdict.PASSED if seen is None else Verdict.FAILED
        yield Item(row, code, title, verdict, "as it should be" if seen is None else seen.why)


def _ids(facts: Facts, kinds: Sequence[str]) -> tuple[str, ...]:
    return tuple(each.id for each in facts.happenings if each.kind in kinds)


def _is(name: str, each: str) -> bool:
    return name.startswith(each) if each.endswith(":") else name == each
