"""One word for one thing, in code and on screen alike (GLOSSARY.md). glossary.csv holds the rules.

Columns: the wrong word; the concept that it was meant for; where it is looked for, any of `files`,
`classes`, `functions`, `identifiers` (those and all other names in src), `templates`, `words` (the
strings in words.py files) and `docs`; the right word; and files it does not apply to.
"""

from __future__ import annotations

import ast
import csv
import re
from collections.abc import Iterator
from dataclasses import dataclass
from fnmatch import fnmatch
from functools import cache
from pathlib import Path

import pytest

from tests.support.source import SRC, own_files, parsed, python_files, report, short

TABLE = Path(__file__).with_name("glossary.csv")
PLACES = {"files", "classes", "functions", "identifiers", "templates", "words", "docs"}
# These quote wrong words in order to warn of them.
ABOUT_WORDS = ("GLOSSARY.md", "STYLE.md", "docs/decisions/*", "CHANGELOG.md")
# Expressions of the contract in which such a word means what it says.
STANDING = re.compile(r"\b(false alarms?|acked at)\b")
CODE_IN_PROSE = re.compile(r"```.*?```|`[^`\n]*`|\]\([^)]*\)|<[^>]*>|https?://\S+", re.DOTALL)
CODE_IN_TEMPLATES = re.compile(
    r"\{#.*?#}|\{%.*?%}|\{\{.*?}}|<script.*?</script>|<[^>]*>", re.DOTALL
)


@dataclass(frozen=True, slots=True)
class Rule:
    """One line of the table."""

    wrong: str
    concept: str
    where: frozenset[str]
    right: str
    exempt: tuple[str, ...]

    def applies_to(self, place: str, path: Path) -> bool:
        return place in self.where and not any(fnmatch(short(path), glob) for glob in self.exempt)


@dataclass(frozen=True, slots=True)
class Saying:
    """Some words found somewhere, lower case with single spaces."""

    place: str
    path: Path
    line: int
    text: str
    is_prose: bool = False

    def says(self, wrong: str) -> bool:
        ending = "s?" if self.is_prose else ""
        text = STANDING.sub(" ", self.text)
        return re.search(rf"(?<![\w']){re.escape(wrong)}{ending}(?![\w'])", text) is not None


@cache
def rules() -> list[Rule]:
    with TABLE.open(encoding="utf-8", newline="") as file:
        return [
            Rule(
                row["wrong"],
                row["concept"],
                frozenset(row["where"].split("|")),
                row["right"],
                tuple(filter(None, (row["except"] or "").split("|"))),
            )
            for row in csv.DictReader(file)
        ]


def segments(name: str) -> str:
    """The words of an identifier: `AlertGroup_ids` -> `alert group ids`."""
    spaced = re.sub(r"(?<=[a-z0-9])(?=[A-Z])", " ", name)
    return " ".join(re.sub(r"[_\W]+", " ", spaced).lower().split())


def prose(text: str) -> str:
    return " ".join(re.sub(r"[-\u2010\u2011\s]+", " ", text.replace("\u2019", "'")).lower().split())


def sayings() -> Iterator[Saying]:
    for path in python_files("src"):
        yield Saying("files", path, 1, segments(path.stem))
        yield from named_in(path)
        if path.name == "words.py":
            yield from strings_in(path)
    for path in sorted(SRC.rglob("*.html")):
        text = without(CODE_IN_TEMPLATES, path.read_text("utf-8"))
        yield from (Saying("templates", path, n, t, is_prose=True) for n, t in lines(text))
    for path in own_files():
        if path.suffix == ".md" and not any(fnmatch(short(path), glob) for glob in ABOUT_WORDS):
            text = without(CODE_IN_PROSE, path.read_text("utf-8"))
            yield from (Saying("docs", path, n, t, is_prose=True) for n, t in lines(text))


def named_in(path: Path) -> Iterator[Saying]:
    """Every name that the file defines: what others made is not ours to name."""
    for node in ast.walk(parsed(path)):
        if isinstance(node, ast.ClassDef):
            yield Saying("classes", path, node.lineno, segments(node.name))
        elif isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            yield Saying("functions", path, node.lineno, segments(node.name))
        elif isinstance(node, ast.arg):
            yield Saying("identifiers", path, node.lineno, segments(node.arg))
        elif isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store):
            yield Saying("identifiers", path, node.lineno, segments(node.id))
        elif isinstance(node, ast.Attribute) and isinstance(node.ctx, ast.Store):
            yield Saying("identifiers", path, node.lineno, segments(node.attr))


def strings_in(path: Path) -> Iterator[Saying]:
    for node in ast.walk(parsed(path)):
        if isinstance(node, ast.Constant) and isinstance(node.value, str):
            yield Saying("words", path, node.lineno, prose(node.value), is_prose=True)


def without(code: re.Pattern[str], text: str) -> str:
    """The text with code blanked out, line numbers kept."""
    return code.sub(lambda match: " " + "\n" * match[0].count("\n"), text)


def lines(text: str) -> Iterator[tuple[int, str]]:
    """Each line with the start of the next, so that a wrapped word pair is found as well."""
    all_lines = text.splitlines()
    for number, line in enumerate(all_lines, 1):
        following = all_lines[number].split()[:1] if number < len(all_lines) else []
        yield number, prose(" ".join([line, *following]))


def breaches(saying: Saying) -> Iterator[str]:
    """What is wrong with it, in words. Class and function names are identifiers too."""
    places = {saying.place}
    if saying.place in {"classes", "functions"}:
        places.add("identifiers")
    for rule in rules():
        applies = any(rule.applies_to(place, saying.path) for place in places)
        if applies and saying.says(rule.wrong):
            where = f"{short(saying.path)}:{saying.line}"
            yield f"{where}: “{rule.wrong}” for {rule.concept}; say {rule.right}"


def test_everybody_uses_the_words_of_the_glossary() -> None:
    found = sorted({breach for saying in sayings() for breach in breaches(saying)})
    assert not found, report(found)


def test_the_table_itself_is_well_formed() -> None:
    for rule in rules():
        assert rule.where <= PLACES, f"{rule.wrong}: unknown place in {sorted(rule.where)}"
        assert rule.right, f"{rule.wrong}: what should one say instead?"


@pytest.mark.parametrize(
    ("place", "text", "wrong"),
    [
        ("identifiers", segments("alertGroup_ids"), "alert group"),
        ("functions", segments("ack_alert"), "ack"),
        ("docs", prose("We look for the root-cause."), "root cause"),
        ("templates", prose("Post-mortems"), "post mortem"),
        ("classes", segments("AlertManager"), "manager"),
    ],
)
def test_a_wrong_word_is_found_however_it_is_spelt(place: str, text: str, wrong: str) -> None:
    saying = Saying(place, SRC / "x/y.py", 1, text, is_prose=place in {"docs", "templates"})
    assert saying.says(wrong)
    assert any(f"“{wrong}”" in breach for breach in breaches(saying))


@pytest.mark.parametrize("name", ["acknowledge", "package", "described", "rotation", "muteness"])
def test_a_right_word_that_holds_a_wrong_one_is_left_alone(name: str) -> None:
    assert not list(breaches(Saying("functions", SRC / "x/y.py", 1, segments(name))))
