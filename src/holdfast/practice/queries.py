"""Ask which practice pack is active."""

from __future__ import annotations

from holdfast.kernel.tx import Tx
from holdfast.practice import store
from holdfast.practice.model import DEFAULT


def active(tx: Tx) -> str:
    """The pack that counts: the chosen one, else the default."""
    return chosen(tx) or DEFAULT


def chosen(tx: Tx) -> str | None:
    """The pack that somebody chose; None where nobody has."""
    return tx.remember("practice", lambda: store.find(tx))
