"""A notifier's settings, read from words: HOLDFAST_<NAME>_<FIELD>."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import MISSING, fields

from holdfast.kernel.errors import Invalid
from holdfast.sdk.notifier import Notifier

_TRUE = frozenset({"1", "true", "yes", "on"})


def settings_of(notifier: Notifier, look_up: Callable[[str], str | None]) -> object:
    """An instance of `notifier.settings`; fields nobody set keep their defaults.

    `look_up` gets a name such as `email_host`. Raises Invalid for a number that is none.
    """
    values: dict[str, object] = {}
    for field in fields(notifier.settings):
        text = look_up(f"{notifier.name}_{field.name}")
        if text is not None:
            values[field.name] = _typed(f"{notifier.name}_{field.name}", str(field.type), text)
        elif field.default is MISSING:
            values[field.name] = ""
    made: object = notifier.settings(**values)
    return made


def _typed(name: str, kind: str, text: str) -> object:
    if kind == "bool":
        return text.strip().lower() in _TRUE
    if kind != "int":
        return text
    if not text.strip().isdecimal():
        raise Invalid(f"HOLDFAST_{name.upper()} must be a number, not “{text[:40]}”.")
    return int(text)
