"""What is exported and applied elsewhere is the same; applied here it changes nothing."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta

import pytest
import yaml
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from holdfast.catalog.model import Connection, Service
from holdfast.configuration.export import export
from holdfast.configuration.model import Present
from holdfast.escalation.model import Policy, Step, Target, TargetKind
from holdfast.kernel.actor import Role
from holdfast.kernel.names import is_name
from holdfast.kernel.span import Span
from holdfast.people.model import Method, Rung, Team, User
from holdfast.schedules.model import Handoff, Hours, Override, Rotation, Schedule, Unit
from holdfast.sdk import Urgency
from tests.configuration.build import EXAMPLE, PEOPLE, Instance

names = st.text(
    st.characters(codec="utf-8", exclude_categories=("Cc", "Cs")), min_size=1, max_size=20
).filter(is_name)
ids = st.lists(st.from_regex(r"[a-z0-9]([a-z0-9_-]{0,5}[a-z0-9])?", fullmatch=True),
               min_size=1, max_size=3, unique=True)  # fmt: skip
zones = st.sampled_from(("UTC", "Europe/Lisbon", "Australia/Lord_Howe", "America/St_Johns"))
durations = st.integers(10, 600_000).map(lambda seconds: timedelta(seconds=seconds))
times = st.times().map(lambda at: time(at.hour, at.minute))
instants = st.datetimes(datetime(2020, 1, 1), datetime(2030, 1, 1)).map(
    lambda at: at.replace(tzinfo=UTC)
)
# The quarter hours around the autumn change of clocks in Lisbon, where wall times come twice.
folds = st.integers(0, 12).map(
    lambda n: datetime(2026, 10, 24, 23, tzinfo=UTC) + n * timedelta(minutes=15)
)


@st.composite
def spans(draw: st.DrawFn) -> Span:
    start, end = sorted(draw(st.lists(instants | folds, min_size=2, max_size=2, unique=True)))
    return Span(start, end)


@st.composite
def handoffs(draw: st.DrawFn) -> Handoff:
    unit = draw(st.sampled_from(Unit))
    weekday = draw(st.none() | st.integers(0, 6)) if unit is Unit.WEEKS else None
    return Handoff(draw(st.integers(1, 50)), unit, weekday, draw(times))


@st.composite
def rotations(draw: st.DrawFn, name: str, people: list[str]) -> Rotation:
    starts = draw(st.dates(date(2020, 1, 1), date(2030, 1, 1)))
    days = st.frozensets(st.integers(0, 6), min_size=1)
    return Rotation(
        id=name,
        members=tuple(draw(st.lists(st.none() | st.sampled_from(people), min_size=1, max_size=4))),
        handoff=draw(handoffs()),
        starts=starts,
        hours=tuple(draw(st.lists(st.builds(Hours, days, times, times), max_size=2))),
        until=draw(st.none() | st.just(starts + timedelta(days=30))),
    )


@st.composite
def schedules(draw: st.DrawFn, name: str, team: str, people: list[str]) -> Schedule:
    overrides = [Override(each, draw(st.sampled_from(people)), draw(spans())) for each in draw(ids)]
    return Schedule(
        id=name,
        name=draw(names),
        team=team,
        time_zone=draw(zones),
        rotations=tuple(draw(rotations(each, people)) for each in draw(ids)),
        # Applied together they are kept in the order of their ids.
        overrides=tuple(sorted(overrides, key=lambda override: override.id)),
    )


@st.composite
def users(draw: st.DrawFn, name: str) -> User:
    methods = tuple(Method(each, "email", f"{each}@example.com") for each in draw(ids))
    rungs = st.lists(
        st.builds(Rung, durations, st.sampled_from([m.id for m in methods])), max_size=2
    ).map(tuple)
    return User(
        id=name,
        name=draw(names),
        email=draw(st.none() | st.just(f"{name}@example.com")),
        time_zone=draw(zones),
        role=draw(st.sampled_from(Role)),
        methods=methods,
        rules={urgency: found for urgency in Urgency if (found := draw(rungs))},
    )


@st.composite
def policies(draw: st.DrawFn, name: str, people: list[str]) -> Policy:
    targets = st.lists(
        st.sampled_from(people).map(lambda each: Target(TargetKind.USER, each)),
        min_size=1, max_size=3,
    ).map(tuple)  # fmt: skip
    steps = st.lists(st.builds(Step, targets, durations), min_size=1, max_size=3).map(tuple)
    return Policy(
        name, draw(steps), draw(st.integers(0, 20)), draw(targets), draw(st.just("") | names)
    )


plain = st.recursive(
    st.none() | st.booleans() | st.integers(-(10**14), 10**14) | names
    | st.sampled_from(["null", "true", "12", "1e3", "~", "", "on", "09:00", "- a", "#", "{", "*x"]),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(names, inner, max_size=3),
    max_leaves=5,
)  # fmt: skip


@st.composite
def configurations(draw: st.DrawFn) -> Present:
    people = draw(ids)
    teams = {
        name: Team(name, draw(names), draw(st.none() | st.sampled_from(people)), tuple(people))
        for name in draw(ids)
    }
    team = next(iter(teams))
    climbs = {name: draw(policies(name, people)) for name in draw(ids)}
    policy = next(iter(climbs))
    services: dict[str, Service] = {}
    for name in draw(ids):
        known = st.sampled_from(sorted(services)) if services else st.nothing()
        leans = tuple(draw(st.lists(known, unique=True)))
        tier, about = draw(st.integers(0, 5)), draw(st.just("") | names)
        services[name] = Service(name, draw(names), team, policy, tier, leans, about)
    connections = {
        name: Connection(
            name, "generic", next(iter(services)),
            settings=draw(st.dictionaries(names, plain, max_size=3)),
        )
        for name in draw(ids)
    }  # fmt: skip
    return Present(
        users={name: draw(users(name)) for name in people},
        teams=teams,
        schedules={name: draw(schedules(name, team, people)) for name in draw(ids)},
        policies=climbs,
        services=services,
        connections=connections,
        practice="union-5",
    )


@settings(max_examples=30, suppress_health_check=[HealthCheck.too_slow])
@given(configurations())
def test_an_export_applied_to_an_empty_instance_makes_the_same_configuration(
    configuration: Present,
) -> None:
    text = export(configuration)
    instance = Instance()
    instance.apply(text)
    assert instance.export() == text
    assert instance.plan(text, prune=True).changes == ()
    instance.close()


def test_an_export_holds_no_key_and_keeps_the_one_there_is() -> None:
    instance = Instance()
    instance.apply(EXAMPLE, PEOPLE)
    text = instance.export()
    assert "key" not in text
    assert "0123456789abcdef" not in text
    assert instance.apply(text, prune=True).changes == ()


def test_an_export_does_not_depend_on_the_order_of_making() -> None:
    one, other = Instance(), Instance(seed=2)
    one.apply(EXAMPLE, PEOPLE)
    other.apply(PEOPLE, EXAMPLE)
    assert one.export() == other.export()


@pytest.mark.parametrize("word", ["on", "09:00", "1e3", "0x10", "null", "~", "2026-01-01", "1_000"])
def test_an_export_means_the_same_to_every_other_reader_of_yaml(word: str) -> None:
    team = Team("t", word)
    text = export(Present({}, {"t": team}, {}, {}, {}, {}, "union-5"))
    assert yaml.safe_load(text)["teams"] == [{"id": "t", "name": word}]
