"""Scaling triggers as data: what alerts, autoscalers and checks share.

Where the documents differ, table 5.2 of document 001 rules: it has two lines for every metric, and
its first one is never the later. No document gives a window; queries look back over `WINDOW`.
"""

from __future__ import annotations

from sizing.triggers.differences import Difference, differences
from sizing.triggers.tables import OSMEN, STORES, TABLE, TRIGGERS, WINDOW, ruling, trigger
from sizing.triggers.targets import (
    HPA_TOLERANCE,
    HpaTarget,
    documented_targets,
    litellm_target,
    stated_latency,
    steering,
    whole_answers,
)
from sizing.triggers.trigger import Trigger

__all__ = [
    "HPA_TOLERANCE",
    "OSMEN",
    "STORES",
    "TABLE",
    "TRIGGERS",
    "WINDOW",
    "Difference",
    "HpaTarget",
    "Trigger",
    "differences",
    "documented_targets",
    "litellm_target",
    "ruling",
    "stated_latency",
    "steering",
    "trigger",
    "whole_answers",
]
