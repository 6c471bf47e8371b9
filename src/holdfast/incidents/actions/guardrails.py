"""Guardrails of monitoring, resolving and closing: claims that have to be borne out."""

from __future__ import annotations

from datetime import timedelta

from holdfast.guardrails.model import Fault, Pass, Refuse, Strength, Verdict, rule
from holdfast.incidents.actions.facts import (
    CloseFacts,
    CommandFacts,
    MonitorFacts,
    ResolveFacts,
    answered,
    answers,
    is_automatic,
    latest_checks,
    whole_seconds,
    window_left,
)
from holdfast.incidents.actions.model import Gate, is_link
from holdfast.incidents.model import DataRisk, Detection, Kind, Remediation
from holdfast.kernel.duration import format_duration
from holdfast.practice.model import Hours

_ZERO = timedelta()


@rule(
    "ONLY_COMMAND_CLOSES",
    Strength.MUST,
    cites=("S4-20",),
    guards="incidents.move",
    why="When it is over, one person says so, who knows what is still going on.",
    remedies=("Ask the commander.", "Take command first, where nobody holds it."),
)
def command_says_that_it_is_over(facts: CommandFacts) -> Verdict:
    """Only command or its deputy says that an incident is resolved or closed."""
    if facts.by_command or not facts.commanded:
        return Pass()
    if facts.commander is None:
        return Refuse("Nobody holds command.", remedy="Take command, then say that it is over.")
    return Refuse(
        f"{facts.commander} commands this incident.",
        remedy=f"Ask {facts.commander}, or have command handed off to you.",
    )


@rule(
    "MITIGATION_MISSING",
    Strength.MUST,
    cites=("S1-36", "S2-45"),
    guards="incidents.move",
    breakable=True,
    why="Whoever reads later, perhaps at the next outage, wants to know what helped. The cause may"
    " be unknown; what was done is not.",
    remedies="Write down the mitigation that helped, or that it went away by itself.",
)
def it_is_said_what_helped(facts: MonitorFacts) -> Verdict:
    """Before an incident is watched, it says what was done against it; the cause may wait."""
    if facts.mitigations > 0 or facts.ask.mitigation.strip():
        return Pass()
    return Refuse(
        "Nobody has written down what was done against it.",
        remedy="Record the mitigation, or send mitigation with one sentence.",
    )


@rule(
    "VERIFY_WINDOW",
    Strength.MUST,
    cites=("S1-57", "S4-93", "S4-95"),
    guards="incidents.move",
    why="What was fixed a minute ago may break again in ten. A fix that holds is the only proof,"
    " and a relapse starts the window anew.",
    remedies=("Wait until the window has passed.", "Move back to mitigating if it came back."),
)
def the_fix_has_held(facts: ResolveFacts) -> Verdict:
    """The fix must hold for the level's verify window before the incident is called resolved."""
    left = window_left(facts.incident, facts.now)
    if left <= _ZERO:
        return Pass()
    whole = format_duration(facts.incident.level.verify_window)
    return Refuse(
        f"{format_duration(whole_seconds(left))} left of {whole}.",
        remedy="Wait, or move back to mitigating if it came back.",
    )


@rule(
    "VERIFICATION_MISSING",
    Strength.MUST,
    cites=("S1-56",),
    guards="incidents.move",
    why="That nobody complains any more is no measurement.",
    remedies=("Look at the figure that showed the trouble, and write down what it says now.",),
)
def somebody_has_looked(facts: ResolveFacts) -> Verdict:
    """Before an incident is resolved, somebody has seen that it is well again."""
    latest = latest_checks(facts.incident)
    bad = [check.what for check in latest.values() if not check.good and not check.slo]
    if bad:
        return Refuse(
            f"This is not well yet: {', '.join(bad)}.", remedy="Look again, and write it down."
        )
    if not latest:
        return Refuse(
            "Nobody has checked since it was restored.",
            remedy="Write down a check: what was read, where, and what it says.",
        )
    if facts.open_alerts and all(is_automatic(check) for check in latest.values()):
        return Refuse(
            f"Still firing: {', '.join(facts.open_alerts)}.",
            remedy="Wait until it is resolved, or write down a check of your own.",
        )
    return Pass()


