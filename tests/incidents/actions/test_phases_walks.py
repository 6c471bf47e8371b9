"""Whatever people try in whatever order, no incident reaches a state that it may not be in."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import replace

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from holdfast.incidents import actions, chronology, queries
from holdfast.incidents.actions import Gate, Move
from holdfast.incidents.actions.facts import latest_checks
from holdfast.incidents.lifecycle import NoRoad, Way, road
from holdfast.incidents.model import (
    Check,
    DataRisk,
    Escalate,
    Impact,
    Incident,
    Phase,
    Remediation,
)
from holdfast.incidents.roles import actions as roles
from holdfast.incidents.roles import queries as role_queries
from holdfast.incidents.telling import queries as telling
from holdfast.kernel.errors import HoldfastError
from holdfast.kernel.tx import Tx
from holdfast.practice.model import RoleKey
from tests.support.database import opened
from tests.support.incidents import (
    LINK,
    WAIVED,
    crewed,
    declares,
    finishes,
    incident,
    tells,
)
from tests.support.story import MINUTE, Story, person

UNTOLD_GATE = {**WAIVED, Gate.FINAL_UPDATE: "nobody else listens"}
Try = Callable[[Story, str], None]
STEPS_MAX = 30
FULL = Move(
    reason="as it is",
    mitigation="undone",
    remediation=Remediation.FULL,
    followup=LINK,
    waive=WAIVED,
)
UNTOLD = replace(FULL, waive=UNTOLD_GATE)


def acts(action: Callable[[Tx, str], object], who: str = "ana") -> Try:
    """That person tries something; a refusal is an answer as well."""

    def tried(story: Story, name: str) -> None:
        with refusals_are_answers(), story.database.begin(person(who)) as tx:
            action(tx, name)

    return tried


@contextmanager
def refusals_are_answers() -> Iterator[None]:
    try:
        yield
    except HoldfastError:
        return


def goes(to: Phase, ask: Move = FULL, who: str = "ana") -> Try:
    return acts(lambda tx, name: actions.move(tx, name, to, ask=ask), who)


def waits(minutes: int) -> Try:
    return lambda story, name: story.clock.jump_to(story.clock.now() + minutes * MINUTE)


def looks(*, good: bool) -> Try:
    return acts(
        lambda tx, name: actions.check(
            tx, name, Check("errors", "0.1 %", "dashboard", good, tx.now, "")
        )
    )


def ends_telling(story: Story, name: str) -> None:
    with refusals_are_answers():
        finishes(story, name)


TRIES: Mapping[str, Try] = {
    **{f"to {to}": goes(to) for to in Phase},
    **{f"bare to {to}": goes(to, Move()) for to in Phase},
    **{f"bo to {to}": goes(to, FULL, "bo") for to in (Phase.RESOLVED, Phase.CLOSED)},
    **{f"glass to {to}": goes(to, replace(FULL, break_glass="it burns")) for to in Phase},
    "untold to resolved": goes(Phase.RESOLVED, UNTOLD),
    "too early": goes(Phase.MONITORING, replace(FULL, reason="")),
    "impact": acts(lambda tx, name: actions.set_impact(tx, name, Impact(users_affected=12))),
    "lost": acts(lambda tx, n: actions.set_impact(tx, n, Impact(data_risk=DataRisk.CONFIRMED))),
    "escalation": acts(lambda tx, n: actions.answer_escalation(tx, n, Escalate(needed=False))),
    "confirm": acts(lambda tx, name: actions.confirm_severity(tx, name, reason="it is")),
    "milder": acts(lambda tx, name: actions.change_severity(tx, name, "SEV3", "less")),
    "worse": acts(actions.in_doubt),
    "command": acts(lambda tx, name: roles.assign(tx, name, "command", "ana")),
    "operations": acts(lambda tx, name: roles.assign(tx, name, "operations", "bo")),
    "scribe": acts(lambda tx, name: roles.assign(tx, name, "scribe", "cy")),
    "communications": acts(lambda tx, name: roles.assign(tx, name, "communications", "dee")),
    "tell": acts(tells),
    "end": ends_telling,
    "good": looks(good=True),
    "bad": looks(good=False),
    "a minute": waits(1),
    "window": waits(30),
    "fires": lambda story, name: _refire(story),
}
# No reason opens the way here: these are claims, and not help.
CLAIMED = (Phase.RESOLVED, Phase.POST_INCIDENT, Phase.CLOSED)
# Often enough in order that walks come far; the rest is chance.
LIKELY = (
    "to triage", "impact", "escalation", "operations", "confirm", "tell", "to mitigating",
    "to monitoring", "window", "good", "untold to resolved", "end", "to resolved", "to closed",
)  # fmt: skip


def _refire(story: Story) -> None:
    story.recovers()
    story.fires()


def walks() -> st.SearchStrategy[list[str]]:
    """A good way with one or two steps left out and others put in between, or mere chance."""
    step = st.sampled_from(sorted(TRIES))
    left_out = st.sets(st.integers(0, len(LIKELY) - 1), max_size=2)
    added = st.lists(st.tuples(st.integers(0, len(LIKELY)), step), max_size=6)
    return st.tuples(left_out, added).map(_altered) | st.lists(
        st.one_of(st.sampled_from(LIKELY), step), min_size=3, max_size=STEPS_MAX
    )


def _altered(drawn: tuple[set[int], list[tuple[int, str]]]) -> list[str]:
    left_out, added = drawn
    way = [name for place, name in enumerate(LIKELY) if place not in left_out]
    for place, name in added:
        way.insert(place, name)
    return way


def test_random_walks_never_reach_a_refused_state() -> None:
    reached: set[Phase] = set()
    with opened() as database:
        story = crewed(Story(database).company())
        alert = story.opens()

        @settings(max_examples=40, suppress_health_check=list(HealthCheck))
        @given(walk=walks())
        def walked(walk: list[str]) -> None:
            walk_along(story, alert, walk, reached)

        walked()
        # Each step of the good way is left out once for certain, and not by chance alone.
        for place in range(len(LIKELY)):
            walk_along(story, alert, [*LIKELY[:place], *LIKELY[place + 1 :]], reached)
    assert {Phase.TRIAGE, Phase.MITIGATING, Phase.MONITORING, Phase.RESOLVED} <= reached


def walk_along(story: Story, alert: str, walk: Sequence[str], reached: set[Phase]) -> None:
    """One incident, from its declaration along this walk; every step is looked at."""
    found = declares(story, title="Checkout is down", severity="SEV2")
    with story.database.begin(person("ana")) as tx, refusals_are_answers():
        actions.link_alert(tx, found.id, alert)
    for name in walk:
        before = incident(story, found.id)
        TRIES[name](story, found.id)
        after = incident(story, found.id)
        holds(story, before, after)
        reached.add(after.phase)
    with story.database.begin(person("ana")) as tx, refusals_are_answers():
        actions.move(tx, found.id, Phase.FALSE_ALARM, ask=FULL)


def holds(story: Story, before: Incident, after: Incident) -> None:
    """What must be so after every step, by what ledger 3.3 refuses."""
    now = story.clock.now()
    glass = [each for each in story.recorded(after.id) if each.kind == "guardrail.overridden"]
    assert chronology.faults(after.instants, now) == []
    if before.phase is not after.phase:
        way = road(before.phase, after.phase, after.kind)
        assert not isinstance(way, NoRoad)
        assert not set(way.skipped) - {Phase.TRIAGE}
        if after.phase in CLAIMED or not glass:
            assert not way.skipped
            entered = ENTERED.get((way.way, after.phase))
            if entered is not None:
                entered(story, before, after)


def _mitigating(story: Story, before: Incident, after: Incident) -> None:
    assert before.phase is Phase.TRIAGE
    assert not before.severity.provisional
    assert not before.severity.reevaluate
    assert before.impact.users_affected is not None or before.severity.rank > 2
    assert before.services
    assert before.escalate is not None
    with story.database.read(person("ana")) as tx:
        missing = role_queries.missing(tx, after)
        assert RoleKey.COMMAND not in missing
        assert RoleKey.OPERATIONS not in missing


def _monitoring(story: Story, before: Incident, after: Incident) -> None:
    assert after.outcome.mitigation
    assert after.instants.restored_at is not None
    assert after.instants.monitoring_since == story.clock.now()


def _resolved(story: Story, before: Incident, after: Incident) -> None:
    since = before.instants.monitoring_since
    assert since is not None
    assert story.clock.now() - since >= before.level.verify_window
    checks = latest_checks(before)
    assert checks
    assert all(check.good for check in checks.values())
    assert after.outcome.remediation is Remediation.FULL
    assert after.outcome.followup
    actor = story.recorded(after.id)[-1].actor
    with story.database.read(person("ana")) as tx:
        waived = Gate.FINAL_UPDATE.value in dict(after.outcome.waivers)
        assert waived or telling.final_missing(tx, before) == []
        commander = role_queries.holder(tx, before.id, RoleKey.COMMAND)
        assert commander is None or actor in {f"user:{commander}", "system:holdfast"}


def _closed(story: Story, before: Incident, after: Incident) -> None:
    assert before.phase in (Phase.RESOLVED, Phase.POST_INCIDENT)
    said = dict(after.outcome.waivers)
    assert {gate.value: said.get(gate.value) for gate in WAIVED} == {
        gate.value: answer for gate, answer in WAIVED.items()
    }
    with story.database.read(person("ana")) as tx:
        assert queries.incident(tx, after.id).instants.closed_at is not None


ENTERED: Mapping[tuple[Way, Phase], Callable[[Story, Incident, Incident], None]] = {
    (Way.FORWARD, Phase.MITIGATING): _mitigating,
    (Way.FORWARD, Phase.MONITORING): _monitoring,
    (Way.FORWARD, Phase.RESOLVED): _resolved,
    (Way.FORWARD, Phase.CLOSED): _closed,
}
