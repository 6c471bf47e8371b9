"""Begins a new integration: `./dev new-integration NAME [--notifier]`.

Writes the one file, its fixtures or its test, and its page, all of them working: the next step is
to change them until they are about the real thing.
"""

from __future__ import annotations

import json
import re
import sys
from collections.abc import Mapping
from importlib.util import module_from_spec, spec_from_file_location
from pathlib import Path

from holdfast.sdk import Source
from holdfast.sdk.testing import told

HOME = Path(__file__).parents[1]
TEMPLATES = Path(__file__).with_name("templates")
NAME = re.compile(r"[a-z][a-z0-9]*(-[a-z0-9]+)*")
NAME_CHARS_MAX = 40
MESSAGE = {
    "title": "CPU of web-1 is above 95 %",
    "id": "web-1/cpu",
    "severity": "critical",
    "labels": {"host": "web-1"},
    "url": "https://monitoring.example/web-1",
}
REQUESTS: Mapping[str, object] = {
    "firing": {"status": "firing", **MESSAGE},
    "resolved": {"status": "resolved", **MESSAGE},
    "odd": {**MESSAGE, "status": 7, "severity": "catastrophe", "labels": ["host", None]},
    "unreadable": {"status": "firing"},
}


def main(words: list[str]) -> int:
    """0 when it stands, 1 when the name cannot be used."""
    names = [word for word in words if word != "--notifier"]
    if len(names) != 1:
        print("usage: ./dev new-integration NAME [--notifier]", file=sys.stderr)
        return 1
    try:
        begin = begin_notifier if "--notifier" in words else begin_source
        written = begin(names[0], HOME)
    except ValueError as error:
        print(error, file=sys.stderr)
        return 1
    for path in written:
        print(path.relative_to(HOME))
    print("These work and are tested: .venv/bin/pytest tests/integrations. Now make them true.")
    return 0


def begin_source(name: str, home: Path) -> list[Path]:
    """Writes a source below `home`. Raises ValueError for a name that cannot be used."""
    code = code_file(name, home)
    page = page_file(name, home)
    write(code, filled("source.py.txt", name))
    write(page, filled("source.md", name))
    source = loaded(code)
    fixtures = home / "tests/integrations" / name
    written = [code, page]
    for kind, body in REQUESTS.items():
        request = {
            "method": "POST",
            "path": "/in/KEY",
            "headers": {"content-type": "application/json"},
            "body": body,
        }
        written += [fixtures / f"{kind}.json", fixtures / f"{kind}.expected.json"]
        write(written[-2], pretty(request))
        write(written[-1], pretty(told(source, request)))
    return written


def begin_notifier(name: str, home: Path) -> list[Path]:
    """Writes a notifier below `home`. Raises ValueError for a name that cannot be used."""
    code = code_file(name, home)
    page = page_file(name, home)
    test = home / "tests/integrations" / f"test_{code.stem}.py"
    write(code, filled("notifier.py.txt", name))
    write(page, filled("notifier.md", name))
    write(test, filled("notifier_test.py.txt", name))
    return [code, page, test]


def code_file(name: str, home: Path) -> Path:
    if not NAME.fullmatch(name) or len(name) > NAME_CHARS_MAX:
        raise ValueError(f"“{name}” cannot be a name: use lower-case words, such as uptime-kuma.")
    code = home / "src/holdfast/integrations" / f"{name.replace('-', '_')}.py"
    if code.exists():
        raise ValueError(f"{name} exists already: {code}")
    return code


def page_file(name: str, home: Path) -> Path:
    return home / "docs/reference/integrations" / f"{name}.md"


def filled(template: str, name: str) -> str:
    words = {
        "NAME": name,
        "MODULE": name.replace("-", "_"),
        "SETTING": name.replace("-", "_").upper(),
        "TITLE": name.replace("-", " ").title(),
    }
    text = (TEMPLATES / template).read_text("utf-8")
    return re.sub(r"\{\{([A-Z]+)}}", lambda match: words[match[1]], text)


def write(path: Path, text: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, "utf-8")


def pretty(value: object) -> str:
    return json.dumps(value, indent=2, ensure_ascii=False) + "\n"


def loaded(code: Path) -> Source:
    """The source that a file defines."""
    spec = spec_from_file_location(code.stem, code)
    assert spec is not None
    assert spec.loader is not None
    module = module_from_spec(spec)
    spec.loader.exec_module(module)
    source = module.source
    assert isinstance(source, Source)
    return source


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
