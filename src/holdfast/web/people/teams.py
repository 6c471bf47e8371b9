"""Teams on screen: the form that shows one, makes one and changes it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from fastapi.responses import Response

from holdfast.catalog import queries as catalog
from holdfast.escalation import queries as escalation
from holdfast.escalation.model import TargetKind
from holdfast.kernel.errors import Conflict, HoldfastError
from holdfast.kernel.ids import slugify
from holdfast.kernel.tx import Tx
from holdfast.people import actions, permissions, queries
from holdfast.people.model import Team
from holdfast.schedules import queries as schedules
from holdfast.web import forms, respond
from holdfast.web.context import Context, ContextDep
from holdfast.web.faces import faces_of
from holdfast.web.layout.views import Choice, Fields, Link
from holdfast.web.people import words
from holdfast.web.people.views import TeamEdit
from holdfast.web.rest import NamePath
from holdfast.web.routes import Route
from holdfast.web.slugs import free_slug

MAY = "teams.edit"


class TeamInUse(Conflict):
    """Something still belongs to this team."""


@dataclass(frozen=True, slots=True)
class Typed:
    """What the form holds, as it was typed."""

    name: str = ""
    lead: str = ""
    members: tuple[str, ...] = ()


def new_team(ctx: ContextDep) -> Response:
    """The empty form."""
    return _form(ctx, None, Typed())


def show_team(ctx: ContextDep, team_id: NamePath) -> Response:
    """One team; a form for whoever may change it."""
    with ctx.read() as tx:
        team = queries.team(tx, team_id)
    return _form(ctx, team_id, Typed(team.name, team.lead or "", team.members))


def create_team(ctx: ContextDep) -> Response:
    """Makes it, or shows the form again."""
    return _save(ctx, None)


def save_team(ctx: ContextDep, team_id: NamePath) -> Response:
    """Saves or deletes it, or shows the form again."""
    return _delete(ctx, team_id) if ctx.form.get("do") == "delete" else _save(ctx, team_id)


def _save(ctx: Context, team_id: str | None) -> Response:
    typed = _typed_in(ctx.form, ctx.form_lists)

    def save(tx: Tx) -> str:
        known = queries.teams(tx)
        name = free_slug(slugify(typed.name, "team"), known) if team_id is None else team_id
        if team_id is not None:
            queries.team(tx, team_id)
        actions.save_team(tx, Team(name, typed.name, typed.lead or None, typed.members))
        return name

    try:
        saved = ctx.program.database.transact(ctx.actor, save)
    except forms.MENDABLE as error:
        return _form(ctx, team_id, typed, error)
    return respond.go_to(ctx, f"/teams/{saved}", words.TEAM_SAVED)


def _delete(ctx: Context, team_id: str) -> Response:
    def delete(tx: Tx) -> None:
        users = _users_of(tx, team_id)
        if users:
            raise TeamInUse(words.keeps(users))
        queries.team(tx, team_id)
        actions.delete_team(tx, team_id)

    try:
        ctx.program.database.transact(ctx.actor, delete)
    except forms.MENDABLE as error:
        return _form(ctx, team_id, _typed_in(ctx.form, ctx.form_lists), error)
    return respond.go_to(ctx, "/people", words.TEAM_DELETED)


def _form(
    ctx: Context, team_id: str | None, typed: Typed, error: HoldfastError | None = None
) -> Response:
    fields = None if error is None else forms.returned(ctx, error)
    with ctx.read() as tx:
        view = _view(tx, ctx, team_id, typed, fields)
    status = 200 if error is None else forms.status_of(error)
    return respond.page(ctx, "people/team.html", view, status=status)


def _view(
    tx: Tx, ctx: Context, team_id: str | None, typed: Typed, fields: Fields | None
) -> TeamEdit:
    faces = faces_of(tx, ctx)
    nobody = Choice("", words.NO_LEAD, chosen=not typed.lead)
    users = [] if team_id is None else _users_of(tx, team_id)
    return TeamEdit(
        id=team_id,
        action="/teams/new" if team_id is None else f"/teams/{team_id}",
        name=typed.name,
        leads=(nobody, *faces.choices(typed.lead)),
        members=tuple(
            Choice(user.id, user.name, chosen=user.id in typed.members)
            for user in faces.users.values()
            if user.disabled_at is None or user.id in typed.members
        ),
        owns=() if team_id is None else tuple(_owned(tx, team_id)),
        may_edit=permissions.allowed(ctx.actor, MAY),
        keeps=words.keeps(users) if users else None,
        fields=fields,
    )


def _owned(tx: Tx, team_id: str) -> list[Link]:
    services = [s for s in catalog.services(tx).values() if s.team == team_id]
    return [Link(service.name, f"/services/{service.id}") for service in services]


def _users_of(tx: Tx, team_id: str) -> list[str]:
    """What would point at nothing without this team, by name."""
    found = [s.name for s in catalog.services(tx).values() if s.team == team_id]
    found += [s.name for s in schedules.schedules(tx).values() if s.team == team_id]
    for policy in escalation.policies(tx).values():
        targets = [*policy.last_resort, *(t for step in policy.steps for t in step.page)]
        if any(t.kind is TargetKind.TEAM and t.id == team_id for t in targets):
            found.append(policy.title)
    return found


def _typed_in(form: Mapping[str, str], lists: Mapping[str, Sequence[str]]) -> Typed:
    members = tuple(lists.get("members", ()))
    return Typed(form.get("name", "").strip(), form.get("lead", ""), members)


ROUTES = (
    Route("GET", "/teams/new", new_team, MAY),
    Route("POST", "/teams/new", create_team, MAY),
    Route("GET", "/teams/{team_id}", show_team, "people.read"),
    Route("POST", "/teams/{team_id}", save_team, MAY),
)
