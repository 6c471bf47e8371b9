"""Whom a service would page at this moment, step by step, with names."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import timedelta

from holdfast.catalog.model import Service
from holdfast.escalation import queries as escalation
from holdfast.escalation.model import Policy, Target, TargetKind
from holdfast.kernel.tx import Tx
from holdfast.people import queries as people
from holdfast.schedules import queries as schedules
from holdfast.web.faces import Faces
from holdfast.web.layout.views import Face
from holdfast.web.layout.words import length, listing
from holdfast.web.services import words
from holdfast.web.services.views import Rung


def rungs_of(tx: Tx, service: Service, faces: Faces) -> Iterator[Rung]:
    """Each step of the policy, for the people of this moment."""
    after = timedelta()
    for step in policy_of(tx, service).steps:
        reached = escalation.reachable_people(tx, step.page, tx.now)
        why = None if reached else escalation.why_nobody(tx, step.page, tx.now)
        yield Rung(
            after=words.after(length(after)) if after else words.AT_ONCE,
            target=target_names(tx, step.page, faces),
            people=faces.all_of(reached),
            problem=None if why is None else f"{words.REACHES_NOBODY}: {why}",
        )
        after += step.wait


def first_reached(tx: Tx, service: Service, faces: Faces) -> tuple[Face, ...]:
    """Who a page would reach first: an empty step is skipped at once."""
    for step in policy_of(tx, service).steps:
        reached = escalation.reachable_people(tx, step.page, tx.now)
        if reached:
            return faces.all_of(reached)
    return ()


def last_resort_of(tx: Tx, service: Service, faces: Faces) -> str:
    """By name: who is paged when everything else went unanswered."""
    targets = escalation.last_resort(tx, policy_of(tx, service), service.team)
    return target_names(tx, targets, faces)


def policy_of(tx: Tx, service: Service) -> Policy:
    """The service's policy; one without steps where it is gone."""
    return escalation.policies(tx).get(service.policy, Policy(service.policy, ()))


def target_names(tx: Tx, targets: Sequence[Target], faces: Faces) -> str:
    """`on call in Payments, Bo Dahl and the team Payments`"""
    return listing([target_name(tx, target, faces) for target in targets])


def target_name(tx: Tx, target: Target, faces: Faces) -> str:
    """One target as people call it."""
    if target.kind is TargetKind.USER:
        return faces.of(target.id).name
    if target.kind is TargetKind.TEAM:
        team = people.teams(tx).get(target.id)
        return words.the_team(target.id if team is None else team.name)
    schedule = schedules.find_schedule(tx, target.id)
    return words.on_call_in(target.id if schedule is None else schedule.name)
