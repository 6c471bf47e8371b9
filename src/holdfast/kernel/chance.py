"""Where identity, jitter and secrets come from. The only file that may read randomness."""

from __future__ import annotations

import itertools
import random
import secrets
from collections.abc import Sequence
from datetime import timedelta
from typing import TypeVar

T = TypeVar("T")

ID_BITS = 80
ORDERED_ID_BITS = 48
TOKEN_BYTES = 32
_CONSONANTS = "BDFGKLMNPRSTVZ"
_VOWELS = "AEIOU"


class Chance:
    """All randomness of one program. Seeded, it repeats itself exactly; unseeded, it is secret."""

    def __init__(self, seed: int | None = None) -> None:
        self._random: random.Random = (
            random.SystemRandom() if seed is None else random.Random(seed)  # noqa: S311 - simulation
        )
        self._seeded = seed is not None
        self._count = itertools.count()

    def new_id(self, prefix: str) -> str:
        return f"{prefix}_{self._random.getrandbits(ID_BITS):020x}"

    def ordered_id(self, prefix: str) -> str:
        """An id that sorts after those made before it in this process: for the events of one
        instant, which are told in the order in which they happened."""
        count = next(self._count) & 0xFFFFFFFF
        return f"{prefix}_{count:08x}{self._random.getrandbits(ORDERED_ID_BITS):012x}"

    def code(self) -> str:
        """A short name that can be said over the phone, such as RAVO-42."""
        letters = "".join(
            self._random.choice(_CONSONANTS) + self._random.choice(_VOWELS) for _ in range(2)
        )
        return f"{letters}-{self._random.randrange(10, 100)}"

    def token(self) -> str:
        """256 random bits, URL-safe."""
        if self._seeded:
            return f"{self._random.getrandbits(TOKEN_BYTES * 8):064x}"
        return secrets.token_urlsafe(TOKEN_BYTES)

    def hex_key(self, digits: int) -> str:
        """A key of exactly so many hexadecimal digits, for doors whose clients expect a length."""
        return f"{self._random.getrandbits(digits * 4):0{digits}x}"

    def jitter(self, around: timedelta) -> timedelta:
        return around * self._random.uniform(0.9, 1.1)

    def below(self, limit: int) -> int:
        return self._random.randrange(limit)

    def fraction(self) -> float:
        return self._random.random()

    def pick(self, among: Sequence[T]) -> T:
        return self._random.choice(among)
