"""Choose the practice pack to work by, and keep packs of one's own."""

from __future__ import annotations

from holdfast.guardrails.actions import uphold
from holdfast.kernel.quote import quoted
from holdfast.kernel.tx import Tx
from holdfast.people import permissions
from holdfast.practice import queries, store
from holdfast.practice.check import relaxed
from holdfast.practice.guardrails import PACK_RULES
from holdfast.practice.model import (
    OFF,
    PACKS_MAX,
    SHIPPED,
    NotOurs,
    Pack,
    PackInUse,
    PracticeChosen,
    PracticeRemoved,
    PracticeSaved,
    TooManyPacks,
)
from holdfast.practice.reader import read


def choose(tx: Tx, name: str) -> None:
    """Makes this the pack in force; OFF switches the practice off, and nobody can declare.

    Chosen again, nothing changes; running incidents keep theirs (ledger S0-09). Raises
    NoSuchPractice, and Refused where the pack cannot be worked by.
    """
    permissions.require(tx.actor, "practice.edit")
    if name != OFF:
        uphold(tx, PACK_RULES, queries.pack(tx, name), about=name)
    if queries.chosen(tx) != name:
        store.save(tx, name)
        tx.forget()
        tx.record(PracticeChosen(name))


def save(tx: Tx, pack: Pack) -> None:
    """Keeps a pack of one's own; as it is already, nothing changes.

    Raises NotOurs for the name of a shipped pack, TooManyPacks, and Refused.
    """
    permissions.require(tx.actor, "practice.edit")
    if pack.name in SHIPPED:
        raise NotOurs(
            f"{pack.name} is shipped with Holdfast and stays as it is.",
            remedy="Give yours another name: pack: my-practice.",
        )
    uphold(tx, PACK_RULES, pack, about=pack.name)
    own = queries.own(tx)
    if own.get(pack.name) == pack:
        return
    if pack.name not in own and len(own) >= PACKS_MAX:
        raise TooManyPacks(f"There are {PACKS_MAX} packs already.", remedy="Remove one first.")
    store.save_pack(tx, pack)
    tx.forget()
    tx.record(PracticeSaved(pack.name, pack.version, relaxed(pack)))


def take_in(tx: Tx, text: str, file: str) -> Pack:
    """Keeps the pack that this YAML holds and returns it. `file` is what messages call it.

    Raises NotAPack with every mistake by line, and what `save` raises.
    """
    permissions.require(tx.actor, "practice.edit")
    pack = read(text, file)
    save(tx, pack)
    return pack


def remove(tx: Tx, name: str) -> None:
    """Forgets a pack of one's own. Raises NoSuchPractice, NotOurs, and PackInUse."""
    permissions.require(tx.actor, "practice.edit")
    queries.pack(tx, name)
    if name in SHIPPED:
        raise NotOurs(f"{name} is shipped with Holdfast.", remedy="Choose another pack instead.")
    if queries.active_name(tx) == name:
        raise PackInUse(
            f"{quoted(name)} is the practice in force.", remedy="Choose another pack first."
        )
    store.remove_pack(tx, name)
    tx.forget()
    tx.record(PracticeRemoved(name))
