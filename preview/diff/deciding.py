"""What of a comparison decides its exit code, a line each: what `aigw diff --quiet` prints."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from preview.diff.resource_sections import named
from sizing.difference import OPEN
from sizing.plan_json import mappings, text
from sizing.rules.replaces_stateful import STATEFUL

if TYPE_CHECKING:
    from preview.diff.comparison import Comparison


def errors(compared: Comparison) -> Iterator[str]:
    """Yield why a stack could not be built: a failed program, a finding, a refused change."""
    stack = compared.stack
    if compared.new.failed:
        yield f"error: {stack}: {compared.new.failed}"
    for one in mappings(compared.new.plan.get("findings")):
        if text(one, "severity") == OPEN[0]:
            said = "; ".join(filter(None, (text(one, "message").rstrip("."), text(one, "fix"))))
            yield f"error: {stack}: {text(one, 'id')}: {said}"
    for step in compared.steps:
        for why in step.refused:
            yield f"error: {stack}: {named(step)}: {why}"


def losses(compared: Comparison) -> Iterator[str]:
    """Yield what is replaced or deleted with what it holds, or may be."""
    for one in compared.lost:
        yield (
            f"error: {compared.stack}: {one.operation.value}: {named(one)}: "
            f"{STATEFUL[one.type]} is lost"
        )
