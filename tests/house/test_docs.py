"""What the code offers has its paragraph in docs/reference, and nothing there leads nowhere.

Everything is discovered from the code: there is no list to keep. A paragraph is any line of the
page that names the thing in `code` and says at least five words about it.
"""

from __future__ import annotations

import ast
import importlib
import importlib.util
import re
from collections.abc import Iterator
from dataclasses import fields
from pathlib import Path
from types import ModuleType

import pytest

from holdfast.sdk import Notifier, Source
from holdfast.sdk.discovery import discover
from holdfast.web.app import table
from holdfast.web.routes import Face
from tests.support.source import HOME, SRC, parsed, python_files, report, short
from tools.docs import broken_links

REFERENCE = HOME / "docs/reference"
ABOUT_WORDS_MIN = 5
ROUTE_MAKERS = {"get", "post", "put", "patch", "delete", "api_route", "add_route", "websocket"}


def settings() -> Iterator[str]:
    module = existing("holdfast.settings")
    if module is not None:
        yield from (f"HOLDFAST_{name.upper()}" for name in module.Settings.model_fields)


def commands() -> Iterator[str]:
    module = existing("holdfast.cli.app")
    if module is not None:
        yield from commands_below(module.app, "holdfast")


def commands_below(app: object, name: str) -> Iterator[str]:
    """The names of a cyclopts app's commands, sub-commands in full."""
    inner = [word for word in app if not word.startswith("-")]  # type: ignore[attr-defined]  # cyclopts
    for word in inner:
        yield from commands_below(app[word], f"{name} {word}")  # type: ignore[index]  # cyclopts
    if not inner:
        yield name


def events() -> Iterator[str]:
    """The stored names of all events: `kind = "alert.triggered"` in a subclass of Event."""
    for path in python_files("src"):
        for node in ast.walk(parsed(path)):
            if isinstance(node, ast.ClassDef) and "Event" in map(ast.unparse, node.bases):
                yield from filter(None, map(kind_of, node.body))


def kind_of(statement: ast.stmt) -> str | None:
    targets: list[ast.expr] = []
    if isinstance(statement, ast.Assign):
        targets = statement.targets
    elif isinstance(statement, ast.AnnAssign):
        targets = [statement.target]
    if [ast.unparse(target) for target in targets] == ["kind"]:
        value = statement.value  # type: ignore[attr-defined]  # both kinds of assignment have one
        if isinstance(value, ast.Constant) and isinstance(value.value, str):
            return value.value
    return None


def routes() -> Iterator[str]:
    """The paths of all interfaces: of the table in web/app.py, and those that pass it by."""
    yield from raw_routes()
    yield from (route.path for route in table() if route.face is not Face.PAGE)


def raw_routes() -> Iterator[str]:
    """Paths that are given to the web framework itself, by a call or a decorator."""
    for path in python_files("src/holdfast/web"):
        for node in ast.walk(parsed(path)):
            if isinstance(node, ast.Call) and called(node) in ROUTE_MAKERS and node.args:
                first = node.args[0]
                if isinstance(first, ast.Constant) and str(first.value).startswith("/"):
                    yield str(first.value)


def called(node: ast.Call) -> str:
    return ast.unparse(node.func).rsplit(".", 1)[-1]


def existing(name: str) -> ModuleType | None:
    """The module, or None while it is not written; one that cannot be imported is an error."""
    parent = name.rpartition(".")[0]
    if parent and importlib.util.find_spec(parent) is None:
        return None
    return importlib.import_module(name) if importlib.util.find_spec(name) else None


def undocumented(names: Iterator[str], page: Path) -> list[str]:
    text = page.read_text("utf-8") if page.exists() else ""
    return [
        f"`{name}` has no paragraph in {short(page)}"
        for name in sorted(set(names))
        if not has_paragraph(name, text)
    ]


