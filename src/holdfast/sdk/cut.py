"""Shortening text for people: never longer than the limit, never through a visible character."""

from __future__ import annotations

import unicodedata

CUT_SIGN = "…"
CLUSTER_CHARS_MAX = 64  # a pile of accents higher than this is an attack, and is cut through
_CUT_SIGN_BYTES = len(CUT_SIGN.encode())

_JOINER = "\u200d"
_MARK_CATEGORIES = frozenset({"Mn", "Mc", "Me"})
# Letters and signs that Unicode counts as letters or symbols and that yet complete the one before.
_COMPLETES_PREVIOUS = (
    ("\u200c", "\u200d"),  # joiners
    ("\u0e33", "\u0e33"),  # Thai am
    ("\u0eb3", "\u0eb3"),  # Lao am
    ("\u1160", "\u11ff"),  # Hangul vowels and finals
    ("\U0001f3fb", "\U0001f3ff"),  # skin tones
    ("\U000e0020", "\U000e007f"),  # tags of regional flags
)
_FLAG_FIRST, _FLAG_LAST = "\U0001f1e6", "\U0001f1ff"


def cut(text: str, chars_max: int) -> str:
    """The text itself, or its beginning and “…”: `chars_max` characters at the most.

    A letter stays with its accents, an emoji with its parts and a flag with its other half
    (promises R66).
    """
    if len(text) <= chars_max:
        return text
    if chars_max < 1:
        return ""
    return text[: _boundary(text, chars_max - 1)] + CUT_SIGN


def cut_bytes(text: str, bytes_max: int) -> str:
    """The same, counted in bytes of UTF-8. What has no UTF-8 is written as “?”."""
    encoded = text.encode(errors="replace")
    if len(encoded) <= bytes_max:
        return encoded.decode()
    if bytes_max < _CUT_SIGN_BYTES:
        return ""
    fitting = encoded[: bytes_max - _CUT_SIGN_BYTES].decode(errors="ignore")
    whole = encoded.decode()
    return whole[: _boundary(whole, len(fitting))] + CUT_SIGN


def _boundary(text: str, at: int) -> int:
    """The last place not after `at` where the text may be cut; `at` itself if none is near."""
    earliest = at - CLUSTER_CHARS_MAX
    for place in range(at, max(earliest, 0), -1):
        if not _is_one_character(text, place):
            return place
    return at if earliest > 0 else 0


def _is_one_character(text: str, place: int) -> bool:
    """Whether the code points before and after `place` make one visible character."""
    if place >= len(text):
        return False
    before, after = text[place - 1], text[place]
    if after.isascii():
        return (before, after) == ("\r", "\n")
    if before == _JOINER or unicodedata.category(after) in _MARK_CATEGORIES:
        return True
    if any(first <= after <= last for first, last in _COMPLETES_PREVIOUS):
        return True
    return _is_flag_half(after) and _flag_halves_before(text, place) % 2 == 1


def _is_flag_half(char: str) -> bool:
    return _FLAG_FIRST <= char <= _FLAG_LAST


def _flag_halves_before(text: str, place: int) -> int:
    count = 0
    while count < place and count < CLUSTER_CHARS_MAX and _is_flag_half(text[place - 1 - count]):
        count += 1
    return count
