"""What people write into the record of a room: entries, verdicts, and mitigations."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from holdfast.incidents.decisions import actions as decisions
from holdfast.incidents.decisions.model import Choice
from holdfast.incidents.hypotheses import actions as hypotheses
from holdfast.incidents.hypotheses.actions import Stated
from holdfast.incidents.mitigations import actions as mitigations
from holdfast.incidents.mitigations.actions import Outcome, Proposal, Start
from holdfast.incidents.mitigations.model import MitigationKind, Reversibility
from holdfast.incidents.record import actions as record
from holdfast.incidents.record.model import Certainty, Draft, EntryKind, Ground
from holdfast.incidents.tasks import actions as tasks
from holdfast.kernel.errors import Invalid
from holdfast.kernel.tx import Tx
from holdfast.web.incidents.typed import Typed

HYPOTHESIS_PREFIX = "hy_"
TASK_MINUTES = 15


def entry(tx: Tx, name: str, typed: Typed) -> object:
    """One line of the timeline, of the kind that was chosen. Raises Invalid."""
    write = _KINDS.get(typed.text("kind"))
    if write is None:
        raise Invalid("Choose what it is.", fields={"kind": "choose one"})
    return write(tx, name, typed)


def judge(tx: Tx, name: str, typed: Typed) -> object:
    """Confirmed or ruled out, by one piece of evidence."""
    verdict = typed.one_of("verdict", Certainty)
    proof = typed.proof("proof", "proof_kind")
    if typed.about.startswith(HYPOTHESIS_PREFIX):
        return hypotheses.judge(tx, name, typed.about, Ground(verdict, proof))
    say = record.confirm if verdict is Certainty.CONFIRMED else record.refute
    return say(tx, name, typed.about, proof=proof)


def decide(tx: Tx, name: str, typed: Typed) -> object:
    """Command makes a proposal its decision."""
    return decisions.confirm(tx, name, typed.about, break_glass=typed.glass)


def object_to(tx: Tx, name: str, typed: Typed) -> object:
    """Somebody objects strongly to what is about to be decided; without words they do not."""
    return decisions.answer(tx, name, typed.about, typed.text("objection"))


def test_hypothesis(tx: Tx, name: str, typed: Typed) -> object:
    """Something was looked at; it may have been able to rule the hypothesis out."""
    could = typed.yes("disconfirming")
    return hypotheses.add_test(tx, name, typed.about, typed.text("text"), disconfirming=could)


def propose(tx: Tx, name: str, typed: Typed) -> object:
    """An option, with what it risks and what shows that it is the right place."""
    reversible = typed.maybe("reversible")
    return mitigations.propose(
        tx,
        name,
        Proposal(
            kind=typed.one_of("kind", MitigationKind),
            title=typed.text("title"),
            target=typed.text("target"),
            reversibility=Reversibility.NONE if reversible is False else Reversibility.EASY,
            expected_minutes=typed.whole("minutes"),
            evidence=typed.proof("link", "link_kind"),
            hypothesis=typed.text("hypothesis"),
            reason=typed.text("risk_note"),
            break_glass=typed.glass,
        ),
    )


def approve(tx: Tx, name: str, typed: Typed) -> object:
    reason = typed.text("reason")
    return mitigations.approve(tx, name, typed.about, reason=reason, break_glass=typed.glass)


def withdraw(tx: Tx, name: str, typed: Typed) -> object:
    return mitigations.withdraw(tx, name, typed.about)


def start(tx: Tx, name: str, typed: Typed) -> object:
    how = Start(reason=typed.text("reason"), break_glass=typed.glass)
    return mitigations.start(tx, name, typed.about, how)


def verify(tx: Tx, name: str, typed: Typed) -> object:
    return mitigations.verify(tx, name, typed.about, _outcome(typed))


def fail(tx: Tx, name: str, typed: Typed) -> object:
    return mitigations.fail(tx, name, typed.about, _outcome(typed))


def revert(tx: Tx, name: str, typed: Typed) -> object:
    return mitigations.revert(tx, name, typed.about)


def _outcome(typed: Typed) -> Outcome:
    return Outcome(result=typed.text("result"), break_glass=typed.glass)


def _plain(tx: Tx, name: str, typed: Typed) -> object:
    kind = EntryKind(typed.text("kind"))
    proof = typed.proof("link", "link_kind")
    return record.note(tx, name, Draft(typed.text("text"), kind, evidence=proof))


def _hypothesis(tx: Tx, name: str, typed: Typed) -> object:
    return hypotheses.state(tx, name, Stated(typed.text("text"), typed.text("prediction")))


def _task(tx: Tx, name: str, typed: Typed) -> object:
    minutes = typed.minutes(default=TASK_MINUTES)
    return tasks.give(tx, name, typed.text("to") or None, typed.text("text"), minutes)


def _decision(tx: Tx, name: str, typed: Typed) -> object:
    """Of command it is a decision, of anybody else a proposal."""
    options = [each.strip() for each in typed.text("options").split(",")]
    said = Choice(
        choice=typed.text("text"),
        why=typed.text("rationale"),
        options=tuple(each for each in options if each),
        high_risk=typed.yes("high_risk"),
        no_poll_because=typed.text("no_poll_because"),
    )
    return decisions.decide(tx, name, said, break_glass=typed.glass)


_KINDS: Mapping[str, Callable[[Tx, str, Typed], object]] = {
    "note": _plain,
    "fact": _plain,
    "assumption": _plain,
    "action": _plain,
    "hypothesis": _hypothesis,
    "decision": _decision,
    "task": _task,
}
