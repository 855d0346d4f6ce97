"""The offline plan: a stack's real program, run here, with every registration captured."""

from __future__ import annotations

from preview.offline.capture import Diagnostic, Resource
from preview.offline.runner import ProgramError, Recording, run
from preview.offline.serialize import SECRET, UNKNOWN

__all__ = ["SECRET", "UNKNOWN", "Diagnostic", "ProgramError", "Recording", "Resource", "run"]
