"""A pack is read with the line of everything that is wrong with it."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from holdfast.practice import shipped
from holdfast.practice.model import MISTAKES_MAX, SHIPPED, NotAPack, Pack
from holdfast.practice.reader import from_tree, read
from holdfast.practice.tree import tree
from holdfast.practice.written import written
from tests.practice.build import ours, refused, text


def line_of(part: str, name: str = "union-5") -> int:
    """The line of the shipped file on which that stands first."""
    lines = shipped.text(name).splitlines()
    return next(number for number, line in enumerate(lines, 1) if part in line)


def read_or_refused(whole: str) -> Pack | NotAPack:
    try:
        return read(whole, "f")
    except NotAPack as error:
        return error


@pytest.mark.ledger("S3-06", "S2-04")
@pytest.mark.refuses("SEVERITY_WITHOUT_BEHAVIOUR")
@pytest.mark.parametrize(
    ("cell", "left"),
    [
        ("{internal: 15m, leaders: 30m, customers: 20m}", "{internal: , leaders: 30m}"),
        ("cadence: {internal: 15m, leaders: 30m, customers: 20m}", "cadence:"),
        ("{ack: 5m, engage: 5m, war_room: 15m, restore: 15m}", "{ack: 5m, engage: 5m}"),
        ("page: [roles, on_call, leadership]", "page:"),
        ("notify: [owners]", "notify: ~"),
        ("roles_required: [command, operations, communications, scribe]", "roles_required:"),
    ],
)
def test_a_blank_cell_is_a_label_without_behaviour_and_none_is_an_answer(
    cell: str, left: str
) -> None:
    found = refused((cell, left))
    assert found.codes == ("SEVERITY_WITHOUT_BEHAVIOUR",)
    assert found.mistakes[0].line == line_of(cell)
    assert "level SEV0" in found.mistakes[0].message
    assert "none says that there is none" in found.mistakes[0].remedy


@pytest.mark.ledger("S3-06")
def test_none_is_a_cell_that_is_filled() -> None:
    cadence = "{internal: 15m, leaders: 30m, customers: 20m}"
    level = ours((cadence, "{internal: 15m, leaders: none, customers: none}")).levels[0]
    assert [span is None for span in level.cadence.values()] == [False, True, True]
    assert ours(("notify: [owners]", "notify: none")).levels[0].notify == ()


@pytest.mark.ledger("S2-04")
@pytest.mark.refuses("SEVERITY_WITHOUT_BEHAVIOUR")
def test_an_empty_action_cell_is_refused() -> None:
    lines = text().splitlines()
    start = next(n for n, line in enumerate(lines) if "    response:" in line)
    end = next(n for n, line in enumerate(lines) if "    hours:" in line)
    with pytest.raises(NotAPack) as refusal:
        read("\n".join([*lines[:start], "    response:", *lines[end:]]), "ours.yaml")
    assert refusal.value.code == "SEVERITY_WITHOUT_BEHAVIOUR"
    assert str(refusal.value.detail).startswith(f"ours.yaml:{start + 1}: response of level SEV0")


@pytest.mark.refuses("POLICY_INCONSISTENT")
def test_what_does_not_fit_together_is_told_at_its_line_with_the_pair() -> None:
    found = refused(("{ack: 5m, engage: 5m,", "{ack: 9m, engage: 5m,"))
    assert found.codes == ("POLICY_INCONSISTENT",)
    assert found.mistakes[0].line == line_of("clocks: {ack: 5m, engage: 5m,")
    assert found.mistakes[0].message == "SEV0: ack 9m does not fit engage 5m."


@pytest.mark.parametrize(
    ("before", "after", "message", "remedy"),
    [
        ("hours: always", "hours: alway", "hours of level SEV0: “alway” is not known.",
         "Did you mean always?"),
        ("ack: 5m", "ack: soon", "ack of clocks of level SEV0: “soon” is not a duration.",
         "Write 90s, 5m, 1h30m, 2d, 1w or PT15M."),
        ("page: [roles, on_call, leadership]", "page: [everyone]",
         "page of level SEV0: “everyone” is nobody who can be paged.", "Use owners, on_call"),
        ("apart: [command operations communications scribe, command technical_lead]",
         "apart: [command]", "apart of level SEV0: “command” is fewer than two roles.", "Write"),
        ("    due: none", "    due: none\n    priority: none",
         "level SEV0 has no field “priority”.", "Write rank, label"),
        ("    cites: [S0-05", "    cite: none\n    cites: [S0-05",
         "level SEV0 has no field “cite”.", "Did you mean cites?"),
        ("required: [customer_impact", "required: [bad_mood",
         "required of triggers: “bad_mood” is no trigger.", "Use one of: any_incident"),
        ("users_affected_min: 90%", "users_affected_min: 190%",
         "users_affected_min of level SEV0: “190%” is not a percentage.", "Write 0 to 100."),
        ("time_zone: UTC", "time_zone: Moon", "time_zone of the calendar: “Moon”", "Use a name"),
        ("postmortem_due: 3d", "postmortem_due: 99 business days",
         "postmortem_due of level SEV0: “99 business days” is not 1 to 60", "Write 1 business"),
        ("rank: 1", "rank: 0", "SEV1 has rank 0 after 0.", "Give ranks that grow"),
        ("aliases: [P1]", "aliases: [P0]", "P0 names both SEV0 and SEV1.", "Give each level"),
    ],
)  # fmt: skip
def test_a_mistake_says_what_is_wrong_and_what_to_write(
    before: str, after: str, message: str, remedy: str
) -> None:
    found = refused((before, after)).mistakes[0]
    assert message in found.message
    assert found.remedy.startswith(remedy)


@pytest.mark.ledger("S3-02")
@pytest.mark.refuses("LADDER_TOO_LONG")
def test_a_ladder_of_nine_levels_is_refused_whatever_else_is_wrong_with_it() -> None:
    whole = text()
    start, end = whole.index("  - rank: 4"), whole.index("limits:")
    mildest = whole[start:end]
    more = "".join(
        mildest.replace("rank: 4", f"rank: {rank}").replace("SEV4", f"SEV{rank}").replace("P4", "")
        for rank in range(5, 9)
    )
    found = refused((mildest, mildest + more))
    assert found.code == "LADDER_TOO_LONG"
    assert "the ladder has 9 levels; 6 is the most." in found.detail


def test_every_mistake_is_told_at_once_in_the_order_of_the_lines() -> None:
    found = refused(
        ("hours: always", "hours: x"), ("rank: 2", "rank: two"), ("engage: 5m", "engage: y")
    )
    assert [mistake.line for mistake in found.mistakes] == sorted(m.line for m in found.mistakes)
    assert len(found.mistakes) == 3
    assert found.detail.endswith("(2 more mistakes)")


@pytest.mark.parametrize(
    "broken",
    [
        "", "[]", "pack", "pack: a\n---\npack: b", "pack: &x a\ntitle: *x", "pack: !!python/name a",
        "pack: a\npack: b", "pack: [[[[[[[[[[a]]]]]]]]]]", "pack: {", "? [a]\n: b", "a" * 200_001,
    ],
)  # fmt: skip
def test_what_is_no_pack_at_all_is_refused_with_a_remedy(broken: str) -> None:
    with pytest.raises(NotAPack) as refusal:
        read(broken, "x.yaml")
    assert refusal.value.detail.startswith("x.yaml:")
    assert refusal.value.remedy


@given(st.data())
def test_whatever_becomes_of_a_file_it_is_a_pack_or_a_refusal_with_lines(
    data: st.DataObject,
) -> None:
    lines = shipped.text("imag-3").splitlines()
    for _ in range(data.draw(st.integers(1, 4))):
        place = data.draw(st.integers(0, len(lines) - 1))
        change = data.draw(st.sampled_from(("drop", "blank", "swap", "indent", "word")))
        other = data.draw(st.integers(0, len(lines) - 1))
        lines[place] = {
            "drop": "",
            "blank": lines[place].partition(":")[0] + ":",
            "swap": lines[other],
            "indent": "  " + lines[place],
            "word": lines[place].partition(":")[0] + ": " + data.draw(st.text(max_size=8)),
        }[change]
    found = read_or_refused("\n".join(lines))
    if isinstance(found, NotAPack):
        assert all(1 <= mistake.line <= len(lines) + 1 for mistake in found.mistakes)
        assert all(mistake.message and mistake.remedy for mistake in found.mistakes)
    else:
        assert read(written(found), "f") == found


def test_a_file_of_nothing_but_mistakes_is_refused_soon_and_with_the_first_of_them() -> None:
    broken = "\n".join(f"k{number}: x" for number in range(20_000))
    with pytest.raises(NotAPack) as refusal:
        read(broken, "f")
    assert len(refusal.value.mistakes) == MISTAKES_MAX
    assert "more mistakes" in refusal.value.detail


def test_a_label_is_as_short_as_what_shows_it() -> None:
    found = refused(("label: SEV0", f"label: {'S' * 61}"))
    assert "longer than 60 characters" in found.mistakes[0].message


def test_a_pack_cannot_be_called_none() -> None:
    assert "there is no pack" in refused(("pack: ours", "pack: none")).mistakes[0].message


@pytest.mark.parametrize("name", SHIPPED)
def test_reading_the_tree_is_reading_the_file(name: str) -> None:
    found = from_tree(tree(shipped.text(name), "f"), "f")
    assert found == read(shipped.text(name), "f") == shipped.pack(name)
