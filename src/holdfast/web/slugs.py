"""Ids for things that people make on screen: from the name, and not taken yet."""

from __future__ import annotations

from collections.abc import Container
from itertools import count

from holdfast.kernel.ids import SLUG_CHARS_MAX

# `/services/new` and `/people/invite` are forms: nothing may be called so.
RESERVED = frozenset({"new", "invite"})
_SUFFIX_CHARS_MAX = 6


def free_slug(wanted: str, taken: Container[str]) -> str:
    """`payments`, or `payments-2` where that is taken."""
    base = wanted[: SLUG_CHARS_MAX - _SUFFIX_CHARS_MAX].strip("-_")
    for number in count(1):
        name = base if number == 1 else f"{base}-{number}"
        if name not in taken and name not in RESERVED:
            return name
    raise AssertionError("counting never ends")