@rule(
    "SLO_NOT_RECOVERED",
    Strength.MUST,
    cites=("S0-41", "S0-54"),
    guards="incidents.move",
    why="Users measure the service by its objective. Below it, the incident goes on, whatever the"
    " machines say.",
    remedies="Wait until the objective is met again, and write down the check.",
)
def objectives_are_met_again(facts: ResolveFacts) -> Verdict:
    """Each objective that was checked is back inside its target."""
    latest = latest_checks(facts.incident)
    below = [check.what for check in latest.values() if check.slo and not check.good]
    if not below:
        return Pass()
    return Refuse(
        f"Still below its target: {', '.join(below)}.",
        remedy="Wait until it has recovered, then check again.",
    )


@rule(
    "REMEDIATION_REQUIRED",
    Strength.MUST,
    cites=("S2-52",),
    guards="incidents.move",
    fault=Fault.INPUT,
    why="Mended for good, or held together until somebody mends it: both may end an incident, and"
    " they are not the same.",
    remedies="Say full, or deferred with a link to where the rest is owed.",
)
def it_is_said_what_is_mended(facts: ResolveFacts) -> Verdict:
    """Whoever resolves an incident says whether it is mended or whether the rest is owed."""
    if facts.ask.remediation is not None:
        return Pass()
    return Refuse(
        "Say whether it is mended for good.", remedy="Send remediation: full or deferred."
    )


@rule(
    "PROBLEM_LINK",
    Strength.MUST,
    cites=("S2-52",),
    guards="incidents.move",
    fault=Fault.INPUT,
    why="What is put off and not written down comes back at night.",
    remedies="Link the problem record or the follow-up.",
)
def what_is_owed_has_a_place(facts: ResolveFacts) -> Verdict:
    """What is only mitigated names the place where the rest is owed."""
    if facts.ask.remediation is not Remediation.DEFERRED or facts.ask.remediation_link.strip():
        return Pass()
    return Refuse(
        "The rest is owed, and it is not said where.",
        remedy="Send remediation_link: the problem record or the follow-up.",
    )


@rule(
    "CAUSE_UNANSWERED",
    Strength.MUST,
    cites=("S4-92",),
    guards="incidents.move",
    fault=Fault.INPUT,
    why="This practice asks at the end whether the cause is gone. “No, it is deferred” is an"
    " answer; silence is none.",
    remedies="Say yes with the evidence, or where it is deferred to.",
)
def it_is_said_whether_the_cause_is_gone(facts: ResolveFacts) -> Verdict:
    """Where the practice asks whether the cause is fixed, the question is answered."""
    if not facts.incident.pack.cause_asked or facts.ask.cause_fixed.strip():
        return Pass()
    return Refuse(
        "Is the cause fixed?",
        remedy="Send cause_fixed: yes with the evidence, or where it is deferred to.",
    )


@rule(
    "FOLLOWUP_OR_REASON",
    Strength.MUST,
    cites=("S0-34",),
    guards="incidents.move",
    fault=Fault.INPUT,
    why="While it is fresh, everybody knows what should be done; next week nobody does.",
    remedies="Link a follow-up, or say why there is none.",
)
def what_follows_is_said(facts: ResolveFacts) -> Verdict:
    """Whoever resolves an incident names a follow-up, or says why there is none."""
    if facts.ask.followup.strip() or facts.incident.kind is not Kind.REAL:
        return Pass()
    return Refuse(
        "Name what follows from it.", remedy="Send followup: a link, or “none because …”."
    )


@rule(
    "STATUS_PAGE_UPDATE_REQUIRED",
    Strength.MUST,
    cites=("S4-02",),
    guards="incidents.move",
    why="Customers who see that it is broken and read that all is well do not come back.",
    remedies=("Tell the customers.", "Or link where they were told, or say why they were not."),
)
def customers_were_told(facts: ResolveFacts) -> Verdict:
    """Where the level asks for it, customers were told before the incident is resolved."""
    needed = facts.incident.level.public_update_required and facts.incident.kind is Kind.REAL
    if not needed or facts.customers_told or answered(facts, Gate.STATUS_PAGE):
        return Pass()
    return Refuse(
        "Customers were not told.",
        remedy="Post an update for customers, or answer status_page by a link or a reason.",
    )


