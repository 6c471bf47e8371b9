"""Applying files: idempotent, all or nothing, and what no file mentions is left alone."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest

from holdfast.alerts.actions.heartbeat import WATCH
from holdfast.catalog import queries as catalog
from holdfast.configuration.model import Change, ChangeKind, Kind, NotApplied, Plan
from holdfast.escalation import queries as escalation
from holdfast.kernel.actor import Actor, ActorKind, Role
from holdfast.people import actions as people_actions
from holdfast.people import queries as people
from holdfast.people.credentials import actions as credentials
from holdfast.people.credentials import queries as credential_queries
from holdfast.people.model import Method
from holdfast.people.permissions import NotPermitted
from holdfast.practice import queries as practice
from holdfast.schedules import queries as schedules
from holdfast.storage.duties import timer_due
from holdfast.timeline import queries as timeline
from tests.configuration.build import EXAMPLE, NOW, PEOPLE, Instance

KEY = "00112233445566778899aabbccddeeff"


@pytest.fixture
def instance() -> Iterator[Instance]:
    """With the contract's example applied."""
    made = Instance()
    made.apply(EXAMPLE, PEOPLE)
    yield made
    made.close()


@pytest.fixture
def on_both(database_url: str) -> Iterator[Instance]:
    """The same on either database."""
    made = Instance(database_url)
    made.apply(EXAMPLE, PEOPLE)
    yield made
    made.close()


@pytest.fixture
def empty() -> Iterator[Instance]:
    made = Instance()
    yield made
    made.close()


def named(plan: Plan) -> list[str]:
    return [f"{change.kind.value} {change.object.value} {change.id}" for change in plan.changes]


def only(plan: Plan) -> Change:
    assert len(plan.changes) == 1
    return plan.changes[0]


def test_the_contracts_example_becomes_what_it_says(on_both: Instance) -> None:
    with on_both.look() as tx:
        ana = people.user(tx, "ana")
        assert [m.kind for m in ana.methods] == ["webhook", "email"]
        assert practice.chosen(tx) == "union-5"
        shift = schedules.on_call(tx, "payments-primary", datetime(2026, 11, 20, tzinfo=UTC))
        assert shift is not None
        assert shift.user == "ana"
        xmas = schedules.on_call(tx, "payments-primary", datetime(2026, 12, 24, 9, tzinfo=UTC))
        assert xmas is not None
        assert (xmas.user, xmas.why) == ("bo", "override xmas")
        policy = escalation.policy(tx, "payments")
        assert [step.wait for step in policy.steps] == [timedelta(minutes=5), timedelta(minutes=15)]
        assert catalog.service(tx, "checkout").depends_on == ("orders-db",)
        nightly = catalog.connection_by_key(tx, KEY)
        assert nightly is not None
        assert nightly.id == "nightly"


def test_applying_again_changes_nothing_and_records_nothing(on_both: Instance) -> None:
    with on_both.look() as tx:
        before = len(timeline.since(tx, NOW))
    assert on_both.plan(EXAMPLE, PEOPLE).changes == ()
    assert on_both.apply(EXAMPLE, PEOPLE).changes == ()
    with on_both.look() as tx:
        assert len(timeline.since(tx, NOW)) == before


def test_a_plan_says_what_an_apply_would_do_and_does_nothing(empty: Instance) -> None:
    planned = empty.plan(EXAMPLE, PEOPLE)
    with empty.look() as tx:
        assert not people.users(tx)
        assert not timeline.since(tx, NOW)
    assert empty.apply(EXAMPLE, PEOPLE).changes == planned.changes
    assert named(planned)[0] == "create user ana"
    assert named(planned)[-2:] == ["create connection nightly", "change practice union-5"]


def test_a_change_is_told_in_words_with_its_line(instance: Instance) -> None:
    change = only(instance.plan(EXAMPLE.replace("wait: 15m", "wait: 20m"), PEOPLE))
    assert (change.kind, change.object, change.id) == (ChangeKind.CHANGE, Kind.POLICY, "payments")
    assert str(change.place) == "config.yaml:30"
    (field,) = change.fields
    assert field.field == "steps"
    assert field.before is not None
    assert field.after == field.before.replace("15m", "20m")


def test_one_mistake_undoes_everything(empty: Instance) -> None:
    wrong = EXAMPLE.replace('key: "001122', 'key: "!01122')
    with pytest.raises(NotApplied):
        empty.apply(wrong, PEOPLE)
    with empty.look() as tx:
        assert not people.users(tx)
        assert not people.teams(tx)
        assert not timeline.since(tx, NOW)


