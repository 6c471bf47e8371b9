"""Keys for programs, and one-time links for people."""

from __future__ import annotations

from typing import Annotated, Literal

from cyclopts import App, Parameter

from holdfast.cli import words
from holdfast.cli.caller import Json
from holdfast.cli.reach import AsJson, Where, reach
from holdfast.cli.say import clean, moment, out, out_json, table, tell

Role = Literal["viewer", "responder", "manager", "admin"]

app = App(name="token", help=words.HELP["token"])


@app.command
def create(
    *,
    name: Annotated[str, Parameter(help="What it is for.")],
    role: Annotated[Role, Parameter(help="What it may do.")] = "responder",
    user: Annotated[str | None, Parameter(help="Its bearer acts as this person.")] = None,
    where: Where | None = None,
    as_json: AsJson = False,
) -> None:
    """Create a token. It is printed alone, and this once."""
    with reach(where) as caller:
        made = caller.post("tokens", {"name": name, "role": role, "user": user})
    if as_json:
        out_json(made)
    else:
        out(str(made["token"]))
        tell(words.TOKEN_MADE.format(id=made["id"]))


@app.command(name="list")
def list_tokens(*, where: Where | None = None, as_json: AsJson = False) -> None:
    """List all tokens, revoked ones too. What they are made of is never shown again."""
    with reach(where) as caller:
        found = caller.items("tokens")
    if as_json:
        out_json({"items": found})
    elif not found:
        tell(words.NO_TOKENS)
    else:
        headings = ("id", "name", "role", "acts as", "created", "last used", "revoked")
        table(headings, [_row(token) for token in found])


@app.command
def revoke(
    token: Annotated[str, Parameter(help="The token's id, as `holdfast token list` shows it.")],
    /,
    *,
    where: Where | None = None,
    as_json: AsJson = False,
) -> None:
    """Revoke a token: it opens nothing from the next call on."""
    with reach(where) as caller:
        gone = caller.delete(f"tokens/{token}")
    if as_json:
        out_json(gone)
    else:
        tell(words.TOKEN_REVOKED.format(name=clean(gone["name"]), id=gone["id"]))


def sign_in_link(
    *,
    user: Annotated[str | None, Parameter(help="For whom; the first link makes the admin.")] = None,
    where: Where | None = None,
    as_json: AsJson = False,
) -> None:
    """Make a one-time link to sign in with. The first one of all makes the first admin, once."""
    with reach(where) as caller:
        link = caller.post("sign-in-links", {"user": user})
    if as_json:
        out_json(link)
    else:
        out(str(link["url"]))
        tell(words.LINK_MADE.format(until=moment(link["expires_at"])))


def _row(token: Json) -> list[str]:
    return [
        str(token["id"]),
        clean(token["name"]),
        str(token["role"]),
        str(token["user"] or "-"),
        moment(token["created_at"]),
        moment(token["used_at"]),
        moment(token["revoked_at"]),
    ]
