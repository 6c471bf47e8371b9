"""Ask about people."""

from __future__ import annotations

from holdfast.kernel.actor import Role
from holdfast.kernel.tx import Tx
from holdfast.people import store
from holdfast.people.model import NoSuchTeam, NoSuchUser, Team, User


def users(tx: Tx) -> dict[str, User]:
    """Everybody by id, in the order of names; disabled people too."""
    return tx.remember("people.users", lambda: store.find_users(tx))


def find_user(tx: Tx, user_id: str) -> User | None:
    if tx.remembers("people.users"):
        return users(tx).get(user_id)
    return tx.remember(("user", user_id), lambda: store.find_user(tx, user_id))


def user(tx: Tx, user_id: str) -> User:
    """Raises NoSuchUser."""
    found = find_user(tx, user_id)
    if found is None:
        raise NoSuchUser(f"There is no user “{user_id[:80]}”.")
    return found


def user_by_sign_in(tx: Tx, name: str) -> User | None:
    """The enabled person with that e-mail address or id."""
    by_email = store.find_by_email(tx, name)
    found = find_user(tx, by_email or name.strip().lower())
    return found if found is not None and found.disabled_at is None else None


def teams(tx: Tx) -> dict[str, Team]:
    """All teams by id, in the order of names."""
    return tx.remember("people.teams", lambda: store.find_teams(tx))


def team(tx: Tx, team_id: str) -> Team:
    """Raises NoSuchTeam."""
    found = teams(tx).get(team_id)
    if found is None:
        raise NoSuchTeam(f"There is no team “{team_id[:80]}”.")
    return found


def admins(tx: Tx) -> list[User]:
    """Everybody who is admin and not disabled."""
    return [u for u in users(tx).values() if u.role is Role.ADMIN and u.disabled_at is None]
