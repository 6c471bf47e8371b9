"""Command: give roles, hand them off, and page somebody for help."""

from __future__ import annotations

from typing import Annotated

from cyclopts import App, Parameter

from holdfast.cli import words
from holdfast.cli.caller import Json
from holdfast.cli.reach import AsJson, Where, reach
from holdfast.cli.say import clean, moment, out, out_json, table, tell

Number = Annotated[str, Parameter(help="The incident's number, such as INC-2026-001.")]
RoleName = Annotated[str, Parameter(help="By key, label or alias, such as scribe.")]
Glass = Annotated[str, Parameter(help="Why a guardrail is passed.")]

role = App(name="role", help=words.HELP["role"])
handoff = App(name="handoff", help=words.HELP["handoff"])


@role.command(name="list")
def list_roles(number: Number, /, *, where: Where | None = None, as_json: AsJson = False) -> None:
    """List the roles of an incident: who holds them, who was asked, and what is missing."""
    with reach(where) as caller:
        found = caller.items(f"incidents/{number}/roles")
    if as_json:
        out_json({"items": found})
        return
    table(("role", "holder", "since"), [_seat(seat) for seat in found])


@role.command
def assign(
    number: Number,
    name: RoleName,
    user: Annotated[str, Parameter(help="Who takes it.")],
    /,
    *,
    break_glass: Glass = "",
    where: Where | None = None,
    as_json: AsJson = False,
) -> None:
    """Give somebody a role; they are paged unless they are at it already."""
    body: Json = {"role": name, "user": user, "break_glass": break_glass}
    _post(f"incidents/{number}/roles", body, words.ROLE_TAKEN, where, as_json=as_json)


@role.command
def leave(
    number: Number,
    name: RoleName,
    /,
    *,
    where: Where | None = None,
    as_json: AsJson = False,
) -> None:
    """Leave a role of one's own; command is handed off instead."""
    _post(
        f"incidents/{number}/roles/leave", {"role": name}, words.ROLE_LEFT, where, as_json=as_json
    )


@handoff.command
def offer(
    number: Number,
    name: RoleName,
    to: Annotated[str, Parameter(help="Who is to take it.")],
    /,
    *,
    briefing: Annotated[str, Parameter(help="What they must know.")] = "",
    where: Where | None = None,
    as_json: AsJson = False,
) -> None:
    """Offer a role to somebody; it stays where it is until they have accepted."""
    body: Json = {"role": name, "to": to, "briefing": briefing}
    _post(f"incidents/{number}/handoff", body, words.HANDOFF_OFFERED, where, as_json=as_json)


@handoff.command
def accept(
    number: Number,
    read_back: Annotated[str, Parameter(help="What you take over, in your own words.")],
    /,
    *,
    where: Where | None = None,
    as_json: AsJson = False,
) -> None:
    """Take over the role that was offered to you."""
    path = f"incidents/{number}/handoff/accept"
    _post(path, {"read_back": read_back}, words.ROLE_TAKEN, where, as_json=as_json)


@handoff.command
def decline(number: Number, /, *, where: Where | None = None, as_json: AsJson = False) -> None:
    """Do not take it over, or take your own offer back."""
    path = f"incidents/{number}/handoff/decline"
    _post(path, {}, words.HANDOFF_DECLINED, where, as_json=as_json)


def summon(
    number: Number,
    target: Annotated[
        str, Parameter(help="A user, or user:ID, team:ID, schedule:ID or service:ID.")
    ],
    reason: Annotated[str, Parameter(help="What you need them for.")] = "",
    /,
    *,
    minutes: Annotated[
        int | None, Parameter(help="So long they may take before the next one is asked.")
    ] = None,
    where: Where | None = None,
    as_json: AsJson = False,
) -> None:
    """Page a person, team, schedule or service for an incident."""
    body: Json = {"target": target, "reason": reason, "minutes": minutes}
    with reach(where) as caller:
        asked = caller.post(f"incidents/{number}/responders", body)
    if as_json:
        out_json(asked)
        return
    out(clean(f"{asked['target']}  {asked['state']}"))
    tell(words.SUMMONED.format(at=moment(asked["answer_by"])))


def _post(path: str, body: Json, said: str, where: Where | None, *, as_json: bool) -> None:
    with reach(where) as caller:
        found = caller.post(path, body)
    if as_json:
        out_json(found)
        return
    out(clean(f"{found['role']}  {found.get('user') or found.get('giver')}"))
    tell(said)


def _seat(seat: Json) -> list[str]:
    holder = str(seat["user"] or "")
    if not holder and seat["candidate"]:
        holder = words.CANDIDATE.format(user=seat["candidate"])
    if not holder and seat["required"]:
        holder = words.MISSING
    return [str(seat["role"]), clean(holder), moment(seat["since"]) if seat["since"] else ""]
