"""Ask which practice packs there are, and which one is in force."""

from __future__ import annotations

from collections.abc import Mapping

from holdfast.kernel.quote import quoted
from holdfast.kernel.tx import Tx
from holdfast.practice import shipped, store
from holdfast.practice.model import DEFAULT, OFF, SHIPPED, NoPractice, NoSuchPractice, Pack
from holdfast.practice.written import written


def active(tx: Tx) -> Pack:
    """The pack in force. Raises NoPractice where it was switched off (ledger S0-09)."""
    found = in_force(tx)
    if found is None:
        raise NoPractice(remedy="Ask an admin to choose a practice pack under Settings.")
    return found


def in_force(tx: Tx) -> Pack | None:
    """The pack in force; None where the practice was switched off."""
    name = active_name(tx)
    return None if name == OFF else pack(tx, name)


def active_name(tx: Tx) -> str:
    """The name of the pack in force: the chosen one, else the default; OFF where switched off."""
    return chosen(tx) or DEFAULT


def chosen(tx: Tx) -> str | None:
    """The pack that somebody chose; None where nobody has."""
    return tx.remember("practice", lambda: store.find(tx))


def pack(tx: Tx, name: str) -> Pack:
    """The pack of that name, shipped or of one's own. Raises NoSuchPractice."""
    if name in SHIPPED:
        return shipped.pack(name)
    found = own(tx).get(name)
    if found is None:
        raise NoSuchPractice(
            f"There is no practice pack {quoted(name)}.",
            remedy=f"Use one of: {', '.join((*SHIPPED, *own(tx)))}.",
        )
    return found


def packs(tx: Tx) -> tuple[Pack, ...]:
    """Every pack that can be chosen: the shipped ones in their order, then those of one's own."""
    return (*(shipped.pack(name) for name in SHIPPED), *own(tx).values())


def own(tx: Tx) -> Mapping[str, Pack]:
    """The packs of one's own by name."""
    return tx.remember("practice.own", lambda: store.packs(tx))


def export(tx: Tx, name: str) -> str:
    """The pack as its file. Raises NoSuchPractice."""
    return written(pack(tx, name))
