"""The ends of a document's ranges, where a model needs a number and not a phrase."""

from __future__ import annotations

from collections.abc import Iterable

from sizing.documents.amounts import Amount, Base


def lowest(amount: Amount) -> float:
    """Return the least that an amount says; zero for "<5%", which has no lower end.

    Raises:
        ValueError: the document has words where a figure would be.
    """
    _refuse_words(amount)
    return 0 if amount.low is None else amount.low


def highest(amount: Amount) -> float:
    """Return the most that an amount says; for "100+" what it starts from.

    Raises:
        ValueError: the document has words where a figure would be.
    """
    _refuse_words(amount)
    return lowest(amount) if amount.high is None else amount.high


def totals(amounts: Iterable[Amount]) -> tuple[float, float]:
    """Return the sums of the lower and of the upper ends; words ("Variable") add nothing."""
    figures = [one for one in amounts if one.unit is not Base.WORDS]
    return sum(map(lowest, figures)), sum(map(highest, figures))


def _refuse_words(amount: Amount) -> None:
    if amount.unit is Base.WORDS:
        raise ValueError(f'"{amount.written}" is no figure')
