"""An unfinished output must fail a test, not become a warning text in an input."""

from __future__ import annotations

import pytest


def pytest_configure(config: pytest.Config) -> None:
    """Declare what a case says that does not run for each cloud (test_both_clouds.py counts)."""
    config.addinivalue_line("markers", "cloud_free(why): nothing in it comes of a cloud")
    config.addinivalue_line("markers", "one_cloud(cloud, why): what it reads exists on one alone")


@pytest.fixture(autouse=True)
def _outputs_never_become_text(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PULUMI_ERROR_OUTPUT_STRING", "1")
