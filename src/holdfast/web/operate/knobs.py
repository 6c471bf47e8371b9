"""Every setting there is, with its value and where that comes from."""

from __future__ import annotations

import os
from collections.abc import Iterator
from dataclasses import MISSING, fields

from pydantic import BaseModel, Field
from pydantic_settings import SettingsError

from holdfast.sdk import Notifier
from holdfast.settings import Settings, is_secret
from holdfast.web.program import Program

PREFIX = "HOLDFAST_"
SET, UNSET = "set", "unset"


class KnobShape(BaseModel):
    """One setting. A secret's value is never shown."""

    name: str
    value: str = Field(description="In words; for a secret, `set` or `unset`.")
    default: str
    source: str = Field(description="default, environment, file or flag")
    description: str
    secret: bool


def knobs(program: Program) -> list[KnobShape]:
    """Holdfast's own settings in the order of their declaration, then those of its notifiers."""
    settings = program.settings
    without_flags = _without_flags(settings)
    own = [_own(settings, name, without_flags) for name in type(settings).model_fields]
    known = {knob.name for knob in own}
    return [*own, *(knob for knob in _of_notifiers(program) if knob.name not in known)]


def _own(settings: Settings, name: str, without_flags: Settings) -> KnobShape:
    field = type(settings).model_fields[name]
    value = getattr(settings, name)
    return KnobShape(
        name=f"{PREFIX}{name.upper()}",
        value=_set(value) if is_secret(name) else _words(value),
        default=_words(field.default),
        source=_source(settings, name, without_flags),
        description=field.description or "",
        secret=is_secret(name),
    )


def _source(settings: Settings, name: str, without_flags: Settings) -> str:
    """A flag wins over the environment, and the environment over the file."""
    if getattr(settings, name) != getattr(without_flags, name):
        return "flag"
    if f"{PREFIX}{name.upper()}" in os.environ:
        return "environment"
    return "file" if name in without_flags.model_fields_set else "default"


def _without_flags(settings: Settings) -> Settings:
    try:
        return type(settings).model_validate({})
    except (ValueError, SettingsError):
        return settings  # the file was changed since the start, and is wrong now


def _of_notifiers(program: Program) -> Iterator[KnobShape]:
    for notifier in program.integrations.notifiers.values():
        for name, default in _fields_of(notifier):
            value = os.environ.get(f"{PREFIX}{name}")
            yield KnobShape(
                name=f"{PREFIX}{name}",
                value=_set(value),
                default=_words(default),
                source="default" if value is None else "environment",
                description=f"For {notifier.title}: see {notifier.docs}.",
                secret=True,  # a plug-in does not say which of its settings are, so all are
            )


def _fields_of(notifier: Notifier) -> Iterator[tuple[str, object]]:
    for field in fields(notifier.settings):
        name = f"{notifier.name}_{field.name}".upper().replace("-", "_")
        yield name, None if field.default is MISSING else field.default


def _set(value: object) -> str:
    return SET if value not in (None, "") else UNSET


def _words(value: object) -> str:
    if value is None:
        return ""
    return str(value).lower() if isinstance(value, bool) else str(value)
