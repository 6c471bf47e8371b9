"""The house rules that no off-the-shelf linter knows. A failure names file, line and remedy."""

from __future__ import annotations

import ast
import re
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from tokenize import COMMENT, tokenize

import pytest

from tests.support.source import HOME, SRC, functions, parsed, python_files, report, short

FILE_LINES_MAX = 400
FUNCTION_LINES_MAX = 50
EXCEPTIONS = Path(__file__).with_name("exceptions.txt")

# What is called -> where alone it may be, and what to use instead.
BANNED = {
    "datetime.now": ("kernel/clock.py", "tx.now, or a `now` parameter"),
    "datetime.utcnow": ("", "tx.now, or a `now` parameter"),
    "datetime.today": ("", "tx.now, or a `now` parameter"),
    "date.today": ("", "tx.now in a named zone"),
    "time.time": ("kernel/clock.py", "the Clock"),
    "time.monotonic": ("kernel/clock.py", "the Clock's monotonic()"),
    "time.sleep": ("", "a row with a due instant, or an Event to wait on"),
    "os.urandom": ("kernel/chance.py", "Chance"),
    "os.system": ("", "subprocess.run with a list of words"),
}
# A muted check says why, after it on the same line.
MUTED = re.compile(r"#\s*(?:noqa\b(?P<noqa>.*)|type:\s*ignore(?:\[[^]]*])?(?P<ignore>.*))$")
REASON_CHARS_MIN = 5


@dataclass(frozen=True, slots=True)
class Finding:
    """One breach. `size` adds up per rule and file, and is what an exception allows."""

    rule: str
    path: Path
    line: int
    size: int
    remedy: str

    def __str__(self) -> str:
        return f"{short(self.path)}:{self.line}: [{self.rule}] {self.remedy}"


def long_files(path: Path, tree: ast.Module) -> Iterator[Finding]:
    lines = path.read_text("utf-8").count("\n")
    if lines > FILE_LINES_MAX:
        remedy = f"{lines} lines; split it along a domain idea"
        yield Finding("file-lines", path, 1, lines, remedy)


def long_functions(path: Path, tree: ast.Module) -> Iterator[Finding]:
    for node in functions(tree):
        lines = (node.end_lineno or node.lineno) - node.lineno + 1
        if lines > FUNCTION_LINES_MAX:
            remedy = f"{node.name}() is {lines} lines; give its parts names"
            yield Finding("function-lines", path, node.lineno, lines, remedy)


def hidden_imports(path: Path, tree: ast.Module) -> Iterator[Finding]:
    for function in functions(tree):
        for node in ast.walk(function):
            if isinstance(node, ast.Import | ast.ImportFrom):
                remedy = "an import inside a function hides a cycle; move it up or break the cycle"
                yield Finding("hidden-import", path, node.lineno, 1, remedy)


def broad_excepts(path: Path, tree: ast.Module) -> Iterator[Finding]:
    for node in ast.walk(tree):
        if not isinstance(node, ast.ExceptHandler):
            continue
        caught = "everything" if node.type is None else ast.unparse(node.type)
        is_broad = node.type is None or re.search(r"\b(Base)?Exception\b", caught)
        if is_broad and not any(isinstance(inner, ast.Raise) for inner in ast.walk(node)):
            remedy = f"catches {caught} and does not re-raise; catch what you expect"
            yield Finding("broad-except", path, node.lineno, 1, remedy)


def banned_calls(path: Path, tree: ast.Module) -> Iterator[Finding]:
    name = path.relative_to(SRC).as_posix()
    for node in ast.walk(tree):
        if isinstance(node, ast.Call):
            called = ".".join(ast.unparse(node.func).rsplit(".", 2)[-2:])
            place, instead = BANNED.get(called, (name, ""))
            if place != name:
                yield Finding("banned-call", path, node.lineno, 1, f"{called}(): use {instead}")


