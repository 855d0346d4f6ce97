"""`aigw tiers`: every table of document 001, the tiers side by side."""

from __future__ import annotations

import argparse
from typing import Any

from preview.misuse import FINE
from preview.result import write
from preview.verbs.arguments import add_json, verb

SCHEMA = 1
"""Counts up when a field changes its meaning or goes away."""
EXAMPLES = """\
examples:
  aigw tiers
  aigw tiers --json
"""


def add(verbs: Any) -> None:  # noqa: ANN401  # argparse has no public type for it
    """Register the verb."""
    add_json(verb(verbs, "tiers", "the four tiers side by side, as documented", EXAMPLES))


def run(options: argparse.Namespace) -> int:
    """Show every table of the document."""
    from preview.report import tier_sections
    from sizing.model import plain
    from sizing.tiers.render import documented_blocks, documented_lists, documented_tables

    tables, blocks, lists = documented_tables(), documented_blocks(), documented_lists()
    write(
        options,
        document=lambda: {
            "schema": SCHEMA,
            "tables": plain(tables),
            "blocks": plain(blocks),
            "lists": plain(lists),
        },
        sections=lambda: tier_sections(tables, (*blocks, *lists)),
    )
    return FINE
