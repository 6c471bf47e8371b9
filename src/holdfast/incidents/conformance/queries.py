"""Ask how an incident kept the rules of its practice."""

from __future__ import annotations

from holdfast.guardrails import queries as guardrails
from holdfast.guardrails import rules
from holdfast.incidents import queries
from holdfast.incidents.clocks import queries as clocks
from holdfast.incidents.conformance import judge
from holdfast.incidents.conformance.model import Facts, Happening, Item, Passed, Ruling
from holdfast.incidents.telling import queries as telling
from holdfast.kernel.tx import Tx
from holdfast.timeline import queries as timeline

PACKAGE = "incidents"


def report(tx: Tx, name: str) -> tuple[Item, ...]:
    """Every rule with its verdict and what shows it. Raises NoSuchIncident (ledger S0-68)."""
    return judge.report(facts(tx, name))


def facts(tx: Tx, name: str) -> Facts:
    """What the report judges, of the incident by id or number."""
    incident = queries.incident(tx, name)
    told = telling.adherence(tx, incident)
    return Facts(
        incident=incident,
        happenings=tuple(
            Happening(each.id, each.kind, each.at, each.data)
            for each in timeline.about(tx, [incident.id])
        ),
        clocks=tuple(clocks.all_of(tx, incident.id)),
        passages=tuple(
            Passed(each.code, each.reason, each.at)
            for each in guardrails.overrides_about(tx, incident.id)
        ),
        rulings=tuple(
            Ruling(rule.code, rule.title, rule.cites, rule.guards)
            for rule in rules.by_code().values()
            if rules.package_of(rule).split(".")[0] == PACKAGE
        ),
        kept=told.kept,
        owed=told.kept + told.late + told.broken,
    )
