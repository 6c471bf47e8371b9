"""A pack of one's own stands in a file of its own, or inside the configuration."""

from __future__ import annotations

from collections.abc import Iterator
from textwrap import indent

import pytest

from holdfast.practice import queries
from holdfast.practice.model import Pack
from tests.configuration.build import Instance
from tests.practice.build import ours, text

INLINE = "practice:\n" + indent(text(), "  ")


@pytest.fixture
def instance() -> Iterator[Instance]:
    made = Instance()
    yield made
    made.close()


def in_force(instance: Instance) -> Pack:
    with instance.look() as tx:
        return queries.active(tx)


def test_the_practice_is_a_pack_by_its_name_in_another_document(instance: Instance) -> None:
    plan = instance.apply("practice: ours\n", text())
    assert [(change.kind, change.object, change.id) for change in plan.changes] == [
        ("create", "practice pack", "ours"), ("change", "practice", "ours"),
    ]  # fmt: skip
    assert in_force(instance) == ours()
    assert not instance.apply("practice: ours\n", text()).changes
    assert not instance.apply("practice: ours\n").changes


def test_the_practice_is_a_pack_by_the_name_of_its_file(instance: Instance) -> None:
    instance.apply("practice: more-1.yaml\n", text())
    assert in_force(instance) == ours()


def test_the_practice_is_a_pack_that_stands_in_its_place(instance: Instance) -> None:
    instance.apply(INLINE)
    assert in_force(instance) == ours()


def test_a_pack_is_kept_without_being_chosen(instance: Instance) -> None:
    instance.apply(text())
    assert in_force(instance).name == "union-5"
    instance.apply("practice: ours\n")
    assert in_force(instance) == ours()


@pytest.mark.ledger("S0-10")
def test_an_export_with_packs_of_ones_own_makes_the_same_elsewhere(instance: Instance) -> None:
    other = text(name="imag-3").replace("pack: ours", "pack: theirs")
    instance.apply(INLINE, other)
    exported = instance.export()
    elsewhere = Instance()
    elsewhere.apply(exported)
    assert elsewhere.export() == exported
    assert in_force(elsewhere) == ours()
    with elsewhere.look() as tx, instance.look() as here:
        assert queries.export(tx, "theirs") == queries.export(here, "theirs")
    elsewhere.close()


def test_the_difference_names_the_level_and_the_clock(instance: Instance) -> None:
    instance.apply(INLINE)
    plan = instance.plan(text(("restore: 4h", "restore: 3h")))
    (change,) = plan.changes
    assert [(each.field, each.before, each.after) for each in change.fields] == [
        ("levels.SEV2.clocks.restore", "4h", "3h")
    ]


def test_no_practice_can_be_asked_for(instance: Instance) -> None:
    instance.apply("practice: none\n")
    with instance.look() as tx:
        assert queries.in_force(tx) is None
    assert "practice: none" in instance.export()


@pytest.mark.ledger("S3-06")
@pytest.mark.refuses("SEVERITY_WITHOUT_BEHAVIOUR")
def test_a_blank_cell_is_refused_at_its_line_with_the_code(instance: Instance) -> None:
    broken = text(("notify: [owners]", "notify:"))
    line = broken.splitlines().index("    notify:") + 1
    (mistake,) = instance.refusal("practice: ours\n", broken).mistakes[:1]
    assert (mistake.place.file, mistake.place.line) == ("more-1.yaml", line)
    assert mistake.code == "SEVERITY_WITHOUT_BEHAVIOUR"
    assert mistake.help == "/help/guardrails/SEVERITY_WITHOUT_BEHAVIOUR"


@pytest.mark.parametrize(
    ("files", "message"),
    [
        (("practice: my.yaml\n",), "config.yaml:1: practice of the file: “my.yaml” is not known."),
        ((text(), text()), "more-1.yaml:1: practice pack ours is there twice"),
        (("practice: union-5\n", INLINE), "more-1.yaml:1: the practice is union-5 already"),
        ((text().replace("pack: ours", "pack: union-5"),), "union-5 is shipped with Holdfast"),
        (
            (text(("page: [on_call]", "page: [team:pymts]")),),
            "page of level SEV2 is team:pymts, which does not exist.",
        ),
        (
            (text(("    exclusive: false", "    exclusive: false\n    schedule: nights")),),
            "role operations comes from schedule nights, which does not exist.",
        ),
    ],
)
def test_what_does_not_fit_the_rest_is_refused_by_line(
    instance: Instance, files: tuple[str, ...], message: str
) -> None:
    assert message in "\n".join(map(str, instance.refusal(*files).mistakes))
