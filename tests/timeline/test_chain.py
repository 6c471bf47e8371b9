"""The hash chain, link by link."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from holdfast.timeline import chain
from holdfast.timeline.event import Recorded
from tests.support.database import START

EVENT = Recorded("ev_1", START, "alert.triggered", "al_1", "user:ana", {"b": 1, "a": [None, "ä"]})


@pytest.mark.parametrize(
    "changed",
    [
        {"id": "ev_2"},
        {"at": START + timedelta(microseconds=1)},
        {"kind": "alert.resolved"},
        {"subject": "al_2"},
        {"actor": "user:bo"},
        {"data": {"b": 2, "a": [None, "ä"]}},
        {"data": {"b": 1, "a": ["ä", None]}},
        {"data": {}},
    ],
)
def test_any_change_of_an_event_changes_its_digest(changed: dict[str, object]) -> None:
    other = replace(EVENT, **changed)  # type: ignore[arg-type]  # names and types are the test's
    assert chain.digest(other) != chain.digest(EVENT)


def test_the_order_in_which_a_database_gives_the_fields_back_does_not_matter() -> None:
    assert chain.digest(replace(EVENT, data={"a": [None, "ä"], "b": 1})) == chain.digest(EVENT)


def test_fields_that_run_into_each_other_are_told_apart() -> None:
    one, other = replace(EVENT, kind="ab", subject="c"), replace(EVENT, kind="a", subject="bc")
    assert chain.digest(one) != chain.digest(other)


def test_a_link_holds_the_one_before_its_place_and_its_event() -> None:
    link = chain.link(chain.GENESIS, 1, "d")
    assert len({link, chain.link(link, 1, "d"), chain.link(chain.GENESIS, 2, "d"),
                chain.link(chain.GENESIS, 1, "e")}) == 4  # fmt: skip
    assert link == chain.link(chain.GENESIS, 1, "d")


def test_a_digest_stays_what_it_was_when_the_chain_began() -> None:
    """A change of this figure breaks every chain there is: it needs a migration, not a new one."""
    assert chain.digest(EVENT) == DIGEST


DIGEST = "9b6e77af4feac21eb3e2e4c23ab7931639bf0052797fa552397bb015d55a110b"
