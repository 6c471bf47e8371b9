"""Times, dates and zones as people write them."""

from __future__ import annotations

from datetime import UTC, date, datetime, time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from holdfast.configuration.mistakes import Mistakes
from holdfast.configuration.model import Desired, File
from holdfast.configuration.parse.document import parse
from holdfast.kernel.span import Span
from holdfast.schedules.model import Hours, Unit
from tests.configuration.build import EXAMPLE, INTEGRATIONS

SCHEDULE = """\
schedules:
  - id: s
    team: t
    time_zone: Europe/Lisbon
    rotations:
      - id: r
        members: [ana, null, ~, bo]
        handoff: {every: 12h, at: AT}
        starts: STARTS
        hours: [{days: [mon, Sunday], from: 22:00, to: "24:00"}]
    overrides:
      - {id: o, member: bo, from: FROM, until: UNTIL}
"""


def parsed(text: str) -> tuple[Desired, Mistakes]:
    mistakes = Mistakes()
    return parse([File("a.yaml", text)], INTEGRATIONS, mistakes), mistakes


def written(**words: str) -> str:
    text = SCHEDULE
    fields = {"at": "09:00", "starts": "2026-11-16", "from": "2026-12-24T09:00",
              "until": "2026-12-26T09:00", **words}  # fmt: skip
    for name, value in fields.items():
        text = text.replace(name.upper(), value)
    return text


@pytest.mark.parametrize("quoted", ["09:00", "'09:00'", '"09:00"', "9:00"])
def test_a_time_of_day_needs_no_quotation_marks(quoted: str) -> None:
    desired, mistakes = parsed(written(at=quoted))
    assert not mistakes.found
    rotation = desired.schedules["s"].value.rotations[0]
    assert rotation.handoff.at == time(9, 0)
    assert (rotation.handoff.every, rotation.handoff.unit) == (12, Unit.HOURS)
    assert rotation.members == ("ana", None, None, "bo")
    assert rotation.hours == (Hours(frozenset({0, 6}), time(22), time(0)),)


@pytest.mark.parametrize("quoted", ["2026-11-16", "'2026-11-16'"])
def test_a_date_needs_no_quotation_marks(quoted: str) -> None:
    desired, _ = parsed(written(starts=quoted))
    assert desired.schedules["s"].value.rotations[0].starts == date(2026, 11, 16)


@pytest.mark.parametrize(
    ("start", "end", "hours"),
    [
        ("2026-12-24T09:00", "2026-12-24T12:00", (9, 12)),
        ("2026-12-24 09:00", "2026-12-24 12:00:00", (9, 12)),
        ("2026-12-24T09:00+02:00", "2026-12-24T09:00Z", (7, 9)),
        ("2026-07-24T09:00", "2026-07-24T12:00", (8, 11)),  # summer time
        ("2026-10-25T01:00", "2026-10-25T01:30", (0, 1.5)),  # an hour that comes twice is kept
        ("2026-03-29T01:30", "2026-03-29T03:00", (1, 2)),  # one that is skipped begins after it
    ],
)
def test_a_local_time_is_in_the_zone_of_its_schedule(
    start: str, end: str, hours: tuple[float, float]
) -> None:
    desired, mistakes = parsed(written(**{"from": start, "until": end}))
    assert not mistakes.found
    day = datetime.fromisoformat(start[:10]).replace(tzinfo=UTC)
    begins, ends = (day.replace(hour=int(h), minute=int(h % 1 * 60)) for h in hours)
    assert desired.schedules["s"].value.overrides[0].span == Span(begins, ends)


def test_what_a_source_wants_keeps_its_shape() -> None:
    settings = (
        "{mapping: {title: a.b, dedup: [x, y]}, resolved_values: [ok, 'no', 200, true, null]}"
    )
    desired, mistakes = parsed(
        f"connections: [{{id: c, kind: generic, service: s, settings: {settings}}}]"
    )
    assert not mistakes.found
    assert desired.connections["c"].value.settings == {
        "mapping": {"title": "a.b", "dedup": ["x", "y"]},
        "resolved_values": ["ok", "no", 200, True, None],
    }


def test_a_key_is_never_part_of_what_can_be_printed() -> None:
    desired, _ = parsed(EXAMPLE)
    assert desired.keys["nightly"] == "00112233445566778899aabbccddeeff"
    assert "00112233445566778899aabbccddeeff" not in repr(desired)


# Pieces of real files, put together at random: more of them are almost right than of any text.
PIECES = st.sampled_from(
    (*EXAMPLE.splitlines(keepends=True), *SCHEDULE.splitlines(keepends=True), "  - {}\n", "  - [\n",
     "users: {a: b}\n", "  - id: [x]\n", "    methods: [1, {}, null]\n", "    rules: []\n",
     "    rules: {high: {after: 1}}\n", "    steps: [[]]\n", "    time_zone: ../etc\n", "\t")
)  # fmt: skip


@given(st.one_of(st.lists(PIECES, max_size=12).map("".join), st.text(max_size=80)))
def test_any_file_is_parsed_or_told_about(text: str) -> None:
    desired, mistakes = parsed(text)
    assert all(mistake.remedy for mistake in mistakes.found)
    assert mistakes.found or len(desired.users) <= text.count("id")
