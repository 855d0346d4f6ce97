"""Votes of a cluster that agrees by majority (Raft): what it may lose."""

from __future__ import annotations

PARTS = 2  # more than one half must agree


def majority(nodes: int) -> int:
    """Return how many nodes must agree.

    Raises:
        ValueError: a cluster has at least one node.
    """
    if nodes < 1:
        raise ValueError(f"a cluster of {nodes} nodes does not vote")
    return nodes // PARTS + 1


def tolerated(nodes: int) -> int:
    """Return how many nodes may be lost while a majority of all of them stays."""
    return nodes - majority(nodes)