@rule(
    "FINAL_UPDATE_MISSING",
    Strength.MUST,
    cites=("S1-17", "S4-32"),
    guards="incidents.move",
    why="Whoever was told that it is broken waits to hear that it is not.",
    remedies="Send the last message to the audiences named.",
)
def everybody_heard_the_end(facts: ResolveFacts) -> Verdict:
    """Everybody who heard of it hears that it is over."""
    if not facts.untold or answered(facts, Gate.FINAL_UPDATE):
        return Pass()
    return Refuse(
        f"Not told yet that it is over: {', '.join(facts.untold)}.",
        remedy="Post the resolution for each of them.",
    )


@rule(
    "POSTMORTEM_REQUIRED",
    Strength.MUST,
    cites=("S0-42",),
    guards="incidents.move",
    why="An incident that is closed after recovery and forgotten happens again.",
    remedies=("Link the postmortem.", "Or say why there is none; for lost data there is one."),
)
def there_is_a_postmortem(facts: CloseFacts) -> Verdict:
    """An incident that asks for a postmortem is closed when that is written or waived."""
    if not facts.triggers:
        return Pass()
    answer = answers(facts).get(Gate.POSTMORTEM, "")
    unwaivable = facts.incident.impact.data_risk in (DataRisk.CONFIRMED, DataRisk.EXPOSURE)
    if is_link(answer) or (answer.strip() and not unwaivable):
        return Pass()
    because = "; ".join(facts.triggers)
    return Refuse(
        f"A postmortem is required: {because}.",
        remedy="Answer postmortem by its link."
        if unwaivable
        else "Answer postmortem by its link, or by the reason why there is none.",
    )


@rule(
    "RUNBOOK_REVIEW_REQUIRED",
    Strength.MUST,
    cites=("S2-49",),
    guards="incidents.move",
    why="The runbook that was wrong tonight is wrong the next time too.",
    remedies="Say that it was updated, that it is still right, or where the work is written down.",
)
def runbooks_were_looked_at(facts: CloseFacts) -> Verdict:
    """Before an incident is closed, somebody says whether its runbook is right."""
    incident = facts.incident
    spared = incident.kind is not Kind.REAL or incident.level.hours is Hours.NEVER
    if spared or answered(facts, Gate.RUNBOOK_REVIEW):
        return Pass()
    return Refuse(
        "Nobody has said whether the runbook is right, or missing.",
        remedy="Answer runbook_review: updated, still correct, or a link to the work.",
    )


@rule(
    "DETECTION_GAP_UNANSWERED",
    Strength.MUST,
    cites=("S1-03",),
    guards="incidents.move",
    why="A customer saw it before monitoring did. Either that gets mended, or somebody says why"
    " not.",
    remedies="Link the work on detection, or say why there is none.",
)
def the_detection_gap_is_answered(facts: CloseFacts) -> Verdict:
    """What a customer noticed first is closed with work on detection, or with a reason."""
    missed = facts.incident.detection is Detection.CUSTOMER
    if not missed or answered(facts, Gate.DETECTION_GAP):
        return Pass()
    return Refuse(
        "A customer noticed it first.",
        remedy="Answer detection_gap by a link to the work on detection, or by a reason.",
    )


OVER = (command_says_that_it_is_over,)
MONITOR = (it_is_said_what_helped,)
RESOLVE = (
    the_fix_has_held,
    somebody_has_looked,
    objectives_are_met_again,
    it_is_said_what_is_mended,
    what_is_owed_has_a_place,
    it_is_said_whether_the_cause_is_gone,
    what_follows_is_said,
    customers_were_told,
    everybody_heard_the_end,
)
CLOSE = (
    there_is_a_postmortem,
    runbooks_were_looked_at,
    the_detection_gap_is_answered,
)