def test_what_no_file_mentions_is_left_alone(instance: Instance) -> None:
    assert named(instance.apply("teams: [{id: search, name: Search}]")) == ["create team search"]
    with instance.look() as tx:
        assert set(people.teams(tx)) == {"payments", "search"}
        assert len(catalog.connections(tx)) == 3


def test_prune_removes_what_no_file_mentions_and_disables_people(on_both: Instance) -> None:
    on_both.apply(
        "teams: [{id: old, name: Old}]\nusers: [{id: zoe, name: Zoe}]\n"
        "schedules:\n  - {id: old, team: old, time_zone: UTC, rotations: []}\n"
        'escalation_policies: [{id: old, last_resort: ["user:zoe"],'
        ' steps: [{page: ["schedule:old"]}]}]\n'
        "services:\n  - {id: a, name: A, team: old, policy: old, depends_on: [b]}\n"
        "  - {id: b, name: B, team: old, policy: old, depends_on: [a]}\n"
        "connections: [{id: old, kind: generic, service: a}]\n"
    )
    pruned = on_both.apply(EXAMPLE, PEOPLE, prune=True)
    assert named(pruned) == [
        "remove connection old", "remove service a", "remove service b",
        "remove escalation policy old", "remove schedule old", "remove team old",
        "remove user zoe",
    ]  # fmt: skip
    assert all(change.place is None for change in pruned.changes)
    assert on_both.plan(EXAMPLE, PEOPLE, prune=True).changes == ()
    with on_both.look() as tx:
        assert people.user(tx, "zoe").disabled_at == NOW
        assert set(catalog.services(tx)) == {"checkout", "orders-db"}


def test_prune_leaves_people_alone_where_the_files_do_not_speak_of_people(
    instance: Instance,
) -> None:
    without_people = EXAMPLE[: EXAMPLE.index("users:")] + EXAMPLE[EXAMPLE.index("teams:") :]
    assert instance.apply(without_people, prune=True).changes == ()


def test_an_empty_file_never_prunes(instance: Instance) -> None:
    refusal = instance.refusal("holdfast: 1\n", prune=True)
    assert "prune would remove everything" in refusal.detail


def test_what_prune_removes_cannot_be_named(instance: Instance) -> None:
    refusal = instance.refusal(
        "users: [{id: ana, name: Ana}]\nteams:\n  - {id: t, name: T, lead: bo}\n", prune=True
    )
    assert "is led by user bo, which does not exist" in refusal.detail


def test_files_may_not_leave_nobody_who_is_an_admin(empty: Instance) -> None:
    empty.apply("users: [{id: ana, name: Ana, role: admin}]")
    refusal = empty.refusal("users: [{id: ana, name: Ana, role: viewer}]")
    assert "nobody would be an admin any more" in refusal.detail


def test_whoever_applies_is_not_disabled_by_it(empty: Instance) -> None:
    empty.apply("users: [{id: ana, name: Ana, role: admin}, {id: bo, name: Bo, role: admin}]")
    ana = Actor(ActorKind.USER, "ana", Role.ADMIN, "ana")
    with pytest.raises(NotApplied, match="ana applies these files"):
        empty.apply("users: [{id: bo, name: Bo, role: admin}]", prune=True, actor=ana)


def test_only_an_admin_applies_and_a_manager_may_plan(empty: Instance) -> None:
    manager = Actor(ActorKind.USER, "mo", Role.MANAGER, "mo")
    with pytest.raises(NotPermitted):
        empty.apply(EXAMPLE, PEOPLE, actor=manager)
    assert empty.plan(EXAMPLE, PEOPLE, actor=manager).changes
    with pytest.raises(NotPermitted):
        empty.plan(EXAMPLE, PEOPLE, actor=Actor(ActorKind.USER, "v", Role.RESPONDER, "v"))


def test_what_people_set_up_themselves_stays_where_the_file_does_not_say(
    instance: Instance,
) -> None:
    with instance.database.begin(Actor(ActorKind.USER, "bo", Role.RESPONDER, "bo")) as tx:
        people_actions.save_methods(tx, "bo", (Method("phone", "ntfy", "bo-phone"),))
    assert named(instance.apply("users: [{id: bo, name: Bodil}]")) == ["change user bo"]
    with instance.look() as tx:
        bo = people.user(tx, "bo")
        assert (bo.name, [m.id for m in bo.methods]) == ("Bodil", ["phone"])


