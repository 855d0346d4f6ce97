"""`aigw forecast`: when which constraint of a stack breaks as the load grows, and what it costs."""

from __future__ import annotations

import argparse
import math
from pathlib import Path
from typing import TYPE_CHECKING, Any

from preview.misuse import FINE, MisuseError
from preview.progress import working
from preview.result import write
from preview.verbs.arguments import FILE, add_stack, completed, verb

if TYPE_CHECKING:
    from sizing.forecast import Forecast
    from sizing.model import Json

SCHEMA = 1
"""Counts up when a field changes its meaning or goes away."""
EXAMPLES = """\
examples:
  aigw forecast prod-large --growth 8% --months 24
  aigw forecast prod-large --growth 8% --months 24 --svg growth.svg
  aigw forecast prod-small --growth 15% --months 12 --json
"""


def add(verbs: Any) -> None:  # noqa: ANN401  # argparse has no public type for it
    """Register the verb."""
    parser = verb(
        verbs,
        "forecast",
        "when which constraint of a stack breaks as its load grows, and what holding it costs",
        EXAMPLES,
    )
    add_stack(parser)
    parser.add_argument(
        "--growth",
        required=True,
        metavar="SHARE",
        help="growth of the load in a month: 8%% or 0.08",
    )
    parser.add_argument("--months", default="24", metavar="N", help="how far to look (default: 24)")
    svg = parser.add_argument(
        "--svg", metavar="FILE", type=Path, help="draw load and bill into a file"
    )
    completed(svg, FILE)


def run(options: argparse.Namespace) -> int:
    """Show a stack's growth."""
    from preview.forecast_out import sections
    from sizing.forecast import LEAST_GROWTH, MOST_GROWTH, MOST_MONTHS, forecast

    growth = growth_share(options.growth, LEAST_GROWTH, MOST_GROWTH)
    months = whole_months(options.months, int(MOST_MONTHS))
    from preview.stack_plan import requested

    request = requested(options.stack, options.root)
    within_fields(request.whole_load.requests_per_second_peak, growth, months)
    try:
        with working(f"planning {options.stack} for {months} months"):
            found = forecast(request, growth=growth, months=months)
    except ValueError as error:
        raise MisuseError(f"{options.stack}: {error}") from error
    if options.svg is not None:
        _draw(found, options.stack, options.svg)
    write(
        options,
        document=lambda: document(options.stack, found),
        sections=lambda: sections(options.stack, found),
    )
    return FINE


def document(stack: str, found: Forecast) -> dict[str, Json]:
    """Return a forecast as JSON."""
    from sizing.model import plain

    return {
        "schema": SCHEMA,
        "stack": stack,
        "growth": found.growth,
        "months": [plain(one) for one in found.months],
        "breaks": [plain(one) for one in found.breaks],
    }


def _draw(found: Forecast, stack: str, file: Path) -> None:
    from preview.forecast_svg import drawing

    try:
        file.write_text(drawing(stack, found), encoding="utf-8")
    except OSError as error:
        raise MisuseError(f"--svg: {file}: {error.strerror}") from error


def growth_share(text: str, least: float, most: float) -> float:
    """Return "8%" or "0.08" as a share.

    Raises:
        MisuseError: no number, or none between the bounds.
    """
    allowed = f"{least:.0%} to {most:.0%} a month, as 8% or 0.08"
    number = text.strip()
    percent = number.endswith("%")
    try:
        value = float(number.removesuffix("%").strip()) / (100 if percent else 1)
    except ValueError:
        raise MisuseError(f"--growth: found {text!r}; allowed: {allowed}") from None
    if not (math.isfinite(value) and least <= value <= most):
        raise MisuseError(f"--growth: found {text!r}; allowed: {allowed}")
    return value


def within_fields(peak: float, growth: float, months: int) -> None:
    """Refuse a load that no workload file could state; a plan of it would say nothing.

    Raises:
        MisuseError: the load leaves what may be stated before the last month.
    """
    from sizing.workload.fields import FIELDS

    field = next(one for one in FIELDS if one.attribute == "rps_peak")
    low, high = field.low / peak, field.high / peak
    fits = next((m for m in range(months) if not low <= (1 + growth) ** (m + 1) <= high), months)
    if fits < months:
        raise MisuseError(
            f"--months: found {months}; allowed: at most {fits} at {growth:.3g} a month: beyond, "
            f"the peak of {peak:,g} requests/s leaves {field.low:g} to {field.high:,g}"
        )


def whole_months(text: str, most: int) -> int:
    """Return a number of months.

    Raises:
        MisuseError: no whole number, or none from 1 to the most.
    """
    try:
        value = int(text)
    except ValueError:
        value = 0
    if not 1 <= value <= most:
        raise MisuseError(f"--months: found {text!r}; allowed: a whole number from 1 to {most}")
    return value
