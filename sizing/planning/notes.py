"""How a difference from the document is noted, and what it costs."""

from __future__ import annotations

from sizing.catalog import HOURS_PER_MONTH
from sizing.planning.environment import Setting
from sizing.plans import Adjustment
from sizing.words import Direction

ENVIRONMENT_RULE = "environment-share"
CENTS = 2  # digits of a sum of money


def note(
    field: str,
    documented: object,
    planned: object,
    *,
    direction: Direction,
    rule: str,
    reason: str,
    monthly_usd: float | None = 0.0,
) -> Adjustment:
    """Return an adjustment; without a price the change costs nothing."""
    return Adjustment(
        field=field,
        documented=str(documented),
        planned=str(planned),
        direction=direction,
        rule=rule,
        reason=reason,
        monthly_usd=None if monthly_usd is None else round(monthly_usd, CENTS),
    )


def share_note(
    setting: Setting,
    field: str,
    documented: object,
    planned: object,
    monthly_usd: float | None = 0.0,
) -> tuple[Adjustment, ...]:
    """Return the note of a size that the environment makes smaller; none in prod or if equal."""
    if setting.is_prod or str(documented) == str(planned):
        return ()
    return (
        note(
            field,
            documented,
            planned,
            direction=Direction.LOWERED,
            rule=ENVIRONMENT_RULE,
            reason=f"{setting.environment} carries {setting.percent} % of the tier's load",
            monthly_usd=monthly_usd,
        ),
    )


def by_hand_note(documented: str, planned: str) -> Adjustment:
    """Return the note of a database class that the stack file sets; the bill says what it costs."""
    return note(
        "postgres.instance_class",
        documented,
        planned,
        direction=Direction.REPLACED,
        rule="stack-override",
        reason="set in the stack file",
        monthly_usd=None,
    )


def monthly(hourly: float | None, count: float = 1) -> float | None:
    """Return USD a month of so many things priced by the hour, None where the price is unknown."""
    return None if hourly is None else hourly * HOURS_PER_MONTH.value * count


def difference(planned: float | None, documented: float | None) -> float | None:
    """Return what the planned costs more than the documented, None where either is unknown."""
    return None if planned is None or documented is None else planned - documented
