"""The way in on Google Cloud: as on AWS, without AWS' firewall and its document database."""

from __future__ import annotations

from dataclasses import replace

from sizing.planning.edge import ingress
from sizing.planning.environment import Setting
from sizing.planning.notes import note
from sizing.plans import Adjustment, IngressPlan
from sizing.words import Direction


def edge(setting: Setting) -> tuple[IngressPlan, tuple[Adjustment, ...]]:
    """Return the way in, and what the stack asks for and Google does not sell."""
    switches = setting.request.switches
    plan, notes = ingress(setting, internal=switches.internal)
    if switches.document_db:
        notes = (*notes, _documents_note())
    return replace(plan, waf=False), notes


def _documents_note() -> Adjustment:
    return note(
        "document_database",
        "DocumentDB",
        "PostgreSQL",
        direction=Direction.REPLACED,
        rule="document-database",
        reason="Google sells no DocumentDB: documents stay in the relational store",
    )
