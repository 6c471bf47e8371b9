"""Whether everything that the files name is there: in the files, or here already."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass

from holdfast.catalog.model import Service
from holdfast.configuration.mistakes import Mistakes, nearest
from holdfast.configuration.model import Desired, Mentioned, Place, Present
from holdfast.escalation.model import Policy, TargetKind
from holdfast.kernel.quote import quoted
from holdfast.people.model import Team, User
from holdfast.practice.model import OFF, SHIPPED, Pack
from holdfast.schedules.model import Schedule

SHOWN_CHARS_MAX = 80


@dataclass(frozen=True, slots=True)
class Reference:
    """`says` is the sentence up to the name, such as `service checkout belongs to team`."""

    place: Place
    says: str
    name: str
    known: Collection[str]


def check(desired: Desired, present: Present, mistakes: Mistakes, *, prune: bool) -> None:
    """Adds one mistake for each name that nothing bears."""
    _check_practice(desired, present, mistakes)
    for reference in _references(desired, _known(desired, present, prune=prune)):
        if reference.name and reference.name not in reference.known:
            name = reference.name[:SHOWN_CHARS_MAX]
            mistakes.add(
                reference.place,
                f"{reference.says}{name}, which does not exist.",
                nearest(reference.name, reference.known)
                or f"Add {name} to the files, or name one that is there.",
            )


def _check_practice(desired: Desired, present: Present, mistakes: Mistakes) -> None:
    wanted = desired.practice
    known = (*SHIPPED, OFF, *present.packs, *desired.packs)
    if wanted is not None and wanted.value not in known and not desired.packs_unread:
        otherwise = "Name a pack that is shipped, or give the file of your own to the command too."
        mistakes.add(
            wanted.place,
            f"practice of the file: {quoted(wanted.value)} is not known.",
            nearest(wanted.value, known) or otherwise,
        )


@dataclass(frozen=True, slots=True)
class _Known:
    users: Collection[str]
    teams: Collection[str]
    schedules: Collection[str]
    policies: Collection[str]
    services: Collection[str]


def _known(desired: Desired, present: Present, *, prune: bool) -> _Known:
    """What will be there: what prune removes may not be named."""
    here = Present({}, {}, {}, {}, {}, {}, present.practice, present.packs) if prune else present
    users = {} if prune and desired.speaks_of_users else present.users
    return _Known(
        users={**users, **desired.users},
        teams={**here.teams, **desired.teams},
        schedules={**here.schedules, **desired.schedules},
        policies={**here.policies, **desired.policies},
        services={**here.services, **desired.services},
    )


def _references(desired: Desired, known: _Known) -> Iterator[Reference]:
    for user in desired.users.values():
        yield from _of_user(user)
    for team in desired.teams.values():
        yield from _of_team(team, known)
    for schedule in desired.schedules.values():
        yield from _of_schedule(schedule, known)
    for policy in desired.policies.values():
        yield from _of_policy(policy, known)
    for service in desired.services.values():
        yield from _of_service(service, known)
    for connection in desired.connections.values():
        says = f"connection {connection.value.id} is pointed at service "
        yield Reference(connection.at("service"), says, connection.value.service, known.services)
    for pack in desired.packs.values():
        yield from _of_pack(pack, known)


def _of_service(mentioned: Mentioned[Service], known: _Known) -> Iterator[Reference]:
    what, service = f"service {mentioned.value.id}", mentioned.value
    yield Reference(mentioned.at("team"), f"{what} belongs to team ", service.team, known.teams)
    yield Reference(mentioned.at("policy"), f"{what} uses policy ", service.policy, known.policies)
    for index, name in enumerate(service.depends_on):
        place = mentioned.at(f"depends_on[{index}]")
        yield Reference(place, f"{what} depends on ", name, known.services)


def _of_pack(mentioned: Mentioned[Pack], known: _Known) -> Iterator[Reference]:
    """The teams, schedules and people that a pack names."""
    by_kind = {"user": known.users, "team": known.teams, "schedule": known.schedules}
    for index, level in enumerate(mentioned.value.levels):
        for cell, words in (("page", level.page), ("notify", level.notify)):
            for word in words:
                kind, _, name = word.partition(":")
                if kind in by_kind:
                    place = mentioned.at(f"levels[{index}].{cell}")
                    says = f"{cell} of level {level.label} is {kind}:"
                    yield Reference(place, says, name, by_kind[kind])
    for index, role in enumerate(mentioned.value.roles):
        place = mentioned.at(f"roles[{index}].schedule")
        says = f"role {role.key} comes from schedule "
        yield Reference(place, says, role.schedule or "", known.schedules)


def _of_user(mentioned: Mentioned[User]) -> Iterator[Reference]:
    if "methods" not in mentioned.given:
        return  # the rules may name methods that are here already; people.save_user looks
    user = mentioned.value
    names = {method.id for method in user.methods}
    for urgency, rungs in user.rules.items():
        for index, rung in enumerate(rungs):
            place = mentioned.at(f"rules.{urgency.value}[{index}].method")
            says = f"the rule for {urgency.value} pages of user {user.id} names the contact method "
            yield Reference(place, says, rung.method, names)


def _of_team(mentioned: Mentioned[Team], known: _Known) -> Iterator[Reference]:
    team = mentioned.value
    if team.lead is not None:
        yield Reference(
            mentioned.at("lead"), f"team {team.id} is led by user ", team.lead, known.users
        )
    for index, name in enumerate(team.members):
        place = mentioned.at(f"members[{index}]")
        yield Reference(place, f"team {team.id} has the member ", name, known.users)


def _of_schedule(mentioned: Mentioned[Schedule], known: _Known) -> Iterator[Reference]:
    schedule = mentioned.value
    what = f"schedule {schedule.id}"
    yield Reference(mentioned.at("team"), f"{what} belongs to team ", schedule.team, known.teams)
    for order, rotation in enumerate(schedule.rotations):
        for index, name in enumerate(rotation.members):
            place = mentioned.at(f"rotations[{order}].members[{index}]")
            says = f"rotation {rotation.id} of {what} has the member "
            yield Reference(place, says, name or "", known.users)
    for order, override in enumerate(schedule.overrides):
        place = mentioned.at(f"overrides[{order}].member")
        says = f"override {override.id} of {what} names the member "
        yield Reference(place, says, override.member, known.users)


def _of_policy(mentioned: Mentioned[Policy], known: _Known) -> Iterator[Reference]:
    policy = mentioned.value
    by_kind = {
        TargetKind.USER: known.users,
        TargetKind.TEAM: known.teams,
        TargetKind.SCHEDULE: known.schedules,
    }
    paths = [
        (f"steps[{order}].page[{index}]", f"step {order + 1} of policy {policy.id} pages ", target)
        for order, step in enumerate(policy.steps)
        for index, target in enumerate(step.page)
    ]
    paths += [
        (f"last_resort[{index}]", f"the last resort of policy {policy.id} is ", target)
        for index, target in enumerate(policy.last_resort)
    ]
    for path, says, target in paths:
        place = mentioned.at(path)
        yield Reference(place, f"{says}{target.kind.value}:", target.id, by_kind[target.kind])
