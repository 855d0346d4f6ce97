"""`aigw compare`: two stacks side by side, such as the same platform on either cloud."""

from __future__ import annotations

import argparse
from typing import TYPE_CHECKING, Any

from preview.misuse import FINE, MisuseError
from preview.progress import working
from preview.result import write
from preview.verbs.arguments import STACK, add_stack, completed, verb

if TYPE_CHECKING:
    from preview.compare_out import Pair
    from preview.facts import Sized
    from sizing.model import Json

SCHEMA = 1
"""Counts up when a field changes its meaning or goes away."""

EXAMPLES = """\
examples:
  aigw compare prod-large prod-large-gcp
  aigw compare prod-large prod-large-gcp --verbose
  aigw compare prod-large prod-enterprise --json
"""


def add(verbs: Any) -> None:  # noqa: ANN401  # argparse has no public type for it
    """Register the verb."""
    parser = verb(
        verbs,
        "compare",
        "two stacks side by side: what each part is, how full it is, and what it costs",
        EXAMPLES,
    )
    add_stack(parser)
    completed(
        parser.add_argument("other", metavar="OTHER", help="for example prod-large-gcp"), STACK
    )
    parser.add_argument("--verbose", action="store_true", help="also what is the same on both")


def run(options: argparse.Namespace) -> int:
    """Show both stacks; that they differ, or that one is refused, is no error."""
    if options.stack == options.other:
        raise MisuseError(
            f'OTHER: found "{options.other}" beside itself; allowed: another stack, '
            "such as the same one on the other cloud"
        )
    from preview.compare_out import Pair, sections
    from preview.stack_plan import planned

    with working(f"planning {options.stack} and {options.other}"):
        pair = Pair(
            names=(options.stack, options.other),
            one=planned(options.stack, options.root),
            other=planned(options.other, options.root),
        )
    write(
        options,
        document=lambda: document(pair),
        sections=lambda: sections(pair, verbose=options.verbose),
    )
    return FINE


def document(pair: Pair) -> dict[str, Json]:
    """Return both stacks as JSON: everything, also what is the same."""
    from preview.compare_out import constraints, parts
    from sizing.model import plain
    from sizing.side_by_side import money

    return {
        "schema": SCHEMA,
        "one": _stack(pair.names[0], pair.one),
        "other": _stack(pair.names[1], pair.other),
        "parts": [plain(one) for one in parts(pair.one.plan, pair.other.plan)],
        "capacity": [plain(one) for one in constraints(pair)],
        "bill": [plain(one) for one in money(pair.one.bill, pair.other.bill)],
    }


def _stack(name: str, side: Sized) -> dict[str, Json]:
    request, bill = side.plan.request, side.bill
    return {
        "stack": name,
        "cloud": str(request.cloud),
        "region": request.region,
        "tier": str(request.tier),
        "environment": str(request.environment),
        "refused": side.refused,
        "monthly_usd": bill.monthly_usd,
        "floor_usd": bill.floor_usd,
        "ceiling_usd": bill.ceiling_usd,
        "unpriced": list(bill.unpriced),
    }
