"""Randomness: repeated exactly where it was seeded, unguessable where it was not."""

from __future__ import annotations

import os
import re
from datetime import timedelta

import pytest

from holdfast.kernel.chance import FETCH_BYTES, Chance, Entropy


def drawn(chance: Chance) -> list[object]:
    return [
        chance.new_id("al"), chance.code(), chance.token(), chance.hex_key(32),
        chance.jitter(timedelta(seconds=10)), chance.below(1000), chance.fraction(),
        chance.pick(["a", "b", "c"]),
    ]  # fmt: skip


def test_the_same_seed_draws_the_same_and_another_does_not() -> None:
    assert drawn(Chance(7)) == drawn(Chance(7))
    assert drawn(Chance(7))[0] != drawn(Chance(8))[0]


def test_without_a_seed_nothing_repeats() -> None:
    tokens = {Chance().token() for _ in range(100)}
    assert len(tokens) == 100
    assert all(len(token) >= 43 for token in tokens), "256 bits"


@pytest.mark.parametrize("seed", [None, 1])
def test_ids_codes_and_keys_have_their_shapes(seed: int | None) -> None:
    chance = Chance(seed)
    for _ in range(200):
        assert re.fullmatch(r"al_[0-9a-f]{20}", chance.new_id("al"))
        assert re.fullmatch(r"([BDFGKLMNPRSTVZ][AEIOU]){2}-[1-9]\d", chance.code())
        assert re.fullmatch(r"[0-9a-f]{32}", chance.hex_key(32))


def test_jitter_stays_within_a_tenth() -> None:
    chance, second = Chance(3), timedelta(seconds=1)
    drawn_jitters = [chance.jitter(second) for _ in range(1000)]
    assert 0.9 * second <= min(drawn_jitters) < 0.92 * second
    assert 1.08 * second < max(drawn_jitters) <= 1.1 * second


def test_bulk_randomness_is_as_wide_and_as_various_as_asked_for() -> None:
    entropy = Entropy()
    drawn = [entropy.getrandbits(80) for _ in range(2000)]
    assert len(set(drawn)) == len(drawn)
    assert max(each.bit_length() for each in drawn) == 80
    assert entropy.getrandbits(0) == 0
    assert all(entropy.getrandbits(3) < 8 for _ in range(100))
    assert entropy.getrandbits(FETCH_BYTES * 16).bit_length() > FETCH_BYTES * 8
    assert all(0 <= entropy.random() < 1 for _ in range(100))


def test_a_forked_child_does_not_draw_what_its_parent_draws() -> None:
    entropy = Entropy()
    entropy.getrandbits(8)
    reading, writing = os.pipe()
    child = os.fork()
    if child == 0:
        os.write(writing, b"%d" % entropy.getrandbits(80))
        os._exit(0)
    os.waitpid(child, 0)
    assert int(os.read(reading, 100)) != entropy.getrandbits(80)
