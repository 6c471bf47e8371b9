"""Where identity, jitter and secrets come from. The only file that may read randomness."""

from __future__ import annotations

import itertools
import os
import random
import secrets
import threading
from collections.abc import Sequence
from datetime import timedelta
from typing import TypeVar

T = TypeVar("T")

ID_BITS = 80
ORDERED_ID_BITS = 48
TOKEN_BYTES = 32
FETCH_BYTES = 4096
_CONSONANTS = "BDFGKLMNPRSTVZ"
_VOWELS = "AEIOU"


class Entropy(random.SystemRandom):
    """The operating system's randomness, fetched in bulk.

    Each fetch lets another thread take Python's one lock: one a request made a storm wait
    milliseconds for every id. A forked child starts with none of its parent's.
    """

    def __init__(self) -> None:
        super().__init__()
        self._guard = threading.Lock()
        self._fetched = b""
        self._place = 0
        self._process = os.getpid()

    def getrandbits(self, k: int, /) -> int:
        """A number of at most so many bits."""
        if k < 0:
            raise ValueError("number of bits must be non-negative")
        size = (k + 7) // 8
        return int.from_bytes(self._take(size), "big") >> (size * 8 - k)

    def random(self) -> float:
        return (int.from_bytes(self._take(7), "big") >> 3) * 2**-53

    def _take(self, size: int) -> bytes:
        with self._guard:
            if self._place + size > len(self._fetched) or self._process != os.getpid():
                self._process = os.getpid()
                self._fetched, self._place = os.urandom(max(FETCH_BYTES, size)), 0
            self._place += size
            return self._fetched[self._place - size : self._place]


class Chance:
    """All randomness of one program. Seeded, it repeats itself exactly; unseeded, it is secret."""

    def __init__(self, seed: int | None = None) -> None:
        self._random: random.Random = (
            Entropy() if seed is None else random.Random(seed)  # noqa: S311 - simulation
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
