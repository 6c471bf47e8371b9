"""Fills the practice screens from a pack."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import groupby

from holdfast.practice import check
from holdfast.practice.model import Audience, Duty, Level, Pack, Role
from holdfast.practice.triggers import TRIGGERS
from holdfast.practice.written import groups
from holdfast.web.layout.words import length, sentence_case
from holdfast.web.practice import words
from holdfast.web.practice.views import (
    Apart,
    Clock,
    LevelView,
    MapRow,
    PackLink,
    PracticePage,
    RoleView,
    TriggerView,
)

DRAWINGS = 5  # shapes of severities; the mildest ranks share the last one


def practice_page(
    pack: Pack, others: tuple[PackLink, ...], *, active: bool, may_edit: bool
) -> PracticePage:
    """Everything that the pack says, in words. `others` are the packs there are."""
    return PracticePage(
        name=pack.name,
        title=pack.title,
        version=pack.version,
        source=pack.source,
        summary=pack.summary,
        active=active,
        levels=tuple(_level(pack, level) for level in pack.levels),
        roles=tuple(_role(pack, role) for role in pack.roles),
        apart=tuple(_apart(pack)),
        relaxed=check.relaxed(pack),
        triggers=tuple(_triggers(pack)),
        limits=tuple(
            (said, words.span(getattr(pack.limits, name)) or words.NONE)
            for name, said in words.LIMITS.items()
        ),
        calendar=words.calendar(pack.calendar),
        maps=tuple(_maps(pack, others)),
        others=others,
        may_edit=may_edit,
    )


def pack_link(pack: Pack, *, shipped: bool, active: bool) -> PackLink:
    """The pack in a list, with why it cannot be chosen, if so."""
    found = check.findings(pack)
    return PackLink(
        name=pack.name,
        title=pack.title,
        summary=pack.summary,
        version=pack.version,
        levels=tuple((drawing(level), level.label) for level in pack.levels),
        shipped=shipped,
        active=active,
        problem=f"{sentence_case(found[0].message)} {found[0].remedy}" if found else None,
    )


def drawing(level: Level) -> int:
    """Which shape and colour a severity has, by its rank: 1 is the worst."""
    return min(level.rank + 1, DRAWINGS)


def _level(pack: Pack, level: Level) -> LevelView:
    return LevelView(
        drawing=drawing(level),
        label=level.label,
        aliases=level.aliases,
        title=level.title,
        criteria=level.criteria,
        response=level.response,
        clocks=tuple(
            Clock(label, words.span(getattr(level.clocks, name))) for name, label in words.CLOCKS
        ),
        updates=tuple(
            Clock(words.AUDIENCES[audience], words.span(level.cadence.get(audience)))
            for audience in Audience
        ),
        holds=length(level.verify_window),
        facts=tuple((name, value) for name, value in _facts(pack, level) if value),
        cites=level.cites,
    )


def _facts(pack: Pack, level: Level) -> Iterator[tuple[str, str | None]]:
    paged = words.whom(pack, level.page)
    yield "Paged", f"{paged}, {words.hours(level.hours)}" if paged else words.hours(level.hours)
    yield "Told", words.whom(pack, level.notify) or "nobody"
    yield "First update", _within(words.span(level.first_update))
    yield "Roles", words.roles(pack, level.roles_required) or "none has to be filled"
    if level.responders_min > 1:
        yield "Responders", f"at least {level.responders_min}"
    yield "Room", words.war_room(level.war_room)
    yield "Looked at again", _every(words.span(level.reevaluate_every))
    yield "Due", words.owed(level.due_in, level.due_business_days)
    when = words.owed(level.postmortem_due, level.postmortem_business_days)
    yield "Postmortem", words.postmortem(level.postmortem, when)
    if level.promise_next_update:
        yield "Every update", "says when the next one comes"
    if level.public_update_required:
        yield "Customers", "are told before it counts as resolved"
    if level.users_affected_min is not None:
        yield "Proposed from", f"{level.users_affected_min:g} % of users"


def _within(span: str | None) -> str | None:
    return None if span is None else f"within {span}"


def _every(span: str | None) -> str | None:
    return None if span is None else f"every {span}"


def _role(pack: Pack, role: Role) -> RoleView:
    answers = [duty for duty in Duty if pack.duties[duty][:1] == (role.key,)]
    after = [duty for duty in Duty if role.key in pack.duties[duty][1:]]
    return RoleView(
        key=role.key.value,
        label=role.label,
        aliases=role.aliases,
        one_holder=role.exclusive,
        answers=tuple(words.DUTIES[duty] for duty in answers),
        stands_in=tuple(words.DUTIES[duty] for duty in after),
    )


def _apart(pack: Pack) -> Iterator[Apart]:
    """Levels one below the other that keep the same roles apart are said together."""
    for pairs, levels in groupby(pack.levels, key=lambda level: level.apart):
        labels = tuple(level.label for level in levels)
        yield Apart(labels, tuple(words.roles(pack, group) for group in groups(pairs)))


def _triggers(pack: Pack) -> Iterator[TriggerView]:
    for trigger in sorted(pack.triggers, key=lambda each: not each.required):
        predicate = TRIGGERS[trigger.name]
        yield TriggerView(predicate.says, trigger.required, predicate.waivable)


def _maps(pack: Pack, others: tuple[PackLink, ...]) -> Iterator[tuple[str, tuple[MapRow, ...]]]:
    titles = {other.name: other.title for other in others}
    for name, table in pack.severity_map.items():
        rows = (
            MapRow(label, tuple(lv.label for lv in pack.levels if lv.rank in ranks))
            for label, ranks in table.items()
        )
        yield titles.get(name, name), tuple(rows)
