"""The project's own files, as the house tests look at them."""

from __future__ import annotations

import ast
import subprocess
from collections.abc import Iterator
from functools import cache
from pathlib import Path

HOME = Path(__file__).parents[2]
SRC = HOME / "src/holdfast"
GENERATED = {".cache", ".venv", ".git", "node_modules", "__pycache__", "vendor", "dist"}


def short(path: Path) -> str:
    """The path as a reader of a failure would type it."""
    return path.relative_to(HOME).as_posix()


def python_files(*folders: str) -> list[Path]:
    return [path for folder in folders for path in sorted((HOME / folder).rglob("*.py"))]


@cache
def parsed(path: Path) -> ast.Module:
    return ast.parse(path.read_text("utf-8"), filename=str(path))


def functions(tree: ast.Module) -> Iterator[ast.FunctionDef | ast.AsyncFunctionDef]:
    for node in ast.walk(tree):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            yield node


def own_files() -> list[Path]:
    """Everything that is or could be committed: git's list, else all but what is generated."""
    listed = subprocess.run(
        ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"],
        cwd=HOME,
        capture_output=True,
        check=False,
    )
    if listed.returncode == 0 and listed.stdout:
        names = listed.stdout.decode().split("\0")
        return sorted(path for name in names if name and (path := HOME / name).is_file())
    return sorted(
        path
        for path in HOME.rglob("*")
        if path.is_file() and not GENERATED.intersection(path.relative_to(HOME).parts)
    )


def report(findings: list[str]) -> str:
    """A failure message: each finding on its own line, below the assertion's."""
    return "\n" + "\n".join(findings)
