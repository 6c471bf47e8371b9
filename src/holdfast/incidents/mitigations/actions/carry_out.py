"""Begin to carry a mitigation out, after everything that must stand before it stands."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import timedelta

from holdfast.guardrails.actions import uphold
from holdfast.incidents import queries as incidents
from holdfast.incidents.access import named
from holdfast.incidents.clocks import actions as clocks
from holdfast.incidents.clocks import queries as clock_queries
from holdfast.incidents.mitigations import machine, options, queries, store, words
from holdfast.incidents.mitigations.actions.taken import must_go_on, taken, tell
from holdfast.incidents.mitigations.fatigue import Duty, tired
from holdfast.incidents.mitigations.guardrails import (
    EVIDENCE,
    HUMAN,
    ORDER,
    PAIR,
    START,
    EvidenceFacts,
    HumanFacts,
    PairFacts,
    StartFacts,
)
from holdfast.incidents.mitigations.model import (
    TEXT_CHARS_MAX,
    IncidentRacing,
    Mitigation,
    MitigationKind,
    MitigationState,
    Risk,
    Run,
)
from holdfast.incidents.model import Incident, NoSuchIncident
from holdfast.incidents.record import actions as record
from holdfast.incidents.record import queries as entries
from holdfast.incidents.record.model import EntryKind
from holdfast.incidents.responders import actions as helpers
from holdfast.incidents.responders import queries as responders
from holdfast.incidents.responders.actions.inform import tell_command
from holdfast.incidents.roles import guardrails as role_rules
from holdfast.incidents.roles import queries as roles
from holdfast.kernel.errors import HoldfastError
from holdfast.kernel.tx import Tx
from holdfast.kernel.zone import named_zone
from holdfast.paging import queries as pages
from holdfast.paging.model import PageState
from holdfast.people import permissions
from holdfast.people import queries as people
from holdfast.practice.model import Audience, RoleKey
from holdfast.sdk import clean_line

CLOCK_PREFIX = "mitigation:"
UPDATE_CLOCKS = "update:"
NO_MITIGATION = ("no_mitigation", "no_mitigation_again")
RACING_STARTED_MIN = 2  # so many mitigations ...
RACING_EVIDENCE_MIN = 2  # ... on fewer pieces of evidence than that: people are racing
RACING = "racing"  # why command is told
TOP_RANKS = (0, 1)
PAGES_LOOKED_AT = 20
OUTCOME_ASKED_AFTER = timedelta(minutes=10)  # beyond the wait and the expected time


@dataclass(frozen=True, slots=True)
class Start:
    """How it is begun. `witness` watches somebody tired; `captured`: dumps were saved first."""

    reason: str = ""
    impact_before: str = ""
    witness: str | None = None
    captured: bool | None = None
    break_glass: str = ""


def start(tx: Tx, name: str, mitigation_id: str, how: Start) -> Mitigation:
    """Somebody begins to do it. Repeated by the same person, it changes nothing.

    Raises Ended, NotThatState, and Refused: IC_MUST_NOT_EXECUTE, IC_REQUIRED, OL_REQUIRED,
    LAST_RESORT, LOWER_RISK_AVAILABLE, EVIDENCE_INCOMPLETE, PARALLEL_ACTION, CADENCE_REQUIRED,
    IC_APPROVAL_REQUIRED, TWO_PERSON, HUMAN_REQUIRED. A first step of low risk is never more than
    one reason away: what was said when it was proposed still counts.
    """
    permissions.require(tx.actor, "incidents.respond")
    incident, mitigation = taken(tx, name, mitigation_id)
    executor = named(tx.actor)
    if mitigation.executing and mitigation.run and mitigation.run.executor == executor:
        return mitigation
    must_go_on(incident)
    chosen = _with(mitigation, how)
    going = machine.moved(chosen, MitigationState.EXECUTING)
    _judge(tx, incident, chosen, how)
    begun = _begun(tx, incident, going, how)
    assert begun.run is not None, "it has just begun"
    tell(tx, mitigation, begun, words.started(begun, begun.run))
    if begun.kind is MitigationKind.RESTART and not begun.plan.captured:
        said = words.not_captured(begun)
        record.written(tx, incident.id, EntryKind.COORDINATION, said, about=begun.id)
    _watch(tx, incident, begun)
    _warn_of_racing(tx, incident)
    _ask_for_practice(tx, incident, begun)
    return begun


def _judge(tx: Tx, incident: Incident, chosen: Mitigation, how: Start) -> None:
    """Every guardrail before it, what is most wrong first; one reason opens all that open."""
    glass = how.break_glass or chosen.plan.glass
    about, executor = incident.id, named(tx.actor)
    uphold(tx, role_rules.EXECUTE, roles.execution_facts(tx, incident), about=about, reason=glass)
    needed = roles.command_facts(tx, incident)
    uphold(tx, role_rules.COMMAND[:2], needed, about=about, reason=glass)
    facts = _facts(tx, incident, chosen, how)
    uphold(tx, ORDER, facts, about=about, reason=glass)
    missing = EvidenceFacts(machine.evidence_missing(chosen))
    uphold(tx, EVIDENCE, missing, about=about, reason=glass)
    uphold(tx, START, facts, about=about, reason=glass)
    for pair in _pairs(chosen, executor):
        uphold(tx, PAIR, pair, about=about, reason=glass)
    uphold(tx, HUMAN, HumanFacts(tx.actor.user_id), about=about)


def _facts(tx: Tx, incident: Incident, chosen: Mitigation, how: Start) -> StartFacts:
    all_of = store.of(tx, incident.id)
    ticking = clock_queries.running(tx, incident.id)
    return StartFacts(
        mitigation=chosen,
        approval_needed=machine.needs_command(chosen),
        lower=tuple(options.less_risky(all_of, chosen)),
        attempts_count=len([each for each in options.attempts(all_of) if not each.executing]),
        running=_running(tx, chosen),
        cadence_wanted=incident.severity.rank in TOP_RANKS,
        cadence_set=incident.level.cadence.get(Audience.INTERNAL) is not None
        or any(clock.name.startswith(UPDATE_CLOCKS) for clock in ticking),
        tired=_tired(tx, incident) if chosen.risk is Risk.HIGH else "",
        witness=how.witness if how.witness != named(tx.actor) else None,
        unpractised=_unpractised(tx, incident, chosen),
    )


def _pairs(chosen: Mitigation, executor: str) -> list[PairFacts]:
    """Two people stand behind a last resort; nobody alone allows and does what is risky."""
    approvers = frozenset(each.by for each in chosen.approvals)
    return [
        PairFacts(
            chosen.last_resort, chosen.proposed_by, machine.people_for(chosen), "decide on this"
        ),
        PairFacts(chosen.risk is Risk.HIGH, executor, approvers, "allow and do this"),
    ]


def _running(tx: Tx, chosen: Mitigation) -> str:
    """What is being done to the same target, here or in another incident."""
    found = options.on_same_target(store.executing(tx), chosen)
    if found is None:
        return ""
    if found.incident == chosen.incident:
        return f"“{found.plan.title}”"
    try:
        return f"“{found.plan.title}” of {incidents.incident(tx, found.incident).number}"
    except NoSuchIncident:
        return "Something of another incident"


def _tired(tx: Tx, incident: Incident) -> str:
    user = people.find_user(tx, named(tx.actor))
    if user is None:
        return ""
    answered = pages.latest(tx, user=user.id, state=PageState.ANSWERED, limit=PAGES_LOOKED_AT)
    duty = Duty(
        zone=named_zone(user.time_zone),
        answered=[(page.opened_at, page.ended_at) for page in answered if page.ended_at],
        roles_since=[
            held.since
            for held in roles.holders(tx, incident.id)
            if held.user == user.id and held.role is not RoleKey.OBSERVER
        ],
    )
    return tired(duty, tx.now)


def _unpractised(tx: Tx, incident: Incident, chosen: Mitigation) -> str:
    """For a failover: that nobody here has ever done one, and who has (ledger S1-40)."""
    if chosen.kind is not MitigationKind.FAILOVER:
        return ""
    known = queries.practised(tx, chosen.kind)
    if _here(tx, incident) & set(known):
        return ""
    return words.unpractised([entries.names(tx)(name) for name in known])


def _here(tx: Tx, incident: Incident) -> set[str]:
    return {named(tx.actor), *responders.working(tx, incident.id)}


def _with(mitigation: Mitigation, how: Start) -> Mitigation:
    plan = mitigation.plan
    if how.reason:
        plan = replace(plan, reason=clean_line(how.reason, TEXT_CHARS_MAX)[0])
    if how.captured is not None:
        plan = replace(plan, captured=how.captured)
    return replace(mitigation, plan=plan)


def _begun(tx: Tx, incident: Incident, going: Mitigation, how: Start) -> Mitigation:
    known = queries.cause_known(tx, incident.id, going.plan.hypothesis)
    run = Run(
        executor=named(tx.actor),
        started_at=tx.now,
        wait_until=tx.now + going.plan.wait,
        impact_before=clean_line(how.impact_before, TEXT_CHARS_MAX)[0],
    )
    return replace(
        going,
        attempt=len(options.attempts(store.of(tx, incident.id))) + 1,
        run=run,
        plan=replace(going.plan, without_cause=not known),
    )


def _watch(tx: Tx, incident: Incident, begun: Mitigation) -> None:
    """Something is being done; whoever does it is asked what came of it."""
    for name in NO_MITIGATION:
        clocks.stop(tx, incident.id, name)
    expected = timedelta(minutes=begun.plan.expected_minutes or 0)
    due_at = tx.now + max(begun.plan.wait, expected) + OUTCOME_ASKED_AFTER
    clocks.start(tx, incident.id, f"{CLOCK_PREFIX}{begun.id}", due_at)


def _warn_of_racing(tx: Tx, incident: Incident) -> None:
    """Several things are done before there is a shared picture (ledger S0-28)."""
    started = len(options.attempts(store.of(tx, incident.id)))
    evidence = entries.evidence_count(tx, incident.id)
    if started >= RACING_STARTED_MIN and evidence < RACING_EVIDENCE_MIN:
        said = words.racing(started, evidence)
        record.written(tx, incident.id, EntryKind.COORDINATION, said)
        tx.record(IncidentRacing(incident.id, started, evidence))
        tell_command(tx, incident, said, RACING)


def _ask_for_practice(tx: Tx, incident: Incident, begun: Mitigation) -> None:
    """Nobody here has ever done a failover: the last one who has is paged (ledger S1-40)."""
    known = queries.practised(tx, begun.kind)
    if begun.kind is not MitigationKind.FAILOVER or _here(tx, incident) & set(known):
        return
    for name in known:
        try:
            helpers.request(tx, incident.id, f"user:{name}", words.practice_wanted(begun))
        except HoldfastError:
            continue  # gone, or out of reach: the one before them is asked
        return
