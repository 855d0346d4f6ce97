"""An unfinished output must fail a test, not become a warning text in an input."""

from __future__ import annotations

import pytest


@pytest.fixture(autouse=True)
def _outputs_never_become_text(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PULUMI_ERROR_OUTPUT_STRING", "1")
