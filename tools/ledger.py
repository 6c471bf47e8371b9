"""Which rows of docs/reference/ledger.csv the tests show, by group: `./dev ledger [GROUP...]`.

A test shows a row by citing it: `@pytest.mark.ledger("S1-57", "S4-93")`. With a group's letter the
rows that nobody cites yet are listed as well.
"""

from __future__ import annotations

import ast
import csv
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

HOME = Path(__file__).parents[1]
LEDGER = HOME / "docs/reference/ledger.csv"
GROUPS = {
    "A": "Severity and declaration",
    "B": "Roles and handoff",
    "C": "Timeline and evidence",
    "D": "Communication and status page",
    "E": "Alerting and noise",
    "F": "On call, schedules and health",
    "G": "Escalation and paging",
    "H": "Mitigation, runbooks and change gating",
    "I": "Resolution and verification",
    "J": "Postmortems and blamelessness",
    "K": "Follow-ups and problem management",
    "L": "Metrics, objectives and error budgets",
    "M": "Training and drills",
    "N": "Boundary of the machine",
    "O": "Integrations",
    "P": "Platform",
}


@dataclass(frozen=True, slots=True)
class Citation:
    """One row's id in one place."""

    row: str
    place: str


def main(chosen: list[str]) -> int:
    """0, or 1 where a test cites a row that the ledger does not have."""
    with LEDGER.open(encoding="utf-8", newline="") as file:
        rows = {row["id"]: row for row in csv.DictReader(file)}
    citations = list(all_citations())
    cited = {citation.row for citation in citations}
    print_counts(rows, cited)
    for group in map(str.upper, chosen):
        print(f"\nNot cited in {group}:")
        for name, row in rows.items():
            if row["group"] == group and name not in cited:
                print(f"  {name}  {row['statement']}")
    unknown = [citation for citation in citations if citation.row not in rows]
    for citation in unknown:
        print(f"{citation.place} cites {citation.row}, which is no row of the ledger")
    return 1 if unknown else 0


def print_counts(rows: dict[str, dict[str, str]], cited: set[str]) -> None:
    print(f"{'group':42}  cited     of")
    for letter, title in GROUPS.items():
        names = {name for name, row in rows.items() if row["group"] == letter}
        print(f"{letter}  {title:39}  {len(names & cited):5}  {len(names):5}")
    print(f"{'all':42}  {len(cited & rows.keys()):5}  {len(rows):5}")


def all_citations() -> Iterator[Citation]:
    for path in sorted((HOME / "tests").rglob("test_*.py")):
        yield from citations_in(ast.parse(path.read_text("utf-8")), str(path.relative_to(HOME)))


def citations_in(tree: ast.Module, path: str) -> Iterator[Citation]:
    """Every `mark.ledger(...)`: on a function, on a class, on a case or for the whole file."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and ast.unparse(node.func).endswith("mark.ledger"):
            for argument in node.args:
                if isinstance(argument, ast.Constant):
                    yield Citation(str(argument.value), f"{path}:{node.lineno}")


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
