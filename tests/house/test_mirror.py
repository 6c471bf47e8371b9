"""The tests lie as the code lies: tests/alerts/test_dedup.py is about alerts/dedup.py."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.support.source import HOME, SRC, functions, parsed, report, short

TESTS = HOME / "tests"
# What is about no single file: the house itself, stories through all of it, ways to break it, and
# the fixtures that all integrations are held to.
WITHOUT_MIRROR = {"house", "support", "journeys", "faults", "hostile", "integrations", "tools"}
NAME_WORDS_MIN = 4


def files_of_tests() -> list[Path]:
    return sorted(TESTS.rglob("test_*.py"))


def mirrored(test: Path) -> bool:
    """True where the file that the test is named for exists, or a package of that name.

    A long test file may be parted: test_actions_merge.py is still about actions.py.
    """
    folder = SRC / test.parent.relative_to(TESTS)
    words = test.stem.removeprefix("test_").split("_")
    stems = ["_".join(words[:count]) for count in range(len(words), 0, -1)]
    return any((folder / f"{stem}.py").exists() or (folder / stem).is_dir() for stem in stems)


def names_of_tests(tree: ast.Module) -> Iterator[str]:
    for function in functions(tree):
        if function.name.startswith("test_") and not is_fixture(function):
            yield function.name


def is_fixture(function: ast.FunctionDef | ast.AsyncFunctionDef) -> bool:
    return any("fixture" in ast.unparse(decorator) for decorator in function.decorator_list)


def is_sentence(name: str) -> bool:
    return len([word for word in name.removeprefix("test_").split("_") if word]) >= NAME_WORDS_MIN


def test_every_test_file_mirrors_a_file_of_the_product() -> None:
    astray = [
        f"{short(path)}: there is no such file in src/holdfast; name it for what it is about"
        for path in files_of_tests()
        if not WITHOUT_MIRROR.intersection(path.relative_to(TESTS).parts[:1])
        and "regressions" not in path.parts
        and not mirrored(path)
    ]
    assert not astray, report(astray)


def test_every_test_is_named_as_a_sentence() -> None:
    terse = [
        f"{short(path)}: {name}: say what is so, in {NAME_WORDS_MIN} words or more"
        for path in files_of_tests()
        for name in names_of_tests(parsed(path))
        if not is_sentence(name)
    ]
    assert not terse, report(terse)


def test_every_test_is_one_that_pytest_finds() -> None:
    """A test inside a helper, or in a file that pytest does not look into, shows nothing."""
    lost = [
        f"{short(path)}: {name} lies in a file that pytest does not collect"
        for path in sorted(TESTS.rglob("*.py"))
        if not path.name.startswith("test_")
        for name in names_of_tests(parsed(path))
    ]
    assert not lost, report(lost)


@pytest.mark.parametrize(
    ("path", "is_mirror"),
    [
        ("kernel/test_span.py", True),
        ("kernel/test_span_overlap.py", True),
        ("kernel/test_spam.py", False),
        ("test_spam_and_eggs.py", False),
    ],
)
def test_a_file_that_mirrors_nothing_is_noticed(path: str, *, is_mirror: bool) -> None:
    assert mirrored(TESTS / path) is is_mirror


@pytest.mark.parametrize(
    ("name", "sentence"),
    [("test_advance_2", False), ("test_the_second_step_is_reached_after_ten_minutes", True)],
)
def test_a_name_that_says_nothing_is_noticed(name: str, *, sentence: bool) -> None:
    assert is_sentence(name) is sentence
