"""Writes the list of rules into docs/reference/guardrails.md, from the rules themselves.

    python -m tools.guardrails

A test compares the two, so that the page is never older than the rules.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import groupby
from pathlib import Path

from holdfast.guardrails import rules
from holdfast.guardrails.model import AnyRule

PAGE = Path(__file__).parents[1] / "docs/reference/guardrails.md"
# What stands above this heading is written by hand.
HEADING = "## Every rule\n"


def main() -> None:
    PAGE.write_text(page(PAGE.read_text("utf-8")), encoding="utf-8")


def page(text: str) -> str:
    """The page with today's list below its heading."""
    by_hand = text.partition(HEADING)[0].rstrip()
    return f"{by_hand}\n\n{HEADING}\n" + "\n".join(listed())


def listed() -> Iterator[str]:
    """A table for each package, rules in the order of their codes."""
    ordered = sorted(rules.by_code().values(), key=lambda rule: (rules.package_of(rule), rule.code))
    for package, those in groupby(ordered, key=rules.package_of):
        yield f"### {package}\n"
        yield "| code | it | what must be so | rests on |"
        yield "|---|---|---|---|"
        yield from map(row, those)
        yield ""


def row(rule: AnyRule) -> str:
    opens = ", opens with a reason" if rule.breakable else ""
    title = rule.title.replace("|", "\\|")
    return f"| `{rule.code}` | {rule.strength.value}{opens} | {title} | {', '.join(rule.cites)} |"


if __name__ == "__main__":
    main()
