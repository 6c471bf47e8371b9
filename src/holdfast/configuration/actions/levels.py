"""NO_FINAL_LEVEL for every use of a policy that the files touch (ledger S1-34)."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial

from holdfast.catalog import queries as catalog
from holdfast.catalog.model import Service
from holdfast.configuration.actions.attempt import Attempt
from holdfast.configuration.model import Change, ChangeKind, Desired, Kind, Place
from holdfast.escalation import queries as policies
from holdfast.escalation.actions import check_final_level


def check_final_levels(
    attempt: Attempt, desired: Desired, changes: Sequence[Change], start: Place
) -> None:
    """Looks at what stands after the changes; a use that no file touches is not held against them.

    `start` is where a refusal is told that only follows from people who are disabled.
    """
    tx = attempt.tx
    uses: dict[str, list[Service]] = {}
    for service in catalog.services(tx).values():
        uses.setdefault(service.policy, []).append(service)
    fallback = start if _disables_somebody(changes) else None
    for name, policy in policies.policies(tx).items():
        mentioned = desired.policies.get(name)
        own = mentioned.place if mentioned is not None else fallback
        for service in uses.get(name, []):
            place = own or _place(desired, service)
            if place is not None:
                act = partial(check_final_level, tx, policy, used_by=service.id, team=service.team)
                attempt.at(f"policy {name}", place, act)
        if name not in uses and own is not None:
            attempt.at(name, own, partial(check_final_level, tx, policy, used_by=None, team=None))


def _place(desired: Desired, service: Service) -> Place | None:
    if service.id in desired.services:
        return desired.services[service.id].place
    team = desired.teams.get(service.team)
    return None if team is None else team.place


def _disables_somebody(changes: Sequence[Change]) -> bool:
    return any(
        change.kind is ChangeKind.REMOVE or any(f.field == "disabled" for f in change.fields)
        for change in changes
        if change.object is Kind.USER
    )
