"""A component model's constraint as a finding."""

from __future__ import annotations

from math import isfinite

from sizing.capacity.constraint import Constraint
from sizing.checks.verdicts import DIGITS, Amount, Subject, finding
from sizing.plans import Finding
from sizing.words import Verdict

WHOLE_FROM = 1000


def constrained(
    subject: Subject,
    component: str,
    constraint: Constraint,
    *,
    said: str = "",
    fix: str = "",
    blocking: bool = False,
) -> Finding:
    """Return the finding of a constraint.

    Args:
        subject: what is checked.
        component: dotted path of the part.
        constraint: demand, capacities and formula.
        said: what to say before the figures, "" for nothing.
        fix: exactly what to change; what to measure where the model says so and nothing is refuted.
        blocking: refuted means that it cannot be created or scheduled.
    """
    verdict = constraint.verdict
    advice = fix if verdict is Verdict.REFUTED or not constraint.measure else constraint.measure
    return finding(
        subject,
        component,
        constraint.name,
        verdict,
        "; ".join(one for one in (said, _words(constraint), constraint.assumption) if one),
        amount=Amount(
            demand=_rounded(constraint.demand),
            capacity=_rounded(constraint.held),
            unit=constraint.unit,
        ),
        fix=advice,
        source=constraint.source,
        blocking=blocking,
    )


def _words(constraint: Constraint) -> str:
    return (
        f"{_number(constraint.demand)} of {_number(constraint.held)} {constraint.unit}, "
        f"{_number(constraint.physical)} at most: {constraint.formula}"
    )


def _number(value: float | None) -> str:
    if value is None:
        return "an unknown number"
    # whole where parts of one mean nothing, and never with an exponent
    return f"{value:,.0f}" if abs(value) >= WHOLE_FROM else f"{value:.4g}"


def _rounded(value: float | None) -> float | None:
    return None if value is None or not isfinite(value) else round(value, DIGITS)
