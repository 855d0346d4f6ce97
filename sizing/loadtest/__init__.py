"""A load test of the platform: what it asks for, what was measured, what that proves of the plan.

Pure. The generator that draws and sends requests stands with the programs that pods run.
"""

from __future__ import annotations

from sizing.loadtest.compare import compare
from sizing.loadtest.line import Line
from sizing.loadtest.profile import Answerer, Profile, Run, Scenario, document, profile
from sizing.loadtest.result import Result, ResultError, read

__all__ = [
    "Answerer",
    "Line",
    "Profile",
    "Result",
    "ResultError",
    "Run",
    "Scenario",
    "compare",
    "document",
    "profile",
    "read",
]