def test_a_disabled_person_stays_so_unless_the_file_says_otherwise(instance: Instance) -> None:
    with instance.database.begin(Actor(ActorKind.SYSTEM, "test")) as tx:
        people_actions.disable_user(tx, "bo")
    plan = instance.apply(EXAMPLE, PEOPLE)
    assert plan.changes == ()
    assert plan.warnings == (
        (
            "more-1.yaml:2: user bo is disabled and stays so."
            " Write disabled: false to page them again."
        ),
    )
    back = only(instance.apply("users: [{id: bo, name: Bo, disabled: false}]"))
    assert [(f.field, f.before, f.after) for f in back.fields] == [("disabled", "true", None)]


def test_somebody_who_is_disabled_loses_every_proof_of_who_they_are(instance: Instance) -> None:
    with instance.database.begin(Actor(ActorKind.SYSTEM, "test")) as tx:
        secret = credentials.create_token(tx, "phone", Role.VIEWER, "bo").secret
    instance.apply("users: [{id: bo, name: Bo, disabled: true}]")
    with instance.look() as tx:
        assert people.user(tx, "bo").disabled_at == NOW
        assert credential_queries.token(tx, secret) is None


def test_a_new_connection_without_a_key_gets_one_that_is_shown_once(instance: Instance) -> None:
    text = "connections: [{id: new, kind: pagerduty-events, service: checkout}]"
    assert not instance.plan(text).made_keys
    made = instance.apply(text).made_keys
    assert set(made) == {"new"}
    assert len(made["new"]) == 32
    with instance.look() as tx:
        found = catalog.connection_by_key(tx, made["new"])
        assert found is not None
        assert found.id == "new"
    again = instance.apply(text)
    assert (again.changes, again.made_keys) == ((), {})


def test_another_key_opens_and_the_old_one_stays_good_for_the_change(instance: Instance) -> None:
    other = KEY[::-1]
    change = only(instance.apply(EXAMPLE.replace(KEY, other), PEOPLE))
    assert [(f.field, f.before, f.after) for f in change.fields] == [
        ("key", "another one", "the one in the file")
    ]
    assert KEY not in str(change)
    with instance.look() as tx:
        for key in (KEY, other):
            found = catalog.connection_by_key(tx, key)
            assert found is not None
            assert found.id == "nightly"


def test_the_key_of_a_connection_that_goes_may_be_anothers_at_once(instance: Instance) -> None:
    moved = EXAMPLE.replace("id: nightly", "id: hourly")
    assert named(instance.apply(moved, PEOPLE, prune=True)) == [
        "create connection hourly", "remove connection nightly",
    ]  # fmt: skip


def test_a_heartbeat_is_expected_from_its_first_apply_on_and_after_a_change(
    instance: Instance,
) -> None:
    with instance.look() as tx:
        assert timer_due(tx, WATCH, "nightly") == NOW + timedelta(days=1, minutes=30)
    instance.apply(EXAMPLE.replace("every: 1d, grace: 30m", "every: 2h"), PEOPLE)
    with instance.look() as tx:
        assert timer_due(tx, WATCH, "nightly") == NOW + timedelta(hours=2)


def test_overrides_are_added_and_others_are_left_until_prune(instance: Instance) -> None:
    other = EXAMPLE.replace("id: xmas, member: bo", "id: eve, member: cy")
    assert named(instance.apply(other, PEOPLE)) == ["create override payments-primary/eve"]
    assert named(instance.apply(other, PEOPLE, prune=True)) == [
        "remove override payments-primary/xmas"
    ]


def test_an_override_moves_with_the_zone_of_its_schedule(instance: Instance) -> None:
    head, schedule = EXAMPLE.split("schedules:\n")
    rome = f"{head}schedules:\n{schedule.replace('Europe/Lisbon', 'Europe/Rome')}"
    assert named(instance.apply(rome, PEOPLE)) == [
        "change schedule payments-primary", "change override payments-primary/xmas",
    ]  # fmt: skip
    with instance.look() as tx:
        (xmas,) = schedules.schedule(tx, "payments-primary").overrides
        assert xmas.span.start == datetime(2026, 12, 24, 8, tzinfo=UTC)
    assert instance.plan(rome, PEOPLE).changes == ()


def test_services_may_lean_on_each_other_in_any_order(empty: Instance) -> None:
    text = (
        "users: [{id: u, name: U}]\nteams: [{id: t, name: T, lead: u}]\n"
        'escalation_policies: [{id: p, steps: [{page: ["user:u"]}]}]\nservices:\n'
    )
    for name, leans in (("a", "b"), ("b", "c"), ("c", "a"), ("d", "a")):
        text += f"  - {{id: {name}, name: {name}, team: t, policy: p, depends_on: [{leans}]}}\n"
    empty.apply(text)
    assert empty.plan(text).changes == ()
