"""The five ways a wish can fail. They know no HTTP; web/errors.py gives the status codes."""

from __future__ import annotations

from collections.abc import Mapping


class HoldfastError(Exception):
    """Something you asked for could not be done.

    A subclass's docstring is its message; `detail` replaces it where the case can say more.
    `remedy` is the next thing the reader can do, `code` is a guardrail's code where one refused.
    """

    code: str | None = None

    def __init__(self, detail: str | None = None, *, remedy: str | None = None) -> None:
        self.detail = detail or (type(self).__doc__ or "").strip().splitlines()[0]
        self.remedy = remedy
        super().__init__(self.detail)


class NotFound(HoldfastError):
    """There is nothing here by that name."""


class Conflict(HoldfastError):
    """The present state does not allow this."""


class Forbidden(HoldfastError):
    """You may not do this."""


class Unavailable(HoldfastError):
    """Holdfast cannot do this right now; try again in a moment."""


class Invalid(HoldfastError):
    """Something in the input is not right."""

    def __init__(
        self,
        detail: str | None = None,
        *,
        remedy: str | None = None,
        fields: Mapping[str, str] | None = None,
    ) -> None:
        super().__init__(detail, remedy=remedy)
        self.fields: Mapping[str, str] = dict(fields or {})
