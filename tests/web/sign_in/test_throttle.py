from __future__ import annotations

import asyncio

import pytest

from holdfast.web.errors import TooMany
from holdfast.web.sign_in.throttle import (
    ACCOUNT_DELAY_MAX_S,
    ADDRESS_DELAY_MAX_S,
    FORGOTTEN_AFTER_S,
    FREE_TRIES,
    REMEMBERED_MAX,
    SUSPECTS_PER_ADDRESS_MAX,
    WAITING_MAX,
    Throttle,
)

GUESSES = 10_000


class Hands:
    """A clock that is set by hand, and a sleep that only notes how long."""

    def __init__(self) -> None:
        self.now_s = 0.0
        self.slept: list[float] = []
        self.gate: asyncio.Event | None = None

    def monotonic(self) -> float:
        return self.now_s

    async def sleep(self, seconds: float) -> None:
        self.slept.append(seconds)
        if self.gate is not None:
            await self.gate.wait()


@pytest.fixture
def hands() -> Hands:
    return Hands()


@pytest.fixture
def throttle(hands: Hands) -> Throttle:
    return Throttle(hands.monotonic, hands.sleep)


def test_a_typing_mistake_costs_nothing(throttle: Throttle) -> None:
    for _ in range(FREE_TRIES - 1):
        throttle.failed("ana", "203.0.113.1")
    assert throttle.delay_s("ana", "203.0.113.1") == 0.0


def test_each_wrong_guess_makes_the_next_one_slower_up_to_a_limit(throttle: Throttle) -> None:
    delays = []
    for _ in range(20):
        throttle.failed("ana", "203.0.113.1")
        delays.append(throttle.delay_s("ana", "203.0.113.1"))
    assert delays == sorted(delays)
    assert delays[-1] == ADDRESS_DELAY_MAX_S


def test_ten_thousand_guesses_lock_nobody_out(throttle: Throttle) -> None:
    """Promises e10: the person on call gets in, after a few seconds at the most."""
    for number in range(GUESSES):
        throttle.failed("ana", f"198.51.{number % 250}.{number // 250}")
    assert throttle.delay_s("ana", "203.0.113.1") == ACCOUNT_DELAY_MAX_S
    assert throttle.delay_s("bo", "203.0.113.1") == 0.0


def test_the_right_password_clears_the_account_and_not_the_address(throttle: Throttle) -> None:
    for _ in range(10):
        throttle.failed("ana", "203.0.113.1")
    throttle.succeeded("ana", "203.0.113.1")
    assert throttle.delay_s("ana", "203.0.113.2") == 0.0
    assert throttle.delay_s("ana", "203.0.113.1") > 0.0


def test_one_account_is_one_however_it_is_written(throttle: Throttle) -> None:
    for name in ("ana", " ANA", "Ana "):
        throttle.failed(name, "203.0.113.1")
    assert throttle.delay_s("aNa", "203.0.113.9") > 0.0


def test_a_neighbourhood_of_addresses_is_one(throttle: Throttle) -> None:
    for number in range(10):
        throttle.failed(f"user{number}", f"2001:db8::{number:x}")
    assert throttle.delay_s("somebody", "2001:db8::ffff") > 0.0
    assert throttle.delay_s("somebody", "2001:db8:0:1::1") == 0.0


def test_failures_are_forgotten_after_a_while(throttle: Throttle, hands: Hands) -> None:
    for _ in range(10):
        throttle.failed("ana", "203.0.113.1")
    hands.now_s = FORGOTTEN_AFTER_S + 1
    assert throttle.delay_s("ana", "203.0.113.1") == 0.0


def test_what_is_remembered_has_a_limit(throttle: Throttle) -> None:
    for number in range(2 * REMEMBERED_MAX):
        throttle.failed(f"user{number}", "203.0.113.1")
    assert len(throttle._failures) <= REMEMBERED_MAX


def test_a_try_waits_its_turn_before_it_is_made(throttle: Throttle, hands: Hands) -> None:
    async def tried() -> None:
        for _ in range(5):
            async with throttle.turn("ana", "203.0.113.1"):
                throttle.failed("ana", "203.0.113.1")

    asyncio.run(tried())
    assert hands.slept == [0.5, 1.0]


def test_many_at_once_from_an_address_that_guessed_wrong_are_refused_and_others_are_not(
    throttle: Throttle, hands: Hands
) -> None:
    async def tried() -> list[str]:
        hands.gate = asyncio.Event()
        for _ in range(10):
            throttle.failed("ana", "198.51.100.1")

        async def one(address: str) -> str:
            try:
                async with throttle.turn("ana", address):
                    return "in"
            except TooMany:
                return "refused"

        crowd = [asyncio.create_task(one("198.51.100.1")) for _ in range(100)]
        await asyncio.sleep(0)
        honest = asyncio.create_task(one("203.0.113.1"))
        await asyncio.sleep(0)
        hands.gate.set()
        results = await asyncio.gather(*crowd)
        assert await honest == "in"
        return results

    results = asyncio.run(tried())
    assert results.count("in") == SUSPECTS_PER_ADDRESS_MAX
    assert results.count("refused") == 100 - SUSPECTS_PER_ADDRESS_MAX


def test_waiting_has_a_limit_for_everybody_together(throttle: Throttle, hands: Hands) -> None:
    async def tried() -> int:
        hands.gate = asyncio.Event()
        for _ in range(10):
            throttle.failed("ana", "198.51.100.1")

        async def one(number: int) -> None:
            async with throttle.turn("ana", f"203.0.{number // 250}.{number % 250}"):
                return

        crowd = [asyncio.create_task(one(number)) for number in range(WAITING_MAX + 5)]
        await asyncio.sleep(0)
        hands.gate.set()
        results = await asyncio.gather(*crowd, return_exceptions=True)
        return sum(isinstance(result, TooMany) for result in results)

    assert asyncio.run(tried()) == 5
