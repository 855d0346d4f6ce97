"""A drawing in the making: its shapes, how large it is, and what it says to those who hear it."""

from __future__ import annotations

from dataclasses import dataclass

from preview.report_page.markup import Markup, joined, tag
from preview.report_page.svg import title


@dataclass(frozen=True, slots=True, kw_only=True)
class Picture:
    """Shapes on a canvas.

    Attributes:
        name: its heading, `what` a sentence about what it shows.
    """

    id: str
    name: str
    what: str
    shapes: Markup
    width: float
    height: float


def tipped(what: str, *shapes: str, live: bool, look: str = "", **more: str | None) -> Markup:
    """Return shapes that tell more when pointed at and, in a page, when the keyboard reaches them.

    Args:
        what: is told.
        shapes: in one group.
        live: in a page, which has a keyboard; a picture by itself has none.
        look: classes.
        more: attributes.
    """
    return tag(
        "g",
        title(what),
        *shapes,
        class_=f"tip {look}".rstrip(),
        tabindex="0" if live else None,
        role="img" if live else None,
        **more,
    )


def inline(picture: Picture) -> Markup:
    """Return a picture as part of a page."""
    return tag(
        "svg",
        tag("title", picture.name, id=f"{picture.id}-title"),
        tag("desc", picture.what, id=f"{picture.id}-desc"),
        picture.shapes,
        viewBox=f"0 0 {picture.width:.0f} {picture.height:.0f}",
        width=f"{picture.width:.0f}",
        height=f"{picture.height:.0f}",
        role="group",
        aria_labelledby=f"{picture.id}-title",
        aria_describedby=f"{picture.id}-desc",
    )


def moved(picture: Picture, y: float) -> Markup:
    """Return a picture's shapes further down."""
    return tag("g", joined([picture.shapes]), transform=f"translate(0 {y:.0f})")
