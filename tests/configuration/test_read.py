"""Words stay as they were written, and no file can do harm."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from holdfast.configuration.mistakes import Mistakes
from holdfast.configuration.model import FILE_CHARS_MAX, File, Mistake
from holdfast.configuration.read import DEPTH_MAX, Entries, Node, Scalar, Sequence, lines_of, read


def look(text: str) -> tuple[list[Node], list[Mistake]]:
    mistakes = Mistakes()
    return read(File("a.yaml", text), mistakes), mistakes.found


def one(text: str) -> Node:
    documents, mistakes = look(text)
    assert not mistakes
    assert len(documents) == 1
    return documents[0]


def plain(node: Node) -> object:
    match node:
        case Scalar():
            return None if node.is_null else node.text
        case Sequence():
            return [plain(item) for item in node.items]
        case Entries():
            return {key: plain(value) for key, value in node.values.items()}


@pytest.mark.parametrize(
    ("written", "read_as"),
    [
        ("09:00", "09:00"),  # 540 in YAML 1.1
        ('"09:00"', "09:00"),
        ("2026-11-16", "2026-11-16"),
        ("2026-12-24T09:00", "2026-12-24T09:00"),
        ("0123456789", "0123456789"),
        ("1e3", "1e3"),
        ("no", "no"),
        ("~", None),
        ("null", None),
        ('"null"', "null"),
        ("", None),
    ],
)
def test_a_word_is_read_as_it_was_written(written: str, read_as: object) -> None:
    assert plain(one(f"on: {written}")) == {"on": read_as}


def test_several_documents_are_read_and_empty_ones_are_nothing() -> None:
    documents, mistakes = look("---\na: 1\n---\n---\nb: 2\n...\n")
    assert [plain(document) for document in documents] == [{"a": "1"}, {"b": "2"}]
    assert not mistakes


def test_every_field_knows_its_line() -> None:
    node = one("a:\n  - b: 1\n    c:\n      - x\n      - y\n")
    assert dict(lines_of(node)) == {
        "a": 1, "a[0]": 2, "a[0].b": 2, "a[0].c": 3, "a[0].c[0]": 4, "a[0].c[1]": 5,
    }  # fmt: skip


def test_an_alias_stands_for_what_its_anchor_holds() -> None:
    assert plain(one("a: &x [1, 2]\nb: *x\n")) == {"a": ["1", "2"], "b": ["1", "2"]}


BOMB = "a0: &a0 [x, x, x, x, x, x, x, x, x, x]\n" + "".join(
    f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 10)}]\n" for n in range(1, 10)
)


@pytest.mark.parametrize(
    ("text", "line", "says"),
    [
        ("a: 1\na: 2\n", 2, "stands here twice; the first is in line 1"),
        ("a: [1, 2\nb: 3\n", 2, "this is not YAML"),
        ("a: 1\n\tb: 2\n", 2, "this is not YAML"),
        ("a: 'x\n", 2, "this is not YAML"),
        ("a: 1\nb: !!python/object/apply:os.system [ls]\n", 2, "means nothing here"),
        ("a: !secret x\n", 1, "means nothing here"),
        ("a: *nowhere\n", 1, "stands for something that is not there"),
        ("a: &a [*a]\n", 1, "or for itself"),
        (BOMB, 6, "with every alias written out"),
        ("[" * 100_000, 1, f"more than {DEPTH_MAX} levels deep"),
        ("a: &a [[[[[[[1]]]]]]]\nb: [[[[[[[[[[*a]]]]]]]]]]\n", 2, "levels deep"),
        ("? [a, b]\n: 1\n", 1, "a key must be one word"),
        ("a: " + "x" * 30_000, 1, "longer than 20000 characters"),
        ('a: 1\nb: "x\\0y"\n', 2, "characters that are not text"),
        ("a: \ud800", 1, "is not UTF-8"),
        ("x" * (FILE_CHARS_MAX + 1), 1, "longer than 4 MiB"),
    ],
)
def test_what_cannot_be_read_is_told_with_its_line(text: str, line: int, says: str) -> None:
    _, mistakes = look(text)
    assert len(mistakes) == 1
    assert mistakes[0].place.line == line
    assert says in mistakes[0].message
    assert mistakes[0].remedy


@given(
    st.one_of(
        st.text(st.characters(codec=None), max_size=200),
        st.text(st.sampled_from("a:-[]{}&*!|>'\"#%@,?~ \n\t0123\\\ud800\ufeff"), max_size=60),
    )
)
def test_any_text_is_read_or_told_about_and_nothing_else_happens(text: str) -> None:
    documents, mistakes = look(text)
    assert all(isinstance(document, Scalar | Sequence | Entries) for document in documents)
    assert all(mistake.place.line >= 1 and mistake.message for mistake in mistakes)
