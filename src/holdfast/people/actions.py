"""Change who people are and how they are reached."""

from __future__ import annotations

from dataclasses import replace

from holdfast.kernel.errors import Invalid
from holdfast.kernel.ids import slug
from holdfast.kernel.names import check_name
from holdfast.kernel.tx import Tx
from holdfast.kernel.zone import named_zone
from holdfast.people import permissions, queries, store
from holdfast.people.model import (
    ADDRESS_CHARS_MAX,
    EMAIL_CHARS_MAX,
    METHODS_MAX,
    RUNGS_MAX,
    EmailTaken,
    Method,
    MethodRefused,
    MethodVerified,
    NoSuchMethod,
    Team,
    TeamSaved,
    User,
    UserDisabled,
    UserSaved,
)


def save_user(tx: Tx, user: User) -> None:
    """Creates or changes a person. People may change themselves, but not their own role."""
    permissions.require_self_or(tx.actor, "people.edit", user.id)
    before = queries.find_user(tx, user.id)
    if before is None or before.role != user.role:
        permissions.require(tx.actor, "people.edit")
    _check_user(user)
    _check_email(tx, user)
    store.save_user(tx, user)
    tx.forget()
    if before is None or _content(before) != _content(user):
        tx.record(UserSaved(user.id, fields=_changed(before, user)))


def save_methods(tx: Tx, user_id: str, methods: tuple[Method, ...]) -> None:
    """Replaces a person's contact methods; rules that name a method that is gone lose that rung."""
    user = queries.user(tx, user_id)
    kept = {method.id for method in methods}
    rules = {
        urgency: tuple(rung for rung in rungs if rung.method in kept)
        for urgency, rungs in user.rules.items()
    }
    save_user(tx, replace(user, methods=methods, rules=rules))


def disable_user(tx: Tx, user_id: str) -> None:
    """The person can no longer sign in or be paged; what they did stays theirs."""
    permissions.require(tx.actor, "people.edit")
    user = queries.user(tx, user_id)
    if user.disabled_at is None:
        store.save_user(tx, replace(user, disabled_at=tx.now))
        tx.forget()
        tx.record(UserDisabled(user_id))


def enable_user(tx: Tx, user_id: str) -> None:
    """The person is back."""
    permissions.require(tx.actor, "people.edit")
    store.save_user(tx, replace(queries.user(tx, user_id), disabled_at=None))
    tx.forget()
    tx.record(UserSaved(user_id, fields=("disabled_at",)))


def verify_method(tx: Tx, user_id: str, method_id: str) -> None:
    """A test page on this method was answered: it reaches the person."""
    method = queries.user(tx, user_id).method(method_id)
    if method is None:
        raise NoSuchMethod
    if method.verified_at is None or method.trouble is not None:
        store.set_verified(tx, user_id, method_id, tx.now)
        tx.forget()
        tx.record(MethodVerified(user_id, method=method_id))


def note_trouble(tx: Tx, user_id: str, method_id: str, why: str | None) -> None:
    """Keeps why a method was refused, to show it to the person; None when it works again."""
    user = queries.find_user(tx, user_id)
    method = None if user is None else user.method(method_id)
    if method is None or method.trouble == why:
        return
    store.set_trouble(tx, user_id, method_id, why)
    tx.forget()
    if why is not None:
        tx.record(MethodRefused(user_id, method=method_id, why=why))


def save_team(tx: Tx, team: Team) -> None:
    """Creates or changes a team. Raises NoSuchUser for a lead or member who does not exist."""
    permissions.require(tx.actor, "teams.edit")
    slug(team.id)
    check_name(team.name)
    for member in {*team.members, *([team.lead] if team.lead else [])}:
        queries.user(tx, member)
    before = queries.teams(tx).get(team.id)
    if before != team:
        store.save_team(tx, team)
        tx.forget()
        tx.record(TeamSaved(team.id, fields=("name", "lead", "members")))


def delete_team(tx: Tx, team_id: str) -> None:
    permissions.require(tx.actor, "teams.edit")
    store.delete_team(tx, team_id)
    tx.forget()
    tx.record(TeamSaved(team_id, fields=("deleted",)))


def _check_user(user: User) -> None:
    slug(user.id)
    check_name(user.name)
    named_zone(user.time_zone)
    names = [method.id for method in user.methods]
    if len(names) > METHODS_MAX or len(set(names)) != len(names):
        raise Invalid(f"Contact methods need ids of their own, at most {METHODS_MAX}.")
    for method in user.methods:
        slug(method.id)
        if not 0 < len(method.address) <= ADDRESS_CHARS_MAX:
            raise Invalid("A contact method needs an address.", fields={method.id: "no address"})
    for urgency, rungs in user.rules.items():
        if len(rungs) > RUNGS_MAX:
            raise Invalid(f"A notification rule has at most {RUNGS_MAX} lines.")
        for rung in rungs:
            if rung.method not in names:
                raise Invalid(
                    f"The rule for {urgency.value} pages names “{rung.method}”, which is not a"
                    f" contact method of {user.id}.",
                    remedy=f"Use one of: {', '.join(names) or 'none yet; add a method first'}.",
                )


def _check_email(tx: Tx, user: User) -> None:
    if user.email is None:
        return
    if len(user.email) > EMAIL_CHARS_MAX or user.email.count("@") != 1 or " " in user.email:
        raise Invalid("That is not an e-mail address.", fields={"email": "such as ana@example.com"})
    owner = store.find_by_email(tx, user.email)
    if owner not in (None, user.id):
        raise EmailTaken(f"{user.email} belongs to {owner}.", remedy="Use another address.")


def _content(user: User) -> tuple[object, ...]:
    methods = tuple((m.id, m.kind, m.address) for m in user.methods)
    rules = tuple(sorted((u.value, r) for u, r in user.rules.items() if r))
    return (user.name, user.email, user.time_zone, user.role, methods, rules, user.disabled_at)


def _changed(before: User | None, after: User) -> tuple[str, ...]:
    names = ("name", "email", "time_zone", "role", "methods", "rules", "disabled_at")
    if before is None:
        return names
    pairs = zip(names, _content(before), _content(after), strict=True)
    return tuple(name for name, old, new in pairs if old != new)
