"""Users and teams by API, and the test page that proves a contact method."""

from __future__ import annotations

from datetime import datetime

from pydantic import BaseModel, Field

from holdfast.kernel.actor import Role
from holdfast.kernel.duration import format_duration
from holdfast.paging import actions as paging
from holdfast.people import queries
from holdfast.people.model import Method, Team, User
from holdfast.web.context import Context, ContextDep
from holdfast.web.cursor import AskedDep, Listing
from holdfast.web.masking import masked
from holdfast.web.pages.api import PageShape, page_shape
from holdfast.web.rest import NamePath, Nothing, act, is_self_or, row


class MethodShape(BaseModel):
    """One way to reach a person."""

    id: str
    kind: str
    address: str = Field(description="Masked for everybody but the person and admins.")
    verified_at: datetime | None
    trouble: str | None = Field(description="Why the last message was refused; masked likewise.")


class RungShape(BaseModel):
    """One line of a notification rule."""

    after: str
    method: str


class UserShape(BaseModel):
    """A person, in the words of configuration as code."""

    id: str
    name: str
    email: str | None
    time_zone: str
    role: Role
    methods: list[MethodShape]
    rules: dict[str, list[RungShape]]
    disabled_at: datetime | None


class TeamShape(BaseModel):
    """A team, its lead and its members."""

    id: str
    name: str
    lead: str | None
    members: list[str]


def list_users(ctx: ContextDep, asked: AskedDep) -> Listing[UserShape]:
    """Everybody, in the order of their ids; disabled people too."""
    with ctx.read() as tx:
        shown, following = asked.by_name(list(queries.users(tx).values()), _id_of_user)
    return Listing(items=[user_shape(ctx, user) for user in shown], next=following)


def show_user(ctx: ContextDep, user_id: NamePath) -> UserShape:
    """One person."""
    with ctx.read() as tx:
        return user_shape(ctx, queries.user(tx, user_id))


def send_test_page(
    ctx: ContextDep, user_id: NamePath, method_id: NamePath, body: Nothing | None = None
) -> PageShape:
    """Sends a test page to one contact method; answering it proves the method."""
    sent = act(ctx, lambda tx: paging.send_test(tx, user_id, method_id))
    return page_shape(sent, {})


def list_teams(ctx: ContextDep, asked: AskedDep) -> Listing[TeamShape]:
    """All teams, in the order of their ids."""
    with ctx.read() as tx:
        shown, following = asked.by_name(list(queries.teams(tx).values()), _id_of_team)
    return Listing(items=[_team_shape(team) for team in shown], next=following)


def show_team(ctx: ContextDep, team_id: NamePath) -> TeamShape:
    """One team."""
    with ctx.read() as tx:
        return _team_shape(queries.team(tx, team_id))


def user_shape(ctx: Context, user: User) -> UserShape:
    """The person; how to reach them is told in full to themselves and to admins only."""
    in_full = is_self_or(ctx, "people.edit", user.id)
    return UserShape(
        id=user.id,
        name=user.name,
        email=user.email if in_full or user.email is None else masked(user.email),
        time_zone=user.time_zone,
        role=user.role,
        methods=[_method_shape(method, in_full=in_full) for method in user.methods],
        rules={
            urgency.value: [
                RungShape(after=format_duration(rung.after), method=rung.method) for rung in rungs
            ]
            for urgency, rungs in user.rules.items()
        },
        disabled_at=user.disabled_at,
    )


def _method_shape(method: Method, *, in_full: bool) -> MethodShape:
    trouble = method.trouble
    if trouble is not None and not in_full:
        trouble = "it was refused the last time"  # the other side's words may hold the address
    return MethodShape(
        id=method.id,
        kind=method.kind,
        address=method.address if in_full else masked(method.address),
        verified_at=method.verified_at,
        trouble=trouble,
    )


def _team_shape(team: Team) -> TeamShape:
    return TeamShape(id=team.id, name=team.name, lead=team.lead, members=list(team.members))


def _id_of_user(user: User) -> str:
    return user.id


def _id_of_team(team: Team) -> str:
    return team.id


_METHOD_TEST = "users/{user_id}/methods/{method_id}/test"
ROUTES = (
    row("GET", "users", list_users, "people.read", summary="All users"),
    row("GET", "users/{user_id}", show_user, "people.read", summary="One user"),
    row("POST", _METHOD_TEST, send_test_page, "people.read", summary="Send a test page"),
    row("GET", "teams", list_teams, "people.read", summary="All teams"),
    row("GET", "teams/{team_id}", show_team, "people.read", summary="One team"),
)
