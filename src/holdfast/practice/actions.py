"""Choose the practice pack to work by."""

from __future__ import annotations

from holdfast.kernel.quote import quoted
from holdfast.kernel.tx import Tx
from holdfast.people import permissions
from holdfast.practice import queries, store
from holdfast.practice.model import SHIPPED, NoSuchPractice, PracticeChosen


def choose(tx: Tx, name: str) -> None:
    """Makes this the active pack; chosen again, nothing changes. Raises NoSuchPractice."""
    permissions.require(tx.actor, "settings.edit")
    if name not in SHIPPED:
        raise NoSuchPractice(
            f"There is no practice pack {quoted(name)}.",
            remedy=f"Use one of: {', '.join(SHIPPED)}.",
        )
    if queries.chosen(tx) != name:
        store.save(tx, name)
        tx.forget()
        tx.record(PracticeChosen(name))
