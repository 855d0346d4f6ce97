"""Every typed block of the five documents, by document and by id."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from sizing import tiers
from sizing.documents import agent_router, archestra, cluster, osmen
from sizing.documents.block import Block, BlockKind
from sizing.tiers.render import Printed, documented_blocks, documented_lists, documented_tables


def documents() -> Mapping[str, tuple[Block, ...]]:
    """Return the blocks of each document by its source id, "document-000" first."""
    return MappingProxyType(
        {
            cluster.SOURCE: cluster.blocks(),
            tiers.SOURCE: _guide(),
            archestra.SOURCE: archestra.blocks(),
            osmen.SOURCE: osmen.blocks(),
            agent_router.SOURCE: agent_router.blocks(),
        }
    )


def block(block_id: str) -> Block:
    """Return a block.

    Raises:
        KeyError: no such id; the message lists those that exist.
    """
    by_id = {one.id: one for blocks in documents().values() for one in blocks}
    try:
        return by_id[block_id]
    except KeyError:
        raise KeyError(f"block {block_id!r} is unknown; known: {', '.join(by_id)}") from None


def _guide() -> tuple[Block, ...]:
    kinds = (
        (BlockKind.TABLE, documented_tables()),
        (BlockKind.CODE, documented_blocks()),
        (BlockKind.LIST, documented_lists()),
    )
    return tuple(_from_guide(kind, printed) for kind, several in kinds for printed in several)


def _from_guide(kind: BlockKind, printed: Printed) -> Block:
    numbered = printed.section[:1].isdigit() or printed.section == "A"
    place = f"{printed.section}-{printed.name}" if numbered else printed.name
    return Block(
        id=f"001-{place}",
        kind=kind,
        section=printed.section,
        title=printed.title,
        columns=printed.header,
        rows=printed.rows,
    )
