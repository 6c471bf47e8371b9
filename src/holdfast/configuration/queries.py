"""Ask what is configured here."""

from __future__ import annotations

from holdfast.catalog import queries as catalog
from holdfast.configuration.export import export as write
from holdfast.configuration.model import Present
from holdfast.escalation import queries as escalation
from holdfast.kernel.tx import Tx
from holdfast.people import permissions
from holdfast.people import queries as people
from holdfast.practice import queries as practice
from holdfast.schedules import queries as schedules


def present(tx: Tx) -> Present:
    """Everything that files can speak of."""
    return Present(
        users=people.users(tx),
        teams=people.teams(tx),
        schedules=schedules.schedules(tx),
        policies=escalation.policies(tx),
        services=catalog.services(tx),
        connections=catalog.connections(tx),
        practice=practice.chosen(tx),
        packs=practice.own(tx),
    )


def export(tx: Tx) -> str:
    """The same as YAML, without keys."""
    permissions.require(tx.actor, "configuration.read")
    return write(present(tx))
