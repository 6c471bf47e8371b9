"""Apply files: all of them or nothing, and nothing at all where everything is as they say."""

from __future__ import annotations

from collections.abc import Sequence

from holdfast.configuration import plan as difference
from holdfast.configuration import queries, references
from holdfast.configuration.actions.attempt import Attempt
from holdfast.configuration.actions.connect import connect
from holdfast.configuration.actions.levels import check_final_levels
from holdfast.configuration.actions.make import make
from holdfast.configuration.actions.remove import remove, remove_connections
from holdfast.configuration.mistakes import Mistakes
from holdfast.configuration.model import Desired, File, Place, Plan, Present
from holdfast.configuration.notes import warnings
from holdfast.configuration.parse.document import parse
from holdfast.kernel.actor import SYSTEM
from holdfast.kernel.tx import Tx
from holdfast.people import permissions
from holdfast.people import queries as people
from holdfast.sdk.discovery import Integrations
from holdfast.storage.database import savepoint


def apply(
    tx: Tx, files: Sequence[File], integrations: Integrations, *, prune: bool = False
) -> Plan:
    """Makes everything as the files say and returns what was changed.

    Objects that no file mentions are left alone, unless `prune` removes them. Raises NotApplied
    with every mistake and its line, and NO_FINAL_LEVEL among them (ledger S1-34): the transaction
    must then be rolled back, as `Database.begin` does.
    """
    permissions.require(tx.actor, "configuration.apply")
    mistakes = Mistakes()
    present = queries.present(tx)
    desired = _desired(tx, files, integrations, mistakes)
    if prune and not desired.count:
        mistakes.add(
            _start(files), "there is nothing in the files, and prune would remove everything.",
            "Look whether these are the right files.",
        )  # fmt: skip
    references.check(desired, present, mistakes, prune=prune)
    mistakes.raise_if_any()
    changes = difference.compare(desired, present, prune=prune)
    attempt = Attempt(tx, mistakes)
    make(attempt, desired, changes)
    remove_connections(attempt, changes, _start(files))  # a new connection may want their keys
    made_keys = connect(attempt, desired, changes, integrations)
    remove(attempt, changes, _start(files))
    check_final_levels(attempt, desired, changes, _start(files))
    _keep_an_admin(tx, present, mistakes, _start(files))
    mistakes.raise_if_any()
    return Plan(tuple(changes), warnings(desired), made_keys)


def plan(tx: Tx, files: Sequence[File], integrations: Integrations, *, prune: bool = False) -> Plan:
    """What `apply` would change, with everything that it would refuse; changes nothing.

    It is applied and undone: so nothing that an action refuses is missing from the answer.
    """
    permissions.require(tx.actor, "configuration.read")
    found: list[Plan] = []
    try:
        with savepoint(tx):
            found.append(apply(tx.as_actor(SYSTEM), files, integrations, prune=prune))
            raise _Undone
    except _Undone:
        return Plan(found[0].changes, found[0].warnings)
    finally:
        tx.forget()


class _Undone(Exception):
    """Rolls the savepoint back."""


def _desired(
    tx: Tx, files: Sequence[File], integrations: Integrations, mistakes: Mistakes
) -> Desired:
    desired = parse(files, integrations, mistakes)
    return difference.settled(desired, queries.present(tx), tx.now)


def _start(files: Sequence[File]) -> Place:
    return Place(files[0].name if files else "no file", 1)


def _keep_an_admin(tx: Tx, present: Present, mistakes: Mistakes, place: Place) -> None:
    """Files must not lock everybody out, nor whoever applies them."""
    users = people.users(tx)
    me = tx.actor.user_id
    if me in users and users[me].disabled_at is not None:
        mistakes.add(
            place, f"user {me} applies these files and would be disabled by them.",
            f"Add {me} to users, or let another admin apply them.",
        )  # fmt: skip
    had_one = any(u.role.value == "admin" and u.disabled_at is None for u in present.users.values())
    if had_one and not people.admins(tx):
        mistakes.add(
            place, "nobody would be an admin any more.", "Give somebody role: admin in the files."
        )
