"""Document 001 printed again from its typed rows: tables, config blocks and lists.

The cells come out as the document prints them (its bold and code marks left off), so that the
typed tables can be shown side by side and compared with the document.
"""

from __future__ import annotations

from sizing.tiers import REVIEW_CHECKLIST
from sizing.tiers.blocks import growth_lines, hpa_lines, pgbouncer_lines, vllm_stack_lines
from sizing.tiers.printed import Printed
from sizing.tiers.tables_components import (
    observability_table,
    service_tables,
    store_tables,
    workload_tables,
)
from sizing.tiers.tables_platform import (
    cost_tables,
    infrastructure_tables,
    instance_tables,
    trigger_table,
)

__all__ = ["Printed", "documented_blocks", "documented_lists", "documented_tables"]


def documented_tables() -> tuple[Printed, ...]:
    """Return every table of the document, in its order."""
    return (
        *workload_tables(),
        *service_tables(),
        *store_tables(),
        observability_table(),
        *infrastructure_tables(),
        *cost_tables(),
        trigger_table(),
        *instance_tables(),
    )


def documented_blocks() -> tuple[Printed, ...]:
    """Return every config or formula block of the document, line by line."""
    blocks = (
        ("2.1", "hpa", "LiteLLM HPA Configuration", hpa_lines()),
        ("2.3", "vllm-stack", "vLLM Production Stack Configuration", vllm_stack_lines()),
        ("2.4", "pgbouncer", "PostgreSQL Connection Pool Settings", pgbouncer_lines()),
        ("5.1", "growth", "Growth Model", growth_lines()),
    )
    return tuple(
        Printed(
            section=section,
            name=name,
            title=title,
            header=("line",),
            rows=tuple((line,) for line in lines),
        )
        for section, name, title, lines in blocks
    )


def documented_lists() -> tuple[Printed, ...]:
    """Return every list of the document."""
    return (
        Printed(
            section=REVIEW_CHECKLIST.section,
            name="review-checklist",
            title="Quarterly Review Checklist",
            header=("item",),
            rows=tuple((item,) for item in REVIEW_CHECKLIST.items),
        ),
    )
