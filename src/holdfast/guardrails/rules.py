"""Finds every rule: each `guardrails.py` of the domain is read, and there is no list to edit."""

from __future__ import annotations

import importlib
from collections.abc import Iterator, Mapping
from functools import cache
from pathlib import Path
from typing import cast

from holdfast.guardrails.model import AnyRule, NoSuchGuardrail, Rule
from holdfast.kernel.quote import quoted

PACKAGE = "holdfast"
# Faces show rules and have none of their own: there, a file of this name is a screen or a command.
FACES = frozenset({"web", "cli"})
_FILE = "guardrails.py"


class TwoRules(Exception):
    """Two rules have one code; Holdfast does not start with it."""


@cache
def by_code() -> Mapping[str, AnyRule]:
    """Every rule there is, in the order of the codes.

    Raises TwoRules; a file that cannot be imported raises its own error, for a rule that is
    silently absent lets everything pass.
    """
    return discover(PACKAGE, _SOURCE)


def discover(package: str, folder: Path) -> Mapping[str, AnyRule]:
    """Those of the package whose files lie in `folder`. Raises TwoRules, ImportError."""
    found: dict[str, AnyRule] = {}
    for module in _modules(package, folder):
        for rule in _offered(importlib.import_module(module)):
            if found.setdefault(rule.code, rule) is not rule:
                raise TwoRules(f"{rule.code} stands in {module} and once more before it")
    return dict(sorted(found.items()))


def named(code: str) -> AnyRule:
    """The rule of that code. Raises NoSuchGuardrail."""
    found = by_code().get(code)
    if found is None:
        raise NoSuchGuardrail(
            f"There is no guardrail {quoted(code)}.", remedy="Look at the list of guardrails."
        )
    return found


def package_of(rule: AnyRule) -> str:
    """The part of the product that a rule belongs to: `incidents.roles`, `escalation`."""
    return rule.judge.__module__.removeprefix(f"{PACKAGE}.").removesuffix(".guardrails")


def _modules(package: str, folder: Path) -> Iterator[str]:
    for path in sorted(folder.rglob(_FILE)):
        parts = path.relative_to(folder).with_suffix("").parts
        if parts[0] not in FACES:
            yield ".".join((package, *parts))


def _offered(module: object) -> Iterator[AnyRule]:
    for value in vars(module).values():
        if isinstance(value, Rule):
            yield cast(AnyRule, value)


_SOURCE = Path(__file__).resolve().parents[1]
