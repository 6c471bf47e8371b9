"""First come, first served, whoever else asks."""

from __future__ import annotations

import threading
import time
from itertools import pairwise

import pytest

from holdfast.storage.turns import TurnLock

ASKED_S = 5.0


def test_turns_are_given_in_the_order_of_asking() -> None:
    lock, order = TurnLock(), []
    threads = []

    def ask(number: int) -> None:
        with lock:
            order.append(number)

    with lock:
        for number in range(20):
            threads.append(threading.Thread(target=ask, args=(number,)))
            threads[-1].start()
            wait_until_asking(lock, number + 1)
    for thread in threads:
        thread.join(ASKED_S)
    assert order == list(range(20))


def wait_until_asking(lock: TurnLock, count: int) -> None:
    until = time.monotonic() + ASKED_S
    while len(lock._waiting) < count:
        assert time.monotonic() < until
        time.sleep(0.001)


def test_somebody_who_asks_again_and_again_starves_nobody() -> None:
    """With threading.Lock the busy one wins most turns: intake would wait for the engine."""
    lock, stop = TurnLock(), threading.Event()
    turns: list[str] = []

    def busy() -> None:
        while not stop.is_set():
            with lock:
                time.sleep(0.0002)
                turns.append("busy while another asks" if lock._waiting else "busy")

    thread = threading.Thread(target=busy)
    thread.start()
    for _ in range(200):
        with lock:
            turns.append("the other")
            time.sleep(0.0002)
    stop.set()
    thread.join(ASKED_S)
    followed = [after for turn, after in pairwise(turns) if turn == "busy while another asks"]
    assert len(followed) > 10
    assert set(followed) == {"the other"}


def test_only_one_holds_it_at_a_time() -> None:
    lock, inside, most = TurnLock(), [], []

    def work() -> None:
        for _ in range(200):
            with lock:
                inside.append(1)
                most.append(len(inside))
                inside.pop()

    threads = [threading.Thread(target=work) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(ASKED_S)
    assert len(most) == 1600
    assert max(most) == 1


def test_an_error_inside_gives_the_turn_back() -> None:
    lock = TurnLock()
    with pytest.raises(ValueError, match="inside"), lock:
        raise ValueError("inside")
    with lock:
        pass


def test_a_thread_that_would_wait_for_itself_is_told_so() -> None:
    lock = TurnLock()
    with lock, pytest.raises(AssertionError, match="wait for itself"), lock:
        pass
