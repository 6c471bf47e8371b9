"""The incidents of the demo: one in progress and a few that are over, each by production verbs."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from holdfast.incidents import actions
from holdfast.incidents import queries as incidents
from holdfast.incidents.actions.model import Declaration, Gate, Move
from holdfast.incidents.hypotheses import actions as hypotheses
from holdfast.incidents.hypotheses.actions import Stated
from holdfast.incidents.mitigations import actions as mitigations
from holdfast.incidents.mitigations.actions import Proposal, Start
from holdfast.incidents.mitigations.model import MitigationKind, Reversibility
from holdfast.incidents.model import (
    Brief,
    Check,
    Detection,
    Escalate,
    Impact,
    Phase,
    Remediation,
)
from holdfast.incidents.record import actions as record
from holdfast.incidents.record.model import Draft, EntryKind, Evidence, EvidenceKind
from holdfast.incidents.responders import actions as responders
from holdfast.incidents.tasks import actions as tasks
from holdfast.incidents.telling import actions as telling
from holdfast.incidents.telling.model import Composed, Next, Template
from holdfast.kernel.actor import SYSTEM, Actor, ActorKind
from holdfast.kernel.tx import Tx
from holdfast.people import queries as people
from holdfast.practice.model import Audience
from holdfast.storage.database import Database

GRAPH = Evidence(
    EvidenceKind.METRIC,
    link="https://graphs.harbor.example/d/checkout",
    value="41% to 38% in 4 min",
    source="checkout_failed_ratio",
)
LOG = Evidence(
    EvidenceKind.LOG,
    link="https://logs.harbor.example/payments",
    value="PoolTimeout, 4,120 in 5 min",
    source="payments-api",
)

Act = Callable[[Tx, str], object]


@dataclass(frozen=True, slots=True)
class Deed:
    """Something that a person does so many minutes after the incident was declared."""

    minute: int
    who: str
    act: Act


class Stage:
    """Plays deeds against a database whose clock `wait` moves."""

    def __init__(self, database: Database, wait: Callable[[datetime], None]) -> None:
        self._database = database
        self._wait = wait

    def play(self, declared_at: datetime, declaration: Declaration, deeds: Sequence[Deed]) -> str:
        """Declares it and does them in turn. Returns its number."""
        self._wait(declared_at)
        number = self._as("priya", lambda tx: actions.declare(tx, declaration).number)
        for deed in deeds:
            self._wait(declared_at + timedelta(minutes=deed.minute))
            self._as(deed.who, lambda tx, act=deed.act: act(tx, number))  # type: ignore[misc]  # act is bound at once
        return number

    def _as(self, who: str, act: Callable[[Tx], object]) -> str:
        with self._database.begin(SYSTEM) as tx:
            user = people.user(tx, who)
            done = act(tx.as_actor(Actor(ActorKind.USER, user.id, user.role, user.id)))
        return done if isinstance(done, str) else ""


def in_progress(alert: str | None) -> tuple[Declaration, tuple[Deed, ...]]:
    """The night of the card payments: 47 minutes of it."""
    declaration = Declaration(
        title="Card payments failing at checkout in the EU",
        alert=alert,
        severity="SEV1",
        detection=Detection.ALERT if alert else Detection.CUSTOMER,
    )
    return declaration, tuple(_card_payments())


def over() -> Iterator[tuple[Declaration, tuple[Deed, ...]]]:
    """What they were, and how they went, oldest first."""
    stories = (
        ("Invoice PDFs took up to ten minutes", "SEV4", "Restarted the render workers"),
        ("A tooltip on checkout said the wrong fee", "SEV4", "Corrected the text"),
        ("Search showed last week's banner", "SEV4", "Cleared the cache"),
    )
    for title, severity, helped in stories:
        declaration = Declaration(title=title, severity=severity, detection=Detection.TEAMMATE)
        yield declaration, tuple(_whole_way(helped))


def _card_payments() -> Iterator[Deed]:
    yield Deed(1, "marek", responders.join)
    yield Deed(1, "priya", responders.join)
    yield Deed(2, "priya", _role("operations", "marek"))
    yield Deed(3, "priya", _role("communications", "sofia"))
    yield Deed(3, "priya", _role("scribe", "aiko"))
    yield Deed(4, "sofia", responders.join)
    yield Deed(4, "aiko", responders.join)
    yield Deed(4, "priya", _war_room)
    yield Deed(4, "priya", _move(Phase.TRIAGE))
    yield Deed(5, "sofia", _tell(Template.INITIAL, "impact", _FAILING))
    yield Deed(6, "aiko", _note(EntryKind.FACT, "41% of card payments in the EU fail", GRAPH))
    yield Deed(8, "priya", _impact(41.0, "checkout-api"))
    yield Deed(9, "priya", lambda tx, n: actions.confirm_severity(tx, n, reason="money"))
    yield Deed(10, "aiko", _believe("The card network is down", "their status page is red"))
    yield Deed(12, "marek", _note(EntryKind.FACT, "PoolTimeout in payments-api", LOG))
    yield Deed(14, "marek", _believe("Release 4.18.2 exhausted the connection pool",
                                     "pool waits begin 90 s after each deploy"))  # fmt: skip
    yield Deed(16, "priya", _move(Phase.MITIGATING, escalate=Escalate(False)))
    yield Deed(18, "priya", _brief("Finding what changed at 02:07."))
    yield Deed(22, "noor", _note(EntryKind.NOTE, "More connections need a restart of the primary"))
    yield Deed(26, "marek", _option)
    yield Deed(33, "sofia", _tell(Template.UPDATE, "update", _UNDOING))
    yield Deed(36, "priya", lambda tx, n: tasks.give(tx, n, "jun", "Freeze deploys", 20))
    yield Deed(38, "aiko", _note(EntryKind.ASSUMPTION, "Nobody is charged for a failed attempt"))
    yield Deed(42, "priya", _brief("Rolling back payments-api. Two of six regions are done."))
    yield Deed(43, "priya", responders.accept)


def _whole_way(helped: str) -> Iterator[Deed]:
    yield Deed(3, "priya", _move(Phase.TRIAGE))
    yield Deed(5, "priya", _tell(Template.INITIAL, "impact", "Some customers notice it."))
    yield Deed(6, "priya", _impact(4.0, "invoices"))
    yield Deed(7, "priya", lambda tx, n: actions.confirm_severity(tx, n, reason="looked again"))
    yield Deed(8, "priya", _move(Phase.MITIGATING, escalate=Escalate(False)))
    yield Deed(21, "priya", lambda tx, n: actions.move(
        tx, n, Phase.MONITORING, ask=Move(mitigation=helped, restored_at=tx.now)))  # fmt: skip
    yield Deed(30, "marek", _checked)
    yield Deed(110, "priya", _tell(Template.RESOLUTION, "cause", helped))
    yield Deed(112, "priya", lambda tx, n: actions.move(tx, n, Phase.RESOLVED, ask=_RESOLVED))


_FAILING = "Card payments fail for about four in ten customers in the EU since 02:07."
_UNDOING = "We are undoing a recent change. Two of six regions are back. Wallets work."
_RESOLVED = Move(
    remediation=Remediation.FULL,
    cause_fixed="yes, the change is undone",
    followup="none because the change is undone for good",
    waive={Gate.STATUS_PAGE: "there is no status page yet", Gate.FINAL_UPDATE: "told by mail"},
)


def _role(role: str, user: str) -> Act:
    return lambda tx, number: responders.appoint(tx, number, role, user)


def _war_room(tx: Tx, number: str) -> object:
    return responders.open_war_room(tx, number, "https://meet.harbor.example/incident")


def _move(to: Phase, *, escalate: Escalate | None = None) -> Act:
    return lambda tx, number: actions.move(tx, number, to, ask=Move(escalate=escalate))


def _impact(percent: float, service: str) -> Act:
    def said(tx: Tx, number: str) -> object:
        actions.set_systems(tx, number, incidents.incident(tx, number).services or (service,))
        return actions.set_impact(tx, number, Impact(users_affected=percent, workaround=True))

    return said


def _brief(doing: str) -> Act:
    known = Brief(
        "41% of card payments in the EU fail since 02:07. Wallets and the US are not affected.",
        "payments-api 4.18.2 doubled the connections per worker; the pool is exhausted.",
        doing,
    )
    return lambda tx, number: actions.set_brief(tx, number, known)


def _tell(template: Template, field: str, text: str) -> Act:
    following = None if template is Template.RESOLUTION else Next.CADENCE
    audiences = () if template is Template.RESOLUTION else (Audience.INTERNAL, Audience.LEADERS)
    said = Composed(template, {field: text}, audiences, next_update=following)
    return lambda tx, number: telling.post(tx, number, said)


def _note(kind: EntryKind, text: str, *evidence: Evidence) -> Act:
    return lambda tx, number: record.note(tx, number, Draft(text, kind, evidence=evidence))


def _believe(statement: str, prediction: str) -> Act:
    return lambda tx, number: hypotheses.state(tx, number, Stated(statement, prediction))


def _option(tx: Tx, number: str) -> object:
    made = mitigations.propose(
        tx,
        number,
        Proposal(
            kind=MitigationKind.ROLLBACK,
            title="Roll payments-api back to 4.18.1",
            target="payments-api",
            reversibility=Reversibility.EASY,
            expected_minutes=8,
            evidence=(GRAPH, LOG),
            parameters={"service": "payments-api", "version": "4.18.1"},
        ),
    )
    return mitigations.start(tx, number, made.id, Start(impact_before="41% fail"))


def _checked(tx: Tx, number: str) -> object:
    made = Check("Failed requests", "0.2%, as before", "the dashboard", True, tx.now, "")
    return actions.check(tx, number, made)
