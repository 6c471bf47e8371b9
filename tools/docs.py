"""Checks the documentation: every link between its pages, and every heading that one points at."""

from __future__ import annotations

import re
import sys
from functools import cache
from pathlib import Path
from urllib.parse import unquote

HOME = Path(__file__).parents[1]
NOT_OURS = {".venv", ".cache", ".git", "node_modules", "vendor"}
LINK = re.compile(r"!?\[[^\]]*]\(\s*<?([^)\s>]+)>?(?:\s+\"[^\"]*\")?\s*\)")
CODE = re.compile(r"^(`{3,}|~{3,}).*?^\1[ \t]*$|`[^`\n]*`", re.MULTILINE | re.DOTALL)
ELSEWHERE = re.compile(r"[a-z][a-z0-9+.-]*:", re.IGNORECASE)


def main() -> int:
    """0 when every link arrives, else 1 and the list."""
    broken = broken_links(HOME)
    pages = len(documents(HOME))
    for line in broken:
        print(line)
    print(f"{pages} pages, {len(broken)} broken links")
    return 1 if broken else 0


def documents(home: Path) -> list[Path]:
    return sorted(
        path
        for path in home.rglob("*.md")
        if not NOT_OURS.intersection(path.relative_to(home).parts)
    )


def broken_links(home: Path) -> list[str]:
    """One line for each link to a file or heading that is not there. Other sites are not asked."""
    return [
        f"{page.relative_to(home)}:{line}: {link} leads nowhere"
        for page in documents(home)
        for line, link in links(page)
        if not arrives(page, link)
    ]


def links(page: Path) -> list[tuple[int, str]]:
    text = without_code(page.read_text("utf-8"))
    return [(text.count("\n", 0, found.start()) + 1, found[1]) for found in LINK.finditer(text)]


def arrives(page: Path, link: str) -> bool:
    if ELSEWHERE.match(link):
        return True
    name, _, anchor = unquote(link).partition("#")
    target = (page.parent / name).resolve() if name else page
    if not target.exists():
        return False
    return not anchor or target.suffix != ".md" or anchor in anchors(target)


@cache
def anchors(page: Path) -> set[str]:
    """What a link may point at inside a page: its headings, as GitHub names them."""
    text = re.sub(r"^(`{3,}|~{3,}).*?^\1[ \t]*$", "", page.read_text("utf-8"), flags=re.M | re.S)
    found: set[str] = set(re.findall(r"<a (?:id|name)=\"([^\"]+)\"", text))
    for heading in re.findall(r"^#{1,6}\s+(.+?)\s*#*$", text, re.MULTILINE):
        name = re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-")
        again = sum(1 for known in found if re.fullmatch(rf"{re.escape(name)}(-\d+)?", known))
        found.add(f"{name}-{again}" if again else name)
    return found


def without_code(text: str) -> str:
    return CODE.sub(lambda match: "\n" * match[0].count("\n"), text)


if __name__ == "__main__":
    sys.exit(main())
