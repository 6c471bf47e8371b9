"""Slows guessing down without ever locking anybody out: whoever is on call must get in (d.2)."""

from __future__ import annotations

import asyncio
from collections import Counter, OrderedDict
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from ipaddress import IPv6Address, ip_address, ip_network

from holdfast.web.errors import TooMany

FREE_TRIES = 3
FIRST_DELAY_S = 0.5
ACCOUNT_DELAY_MAX_S = 4.0
ADDRESS_DELAY_MAX_S = 8.0
FORGOTTEN_AFTER_S = 900.0
REMEMBERED_MAX = 10_000
WAITING_MAX = 400
# A newcomer is let in beyond these; an address that guessed wrong before is not.
SUSPECTS_WAITING_MAX = 200
SUSPECTS_PER_ACCOUNT_MAX = 20
SUSPECTS_PER_ADDRESS_MAX = 4
ACCOUNT_CHARS_MAX = 100


@dataclass(slots=True)
class _Failures:
    count: int
    last_s: float


class Throttle:
    """Counts wrong guesses by account and by address, in the memory of this process.

    It lives in the event loop: a try that waits costs a timer, not a thread.
    """

    def __init__(
        self, monotonic: Callable[[], float], sleep: Callable[[float], object] = asyncio.sleep
    ) -> None:
        self._monotonic = monotonic
        self._sleep = sleep
        self._failures: OrderedDict[str, _Failures] = OrderedDict()
        self._waiting: Counter[str] = Counter()

    @asynccontextmanager
    async def turn(self, account: str, address: str) -> AsyncIterator[None]:
        """Waits as long as it takes, then lets one try happen. Raises TooMany."""
        keys = _keys(account, address)
        self._admit(*keys)
        for key in ("", *keys):
            self._waiting[key] += 1
        try:
            delay_s = self.delay_s(account, address)
            if delay_s > 0:
                await self._sleep(delay_s)  # type: ignore[misc]  # a coroutine in any event loop
            yield
        finally:
            for key in ("", *keys):
                self._waiting[key] -= 1
                if not self._waiting[key]:
                    del self._waiting[key]

    def delay_s(self, account: str, address: str) -> float:
        """How long the next try of this account from this address has to wait."""
        by_account, by_address = _keys(account, address)
        return max(
            _delay_s(self._count(by_account), ACCOUNT_DELAY_MAX_S),
            _delay_s(self._count(by_address), ADDRESS_DELAY_MAX_S),
        )

    def failed(self, account: str, address: str) -> None:
        for key in _keys(account, address):
            self._failures[key] = _Failures(self._count(key) + 1, self._monotonic())
            self._failures.move_to_end(key)
        while len(self._failures) > REMEMBERED_MAX:
            self._failures.popitem(last=False)

    def succeeded(self, account: str, address: str) -> None:
        """The person knows it. The address keeps its record: it may be guessing others."""
        self._failures.pop(_keys(account, address)[0], None)

    def _admit(self, account: str, address: str) -> None:
        suspect = self._count(address) > 0
        crowded = (
            self._waiting[""] >= SUSPECTS_WAITING_MAX
            or self._waiting[account] >= SUSPECTS_PER_ACCOUNT_MAX
            or self._waiting[address] >= SUSPECTS_PER_ADDRESS_MAX
        )
        if self._waiting[""] >= WAITING_MAX or (suspect and crowded):
            raise TooMany("There are too many tries to sign in at once.")

    def _count(self, key: str) -> int:
        known = self._failures.get(key)
        if known is None or self._monotonic() - known.last_s > FORGOTTEN_AFTER_S:
            return 0
        return known.count


def _keys(account: str, address: str) -> tuple[str, str]:
    name = account.strip().lower()[:ACCOUNT_CHARS_MAX]
    return f"account {name}", f"address {_neighbourhood(address)}"


def _neighbourhood(address: str) -> str:
    """Whoever has one IPv6 address has the whole /64."""
    try:
        found = ip_address(address)
    except ValueError:
        return address
    if isinstance(found, IPv6Address):
        return str(ip_network((found, 64), strict=False))
    return str(found)


def _delay_s(failures: int, most_s: float) -> float:
    beyond = failures - FREE_TRIES
    if beyond < 0:
        return 0.0
    # The exponent is cut first: 2 to the power of ten thousand is no float.
    return min(most_s, FIRST_DELAY_S * 2.0 ** min(beyond, 10))