def has_paragraph(name: str, text: str) -> bool:
    """A heading with the name counts together with the line that follows it.

    Placeholders may have any name: `/alerts/{id}` documents `/alerts/{alert_id}`.
    """
    joined = re.sub(r"^(#+ .*)\n+(?=[^#\n])", r"\1 ", text, flags=re.MULTILINE)
    joined, name = (re.sub(r"\{[^}]*}", "{}", words) for words in (joined, name))
    mentioned = re.compile(rf"`([A-Z|, ]+ )?{re.escape(name)}(?![\w/.-])[^`]*`")
    return any(
        mentioned.search(line) and len(mentioned.sub("", line).split()) >= ABOUT_WORDS_MIN
        for line in joined.splitlines()
    )


@pytest.mark.parametrize(
    ("discovered", "page"),
    [
        (settings, "settings.md"),
        (commands, "cli.md"),
        (routes, "api.md"),
        (events, "events.md"),
    ],
)
def test_everything_the_code_offers_has_its_paragraph(discovered: object, page: str) -> None:
    assert callable(discovered)
    missing = undocumented(discovered(), REFERENCE / page)
    assert not missing, report(missing)


def test_every_integration_has_its_page_with_all_of_its_settings() -> None:
    found = discover()
    missing = []
    everyone: list[Source | Notifier] = [*found.sources.values(), *found.notifiers.values()]
    for kind in everyone:
        page = HOME / "docs" / kind.docs
        if not page.exists():
            missing.append(f"{kind.name}: write {short(page)}")
            continue
        names = fields(kind.settings) if isinstance(kind, Notifier) else ()
        words = (f"HOLDFAST_{kind.name}_{field.name}".upper().replace("-", "_") for field in names)
        missing += undocumented(words, page)
    assert not missing, report(missing)


def test_no_setting_is_documented_that_does_not_exist() -> None:
    page = REFERENCE / "settings.md"
    known = set(settings())
    if page.exists() and known:
        headed = set(re.findall(r"^#+ `(HOLDFAST_\w+)`", page.read_text("utf-8"), re.MULTILINE))
        assert headed <= known


def test_no_link_in_the_documentation_leads_nowhere() -> None:
    broken = broken_links(HOME)
    assert not broken, report(broken)


def test_the_shipped_ledger_has_all_its_rows() -> None:
    rows = (REFERENCE / "ledger.csv").read_text("utf-8").splitlines()
    assert len(rows) == 1 + 418


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("| `HOLDFAST_PORT` | 8080 | Where the web server listens for calls |", True),
        ("## `HOLDFAST_PORT`\n\nWhere the web server listens for all its calls.", True),
        ("`HOLDFAST_PORT`", False),
        ("## `HOLDFAST_PORT`\n\n## `HOLDFAST_HOST`\n\nWhere it listens and so on.", False),
        ("| `HOLDFAST_PORTAL` | 8080 | Something else that is not the port |", False),
        ("`POST /HOLDFAST_PORT` is a path and not the setting that we look for", False),
        ("HOLDFAST_PORT without code quotes is only a mention among words.", False),
    ],
)
def test_a_mention_alone_is_no_paragraph(text: str, *, found: bool) -> None:
    assert has_paragraph("HOLDFAST_PORT", text) is found


def test_a_path_may_name_its_placeholders_and_methods_as_it_likes() -> None:
    text = "| `GET|POST /alerts/{id}/why` | the whole path of decisions with reasons |"
    assert has_paragraph("/alerts/{alert_id}/why", text)
    assert not has_paragraph("/alerts/{alert_id}", text)


def test_events_are_found_where_they_are_written() -> None:
    code = 'class A(Event):\n    kind: ClassVar[str] = "a.b"\nclass B(Event):\n    kind = "c.d"\n'
    statements = [node.body[0] for node in ast.parse(code).body if isinstance(node, ast.ClassDef)]
    assert [kind_of(statement) for statement in statements] == ["a.b", "c.d"]
    assert (SRC / "timeline/event.py").exists(), "events() looks for subclasses of this Event"
