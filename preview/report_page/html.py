"""Parts of the page that every section is made of: headings, tables, folds, cited numbers."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from types import MappingProxyType

from preview.report_page.markup import Markup, joined, tag
from sizing.sources import source, sources

NOTHING: Mapping[str, str] = MappingProxyType({})


@dataclass(slots=True)
class Citations:
    """Sources as they are cited; each comes once, in the order of its first citation."""

    ids: list[str] = field(default_factory=list)

    def cite(self, text: str, source_id: str) -> Markup:
        """Return a number that leads to its source; text alone where there is none of that id."""
        if source_id not in sources():
            return joined([text])
        if source_id not in self.ids:
            self.ids.append(source_id)
        return tag("a", text, href=f"#source-{source_id}", class_="cited")


def because(text: str, why: str) -> Markup:
    """Return a number that says how it came about when it is pointed at or reached by keyboard."""
    return tag("button", text, tag("span", why, class_="why"), type="button", class_="cited")


def section(id_: str, title: str, *children: str) -> Markup:
    """Return a part of the page with its heading."""
    heading = tag("h2", title, id=f"{id_}-title")
    return tag("section", heading, *children, id=id_, aria_labelledby=f"{id_}-title")


def fold(summary: str, *children: str, opened: bool = False) -> Markup:
    """Return what is read on demand; it prints as it is on the screen, folded or not."""
    return tag("details", tag("summary", summary), *children, open=opened)


def paragraph(*children: str) -> Markup:
    """Return a paragraph."""
    return tag("p", *children)


def table(
    caption: str,
    columns: Sequence[str],
    rows: Iterable[Sequence[str]],
    *,
    right: frozenset[str] = frozenset(),
    narrow: frozenset[str] = frozenset(),
    told: Mapping[str, str] = NOTHING,
    attributes: Sequence[dict[str, str]] = (),
) -> Markup:
    """Return a table in a region that scrolls by itself; the first cell of a row is its heading.

    Args:
        caption: what it shows; also the region's name.
        columns: headings.
        rows: cells, text or markup.
        right: columns of numbers.
        narrow: columns of which no cell is to be broken into lines.
        told: how the numbers of a column came about, by its heading.
        attributes: of each row.
    """
    look = ["r" if n in right else "n" if n in narrow else None for n in columns]
    head = tag(
        "tr",
        *(
            tag("th", because(n, told[n]) if n in told else n, scope="col", class_=c)
            for n, c in zip(columns, look, strict=True)
        ),
    )
    body = []
    for place, row in enumerate(rows):
        cells = [
            tag("td" if at else "th", cell, class_=side, scope=None if at else "row")
            for at, (cell, side) in enumerate(zip(row, look, strict=True))
        ]
        body.append(tag("tr", *cells, **(attributes[place] if attributes else {})))
    return region(
        caption,
        tag("table", tag("caption", caption), tag("thead", head), tag("tbody", *body)),
    )


def region(name: str, *children: str) -> Markup:
    """Return a part that scrolls sideways by itself, reached by keyboard."""
    return tag("div", *children, class_="scroll", tabindex="0", role="region", aria_label=name)


def listed(cited: Citations) -> Markup:
    """Return every source that was cited."""
    rows = []
    for one in cited.ids:
        found = source(one)
        rows.append(
            tag(
                "li",
                tag("span", tag("strong", found.what), f" {found.where}, {found.date}", class_="s"),
                tag("code", one),
                id=f"source-{one}",
                tabindex="-1",
            )
        )
    return tag("ol", *rows, class_="sources")
