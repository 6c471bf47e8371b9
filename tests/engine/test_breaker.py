"""The circuit breaker on a clock that moves only when told."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from holdfast.engine.breaker import HOSTS_MAX, Breaker, CircuitState
from holdfast.kernel.clock import SteppedClock

HOST = "hooks.example.com:443"


class Story:
    def __init__(self) -> None:
        self.clock = SteppedClock(datetime(2026, 11, 20, tzinfo=UTC))
        self.breaker = Breaker(self.clock)

    def after(self, seconds: float) -> Story:
        self.clock.jump_to(self.clock.now() + timedelta(seconds=seconds))
        return self

    def fails(self, times: int = 1) -> Story:
        for _ in range(times):
            self.breaker.failed(HOST)
        return self

    def may_call(self) -> bool:
        return self.breaker.refusal(HOST) is None

    def state(self) -> CircuitState:
        circuit = self.breaker.states().get(HOST)
        return circuit.state if circuit else CircuitState.CLOSED


@pytest.mark.ledger("S1-83")
def test_the_third_failure_in_thirty_seconds_opens_the_circuit() -> None:
    story = Story().fails().after(10).fails()
    assert story.may_call()
    story.after(10).fails()
    assert story.state() is CircuitState.OPEN
    assert not story.may_call()
    assert str(story.breaker.refusal(HOST)).startswith("circuit open: hooks.example.com")


def test_failures_further_apart_do_not_open_it() -> None:
    story = Story()
    for _ in range(10):
        story.fails().after(15)
    assert story.may_call()


def test_an_answer_between_failures_forgets_them() -> None:
    story = Story().fails(2)
    story.breaker.answered(HOST)
    assert story.fails(2).may_call()
    assert story.state() is CircuitState.CLOSED


def test_other_hosts_are_called_as_before() -> None:
    story = Story().fails(3)
    assert story.breaker.refusal("elsewhere.example.com:443") is None


@pytest.mark.ledger("S1-83")
def test_after_thirty_seconds_one_call_probes_and_its_answer_closes_the_circuit() -> None:
    story = Story().fails(3).after(29.9)
    assert not story.may_call()
    story.after(0.1)
    assert story.may_call()
    assert story.state() is CircuitState.HALF_OPEN
    assert not story.may_call(), "only one probe at a time"
    story.breaker.answered(HOST)
    assert story.may_call()
    assert story.state() is CircuitState.CLOSED
    circuit = story.breaker.states()[HOST]
    assert (circuit.opened_count, circuit.refused_count) == (1, 2)


def test_a_probe_that_fails_keeps_it_open_for_another_thirty_seconds() -> None:
    story = Story().fails(3).after(30)
    assert story.may_call()
    story.after(5).fails()
    assert story.state() is CircuitState.OPEN
    assert not story.after(29).may_call()
    assert story.after(1).may_call()


def test_a_probe_that_never_comes_back_is_replaced_by_another() -> None:
    story = Story().fails(3).after(30)
    assert story.may_call()
    assert not story.after(29).may_call()
    assert story.after(1).may_call()


def test_a_probe_that_our_own_rules_stopped_is_given_to_the_next_call() -> None:
    story = Story().fails(3).after(30)
    assert story.may_call()
    story.breaker.not_called(HOST)
    assert story.may_call()


def test_calls_that_were_already_under_way_do_not_prolong_an_open_circuit() -> None:
    story = Story().fails(3).after(20).fails(5).after(10)
    assert story.may_call()


def test_memory_is_bounded_and_an_open_circuit_is_the_last_to_be_forgotten() -> None:
    story = Story().fails(3)
    for number in range(HOSTS_MAX + 50):
        story.breaker.failed(f"host-{number}.example.com:443")
    assert len(story.breaker.states()) == HOSTS_MAX
    assert story.state() is CircuitState.OPEN
