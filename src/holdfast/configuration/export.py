"""Writes everything that is here in the format of the files, always in the same order. Pure."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TypeVar

import yaml

from holdfast.configuration import written
from holdfast.configuration.model import VERSION, Present
from holdfast.configuration.written import Written
from holdfast.practice.written import fields as pack_fields
from holdfast.practice.written import written as pack_text
from holdfast.schedules.model import Schedule

LINE_CHARS_MAX = 100
T = TypeVar("T")


def export(present: Present) -> str:
    """YAML that, applied to an empty instance, makes the same configuration; without keys.

    Applied here it changes nothing.
    """
    sections: Written = {
        "holdfast": int(VERSION),
        "practice": _practice(present),
        "users": _each(present.users, written.user),
        "teams": _each(present.teams, written.team),
        "schedules": _each(present.schedules, _schedule),
        "escalation_policies": _each(present.policies, written.policy),
        "services": _each(present.services, written.service),
        "connections": _each(present.connections, written.connection),
    }
    filled = {name: section for name, section in sections.items() if section not in ([], None)}
    text = yaml.dump(
        filled,
        Dumper=_Dumper,
        sort_keys=False,
        allow_unicode=True,
        default_flow_style=None,
        width=LINE_CHARS_MAX,
    )
    others = [pack for name, pack in sorted(present.packs.items()) if name != present.practice]
    return "---\n".join((text, *map(pack_text, others)))


class _Dumper(yaml.SafeDumper):
    """Safe words only, quoted so that every YAML reader takes them for the same text."""

    def ignore_aliases(self, data: object) -> bool:
        return True


def _practice(present: Present) -> object:
    """The name of a shipped pack; one of one's own is written out."""
    own = present.packs.get(present.practice or "")
    return present.practice if own is None else pack_fields(own)


def _schedule(schedule: Schedule) -> Written:
    # In their own order: where two overlap, the later one wins.
    overrides = [written.override(each, schedule.time_zone) for each in schedule.overrides]
    found = written.schedule(schedule)
    return {**found, "overrides": overrides} if overrides else found


def _each(here: Mapping[str, T], write: Callable[[T], Written]) -> list[Written]:
    return [write(here[name]) for name in sorted(here)]
