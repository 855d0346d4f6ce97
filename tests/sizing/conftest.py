"""Each case of the planner runs once for each cloud, unless its mark says why not."""

from __future__ import annotations

from tests.both_clouds import _cloud, pytest_collection_modifyitems, pytest_generate_tests

__all__ = ["_cloud", "pytest_collection_modifyitems", "pytest_generate_tests"]
