"""What is allowed but will surprise somebody at three in the morning. Pure."""

from __future__ import annotations

from collections.abc import Iterator

from holdfast.configuration.model import Desired

WARNINGS_MAX = 20


def warnings(desired: Desired) -> tuple[str, ...]:
    """One sentence each, with its place; at most WARNINGS_MAX. `desired` is settled."""
    return tuple(_warnings(desired))[:WARNINGS_MAX]


def _warnings(desired: Desired) -> Iterator[str]:
    for name, mentioned in desired.users.items():
        user, place = mentioned.value, mentioned.place
        if user.disabled_at is not None and "disabled" not in mentioned.given:
            yield (
                f"{place}: user {name} is disabled and stays so."
                " Write disabled: false to page them again."
            )
        elif user.disabled_at is None and not user.methods:
            yield f"{place}: user {name} cannot be paged. Add methods: ... to them."
