"""Document 003: OsMEN, agents on a few containers, as benchmarked and as scaled.

Source: document-003, 2024-11-18. By subject: `osmen_performance` (what was timed),
`osmen_resources` (what is used and allotted), `osmen_settings` (what is set), `osmen_cost`.
"""

from __future__ import annotations

from sizing.documents import osmen_cost, osmen_performance, osmen_resources, osmen_settings
from sizing.documents.block import Block

SOURCE = "document-003"
DATE = "2024-11-18"


def blocks() -> tuple[Block, ...]:
    """Return every block of the document that holds figures, subject by subject."""
    return (
        *osmen_performance.blocks(),
        *osmen_resources.blocks(),
        *osmen_settings.blocks(),
        *osmen_cost.blocks(),
    )
