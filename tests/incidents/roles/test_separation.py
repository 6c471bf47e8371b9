"""Which roles one person may hold together, and who could take which."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from holdfast.incidents.roles.separation import Split, clash, kept_apart, share_out, splits
from holdfast.practice.model import Level, RoleKey
from holdfast.practice.shipped import pack

COMMAND, OPERATIONS, TECHNICAL = RoleKey.COMMAND, RoleKey.OPERATIONS, RoleKey.TECHNICAL_LEAD
COMMUNICATIONS, SCRIBE, DEPUTY = RoleKey.COMMUNICATIONS, RoleKey.SCRIBE, RoleKey.DEPUTY


def level(rank: int) -> Level:
    return pack("union-5").level(rank)


@pytest.mark.ledger("S3-08", "S3-12")
@pytest.mark.parametrize(("rank", "found"), [(0, OPERATIONS), (1, OPERATIONS), (2, OPERATIONS)])
def test_whoever_has_operations_may_not_command_at_a_severe_level(
    rank: int, found: RoleKey
) -> None:
    assert clash(level(rank), [(OPERATIONS, "ana")], COMMAND, "ana") is found
    assert clash(level(rank), [(OPERATIONS, "ana")], COMMAND, "bo") is None


@pytest.mark.ledger("S3-12")
@pytest.mark.parametrize("rank", [3, 4])
def test_one_person_may_hold_everything_at_a_mild_level(rank: int) -> None:
    held = [(role, "ana") for role in (OPERATIONS, COMMUNICATIONS, SCRIBE)]
    assert clash(level(rank), held, COMMAND, "ana") is None
    assert splits(level(rank), [*held, (COMMAND, "ana")]) == ()


@pytest.mark.ledger("S2-11")
def test_a_technical_lead_is_a_kind_of_operations_and_is_kept_apart_like_it() -> None:
    assert kept_apart(level(1), COMMAND, TECHNICAL)
    assert clash(level(1), [(TECHNICAL, "ana")], COMMAND, "ana") is TECHNICAL


def test_each_pair_that_must_be_split_is_found_once() -> None:
    held = [(COMMAND, "ana"), (OPERATIONS, "ana"), (SCRIBE, "bo"), (OPERATIONS, "bo")]
    assert splits(level(1), held) == (
        Split("ana", COMMAND, OPERATIONS),
        Split("bo", SCRIBE, OPERATIONS),
    )


@pytest.mark.ledger("S0-01")
def test_a_role_that_nobody_is_left_for_is_missing_and_not_given_to_somebody_who_may_not() -> None:
    wanted = (OPERATIONS, COMMUNICATIONS, SCRIBE)
    found = share_out(level(1), wanted, dict.fromkeys(wanted, ("ana", "bo")), [(COMMAND, "ana")])
    assert found == {OPERATIONS: "bo", COMMUNICATIONS: None, SCRIBE: None}


def test_somebody_without_a_role_comes_before_somebody_who_has_one() -> None:
    found = share_out(level(3), (SCRIBE,), {SCRIBE: ("ana", "bo")}, [(COMMAND, "ana")])
    assert found == {SCRIBE: "bo"}
    alone = share_out(level(3), (SCRIBE,), {SCRIBE: ("ana",)}, [(COMMAND, "ana")])
    assert alone == {SCRIBE: "ana"}


PEOPLE = st.lists(st.sampled_from(["ana", "bo", "cy", "dee"]), unique=True)


@given(
    rank=st.integers(0, 4),
    pools=st.dictionaries(st.sampled_from(list(RoleKey)), PEOPLE),
    first=st.sampled_from(list(RoleKey)),
)
def test_sharing_out_never_gives_one_person_what_the_level_keeps_apart(
    rank: int, pools: dict[RoleKey, list[str]], first: RoleKey
) -> None:
    wanted = [role for role in pools if role is not first]
    found = share_out(level(rank), wanted, pools, [(first, "ana")])
    held = [(first, "ana"), *((role, user) for role, user in found.items() if user is not None)]
    assert splits(level(rank), held) == ()
    assert set(found) == set(wanted)
