"""HTML and SVG by plain Python: elements are built, and all text is escaped by one function."""

from __future__ import annotations

from collections.abc import Iterable
from html import escape

ALONE = frozenset({"meta", "br", "hr", "col"})
"""Elements of HTML that have no end tag."""


class Markup(str):
    """Text that is markup already; any other text is escaped where it is put into some."""

    __slots__ = ()


def escaped(text: str) -> Markup:
    """Return text as markup that shows it; markup stays what it is."""
    return text if isinstance(text, Markup) else Markup(escape(text, quote=True))


def tag(name: str, /, *children: str, **attributes: str | float | bool | None) -> Markup:
    """Return an element.

    Args:
        name: of the element.
        children: text, which is escaped, or markup.
        attributes: by name; "class_" is "class", and "_" is "-". None and False leave one out,
            True gives it without a value.
    """
    told = "".join(_attribute(key, value) for key, value in attributes.items())
    if name in ALONE:
        return Markup(f"<{name}{told}>")
    return Markup(f"<{name}{told}>{joined(children)}</{name}>")


def joined(parts: Iterable[str], between: str = "") -> Markup:
    """Return parts as one, each escaped unless it is markup."""
    return Markup(escaped(between).join(map(escaped, parts)))


def _attribute(key: str, value: str | float | bool | None) -> str:
    if value is None or value is False:
        return ""
    name = key.rstrip("_").replace("_", "-")
    if value is True:
        return f" {name}"
    told = f"{value:.1f}".removesuffix(".0") if isinstance(value, float) else str(value)
    return f' {name}="{escaped(told)}"'