def mutes_without_reason(path: Path, tree: ast.Module) -> Iterator[Finding]:
    with path.open("rb") as file:
        comments = [token for token in tokenize(file.readline) if token.type == COMMENT]
    for comment in comments:
        if match := MUTED.search(comment.string):
            reason = re.sub(r"^[:\s]*[A-Z0-9, ]*", "", match["noqa"] or "") or match["ignore"] or ""
            if len(reason.strip(" #-:")) < REASON_CHARS_MIN:
                remedy = "a muted check says why on its line: `# noqa: X1 - because ...`"
                yield Finding("mute-without-reason", path, comment.start[0], 1, remedy)


EVERYWHERE = (long_files, long_functions, mutes_without_reason)
IN_THE_PRODUCT = (hidden_imports, broad_excepts, banned_calls)


def all_findings() -> Iterator[Finding]:
    for path in python_files("src", "tests", "tools"):
        tree = parsed(path)
        for rule in EVERYWHERE if SRC not in path.parents else EVERYWHERE + IN_THE_PRODUCT:
            yield from rule(path, tree)


def allowed() -> dict[tuple[str, str], int]:
    """Rule and file of each listed exception -> how much of it there is."""
    exceptions = {}
    for line in EXCEPTIONS.read_text("utf-8").splitlines():
        if line.strip() and not line.startswith("#"):
            rule, path, size, reason = line.split(None, 3)
            assert len(reason) >= REASON_CHARS_MIN, f"an exception without a reason: {line}"
            exceptions[rule, path] = int(size)
    return exceptions


def test_the_house_is_tidy() -> None:
    found: defaultdict[tuple[str, str], list[Finding]] = defaultdict(list)
    for finding in all_findings():
        found[finding.rule, short(finding.path)].append(finding)
    exceptions = allowed()
    messages = []
    for key, findings in found.items():
        size, limit = sum(finding.size for finding in findings), exceptions.pop(key, 0)
        if size > limit:
            messages += [str(finding) for finding in findings]
        elif size < limit:
            messages.append(f"{EXCEPTIONS.name}: {' '.join(key)} has shrunk to {size}: write that")
    messages += [
        f"{EXCEPTIONS.name}: {' '.join(key)} is no longer needed: remove the line"
        for key in exceptions
    ]
    assert not messages, report(messages)


@pytest.mark.parametrize(
    ("rule", "code"),
    [
        (hidden_imports, "def f():\n    import os"),
        (broad_excepts, "try:\n    pass\nexcept Exception:\n    pass"),
        (broad_excepts, "try:\n    pass\nexcept (ValueError, BaseException):\n    pass"),
        (broad_excepts, "try:\n    pass\nexcept:\n    pass"),
        (banned_calls, "now = datetime.datetime.now(UTC)"),
        (banned_calls, "time.sleep(1)"),
        (long_functions, "def f():\n" + "    x = 1\n" * 50),
    ],
)
def test_every_rule_finds_what_it_is_for(rule: object, code: str) -> None:
    assert callable(rule)
    assert len(list(rule(SRC / "alerts/actions.py", ast.parse(code)))) == 1


@pytest.mark.parametrize(
    ("line", "count"),
    [
        ("x = 1  # noqa: S608", 1),
        ("x = 1  # noqa", 1),
        ("x = 1  # type: ignore[misc]", 1),
        ("x = 1  # noqa: S608 - the columns are ours", 0),
        ("x = 1  # type: ignore[misc]  # the stubs are wrong about None", 0),
    ],
)
def test_a_muted_check_needs_its_reason(tmp_path: Path, line: str, count: int) -> None:
    path = tmp_path / "x.py"
    path.write_text(line)
    assert len(list(mutes_without_reason(path, ast.parse(line)))) == count


def test_limits_are_the_ones_that_the_style_guide_names() -> None:
    style = HOME / "STYLE.md"
    if style.exists():
        text = style.read_text("utf-8")
        assert str(FILE_LINES_MAX) in text
        assert str(FUNCTION_LINES_MAX) in text
