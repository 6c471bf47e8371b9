"""What still stands before the next phase, said before anybody presses the button."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import TypeVar

from holdfast.guardrails import queries as guardrails
from holdfast.guardrails.model import Rule, Strength
from holdfast.incidents import guardrails as triage
from holdfast.incidents.actions import gates
from holdfast.incidents.actions import guardrails as claims
from holdfast.incidents.actions.facts import MonitorFacts
from holdfast.incidents.actions.model import Move
from holdfast.incidents.mitigations import queries as mitigations
from holdfast.incidents.model import Incident, Phase
from holdfast.incidents.roles import queries as roles
from holdfast.incidents.roles.guardrails import COMMAND
from holdfast.kernel.tx import Tx

F = TypeVar("F")
LACKS_MAX = 12


def lacks(tx: Tx, incident: Incident, to: Phase) -> tuple[str, ...]:
    """One sentence for each rule that would refuse the move now, with nothing more said."""
    asked = _ASKED.get(to)
    return () if asked is None else tuple(asked(tx, incident))[:LACKS_MAX]


def _mitigating(tx: Tx, incident: Incident) -> Iterator[str]:
    yield from _against(tx, COMMAND, roles.command_facts(tx, incident))
    yield from _against(tx, triage.TRIAGE, gates.triage_facts(tx, incident))


def _monitoring(tx: Tx, incident: Incident) -> Iterator[str]:
    done = mitigations.executed_count(tx, incident.id)
    yield from _against(tx, claims.MONITOR, MonitorFacts(Move(), mitigations=done))


def _resolved(tx: Tx, incident: Incident) -> Iterator[str]:
    yield from _against(tx, claims.OVER, gates.command_facts(tx, incident))
    yield from _against(tx, claims.RESOLVE, gates.resolve_facts(tx, incident, Move()))


def _closed(tx: Tx, incident: Incident) -> Iterator[str]:
    yield from _against(tx, claims.OVER, gates.command_facts(tx, incident))
    yield from _against(tx, claims.CLOSE, gates.close_facts(tx, incident, Move()))


def _against(tx: Tx, rules: Sequence[Rule[F]], facts: F) -> Iterator[str]:
    for objection in guardrails.objections(tx, rules, facts):
        if objection.strength is Strength.MUST:
            yield objection.refusal.why


_ASKED: Mapping[Phase, Callable[[Tx, Incident], Iterator[str]]] = {
    Phase.MITIGATING: _mitigating,
    Phase.MONITORING: _monitoring,
    Phase.RESOLVED: _resolved,
    Phase.CLOSED: _closed,
}
