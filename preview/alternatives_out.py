"""What a plan never chooses by itself, in the report: each option with its price and its loss."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from preview.tables import Section, Table
from preview.words import dollars

if TYPE_CHECKING:
    from sizing.alternatives import Alternative, Offers

TITLE = "Priced alternatives"
HOW = (
    "The plan takes none of these by itself. Each was planned and checked like the stack; one is "
    "chosen by its line in the stack file, which also needs an axis under `workload` where it "
    "states none (docs/workload.md). Another machine is another quota to ask for."
)


def sections(offers: Offers) -> tuple[Section, ...]:
    """Return the alternatives, and what the stack's own choices are worth where it has any."""
    return (section(offers.alternatives), *(forgone(offers) if offers.forgone else ()))


def section(offered: Iterable[Alternative]) -> Section:
    """Return the alternatives, the largest saving first."""
    rows = tuple(
        (
            one.what,
            one.verdict,
            dollars(one.saved_usd),
            dollars(one.monthly_usd),
            one.change,
            one.gives_up,
        )
        for one in offered
    )
    if not rows:
        return Section(title=TITLE, lines=("None: no option that holds costs less.",))
    columns = ("instead", "verdict", "saves", "bill", "write", "gives up")
    table = Table(columns=columns, rows=rows, right=frozenset({"saves", "bill"}))
    return Section(title=TITLE, table=table, lines=(HOW,))


def forgone(offers: Offers) -> tuple[Section, ...]:
    """Return the stack without each of its own choices."""
    rows = tuple(
        (one.what, _more(one.saved_usd), dollars(one.monthly_usd), one.change, one.verdict)
        for one in offers.forgone
    )
    columns = ("without the choice", "costs more", "bill", "write", "verdict")
    right = frozenset({"costs more", "bill"})
    return (
        Section(
            title="What the stack's own choices are worth",
            table=Table(columns=columns, rows=rows, right=right),
        ),
    )


def _more(saved_usd: float | None) -> str:
    return dollars(None if saved_usd is None else -saved_usd)
