"""Which moves there are, whatever else is true."""

from __future__ import annotations

import pytest

from holdfast.incidents.lifecycle import FIVE, WAY, NoRoad, Road, Way, road
from holdfast.incidents.model import ENDED, Kind, Phase


@pytest.mark.parametrize("before", list(Phase))
def test_where_it_is_already_nothing_happens(before: Phase) -> None:
    assert road(before, before, Kind.REAL) == Road(Way.STAY, ())


@pytest.mark.ledger("S1-01")
def test_forward_leads_one_phase_at_a_time() -> None:
    for place, before in enumerate(WAY[:-1]):
        assert road(before, WAY[place + 1], Kind.REAL) == Road(Way.FORWARD, (WAY[place + 1],))


def test_further_on_the_phases_left_out_are_named() -> None:
    found = road(Phase.TRIAGE, Phase.RESOLVED, Kind.REAL)
    assert found == Road(
        Way.FORWARD,
        (Phase.MITIGATING, Phase.MONITORING, Phase.RESOLVED),
        skipped=(Phase.MITIGATING, Phase.MONITORING),
    )


@pytest.mark.ledger("S4-12")
def test_closing_what_is_resolved_goes_through_post_incident() -> None:
    found = road(Phase.RESOLVED, Phase.CLOSED, Kind.REAL)
    assert found == Road(Way.FORWARD, (Phase.POST_INCIDENT, Phase.CLOSED))


@pytest.mark.parametrize("before", [Phase.RESOLVED, Phase.POST_INCIDENT, Phase.CLOSED])
def test_what_is_over_is_opened_again_and_what_is_watched_relapses(before: Phase) -> None:
    assert road(before, Phase.MITIGATING, Kind.REAL) == Road(Way.REOPEN, (Phase.MITIGATING,))
    relapse = road(Phase.MONITORING, Phase.MITIGATING, Kind.REAL)
    assert relapse == Road(Way.RELAPSE, (Phase.MITIGATING,))


@pytest.mark.parametrize(
    ("before", "to"),
    [
        (Phase.MITIGATING, Phase.TRIAGE),
        (Phase.MONITORING, Phase.DECLARED),
        (Phase.CLOSED, Phase.RESOLVED),
        (Phase.CLOSED, Phase.FALSE_ALARM),
        (Phase.RESOLVED, Phase.FALSE_ALARM),
        (Phase.FALSE_ALARM, Phase.TRIAGE),
        (Phase.MERGED, Phase.MITIGATING),
        (Phase.CANCELLED, Phase.CLOSED),
        (Phase.TRIAGE, Phase.MERGED),
        (Phase.TRIAGE, Phase.CANCELLED),
    ],
)
def test_some_ways_do_not_exist_and_it_is_said_why(before: Phase, to: Phase) -> None:
    found = road(before, to, Kind.REAL)
    assert isinstance(found, NoRoad)
    assert found.why


def test_a_drill_can_be_cancelled_and_a_real_one_cannot() -> None:
    assert road(Phase.TRIAGE, Phase.CANCELLED, Kind.DRILL) == Road(Way.CANCEL, (Phase.CANCELLED,))
    assert isinstance(road(Phase.TRIAGE, Phase.CANCELLED, Kind.REAL), NoRoad)


def test_from_an_end_beside_the_way_there_is_no_road() -> None:
    for before in set(ENDED) - {Phase.CLOSED}:
        for to in set(Phase) - {before}:
            assert isinstance(road(before, to, Kind.DRILL), NoRoad)


@pytest.mark.ledger("S4-12")
def test_the_five_phases_of_the_texts_are_all_on_the_way() -> None:
    assert [name for name, _ in FIVE] == [
        "detect", "triage", "mitigate", "resolve", "post-incident",
    ]  # fmt: skip
    assert {phase for _, phases in FIVE for phase in phases} == set(WAY) - {Phase.CLOSED}
