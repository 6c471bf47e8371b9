"""What the forms of a room do: one verb of the domain for each."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace

from holdfast.incidents import actions, queries
from holdfast.incidents.actions.model import Gate, Move, Times
from holdfast.incidents.model import (
    Brief,
    Check,
    DataRisk,
    Escalate,
    Phase,
    Remediation,
)
from holdfast.incidents.responders import actions as responders
from holdfast.incidents.roles import actions as roles
from holdfast.incidents.roles.model import Briefing
from holdfast.incidents.tasks import actions as tasks
from holdfast.incidents.tasks.model import Report
from holdfast.incidents.telling import actions as telling
from holdfast.incidents.telling.model import Template
from holdfast.kernel.tx import Tx
from holdfast.practice.model import Audience
from holdfast.web.incidents import writing
from holdfast.web.incidents.composing import composed_of, with_instant
from holdfast.web.incidents.typed import Typed

ANSWER_MINUTES = 5
REPORT_MINUTES = 5
REOPEN = "mitigating"

Verb = Callable[[Tx, str, Typed], object]


def severity(tx: Tx, name: str, typed: Typed) -> object:
    level, reason = typed.text("level"), typed.text("reason")
    return actions.change_severity(tx, name, level, reason, break_glass=typed.glass)


def confirm_severity(tx: Tx, name: str, typed: Typed) -> object:
    return actions.confirm_severity(tx, name, reason=typed.text("reason"), break_glass=typed.glass)


def in_doubt(tx: Tx, name: str, typed: Typed) -> object:
    return actions.in_doubt(tx, name)


def brief(tx: Tx, name: str, typed: Typed) -> object:
    return actions.set_brief(
        tx, name, Brief(typed.text("impact"), typed.text("cause"), typed.text("doing"))
    )


def impact(tx: Tx, name: str, typed: Typed) -> object:
    """The figures that the form asks for; what it does not ask for stays as it is."""
    before = queries.incident(tx, name).impact
    users = typed.number("users_affected")
    said = replace(
        before,
        users_affected=users,
        unknown=users is None,
        data_risk=typed.one_of("data_risk", DataRisk),
        workaround=typed.maybe("workaround"),
    )
    began = typed.instant("started_at")
    known = queries.incident(tx, name).instants.impact_started_at
    if began is not None and (known is None or f"{began:%Y%m%d%H%M}" != f"{known:%Y%m%d%H%M}"):
        actions.set_times(tx, name, Times(impact_started_at=began))
    return actions.set_impact(tx, name, said)


def systems(tx: Tx, name: str, typed: Typed) -> object:
    return actions.set_systems(tx, name, typed.all("services"), owner=typed.text("owner"))


def check(tx: Tx, name: str, typed: Typed) -> object:
    what, reading, source = (typed.text(each) for each in ("what", "reading", "source"))
    return actions.check(tx, name, Check(what, reading, source, typed.yes("good"), tx.now, ""))


def move(tx: Tx, name: str, typed: Typed) -> object:
    """To the next phase, with everything that the form says about it."""
    to = typed.one_of("to", Phase)
    ask = Move(
        reason=typed.text("reason"),
        break_glass=typed.glass,
        escalate=_escalate(typed),
        mitigation=typed.text("mitigation"),
        restored_at=typed.instant("restored_at"),
        remediation=typed.one_of("remediation", Remediation) if typed.text("remediation") else None,
        remediation_link=typed.text("remediation_link"),
        cause_fixed=typed.text("cause_fixed"),
        followup=typed.text("followup"),
        waive={gate: text for gate in Gate if (text := typed.text(f"waive.{gate.value}"))},
    )
    seen = typed.whole("seen")
    return actions.move(tx, name, to, ask=ask, seen=seen)


def reopen(tx: Tx, name: str, typed: Typed) -> object:
    ask = Move(reason=typed.text("reason"), break_glass=typed.glass)
    return actions.move(tx, name, Phase(REOPEN), ask=ask)


def false_alarm(tx: Tx, name: str, typed: Typed) -> object:
    ask = Move(reason=typed.text("reason"), break_glass=typed.glass)
    return actions.move(tx, name, Phase.FALSE_ALARM, ask=ask)


def merge(tx: Tx, name: str, typed: Typed) -> object:
    level, reason = typed.text("level"), typed.text("reason")
    return actions.merge(tx, name, typed.text("into"), level=level, reason=reason)


def alert(tx: Tx, name: str, typed: Typed) -> object:
    return actions.link_alert(tx, name, typed.text("alert"))


def page(tx: Tx, name: str, typed: Typed) -> object:
    target, reason = typed.text("target"), typed.text("reason")
    minutes = typed.minutes(default=ANSWER_MINUTES)
    return responders.request(tx, name, target, reason, minutes=minutes, break_glass=typed.glass)


def join(tx: Tx, name: str, typed: Typed) -> object:
    return responders.join(tx, name)


def decline(tx: Tx, name: str, typed: Typed) -> object:
    return responders.decline(tx, name)


def release(tx: Tx, name: str, typed: Typed) -> object:
    return responders.release(tx, name, typed.about, break_glass=typed.glass)


def war_room(tx: Tx, name: str, typed: Typed) -> object:
    return responders.open_war_room(tx, name, typed.text("address"))


def role(tx: Tx, name: str, typed: Typed) -> object:
    """Gives a role to somebody; nobody chosen releases whoever has it."""
    user = typed.text("user")
    if not user:
        return roles.leave(tx, name, typed.about, break_glass=typed.glass)
    return responders.appoint(tx, name, typed.about, user, break_glass=typed.glass)


def fill(tx: Tx, name: str, typed: Typed) -> object:
    return roles.fill(tx, name, break_glass=typed.glass)


def handoff(tx: Tx, name: str, typed: Typed) -> object:
    said = Briefing(
        summary=typed.text("summary"),
        actions=typed.text("actions"),
        contingency=typed.text("contingency"),
    )
    to = typed.text("to")
    return responders.hand_off(tx, name, typed.about, to, said, break_glass=typed.glass)


def accept(tx: Tx, name: str, typed: Typed) -> object:
    back = typed.text("read_back")
    return roles.accept_handoff(tx, name, read_back=back, role=typed.about, break_glass=typed.glass)


def refuse(tx: Tx, name: str, typed: Typed) -> object:
    return roles.decline_handoff(tx, name, role=typed.about)


def take_over(tx: Tx, name: str, typed: Typed) -> object:
    return roles.take_over(tx, name, read_back=typed.text("read_back"), break_glass=typed.glass)


def claim(tx: Tx, name: str, typed: Typed) -> object:
    return tasks.claim(tx, name, typed.about, break_glass=typed.glass)


def read_back(tx: Tx, name: str, typed: Typed) -> object:
    return tasks.read_back(tx, name, typed.about, typed.text("words"))


def finish(tx: Tx, name: str, typed: Typed) -> object:
    return tasks.finish(tx, name, typed.about, typed.text("result"))


def ask_report(tx: Tx, name: str, typed: Typed) -> object:
    return tasks.ask_report(tx, name, typed.text("to"), typed.minutes(default=REPORT_MINUTES))


def report(tx: Tx, name: str, typed: Typed) -> object:
    said = Report(typed.text("condition"), typed.text("actions"), typed.text("needs"))
    return tasks.report(tx, name, said)


def update(tx: Tx, name: str, typed: Typed) -> object:
    following = typed.text("next")
    kind = typed.one_of("kind", Template)
    audiences = [Audience(each) for each in typed.all("to") if each in set(Audience)]
    composed = composed_of(kind, typed.text("text"), audiences, following, typed.text("eta"))
    return telling.post(
        tx, name, with_instant(composed, following, tx.now), break_glass=typed.glass
    )


def ask(tx: Tx, name: str, typed: Typed) -> object:
    return telling.ask_question(tx, name, typed.text("text"))


def answer(tx: Tx, name: str, typed: Typed) -> object:
    return telling.answer_question(tx, name, typed.about, typed.text("text"))


def _escalate(typed: Typed) -> Escalate | None:
    said = typed.maybe("escalate")
    if said is None:
        return None
    return Escalate(said, typed.text("escalate_to") if said else "")


VERBS: Mapping[str, Verb] = {
    "severity": severity,
    "severity-confirm": confirm_severity,
    "in-doubt": in_doubt,
    "brief": brief,
    "impact": impact,
    "systems": systems,
    "check": check,
    "move": move,
    "reopen": reopen,
    "false-alarm": false_alarm,
    "merge": merge,
    "alert": alert,
    "page": page,
    "join": join,
    "decline": decline,
    "release": release,
    "war-room": war_room,
    "role": role,
    "roles-fill": fill,
    "handoff": handoff,
    "handoff-accept": accept,
    "handoff-decline": refuse,
    "take-over": take_over,
    "task-claim": claim,
    "task-read-back": read_back,
    "task-done": finish,
    "report-ask": ask_report,
    "report": report,
    "update": update,
    "ask": ask,
    "answer": answer,
    "entry": writing.entry,
    "judge": writing.judge,
    "decide": writing.decide,
    "object": writing.object_to,
    "hypothesis-test": writing.test_hypothesis,
    "mitigation": writing.propose,
    "mitigation-approve": writing.approve,
    "mitigation-withdraw": writing.withdraw,
    "mitigation-start": writing.start,
    "mitigation-verify": writing.verify,
    "mitigation-fail": writing.fail,
    "mitigation-revert": writing.revert,
}
