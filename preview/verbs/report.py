"""`aigw report`: a stack as one page with pictures, or its drawing alone as SVG."""

from __future__ import annotations

import argparse
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from preview.misuse import FINE, MisuseError
from preview.progress import working
from preview.result import write_text
from preview.verbs.arguments import FILE, add_stack, completed, verb

if TYPE_CHECKING:
    from preview.facts import Sized
    from preview.report_page.months import Month
    from sizing.model import Json

SCHEMA = 1
"""Counts up when a field changes its meaning or goes away."""

EXAMPLES = """\
examples:
  aigw report prod-large -o report.html
  aigw report prod-large --growth 5% --months 36 --from 2027-01 -o report.html
  aigw report prod-large --drawing -o prod-large.svg
  aigw report prod-large -o report.html --json
"""
GROWTH, MONTHS = "8%", "24"
KILO = 1000


def add(verbs: Any) -> None:  # noqa: ANN401  # argparse has no public type for it
    """Register the verb."""
    parser = verb(
        verbs,
        "report",
        "a stack as one page with pictures: drawing, capacity, bill, growth, tiers, findings",
        EXAMPLES,
    )
    add_stack(parser)
    output = parser.add_argument(
        "-o", "--output", required=True, metavar="FILE", type=Path, help="where to write it"
    )
    completed(output, FILE)
    parser.add_argument(
        "--drawing", action="store_true", help="the architecture drawing alone, as SVG"
    )
    parser.add_argument(
        "--growth",
        default=GROWTH,
        metavar="SHARE",
        help=f"growth of the load in a month (default: {GROWTH.replace('%', '%%')})",
    )
    parser.add_argument(
        "--months", default=MONTHS, metavar="N", help=f"how far to look (default: {MONTHS})"
    )
    parser.add_argument(
        "--from",
        dest="first",
        metavar="YYYY-MM",
        help="month that growth begins in (default: this one)",
    )


def run(options: argparse.Namespace) -> int:
    """Write a stack's report; that its plan has errors is told in it."""
    from preview.stack_plan import planned

    first = _first(options.first)
    growth, months = _growth(options)
    with working(f"drawing {options.stack}"):
        sized = planned(options.stack, options.root)
        if options.drawing:
            from preview.report_page.drawing import drawing

            text = drawing(options.stack, sized)
        else:
            text = _page(options.stack, sized, growth, months, first)
    try:
        options.output.write_text(text, encoding="utf-8")
    except OSError as error:
        raise MisuseError(f"-o: {options.output}: {error.strerror}") from error
    told = document(options.stack, sized, options.output, len(text.encode()))
    if options.json:
        from preview.json_out import text as as_json

        write_text(as_json(told))
    elif not options.quiet:
        write_text(_said(told))
    return FINE


def document(stack: str, sized: Sized, file: Path, size: int) -> dict[str, Json]:
    """Return what was written as JSON: the file and how much of the plan is in it."""
    from preview.report_page.stores import stores

    plan = sized.plan
    return {
        "schema": SCHEMA,
        "stack": stack,
        "file": str(file),
        "bytes": size,
        "pools": len(plan.node_pools),
        "nodes": sum(pool.scale.planned for pool in plan.node_pools),
        "pods": sum(service.scale.planned for service in plan.services),
        "services": len(plan.services),
        "stores": len(stores(plan)),
        "findings": len(sized.findings),
    }


def _said(told: dict[str, Json]) -> str:
    rows = (("pools", "nodes", "pods"), ("services", "stores", "findings"))
    size = told["bytes"]
    assert isinstance(size, int)
    lines = [f"{told['file']}: {size / KILO:.0f} kB"]
    lines += [", ".join(f"{told[name]} {name}" for name in names) for names in rows]
    return "".join(f"{line}\n" for line in lines)


def _page(stack: str, sized: Sized, growth: float, months: int, first: Month) -> str:
    from preview.report_page.facts import gather
    from preview.report_page.page import page
    from preview.verbs.forecast import within_fields

    within_fields(sized.plan.request.whole_load.requests_per_second_peak, growth, months)
    try:
        return page(gather(stack, sized, growth=growth, months=months, first=first))
    except ValueError as error:
        raise MisuseError(f"{stack}: {error}") from error


def _growth(options: argparse.Namespace) -> tuple[float, int]:
    from preview.verbs.forecast import growth_share, whole_months
    from sizing.forecast import LEAST_GROWTH, MOST_GROWTH, MOST_MONTHS

    share = growth_share(options.growth, LEAST_GROWTH, MOST_GROWTH)
    return share, whole_months(options.months, int(MOST_MONTHS))


def _first(text: str | None) -> Month:
    from preview.report_page.months import Month, parse_month

    if text is None:
        today = datetime.now(tz=UTC)
        return Month(year=today.year, month=today.month)
    try:
        return parse_month(text)
    except ValueError as error:
        raise MisuseError(f"--from: found {text!r}; allowed: a month such as 2026-11") from error
