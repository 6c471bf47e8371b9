"""Passwords: which are good enough, how they are kept, and a check that tells nobody anything."""

from __future__ import annotations

from functools import lru_cache

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from holdfast.people.credentials.model import WeakPassword

PASSWORD_CHARS_MIN = 12
PASSWORD_BYTES_MAX = 1024
DISTINCT_CHARS_MIN = 5
# Each check takes HASH_KIB for a moment: callers see to it that so many run at once and no more.
HASHES_AT_ONCE = 4
HASH_KIB = 19_456
_TIMES = 2
_ROWS = ("abcdefghijklmnopqrstuvwxyz", "01234567890", "qwertyuiopasdfghjklzxcvbnm", "azertyuiop")
_ROW_CHARS = 6
_PERSONAL_CHARS_MIN = 4
# What passwords that everybody tries are built around; the rest of one has to carry it alone.
_COMMON = (
    "password", "passw0rd", "passwort", "welcome", "letmein", "iloveyou", "changeme",
    "administrator", "admin", "holdfast", "dragon", "monkey", "sunshine", "princess", "football",
    "baseball", "master", "superman", "batman", "trustno1", "whatever", "starwars", "michael",
    "shadow", "secret", "login", "default", "summer", "winter", "autumn", "spring", "oncall",
    "pager", "root", "test", "guest",
)  # fmt: skip
_REMAINDER_CHARS_MIN = 8
_REMEDY = "A sentence of four or more unrelated words is easy to remember and hard to guess."

_hasher = PasswordHasher(time_cost=_TIMES, memory_cost=HASH_KIB, parallelism=1)


def chosen(password: str, personal: tuple[str, ...]) -> str:
    """What is written down of a new password. Raises WeakPassword. Takes a while: never call it
    inside a transaction."""
    require_strong(password, personal)
    return kept(password)


def require_strong(password: str, personal: tuple[str, ...] = ()) -> None:
    """Raises WeakPassword with the reason. `personal` is what the person is called."""
    why = _weakness(password, [word.lower() for word in personal])
    if why is not None:
        raise WeakPassword(why, remedy=_REMEDY, fields={"password": why})


def kept(password: str) -> str:
    """What is written down of a password: argon2id with a salt of its own."""
    return _hasher.hash(password)


def is_right(stored: str | None, password: str) -> bool:
    """Whether that is the password. It takes as long where there is none to compare with."""
    if len(password.encode("utf-8", "replace")) > PASSWORD_BYTES_MAX:
        password, stored = "", None
    try:
        _hasher.verify(stored or _nobodys(), password)
    except (VerificationError, InvalidHashError, UnicodeEncodeError):
        return False
    return stored is not None


@lru_cache(maxsize=1)
def _nobodys() -> str:
    return _hasher.hash("the password of nobody at all")


def _weakness(password: str, personal: list[str]) -> str | None:
    if len(password) < PASSWORD_CHARS_MIN:
        return f"A password has {PASSWORD_CHARS_MIN} characters or more."
    if len(password.encode("utf-8", "replace")) > PASSWORD_BYTES_MAX:
        return f"A password has at most {PASSWORD_BYTES_MAX} bytes."
    if any("\ud800" <= char <= "\udfff" for char in password):
        return "This holds characters that cannot be kept."
    lower = password.lower()
    if len(set(lower)) < DISTINCT_CHARS_MIN or _is_repeated(lower):
        return "This repeats itself too much."
    rest = _without_rows(lower)
    for word in sorted((*_COMMON, *_parts(personal)), key=len, reverse=True):
        rest = rest.replace(word, "")
    if len(rest.strip("0123456789!?.,-_ ")) < _remainder_needed(lower, rest):
        return "This is made of words that are tried first, or of your own name."
    return None


def _remainder_needed(whole: str, rest: str) -> int:
    """A password without any common part is judged by its length alone."""
    return 0 if rest == whole else _REMAINDER_CHARS_MIN


def _is_repeated(text: str) -> bool:
    """`abcabcabcabc` is one word said four times."""
    return text in (text + text)[1:-1]


def _without_rows(text: str) -> str:
    """Leaves out runs along the keyboard, the alphabet or the digits, in either direction."""
    for row in (*_ROWS, *(row[::-1] for row in _ROWS)):
        for length in range(len(row), _ROW_CHARS - 1, -1):
            for start in range(len(row) - length + 1):
                text = text.replace(row[start : start + length], "")
    return text


def _parts(personal: list[str]) -> list[str]:
    """`Ana Lima` and `ana.lima@example.com` as the words in them."""
    words = [
        word
        for text in personal
        for word in "".join(char if char.isalnum() else " " for char in text).split()
    ]
    return [word for word in words if len(word) >= _PERSONAL_CHARS_MIN]
