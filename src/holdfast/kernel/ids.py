"""The shapes that names of things may have."""

from __future__ import annotations

import re
import unicodedata

from holdfast.kernel.errors import Invalid

SLUG_CHARS_MAX = 64
_SLUG = re.compile(r"[a-z0-9](?:[a-z0-9_-]*[a-z0-9])?", re.ASCII)
_SLUG_REMEDY = "Use lower-case letters, digits and dashes, such as payments-primary."


class NotASlug(Invalid):
    """An id is made of lower-case letters, digits, dashes and underscores."""


def slug(text: str) -> str:
    """The text itself when it may be an id. Raises NotASlug."""
    if len(text) > SLUG_CHARS_MAX or not _SLUG.fullmatch(text):
        raise NotASlug(f"“{text[:SLUG_CHARS_MAX]}” cannot be an id.", remedy=_SLUG_REMEDY)
    return text


def slugify(name: str, fallback: str) -> str:
    """An id made from a name: `Ana Lima` becomes ana-lima; a name without letters, the fallback."""
    plain = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode().lower()
    dashed = re.sub(r"[^a-z0-9]+", "-", plain).strip("-")[:SLUG_CHARS_MAX].strip("-")
    return dashed or fallback
