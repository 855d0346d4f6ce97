"""Reports of stacks, made once for all tests of a run."""

from __future__ import annotations

from collections import defaultdict
from functools import cache
from html.parser import HTMLParser

from preview.facts import Sized
from preview.report_page.drawing import drawing
from preview.report_page.facts import ReportFacts, gather
from preview.report_page.months import Month
from preview.report_page.page import page
from preview.stack_plan import planned

STACKS = ("prod-large", "prod-large-gcp", "prod-enterprise", "dev-medium", "dev-small")
"""Both clouds, one tier with many nodes, a guest of a cluster, and a stack without a way in."""
FIRST = Month(year=2026, month=11)


@cache
def sized(stack: str) -> Sized:
    """Return a stack's plan with what is said of it."""
    return planned(stack, None)


@cache
def facts(stack: str) -> ReportFacts:
    """Return what a stack's report tells."""
    return gather(stack, sized(stack), growth=0.08, months=12, first=FIRST)


@cache
def html(stack: str) -> str:
    """Return a stack's report."""
    return page(facts(stack))


@cache
def svg(stack: str) -> str:
    """Return a stack's drawing."""
    return drawing(stack, sized(stack))


class Elements(HTMLParser):
    """Every element of a document by its name, and its text."""

    def __init__(self, document: str) -> None:
        super().__init__()
        self.by_name: defaultdict[str, list[dict[str, str]]] = defaultdict(list)
        self.text = ""
        self.inside: list[str] = []
        self.feed(document)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.by_name[tag].append({name: value or "" for name, value in attrs})
        self.inside.append(tag)

    def handle_endtag(self, tag: str) -> None:
        while self.inside and self.inside.pop() != tag:
            pass

    def handle_data(self, data: str) -> None:
        if self.inside and self.inside[-1] not in ("style", "script"):
            self.text += data

    @property
    def all(self) -> list[dict[str, str]]:
        """Return the attributes of every element."""
        return [one for own in self.by_name.values() for one in own]

    def values(self, attribute: str) -> list[str]:
        """Return the values of an attribute, sorted, wherever it stands."""
        return sorted(one[attribute] for one in self.all if attribute in one)
