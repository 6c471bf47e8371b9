"""What things and people may be called."""

from __future__ import annotations

import unicodedata

from holdfast.kernel.errors import Invalid

NAME_CHARS_MAX = 200
# Letters and signs by their category, and blank to the eye all the same.
_BLANK = frozenset("\u115f\u1160\u2800\u3164\uffa0")


def is_name(name: str) -> bool:
    """True for what a person can read, and is not too long."""
    return len(name) <= NAME_CHARS_MAX and any(map(_shows, name))


def check_name(name: str) -> None:
    """Raises Invalid for a name that nobody could read: empty, blank to the eye or too long."""
    if not is_name(name):
        raise Invalid(
            f"A name has 1 to {NAME_CHARS_MAX} characters that can be seen.",
            fields={"name": "give it a name that can be read"},
        )


def _shows(char: str) -> bool:
    return unicodedata.category(char)[0] in "LNPS" and char not in _BLANK
