"""Cases run once for each cloud where their module takes `pytest_generate_tests` from there."""

from __future__ import annotations

from tests.both_clouds import _cloud, pytest_collection_modifyitems

__all__ = ["_cloud", "pytest_collection_modifyitems"]
