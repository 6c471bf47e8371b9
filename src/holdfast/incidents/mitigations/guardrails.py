"""What mitigating refuses: without evidence, without approval, in the wrong order, alone."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from holdfast.guardrails.model import Fault, Pass, Refuse, Strength, Verdict, rule
from holdfast.incidents.mitigations.model import Mitigation, MitigationKind, Risk
from holdfast.incidents.record.model import EvidenceKind
from holdfast.kernel.duration import format_duration

# What each kind of evidence is called where several are missing (ledger S0-24).
PLURALS = {
    EvidenceKind.METRIC: "metrics",
    EvidenceKind.TRACE: "traces",
    EvidenceKind.LOG: "logs",
}


@dataclass(frozen=True, slots=True)
class ReferenceFacts:
    """Whether something that people saw or think stands behind an option."""

    grounded: bool


@dataclass(frozen=True, slots=True)
class ParameterFacts:
    faults: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class EvidenceFacts:
    """Which of metrics, traces and logs are neither there nor explained."""

    missing: tuple[EvidenceKind, ...]


@dataclass(frozen=True, slots=True)
class PairFacts:
    """Somebody acts, and it takes a second person. `others` may hold the one who acts as well."""

    needed: bool
    acting: str
    others: frozenset[str]
    what: str


@dataclass(frozen=True, slots=True)
class HumanFacts:
    """`user` is the person behind whoever acts; None: a program on its own."""

    user: str | None


@dataclass(frozen=True, slots=True)
class StartFacts:
    """An option is about to be carried out. `cadence_wanted`: a level at which updates have a
    fixed rhythm; `lower` the less risky options; `running` what is done to the same target;
    `tired` and `unpractised` are words about the person who would do it, or nothing."""

    mitigation: Mitigation
    approval_needed: bool
    lower: tuple[Mitigation, ...] = ()
    attempts_count: int = 0
    running: str = ""
    cadence_wanted: bool = False
    cadence_set: bool = True
    tired: str = ""
    witness: str | None = None
    unpractised: str = ""


@dataclass(frozen=True, slots=True)
class WaitFacts:
    """Somebody says that it has worked."""

    wait_until: datetime
    now: datetime


@rule(
    "MITIGATION_NEEDS_EVIDENCE",
    Strength.MUST,
    cites=("S0-23",),
    guards="incidents.mitigations.propose",
    fault=Fault.INPUT,
    breakable=True,
    why="What is done follows from what is known together, and not from who is most worried. An"
    " entry or a hypothesis says why this should help.",
    remedies=(
        "Name a hypothesis, or an entry of the timeline that has evidence.",
        "Attach evidence to the mitigation itself.",
    ),
)
def it_stands_on_something(facts: ReferenceFacts) -> Verdict:
    """A mitigation refers to a hypothesis or to evidence."""
    if facts.grounded:
        return Pass()
    return Refuse(
        "Nothing says why this should help.",
        remedy="Name a hypothesis or an entry with evidence, or attach some.",
    )


@rule(
    "PARAM_OUT_OF_RANGE",
    Strength.MUST,
    cites=("S1-38",),
    guards="incidents.mitigations.propose",
    fault=Fault.INPUT,
    why="A slip of the finger at three in the morning asks for a hundred thousand instances.",
    remedies="Correct the parameter.",
)
def parameters_are_in_range(facts: ParameterFacts) -> Verdict:
    """Every parameter of a command lies within its bounds and can stand in a command."""
    if not facts.faults:
        return Pass()
    return Refuse(f"{'; '.join(facts.faults)}.", remedy="Correct it and propose it again.")


@rule(
    "EVIDENCE_INCOMPLETE",
    Strength.MUST,
    cites=("S0-24",),
    guards="incidents.mitigations.execute",
    breakable=True,
    why="Before a step that can do harm somebody has looked at metrics, traces and logs, or has"
    " said why one of them cannot be looked at.",
    remedies="Attach what is missing, or say why it is not available.",
)
def all_three_were_looked_at(facts: EvidenceFacts) -> Verdict:
    """Before a step of high risk there are metrics, traces and logs, or reasons why not."""
    if not facts.missing:
        return Pass()
    names = ", ".join(PLURALS[kind] for kind in facts.missing)
    return Refuse(
        f"Nobody has looked at {names}.",
        remedy=f"Attach evidence, or say in not_available why there is none: {names}.",
    )


@rule(
    "LOWER_RISK_AVAILABLE",
    Strength.MUST,
    cites=("S0-37",),
    guards="incidents.mitigations.execute",
    breakable=True,
    why="The option that does least harm when it fails comes first. There may be a reason to pass"
    " it over; then somebody says it, and command agrees.",
    remedies=("Try the option of lower risk first.", "Give a reason, and ask command to approve."),
)
def the_least_risky_comes_first(facts: StartFacts) -> Verdict:
    """While an option of lower risk is open, a riskier one needs a reason and an approval."""
    if not facts.lower:
        return Pass()
    if facts.mitigation.plan.reason.strip() and facts.mitigation.approved_by_command:
        return Pass()
    first = facts.lower[0]
    return Refuse(
        f"“{first.plan.title}” is open and of {first.risk.value} risk; this one is"
        f" {facts.mitigation.risk.value}.",
        remedy="Try that first, or give a reason and have command approve it.",
    )


@rule(
    "LAST_RESORT",
    Strength.MUST,
    cites=("S1-42",),
    guards="incidents.mitigations.execute",
    breakable=True,
    why="A restore throws away what was written since the backup. It comes when other ways were"
    " tried, and with the loss stated.",
    remedies=("Try another option first.", "State how much data is lost."),
)
def a_restore_comes_last(facts: StartFacts) -> Verdict:
    """A restore from a backup is not the first attempt, and says what is lost by it."""
    if not facts.mitigation.last_resort:
        return Pass()
    if facts.attempts_count == 0:
        return Refuse(
            "Nothing else was tried yet, and a restore is the last resort.",
            remedy="Try another option first.",
        )
    if not facts.mitigation.plan.data_loss.strip():
        return Refuse(
            "Nobody has said how much data is lost.", remedy="Say it in data_loss: from when on?"
        )
    return Pass()


@rule(
    "IC_APPROVAL_REQUIRED",
    Strength.MUST,
    cites=("S4-18", "S4-91", "S1-40"),
    guards="incidents.mitigations.execute",
    breakable=True,
    why="Risky steps and emergency changes touch what other people are doing. One person knows all"
    " of it.",
    remedies="Ask the commander or a deputy to approve it.",
)
def command_has_approved(facts: StartFacts) -> Verdict:
    """A step of high risk and an emergency change are approved by command before they are done."""
    if not facts.approval_needed or facts.mitigation.approved_by_command:
        return Pass()
    what = "an emergency change" if _is_emergency(facts.mitigation) else "a step of high risk"
    return Refuse(
        f"This is {what}, and command has not approved it.",
        remedy="Ask the commander or a deputy to approve it.",
    )


@rule(
    "TWO_PERSON",
    Strength.MUST,
    cites=("S1-42",),
    guards="incidents.mitigations.execute",
    breakable=True,
    why="What cannot be undone is looked at by two people, and whoever asks for it or does it is"
    " only one of them.",
    remedies="Ask somebody else to approve it.",
)
def a_second_person_agrees(facts: PairFacts) -> Verdict:
    """A last resort and a step of high risk take a second person besides the one who acts."""
    if not facts.needed or facts.others - {facts.acting}:
        return Pass()
    return Refuse(
        f"{facts.acting} would {facts.what} alone.", remedy="Ask somebody else to approve it."
    )


@rule(
    "PARALLEL_ACTION",
    Strength.MUST,
    cites=("S0-28", "S0-12"),
    guards="incidents.mitigations.execute",
    breakable=True,
    why="Two changes to one thing at once: nobody knows which of them helped, and they may undo"
    " each other.",
    remedies=("Wait until the other one is over.", "Say that the other one has failed."),
)
def one_thing_at_a_time(facts: StartFacts) -> Verdict:
    """No two mitigations work on one target at once."""
    if not facts.running:
        return Pass()
    return Refuse(
        f"{facts.running} is being done to {facts.mitigation.target} right now.",
        remedy="Wait for its outcome, or say that it has failed.",
    )


@rule(
    "CADENCE_REQUIRED",
    Strength.MUST,
    cites=("S0-12",),
    guards="incidents.mitigations.execute",
    breakable=True,
    why="While people take risks, others wait to hear. Containment begins with somebody in command"
    " and a rhythm of updates.",
    remedies="Set how often updates go out.",
)
def updates_have_a_rhythm(facts: StartFacts) -> Verdict:
    """At the top levels nothing above low risk is done before updates have a cadence."""
    if not facts.cadence_wanted or facts.cadence_set or facts.mitigation.risk is Risk.LOW:
        return Pass()
    return Refuse(
        "Nobody has set how often updates go out.", remedy="Set the cadence of updates first."
    )


@rule(
    "WAIT_NOT_ELAPSED",
    Strength.MUST,
    cites=("S1-51",),
    guards="incidents.mitigations.verify",
    breakable=True,
    why="Most changes take two or three minutes to show. Whoever looks earlier sees what they"
    " hope for.",
    remedies="Wait, then look at the check.",
)
def it_had_time_to_work(facts: WaitFacts) -> Verdict:
    """Nobody says that a step has worked before its wait is over."""
    if facts.now >= facts.wait_until:
        return Pass()
    left = format_duration(facts.wait_until - facts.now)
    return Refuse(f"{left} left until it can be judged.", remedy=f"Wait {left}, then look again.")


@rule(
    "HUMAN_REQUIRED",
    Strength.MUST,
    cites=("S0-40", "S0-63"),
    guards="incidents.mitigations.execute",
    why="A program may propose. Whoever approves or does it is a person who can be asked.",
    remedies=("Sign in as a person.", "Use a token that acts for a person."),
)
def a_person_answers_for_it(facts: HumanFacts) -> Verdict:
    """Whoever approves a mitigation or carries it out is a person."""
    if facts.user is not None:
        return Pass()
    return Refuse("No person stands behind this.", remedy="Let a person approve or do it.")


@rule(
    "SECOND_HUMAN",
    Strength.SHOULD,
    cites=("S4-71",),
    guards="incidents.mitigations.execute",
    breakable=True,
    why="For a quarter of an hour after being woken, and after hours in a role, people overlook"
    " what they would see otherwise.",
    remedies="Name somebody who watches while it is done: witness.",
)
def the_tired_are_not_alone(facts: StartFacts) -> Verdict:
    """Whoever was just woken or is long in a role does nothing of high risk without a witness."""
    if facts.mitigation.risk is not Risk.HIGH or not facts.tired or facts.witness:
        return Pass()
    return Refuse(
        f"Whoever would do it {facts.tired}.", remedy="Name a witness, or let them do it."
    )


@rule(
    "CAPTURE_FIRST",
    Strength.SHOULD,
    cites=("S1-39",),
    guards="incidents.mitigations.execute",
    breakable=True,
    why="A restart often helps and always destroys the traces of why it was needed.",
    remedies="Save thread dumps and heaps first, and say so: captured.",
)
def what_it_destroys_was_saved(facts: StartFacts) -> Verdict:
    """Before a restart, what it destroys is saved."""
    mitigation = facts.mitigation
    if mitigation.kind is not MitigationKind.RESTART or mitigation.plan.captured:
        return Pass()
    return Refuse(
        "A restart destroys what is in memory.", remedy="Capture dumps first, and say captured."
    )


@rule(
    "PRACTISED_HANDS",
    Strength.SHOULD,
    cites=("S1-40",),
    guards="incidents.mitigations.execute",
    breakable=True,
    why="A failover that nobody here has ever done is two risks at once.",
    remedies="Ask somebody in who has done it before.",
)
def somebody_has_done_it_before(facts: StartFacts) -> Verdict:
    """A failover has somebody on the incident who has done one."""
    if facts.mitigation.kind is not MitigationKind.FAILOVER or not facts.unpractised:
        return Pass()
    return Refuse(facts.unpractised, remedy="Page somebody who has practised it.")


def _is_emergency(mitigation: Mitigation) -> bool:
    return mitigation.kind is MitigationKind.EMERGENCY_CHANGE


PROPOSE = (it_stands_on_something,)
PARAMETERS = (parameters_are_in_range,)
EVIDENCE = (all_three_were_looked_at,)
PAIR = (a_second_person_agrees,)
HUMAN = (a_person_answers_for_it,)
WAIT = (it_had_time_to_work,)
ORDER = (a_restore_comes_last, the_least_risky_comes_first)
START = (
    one_thing_at_a_time,
    updates_have_a_rhythm,
    command_has_approved,
    the_tired_are_not_alone,
    what_it_destroys_was_saved,
    somebody_has_done_it_before,
)
