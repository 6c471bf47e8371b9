"""Where evidence comes from, and what is missing of it."""

from __future__ import annotations

import pytest

from holdfast.incidents.record.evidence import missing, stamped, stands
from holdfast.incidents.record.model import Evidence, EvidenceKind
from tests.support.database import START

METRIC = Evidence(EvidenceKind.METRIC, value="38 %")
TRACE = Evidence(EvidenceKind.TRACE, link="https://t.test/1")
LOG = Evidence(EvidenceKind.LOG, entry="en_1")


@pytest.mark.ledger("S0-24")
@pytest.mark.parametrize(
    ("pieces", "excused", "names"),
    [
        ([METRIC, TRACE, LOG], {}, []),
        ([METRIC], {}, ["trace", "log"]),
        ([METRIC], {EvidenceKind.TRACE: "not instrumented"}, ["log"]),
        ([METRIC], {EvidenceKind.TRACE: "a", EvidenceKind.LOG: "b"}, []),
        ([METRIC], {EvidenceKind.TRACE: " ", EvidenceKind.LOG: ""}, ["trace", "log"]),
        ([Evidence(EvidenceKind.METRIC)], {}, ["metric", "trace", "log"]),
        ([Evidence(EvidenceKind.SEEN)], {}, ["metric", "trace", "log"]),
    ],
)
def test_each_of_three_kinds_is_there_or_has_a_reason(
    pieces: list[Evidence], excused: dict[EvidenceKind, str], names: list[str]
) -> None:
    assert [kind.value for kind in missing(pieces, excused)] == names


def test_a_witness_stands_without_a_link_and_a_metric_does_not() -> None:
    assert stands(Evidence(EvidenceKind.SEEN))
    assert not stands(Evidence(EvidenceKind.METRIC, source="Grafana"))


def test_the_same_value_has_the_same_digest_whoever_brings_it() -> None:
    (by_ana,), (by_bo,) = stamped([METRIC], "ana", START), stamped([METRIC], "bo", START)
    assert by_ana.digest == by_bo.digest
    assert (by_ana.collector, by_bo.collector) == ("ana", "bo")
