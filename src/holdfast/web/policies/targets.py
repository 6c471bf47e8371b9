"""Whom a step may page, as people call it: on call somewhere, one person, or a whole team."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from holdfast.escalation import queries as escalation
from holdfast.escalation.model import Target, TargetKind
from holdfast.kernel.tx import Tx
from holdfast.people import queries as people
from holdfast.schedules import queries as schedules
from holdfast.web.faces import Faces
from holdfast.web.layout.views import Choice, Link
from holdfast.web.policies import views, words

_PLACES: Mapping[TargetKind, str] = {
    TargetKind.SCHEDULE: "schedules",
    TargetKind.USER: "people",
    TargetKind.TEAM: "teams",
}


def target_view(tx: Tx, target: Target, faces: Faces) -> views.Target:
    """A target, and who that is at this moment."""
    names = named_targets(tx)
    known = str(target) in names
    href = f"/{_PLACES[target.kind]}/{target.id}" if known else None
    reached = escalation.reachable_people(tx, [target], tx.now)
    link = Link(name_of(target, names), href)
    return views.Target(link, target.kind.value, faces.all_of(reached))


def named_targets(tx: Tx) -> dict[str, str]:
    """Everybody and everything that can be paged, by what configuration writes."""
    return dict(_named(tx))


def name_of(target: Target, names: Mapping[str, str]) -> str:
    """The target by name; one that is gone, by what it was and that it is."""
    return names.get(str(target), f"{target} {words.GONE}")


def choices(names: Mapping[str, str], chosen: str) -> tuple[Choice, ...]:
    """All of them, with one that is gone where it is chosen."""
    found = [Choice(value, label, chosen=value == chosen) for value, label in names.items()]
    if chosen and chosen not in names:
        found.insert(0, Choice(chosen, f"{chosen} {words.GONE}", chosen=True))
    return tuple(found)


def listed(targets: Sequence[Target], names: Mapping[str, str]) -> list[str]:
    return [name_of(target, names) for target in targets]


def _named(tx: Tx) -> Iterator[tuple[str, str]]:
    for schedule in schedules.schedules(tx).values():
        target = Target(TargetKind.SCHEDULE, schedule.id)
        yield str(target), words.on_call_in(schedule.name)
    for user in people.users(tx).values():
        if user.disabled_at is None:
            yield str(Target(TargetKind.USER, user.id)), user.name
    for team in people.teams(tx).values():
        yield str(Target(TargetKind.TEAM, team.id)), words.whole_team(team.name)
