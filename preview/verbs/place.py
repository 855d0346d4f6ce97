"""`aigw place`: the exact cheapest mix of machines beside the plan, and what proves it."""

from __future__ import annotations

import argparse
from typing import TYPE_CHECKING, Any

from preview.misuse import FINE
from preview.progress import working
from preview.result import write
from preview.verbs.arguments import add_stack, verb

if TYPE_CHECKING:
    from sizing.model import Json
    from sizing.placement.platform import PlacementReport

SCHEMA = 1
"""Counts up when a field changes its meaning or goes away."""

EXAMPLES = """\
examples:
  aigw place prod-large
  aigw place prod-large --json
"""


def add(verbs: Any) -> None:  # noqa: ANN401  # argparse has no public type for it
    """Register the verb."""
    parser = verb(
        verbs,
        "place",
        "the exact cheapest mix of machines beside the plan, and the bound",
        EXAMPLES,
    )
    add_stack(parser)


def run(options: argparse.Namespace) -> int:
    """Solve every pool of a stack and show it; that a plan costs more is no error."""
    from preview.place_out import sections
    from preview.stack_plan import planned
    from sizing.placement.platform import compare

    with working(f"placing the pods of {options.stack}"):
        report = compare(planned(options.stack, options.root).plan)
    write(
        options,
        document=lambda: document(options.stack, report),
        sections=lambda: sections(options.stack, report),
    )
    return FINE


def document(stack: str, report: PlacementReport) -> dict[str, Json]:
    """Return the comparison as JSON."""
    from sizing.model import plain

    fields = plain(report)
    assert isinstance(fields, dict)
    return {"schema": SCHEMA, "stack": stack, **fields}
