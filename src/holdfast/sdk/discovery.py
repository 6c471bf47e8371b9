"""Finds every integration, bundled or installed, through one door: there is no list to edit."""

from __future__ import annotations

import importlib
import pkgutil
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from importlib.metadata import EntryPoint, entry_points
from typing import TypeVar

from holdfast.kernel.errors import Invalid
from holdfast.kernel.ids import slug
from holdfast.sdk.notifier import Notifier
from holdfast.sdk.source import Source

BUNDLED = "holdfast.integrations"  # the package that is walked
ENTRY_POINT_GROUP = "holdfast.integrations"  # where other distributions name their modules

T = TypeVar("T", Source, Notifier)


class BrokenIntegration(Invalid):
    """An integration cannot be used."""


@dataclass(frozen=True, slots=True)
class Integrations:
    """All sources and notifiers by name."""

    sources: Mapping[str, Source] = field(default_factory=dict)
    notifiers: Mapping[str, Notifier] = field(default_factory=dict)


def discover(package: str = BUNDLED, installed: Iterable[EntryPoint] | None = None) -> Integrations:
    """Every module of `package` and every module that `installed` entry points name.

    A module offers a `source`, a `notifier` or both. Raises BrokenIntegration, naming the module,
    where one cannot be imported or two share a name: better at the start than at 3 a.m.
    """
    if installed is None:
        installed = entry_points(group=ENTRY_POINT_GROUP)
    sources: dict[str, Source] = {}
    notifiers: dict[str, Notifier] = {}
    for where, module in (*_bundled(package), *_installed(installed)):
        offered = getattr(module, "source", None)
        if isinstance(offered, Source):
            _add(sources, offered.name, offered, where)
        offered = getattr(module, "notifier", None)
        if isinstance(offered, Notifier):
            _add(notifiers, offered.name, offered, where)
    return Integrations(sources, notifiers)


def _bundled(package: str) -> Iterator[tuple[str, object]]:
    root = importlib.import_module(package)
    found = pkgutil.walk_packages(root.__path__, prefix=f"{package}.")
    for name in sorted(module.name for module in found):
        yield name, importlib.import_module(name)


def _installed(installed: Iterable[EntryPoint]) -> Iterator[tuple[str, object]]:
    for entry in sorted(installed, key=lambda entry: (entry.name, entry.value)):
        try:
            yield entry.value, entry.load()
        except Exception as error:
            raise BrokenIntegration(
                f"The integration {entry.name} ({entry.value}) cannot be loaded: {error}",
                remedy="Update or uninstall the package that brings it.",
            ) from error


def _add(known: dict[str, T], name: str, offered: T, where: str) -> None:
    if known.get(slug(name), offered) is not offered:
        raise BrokenIntegration(
            f"{where} is called {name}, and so is another integration.",
            remedy="Uninstall one of the two, or rename it.",
        )
    known[name] = offered
