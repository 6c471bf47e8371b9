"""Every rule there is: found by itself, explained, cited, shown by a test, and the only claims."""

from __future__ import annotations

import ast
import csv
import re
from collections import Counter
from functools import cache
from pathlib import Path

import pytest

from holdfast.guardrails import rules
from holdfast.guardrails.model import NoSuchGuardrail
from tests.support.screens import screens, words_of
from tests.support.source import HOME, SRC, parsed, report, short
from tools.guardrails import page

TESTS = HOME / "tests"
REFERENCE = HOME / "docs/reference/guardrails.md"
LEDGER = HOME / "docs/reference/ledger.csv"
CODE = re.compile(r"[A-Z]+(?:_[A-Z0-9]+)*")
# In the documentation a code stands in `code quotes` and has two words at the least, or is linked.
CLAIMED = re.compile(r"`([A-Z]+(?:_[A-Z0-9]+)+)`|/help/guardrails/([A-Z_0-9]+)")
# Settings, other programs' variables, and constants of ours.
NOT_CODES = re.compile(r"(HOLDFAST|REQUIRE|TEST|XDG)_.*|.*_(MAX|MIN)|NO_COLOR")


@cache
def shown() -> Counter[str]:
    """How often a test says that it shows the refusal of each code, wherever the mark is written:
    on a function, a class, a parameter or a whole file."""
    return Counter(
        ast.literal_eval(argument)
        for path in sorted(TESTS.rglob("test_*.py"))
        for node in ast.walk(parsed(path))
        if isinstance(node, ast.Call) and ast.unparse(node.func).endswith("mark.refuses")
        for argument in node.args
    )


def claimed(page: Path) -> set[str]:
    found = {one or other for one, other in CLAIMED.findall(page.read_text("utf-8"))}
    return {code for code in found if not NOT_CODES.fullmatch(code)}


def ledger_rows() -> set[str]:
    with LEDGER.open(encoding="utf-8", newline="") as file:
        return {row["id"] for row in csv.DictReader(file)}


def written() -> list[Path]:
    """The file of each function that is decorated as a rule, as often as there are such in it."""
    return [
        path
        for path in sorted(SRC.rglob("*.py"))
        for node in ast.walk(parsed(path))
        if isinstance(node, ast.FunctionDef)
        for decorator in node.decorator_list
        if isinstance(decorator, ast.Call) and ast.unparse(decorator.func) == "rule"
    ]


def test_every_rule_that_is_written_is_found_and_its_code_is_its_own() -> None:
    files = written()
    astray = [
        f"{short(path)}: rules stand in a guardrails.py of the domain"
        for path in files
        if path.name != "guardrails.py" or rules.FACES & set(path.relative_to(SRC).parts)
    ]
    assert not astray, report(astray)
    assert len(rules.by_code()) == len(files), "a code is found once; two of one code raise"


def test_every_rule_says_what_it_is_about_why_and_what_to_do() -> None:
    silent = []
    for code, rule in rules.by_code().items():
        assert CODE.fullmatch(code), f"{code} is written in capitals"
        for what, said in (("title", rule.title), ("why", rule.why), ("remedy", rule.remedies)):
            if not said:
                silent.append(f"{code} ({rules.package_of(rule)}) has no {what}")
        if not rule.title.endswith("."):
            silent.append(f"{code}: the title is a sentence, and the first of its docstring")
        if not re.fullmatch(r"[a-z_]+(\.[a-z_]+)+", rule.guards):
            silent.append(f"{code} guards {rule.guards!r}: name the package and the verb")
    assert not silent, report(silent)


def test_every_rule_rests_on_rows_that_the_ledger_has() -> None:
    rows = ledger_rows()
    wrong = [
        f"{code} cites {cite or 'nothing'}"
        for code, rule in rules.by_code().items()
        for cite in (rule.cites or ("",))
        if cite not in rows
    ]
    assert not wrong, report(wrong)


@pytest.mark.ledger("S0-67")
def test_every_rule_has_a_test_that_shows_its_refusal() -> None:
    missing = [
        f'{code} ({rules.package_of(rule)}): mark its test @pytest.mark.refuses("{code}")'
        for code, rule in rules.by_code().items()
        if not shown()[code]
    ]
    assert not missing, report(missing)


def test_no_test_shows_a_rule_that_does_not_exist() -> None:
    unknown = sorted(code for code in shown() if code not in rules.by_code())
    assert not unknown, f"there is no such rule: {', '.join(unknown)}"


@pytest.mark.ledger("S0-39")
def test_every_rule_has_its_help_page_for_whoever_asks() -> None:
    with screens() as web:
        stranger = web.stranger()
        for code, rule in rules.by_code().items():
            page = stranger.get(rule.help)
            assert page.status_code == 200, code
            told = words_of(page)
            for sentence in (code, rule.title, *rule.why, *rule.remedies):
                assert " ".join(sentence.split()) in told, f"{code}: {sentence}"


def test_no_documentation_claims_a_rule_that_does_not_exist() -> None:
    pages = [*sorted((HOME / "docs").rglob("*.md")), *sorted(HOME.glob("*.md"))]
    pages += sorted((HOME / "changelog.d").glob("*.md"))
    wrong = [
        f"{short(page)}: {code}"
        for page in pages
        for code in sorted(claimed(page))
        if code not in rules.by_code()
    ]
    assert not wrong, report(wrong)


def test_the_reference_lists_the_rules_as_they_are() -> None:
    text = REFERENCE.read_text("utf-8")
    assert text == page(text), "run `python -m tools.guardrails`"


def test_a_code_that_is_no_rule_is_not_found() -> None:
    with pytest.raises(NoSuchGuardrail, match="NO_SUCH"):
        rules.named("NO_SUCH")


def test_a_rule_knows_the_package_that_it_belongs_to() -> None:
    assert rules.package_of(rules.named("NO_FINAL_LEVEL")) == "escalation"


PLANTED = """
from holdfast.guardrails.model import Pass, Strength, rule

@rule("PLANTED", Strength.MUST, cites=[], guards="x.y")
def planted(facts):
    \"\"\"A title.\"\"\"
    return Pass()
"""


def plant(root: Path, package: str, text: str = PLANTED) -> Path:
    folder = root / package
    (folder / "deep").mkdir(parents=True)
    (folder / "__init__.py").write_text("")
    (folder / "deep/__init__.py").write_text("")
    (folder / "deep/guardrails.py").write_text(text)
    return folder


def test_a_rule_is_found_wherever_its_file_lies(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.syspath_prepend(str(tmp_path))
    folder = plant(tmp_path, "planted_once")
    assert list(rules.discover("planted_once", folder)) == ["PLANTED"]


def test_two_rules_of_one_code_are_an_error(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.syspath_prepend(str(tmp_path))
    folder = plant(tmp_path, "planted_twice")
    (folder / "guardrails.py").write_text(PLANTED)
    with pytest.raises(rules.TwoRules, match="PLANTED"):
        rules.discover("planted_twice", folder)


def test_a_file_of_rules_that_is_broken_is_never_passed_over(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.syspath_prepend(str(tmp_path))
    folder = plant(tmp_path, "planted_broken", "from nowhere import nothing\n")
    with pytest.raises(ModuleNotFoundError, match="nowhere"):
        rules.discover("planted_broken", folder)


def test_a_screen_of_the_same_name_is_no_file_of_rules(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.syspath_prepend(str(tmp_path))
    folder = plant(tmp_path, "planted_face")
    (folder / "web").mkdir()
    (folder / "web/guardrails.py").write_text("raise AssertionError\n")
    assert list(rules.discover("planted_face", folder)) == ["PLANTED"]
