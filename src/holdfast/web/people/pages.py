"""People on screen: everybody, one person, invitations; teams and one's own page beside it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace

from fastapi.responses import Response

from holdfast.kernel.actor import Role
from holdfast.kernel.errors import Conflict, Invalid
from holdfast.kernel.ids import slugify
from holdfast.kernel.tx import Tx
from holdfast.kernel.zone import named_zone, zone_names
from holdfast.people import actions, permissions, queries
from holdfast.people.credentials import actions as credentials
from holdfast.people.model import Team, User
from holdfast.schedules import queries as schedules
from holdfast.web import forms, respond
from holdfast.web.context import Context, ContextDep
from holdfast.web.faces import Faces, faces_of
from holdfast.web.layout.views import Choice, Fields, Link
from holdfast.web.layout.words import clock_time
from holdfast.web.people import me, teams, words
from holdfast.web.people.kinds import method_title
from holdfast.web.people.lines import coming_shifts, ladders_of, method_lines
from holdfast.web.people.views import (
    OneTimeLink,
    PeopleList,
    PersonEdit,
    PersonPage,
    PersonRow,
    TeamRow,
)
from holdfast.web.rest import NamePath
from holdfast.web.routes import Route
from holdfast.web.slugs import free_slug

MAY = "people.edit"
_NEWCOMER = Role.RESPONDER


class LastAdmin(Conflict):
    """This is the only administrator: make somebody else one first."""


class NotYourself(Conflict):
    """You cannot disable yourself: ask another administrator."""


@dataclass(frozen=True, slots=True)
class Shown:
    """What the list shows besides what is kept."""

    link: OneTimeLink | None = None
    fields: Fields | None = None
    status: int = 200


def list_people(ctx: ContextDep) -> Response:
    """Everybody and every team."""
    return _list(ctx, Shown())


def invite(ctx: ContextDep) -> Response:
    """Adds a person and shows, once, the link with which they choose a password."""
    try:
        link = ctx.program.database.transact(ctx.actor, lambda tx: _invite(tx, ctx))
    except forms.MENDABLE as error:
        shown = Shown(fields=forms.returned(ctx, error), status=forms.status_of(error))
        return _list(ctx, shown)
    return _list(ctx, Shown(link=link))


def show_person(ctx: ContextDep, user_id: NamePath) -> Response:
    """One person."""
    return _person(ctx, user_id)


def make_link(ctx: ContextDep, user_id: NamePath) -> Response:
    """A way back in, shown once."""

    def make(tx: Tx) -> OneTimeLink:
        issued = credentials.make_recovery_link(tx, user_id)
        url = credentials.link_address(ctx.program.base_url, issued)
        return OneTimeLink(queries.user(tx, user_id).name, url, issued.expires_at)

    link = ctx.program.database.transact(ctx.actor, make)
    return _person(ctx, user_id, link)


def disable(ctx: ContextDep, user_id: NamePath) -> Response:
    """They can no longer sign in, and nothing pages them."""

    def act(tx: Tx) -> None:
        user = queries.user(tx, user_id)
        if user_id == ctx.actor.user_id:
            raise NotYourself
        _keep_an_admin(tx, user, None)
        credentials.disable(tx, user_id)

    ctx.program.database.transact(ctx.actor, act)
    return respond.go_to(ctx, f"/people/{user_id}", words.DISABLED)


def enable(ctx: ContextDep, user_id: NamePath) -> Response:
    """They are back."""
    ctx.program.database.transact(ctx.actor, lambda tx: actions.enable_user(tx, user_id))
    return respond.go_to(ctx, f"/people/{user_id}", words.ENABLED)


def edit_person(ctx: ContextDep, user_id: NamePath) -> Response:
    """The form of one person."""
    with ctx.read() as tx:
        view = _edit_view(tx, ctx, queries.user(tx, user_id), None)
    return respond.page(ctx, "people/edit.html", view)


def save_person(ctx: ContextDep, user_id: NamePath) -> Response:
    """Saves it, or shows the form again."""

    def save(tx: Tx) -> None:
        user = queries.user(tx, user_id)
        role = _role(ctx.form.get("role", user.role.value))
        _keep_an_admin(tx, user, role)
        actions.save_user(tx, replace(_with_fields(user, ctx), role=role))

    try:
        ctx.program.database.transact(ctx.actor, save)
    except forms.MENDABLE as error:
        fields = forms.returned(ctx, error)
        with ctx.read() as tx:
            user = queries.user(tx, user_id)
            view = _edit_view(tx, ctx, user, fields)
        return respond.page(ctx, "people/edit.html", view, status=forms.status_of(error))
    return respond.go_to(ctx, f"/people/{user_id}", words.PERSON_SAVED)


def _list(ctx: Context, shown: Shown) -> Response:
    with ctx.read() as tx:
        faces = faces_of(tx, ctx)
        known = queries.teams(tx)
        view = PeopleList(
            people=tuple(_row(tx, ctx, user, faces) for user in faces.users.values()),
            teams=tuple(_team_row(team, faces) for team in known.values()),
            roles=_roles(_chosen_role(ctx, _NEWCOMER)),
            team_choices=_team_choices(known.values(), ctx.form.get("team", "")),
            zones=tuple(sorted(zone_names())),
            zone="UTC" if ctx.user is None else ctx.user.time_zone,
            may_invite=permissions.allowed(ctx.actor, MAY),
            may_edit_teams=permissions.allowed(ctx.actor, teams.MAY),
            link=shown.link,
            fields=shown.fields,
        )
    return respond.page(ctx, "people/list.html", view, status=shown.status)


def _person(ctx: Context, user_id: str, link: OneTimeLink | None = None) -> Response:
    with ctx.read() as tx:
        user = queries.user(tx, user_id)
        is_self = user.id == ctx.actor.user_id
        may_edit = permissions.allowed(ctx.actor, MAY)
        view = PersonPage(
            who=faces_of(tx, ctx).of(user.id),
            role=user.role.value,
            email=user.email,
            zone=user.time_zone,
            local_time=clock_time(tx.now, named_zone(user.time_zone)),
            teams=tuple(Link(team.name, f"/teams/{team.id}") for team in _teams_of(tx, user)),
            methods=method_lines(tx, ctx.program, user, in_full=is_self or may_edit),
            ladders=tuple(ladders_of(ctx.program, user)),
            shifts=coming_shifts(tx, user),
            disabled=user.disabled_at is not None,
            may_edit=may_edit,
            link=link,
        )
    return respond.page(ctx, "people/show.html", view)


def _invite(tx: Tx, ctx: Context) -> OneTimeLink:
    name, email = ctx.form.get("name", "").strip(), ctx.form.get("email", "").strip()
    if not email:
        raise Invalid("An invitation needs an e-mail.", fields={"email": "give an e-mail address"})
    user = User(
        id=free_slug(slugify(name, "person"), queries.users(tx)),
        name=name,
        email=email,
        time_zone=ctx.form.get("time_zone", "").strip() or "UTC",
        role=_role(ctx.form.get("role", "")),
    )
    actions.save_user(tx, user)
    _join(tx, ctx.form.get("team", ""), user)
    issued = credentials.invite(tx, user.id)
    url = credentials.link_address(ctx.program.base_url, issued)
    return OneTimeLink(user.name, url, issued.expires_at)


def _join(tx: Tx, team_id: str, user: User) -> None:
    if team_id:
        team = queries.team(tx, team_id)
        actions.save_team(tx, replace(team, members=(*team.members, user.id)))


def _keep_an_admin(tx: Tx, user: User, role: Role | None) -> None:
    """Somebody must be able to run the place. Raises LastAdmin."""
    others = [admin for admin in queries.admins(tx) if admin.id != user.id]
    if user.role is Role.ADMIN and role is not Role.ADMIN and not others:
        raise LastAdmin


def _role(text: str) -> Role:
    if text not in set(Role):
        raise Invalid("There is no such role.", fields={"role": "choose one of them"})
    return Role(text)


def _with_fields(user: User, ctx: Context) -> User:
    return replace(
        user,
        name=ctx.form.get("name", "").strip(),
        email=ctx.form.get("email", "").strip() or None,
        time_zone=ctx.form.get("time_zone", "").strip(),
    )


def _edit_view(tx: Tx, ctx: Context, user: User, fields: Fields | None) -> PersonEdit:
    return PersonEdit(
        who=faces_of(tx, ctx).of(user.id),
        name=user.name,
        email=user.email or "",
        zone=user.time_zone,
        zones=tuple(sorted(zone_names())),
        roles=_roles(_chosen_role(ctx, user.role)),
        fields=fields,
    )


def _chosen_role(ctx: Context, otherwise: Role) -> Role:
    typed = ctx.form.get("role", "")
    return Role(typed) if typed in set(Role) else otherwise


def _row(tx: Tx, ctx: Context, user: User, faces: Faces) -> PersonRow:
    titles = [method_title(ctx.program, method.kind) for method in user.methods]
    verified = sum(method.verified_at is not None for method in user.methods)
    on_call = [
        Link(schedule.name, f"/schedules/{schedule.id}")
        for schedule in schedules.schedules(tx).values()
        if (shift := schedules.on_call(tx, schedule.id, tx.now)) and shift.user == user.id
    ]
    return PersonRow(
        who=faces.of(user.id),
        role=user.role.value,
        teams=tuple(team.name for team in _teams_of(tx, user)),
        reach=words.reach(list(dict.fromkeys(titles)), verified),
        reachable=user.reachable,
        on_call=tuple(on_call),
        invited=not user.has_password and not user.methods,
        disabled=user.disabled_at is not None,
    )


def _team_row(team: Team, faces: Faces) -> TeamRow:
    return TeamRow(team.id, team.name, faces.maybe(team.lead), faces.all_of(team.members))


def _teams_of(tx: Tx, user: User) -> list[Team]:
    return [team for team in queries.teams(tx).values() if user.id in {*team.members, team.lead}]


def _roles(chosen: Role) -> tuple[Choice, ...]:
    return tuple(Choice(r.value, words.ROLES[r.value], chosen=r is chosen) for r in Role)


def _team_choices(known: Iterable[Team], chosen: str) -> tuple[Choice, ...]:
    none = Choice("", words.NO_TEAM, chosen=not chosen)
    return (none, *(Choice(team.id, team.name, chosen=team.id == chosen) for team in known))


_ONE = "/people/{user_id}"
ROUTES = (
    Route("GET", "/people", list_people, "people.read"),
    # Loading the page again after a form that came back, or showed a link, is the page itself.
    Route("GET", "/people/invite", list_people, "people.read"),
    Route("POST", "/people/invite", invite, MAY),
    Route("GET", _ONE, show_person, "people.read"),
    Route("GET", f"{_ONE}/edit", edit_person, MAY),
    Route("POST", f"{_ONE}/edit", save_person, MAY),
    Route("GET", f"{_ONE}/link", show_person, "people.read"),
    Route("POST", f"{_ONE}/link", make_link, MAY),
    Route("POST", f"{_ONE}/disable", disable, MAY),
    Route("POST", f"{_ONE}/enable", enable, MAY),
    *me.ROUTES,
    *teams.ROUTES,
)
