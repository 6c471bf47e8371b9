"""The ways to be reached that this installation offers, and a person's ways as they are kept."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal

from holdfast.kernel.errors import Invalid
from holdfast.kernel.ids import slugify
from holdfast.people.model import METHODS_MAX, Method, User
from holdfast.web.people import words
from holdfast.web.people.views import MethodKind
from holdfast.web.program import Program

InputType = Literal["text", "email", "url", "tel"]
_ORDER = ("ntfy", "email", "webhook")
_INPUTS: Mapping[str, InputType] = {"ntfy": "url", "email": "email", "webhook": "url"}


class BadAddress(Invalid):
    """This way cannot be used as it is."""


def method_kinds(program: Program, chosen: str | None = None) -> tuple[MethodKind, ...]:
    """Every notifier there is, the ones for people first; `chosen` is the one that is open."""
    known = program.integrations.notifiers
    names = [name for name in _ORDER if name in known]
    names += sorted(name for name in known if name not in _ORDER)
    ready = [name for name in names if _is_ready(program, name)]
    opened = chosen if chosen in known else next(iter(ready), None)
    return tuple(_kind(program, name, chosen=name == opened) for name in names)


def method_title(program: Program, kind: str) -> str:
    """What people call this kind."""
    notifier = program.integrations.notifiers.get(kind)
    return kind if notifier is None else notifier.title


def added(program: Program, user: User, kind: str, address: str) -> tuple[Method, ...]:
    """The person's ways with one more. The same one again changes nothing. Raises BadAddress."""
    wanted = address.strip()
    notifier = program.integrations.notifiers.get(kind)
    if notifier is None:
        raise BadAddress(words.NO_SUCH_KIND)
    wrong = notifier.check(wanted)
    if wrong is not None:
        raise BadAddress(wrong, fields={"address": wrong})
    if any((method.kind, method.address) == (kind, wanted) for method in user.methods):
        return user.methods
    return (*user.methods, Method(_new_id(user, kind), kind, wanted))


def _new_id(user: User, kind: str) -> str:
    base = slugify(kind, "way")
    taken = {method.id for method in user.methods}
    names = (base, *(f"{base}-{number}" for number in range(2, METHODS_MAX + 3)))
    return next(name for name in names if name not in taken)


def _kind(program: Program, name: str, *, chosen: bool) -> MethodKind:
    notifier = program.integrations.notifiers[name]
    plain = (notifier.title, words.METHOD_ADDRESS, "")
    label, address_label, hint = words.METHOD_KINDS.get(name, plain)
    is_ready = _is_ready(program, name)
    return MethodKind(
        kind=name,
        label=label,
        address_label=address_label,
        placeholder=notifier.placeholder,
        hint=hint if is_ready else words.NEEDS_SMTP_HINT,
        input_type=_INPUTS.get(name, "text"),
        ready=is_ready,
        missing=None if is_ready else words.NEEDS_SMTP,
        chosen=chosen and is_ready,
    )


def _is_ready(program: Program, name: str) -> bool:
    return name != "email" or bool(program.settings.email_host)
