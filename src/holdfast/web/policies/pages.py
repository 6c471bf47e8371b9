"""Escalation policies on screen: one as sentences, and its editor."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import datetime, timedelta

from fastapi.responses import Response

from holdfast.catalog import queries as catalog
from holdfast.catalog.model import Service
from holdfast.escalation import actions, queries
from holdfast.escalation.model import Policy, Target, TargetKind
from holdfast.escalation.model import Step as Kept
from holdfast.kernel.errors import HoldfastError, Invalid
from holdfast.kernel.ids import slugify
from holdfast.kernel.span import Span
from holdfast.kernel.tx import Tx
from holdfast.kernel.zone import named_zone
from holdfast.people import permissions
from holdfast.schedules import queries as schedules
from holdfast.schedules.coverage import gaps
from holdfast.schedules.model import Schedule
from holdfast.web import forms, respond
from holdfast.web.context import Context, ContextDep
from holdfast.web.faces import Faces, faces_of
from holdfast.web.layout.views import Fields, Link
from holdfast.web.layout.words import length, listing, moment
from holdfast.web.policies import words
from holdfast.web.policies.targets import choices, listed, named_targets, target_view
from holdfast.web.policies.typed import Typed, TypedStep, changed, policy_in, typed_in, typed_of
from holdfast.web.policies.views import PolicyEdit, PolicyPage, Step, StepForm
from holdfast.web.rest import NamePath
from holdfast.web.routes import Route
from holdfast.web.slugs import free_slug

MAY = "policies.edit"
LOOK_AHEAD = timedelta(days=14)
PROBLEMS_MAX = 5
GAPS_LOOKED_AT_MAX = 50


def show_policy(ctx: ContextDep, policy_id: NamePath) -> Response:
    """One policy, with the people of this moment."""
    with ctx.read() as tx:
        view = _view(tx, ctx, queries.policy(tx, policy_id))
    return respond.page(ctx, "policies/show.html", view)


def new_policy(ctx: ContextDep) -> Response:
    """The form with one step."""
    with ctx.read() as tx:
        first = next(iter(named_targets(tx)), "")
    return _form(ctx, None, Typed(steps=(TypedStep((first,)),)))


def edit_policy(ctx: ContextDep, policy_id: NamePath) -> Response:
    """The form of a policy that there is."""
    with ctx.read() as tx:
        policy = queries.policy(tx, policy_id)
    return _form(ctx, policy_id, typed_of(policy))


def create_policy(ctx: ContextDep) -> Response:
    """Makes it, or shows the form with what a button did to it."""
    return _do(ctx, None)


def save_policy(ctx: ContextDep, policy_id: NamePath) -> Response:
    """Saves or deletes it, or shows the form with what a button did to it."""
    return _do(ctx, policy_id)


def _do(ctx: Context, policy_id: str | None) -> Response:
    typed, do = typed_in(ctx.form, ctx.form_lists), ctx.form.get("do", "save")
    try:
        if do == "delete" and policy_id is not None:
            return _delete(ctx, policy_id)
        if do == "save":
            return _save(ctx, policy_id, typed)
    except forms.MENDABLE as error:
        return _form(ctx, policy_id, typed, error)
    with ctx.read() as tx:
        newcomer = next(iter(named_targets(tx)), "")
    return _form(ctx, policy_id, changed(typed, do, newcomer))


def _save(ctx: Context, policy_id: str | None, typed: Typed) -> Response:
    def save(tx: Tx) -> str:
        taken = queries.policies(tx)
        name = policy_id or free_slug(slugify(typed.name, "policy"), taken)
        policy = policy_in(typed, name)
        actions.save_policy(tx, policy)
        _check_uses(tx, policy)
        return name

    saved = ctx.program.database.transact(ctx.actor, save)
    return respond.go_to(ctx, f"/policies/{saved}", words.SAVED)


def _check_uses(tx: Tx, policy: Policy) -> None:
    """NO_FINAL_LEVEL for every service that uses it, and for itself where none does yet."""
    users = _users(tx, policy.id)
    for service in users:
        actions.check_final_level(tx, policy, used_by=service.id, team=service.team)
    if not users:
        actions.check_final_level(tx, policy, used_by=None, team=None)


def _delete(ctx: Context, policy_id: str) -> Response:
    def delete(tx: Tx) -> None:
        users = [service.name for service in _users(tx, policy_id)]
        actions.delete_policy(tx, policy_id, used_by=users)

    ctx.program.database.transact(ctx.actor, delete)
    return respond.go_to(ctx, "/services", words.DELETED)


def _form(
    ctx: Context, policy_id: str | None, typed: Typed, error: HoldfastError | None = None
) -> Response:
    fields = None if error is None else forms.returned(ctx, error)
    with ctx.read() as tx:
        view = _edit_view(tx, ctx, policy_id, typed, fields)
    status = 200 if error is None else forms.status_of(error)
    return respond.page(ctx, "policies/edit.html", view, status=status)


def _edit_view(
    tx: Tx, ctx: Context, policy_id: str | None, typed: Typed, fields: Fields | None
) -> PolicyEdit:
    names = named_targets(tx)
    return PolicyEdit(
        id=policy_id,
        action="/policies/new" if policy_id is None else f"/policies/{policy_id}/edit",
        name=typed.name,
        repeat=typed.repeat,
        steps=tuple(
            StepForm(tuple(choices(names, target) for target in step.targets), step.wait)
            for step in typed.steps
        ),
        last_resort=tuple(choices(names, target) for target in typed.last),
        used_by=() if policy_id is None else _used_by(tx, policy_id),
        plan=tuple(_plan(tx, typed)),
        may_delete=policy_id is not None and permissions.allowed(ctx.actor, MAY),
        fields=fields,
    )


def _plan(tx: Tx, typed: Typed) -> Iterator[str]:
    """The policy as sentences; nothing while it cannot be read."""
    try:
        policy = policy_in(replace(typed, name=typed.name or words.UNNAMED), words.UNNAMED)
    except Invalid:
        return
    names = named_targets(tx)
    for step, begins in _begins(policy):
        whom = listing(listed(step.page, names))
        yield words.plan_step(begins, whom, length(step.wait))
    yield words.repeats(policy.repeat)
    last = listing(listed(policy.last_resort, names)) or words.DEFAULT_LAST_RESORT
    yield words.plan_last(last, length(_takes(policy)))


def _view(tx: Tx, ctx: Context, policy: Policy) -> PolicyPage:
    faces = faces_of(tx, ctx)
    team = next((service.team for service in _users(tx, policy.id)), None)
    last = queries.last_resort(tx, policy, team)
    return PolicyPage(
        id=policy.id,
        name=policy.title,
        steps=tuple(_steps(tx, policy, faces)),
        repeat=policy.repeat,
        takes=length(_takes(policy)),
        last_resort=tuple(target_view(tx, target, faces) for target in last),
        last_resort_default=not policy.last_resort,
        used_by=_used_by(tx, policy.id),
        problems=tuple(_problems(tx, ctx, policy)),
        may_edit=permissions.allowed(ctx.actor, MAY),
    )


def _steps(tx: Tx, policy: Policy, faces: Faces) -> Iterator[Step]:
    for number, (step, begins) in enumerate(_begins(policy), 1):
        reached = queries.reachable_people(tx, step.page, tx.now)
        yield Step(
            number=number,
            begins=begins,
            targets=tuple(target_view(tx, target, faces) for target in step.page),
            wait=length(step.wait),
            problem=None if reached else words.REACHES_NOBODY,
        )


def _begins(policy: Policy) -> Iterator[tuple[Kept, str]]:
    """Each step with when it begins, in words."""
    after = timedelta()
    for step in policy.steps:
        yield step, words.after(length(after)) if after else words.AT_ONCE
        after += step.wait


def _takes(policy: Policy) -> timedelta:
    """How long it takes until the last resort is paged."""
    once = sum((step.wait for step in policy.steps), timedelta())
    return once * (policy.repeat + 1)


def _problems(tx: Tx, ctx: Context, policy: Policy) -> Iterator[str]:
    """Moments ahead at which no step reaches anybody."""
    zone = named_zone("UTC" if ctx.user is None else ctx.user.time_zone)
    found = 0
    for at in _gap_starts(tx, policy):
        if any(queries.reachable_people(tx, step.page, at) for step in policy.steps):
            continue
        yield words.nobody_from(moment(at, tx.now, zone))
        found += 1
        if found == PROBLEMS_MAX:
            return


def _gap_starts(tx: Tx, policy: Policy) -> Sequence[datetime]:
    """When somebody stops being on call in a schedule that the policy pages; and now."""
    span = Span(tx.now, tx.now + LOOK_AHEAD)
    starts = {tx.now}
    for target in {target for step in policy.steps for target in step.page}:
        schedule = _schedule_of(tx, target)
        if schedule is not None:
            starts.update(gap.start for gap in gaps(schedule, span)[:GAPS_LOOKED_AT_MAX])
    return sorted(starts)[:GAPS_LOOKED_AT_MAX]


def _schedule_of(tx: Tx, target: Target) -> Schedule | None:
    if target.kind is not TargetKind.SCHEDULE:
        return None
    return schedules.find_schedule(tx, target.id)


def _users(tx: Tx, policy_id: str) -> list[Service]:
    return [service for service in catalog.services(tx).values() if service.policy == policy_id]


def _used_by(tx: Tx, policy_id: str) -> tuple[Link, ...]:
    return tuple(Link(s.name, f"/services/{s.id}") for s in _users(tx, policy_id))


_ONE = "/policies/{policy_id}"
ROUTES = (
    Route("GET", "/policies/new", new_policy, MAY),
    Route("POST", "/policies/new", create_policy, MAY),
    Route("GET", _ONE, show_policy, "policies.read"),
    Route("GET", f"{_ONE}/edit", edit_policy, MAY),
    Route("POST", f"{_ONE}/edit", save_policy, MAY),
)
