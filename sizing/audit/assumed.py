"""The assumed figures of `sizing`: each once, by the module and name that define it."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, fields, is_dataclass
from importlib import import_module
from inspect import getsource
from pkgutil import walk_packages
from types import ModuleType

import sizing
from sizing.model import Figure
from sizing.words import Kind

APART = ("sizing.audit",)
"""Packages that only repeat figures of others."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Assumed:
    """An assumed figure, and its name ("sizing.reserve.DAEMON_PODS")."""

    id: str
    figure: Figure


def modules() -> tuple[ModuleType, ...]:
    """Return every module of `sizing`, imported; by name."""
    names = (found.name for found in walk_packages(sizing.__path__, "sizing."))
    return tuple(import_module(name) for name in names if not name.startswith(APART))


def assumed() -> tuple[Assumed, ...]:
    """Return the assumed figures by their names, whatever tables they stand in."""
    found: dict[int, Assumed] = {}
    for module in modules():
        names = [name for name, value in vars(module).items() if _may_hold(name, value)]
        source = getsource(module) if names else ""
        for name in names:
            if not re.search(rf"^{name}\b[^=\n]*=", source, re.MULTILINE):
                continue  # imported from elsewhere
            for path, figure in _figures(getattr(module, name), f"{module.__name__}.{name}"):
                found.setdefault(id(figure), Assumed(id=path, figure=figure))
    return tuple(sorted(found.values(), key=lambda one: one.id))


def _may_hold(name: str, value: object) -> bool:
    return name.isupper() and next(_figures(value, name), None) is not None


def _figures(value: object, path: str) -> Iterator[tuple[str, Figure]]:
    """Return the assumed figures in a constant, in a table, or in the fields of either."""
    if isinstance(value, Figure):
        if value.kind is Kind.ASSUMED:
            yield path, value
    elif isinstance(value, Mapping):
        for key, item in value.items():
            yield from _figures(item, f"{path}[{key}]")
    elif isinstance(value, tuple):
        for place, item in enumerate(value):
            yield from _figures(item, f"{path}[{place}]")
    elif is_dataclass(value) and not isinstance(value, type):
        for one in fields(value):
            if isinstance(item := getattr(value, one.name), Figure):
                yield from _figures(item, f"{path}.{one.name}")
