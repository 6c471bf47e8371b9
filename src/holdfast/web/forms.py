"""Forms that come back: what was typed is kept, and what is wrong stands beside its field.

A script that sends a form for a person gets the problem itself instead, as programs do.
"""

from __future__ import annotations

from collections.abc import Mapping

from starlette.requests import Request

from holdfast.guardrails.model import BREAK_GLASS, Refused
from holdfast.kernel.errors import Conflict, HoldfastError, Invalid
from holdfast.web import refusals
from holdfast.web.context import Context
from holdfast.web.layout.views import Fields

PROBLEM_TYPE = "application/problem+json"

TYPED_CHARS_MAX = 2_000
# What somebody can mend in the form itself; every other failure is a page of its own.
MENDABLE = (Invalid, Conflict)
_PASSWORDS = frozenset({"password", "current", "csrf"})


def returned(
    context: Context,
    error: HoldfastError,
    names: Mapping[str, str] | None = None,
    *,
    form: Mapping[str, str] | None = None,
) -> Fields:
    """The form as it was sent, with the error in it; a guardrail's refusal is counted, so call it
    outside of any transaction.

    `names` says which control shows the error of a field of the domain, where they differ; `form`
    what is in the controls, where that is not what was sent. Raises the error itself where a
    script sent the form: it gets problem+json (errors.py).
    """
    if is_scripted(context.request):
        raise error
    refusals.count(context.request, error)
    return shown(context.form if form is None else form, error, names)


def is_scripted(request: Request) -> bool:
    """True where whoever sent it says that it reads problems, as our own script does."""
    return PROBLEM_TYPE in request.headers.get("accept", "")


def shown(
    form: Mapping[str, str], error: HoldfastError, names: Mapping[str, str] | None = None
) -> Fields:
    """What is in these controls, with the error; one that belongs to none of them stands above."""
    values = tuple(
        (name, value[:TYPED_CHARS_MAX]) for name, value in form.items() if name not in _PASSWORDS
    )
    beside = {(names or {}).get(f, f): said for f, said in _fields_of(error).items()}
    errors = tuple((name, _sentence(said)) for name, said in beside.items() if name in form)
    remedy = f" {error.remedy}" if error.remedy else ""
    refusal = error if isinstance(error, Refused) else None
    broke_glass = BREAK_GLASS in _fields_of(error)  # with a reason that will not do
    return Fields(
        values,
        errors,
        f"{error.detail}{remedy}",
        help_href=refusal.help if refusal else None,
        breakable=broke_glass or (refusal is not None and refusal.breakable),
    )


def status_of(error: HoldfastError) -> int:
    """409 where the present state refuses it, 422 where the input does."""
    return 409 if isinstance(error, Conflict) else 422


def _fields_of(error: HoldfastError) -> Mapping[str, str]:
    return error.fields if isinstance(error, Invalid) else {}


def _sentence(said: str) -> str:
    ended = said if said.endswith((".", "!", "?")) else f"{said}."
    return ended[:1].upper() + ended[1:]
