"""Forms that come back: what was typed is kept, and what is wrong stands beside its field."""

from __future__ import annotations

from collections.abc import Mapping

from holdfast.guardrails.model import Refused
from holdfast.kernel.errors import Conflict, HoldfastError, Invalid
from holdfast.web.layout.views import Fields

TYPED_CHARS_MAX = 2_000
# What somebody can mend in the form itself; every other failure is a page of its own.
MENDABLE = (Invalid, Conflict)
_PASSWORDS = frozenset({"password", "current", "csrf"})


def returned(
    form: Mapping[str, str], error: HoldfastError, names: Mapping[str, str] | None = None
) -> Fields:
    """The form as it was sent, with the error in it.

    `names` says which control shows the error of a field of the domain, where they differ. An
    error that belongs to no control of the form is shown above it.
    """
    values = tuple(
        (name, value[:TYPED_CHARS_MAX]) for name, value in form.items() if name not in _PASSWORDS
    )
    beside = {(names or {}).get(f, f): said for f, said in _fields_of(error).items()}
    errors = tuple((name, _sentence(said)) for name, said in beside.items() if name in form)
    remedy = f" {error.remedy}" if error.remedy else ""
    help_href = error.help if isinstance(error, Refused) else None
    return Fields(values, errors, f"{error.detail}{remedy}", help_href)


def status_of(error: HoldfastError) -> int:
    """409 where the present state refuses it, 422 where the input does."""
    return 409 if isinstance(error, Conflict) else 422


def _fields_of(error: HoldfastError) -> Mapping[str, str]:
    return error.fields if isinstance(error, Invalid) else {}


def _sentence(said: str) -> str:
    ended = said if said.endswith((".", "!", "?")) else f"{said}."
    return ended[:1].upper() + ended[1:]
