"""The way in on Google Cloud: as on AWS, without its document database.

`IngressPlan` in its words: `idle_timeout_seconds` is how long a whole answer may take, silent or
not; `client_keep_alive_seconds` is how long an idle connection of a client is kept. The firewall
is a policy of Cloud Armor, which also holds the list of who may call: no other part can.
"""

from __future__ import annotations

from dataclasses import replace

from sizing.planning.edge import ingress
from sizing.planning.environment import Setting
from sizing.planning.gcp.firewall import RATE_MOST
from sizing.planning.notes import note
from sizing.plans import Adjustment, IngressPlan
from sizing.words import Direction

# The whole of a stream, of a WebSocket or of an MCP session: the balancer counts it all, where the
# one of AWS counts silence. Source: gcp-request-distribution; the hour is sizing-decisions'.
ANSWER_SECONDS = 3600
KEEP_ALIVE_SECONDS = 600  # the most of a regional balancer. Source: pulumi-gcp, 2026.
ALGORITHM = "LEAST_REQUEST"  # of two pods the one with fewer. Source: pulumi-gcp, 2026.


def edge(setting: Setting) -> tuple[IngressPlan, tuple[Adjustment, ...]]:
    """Return the way in, and what the stack asks for and Google does not sell."""
    switches = setting.request.switches
    plan, notes = ingress(setting, internal=switches.internal)
    if switches.document_db:
        notes = (*notes, _documents_note())
    translated = replace(
        plan,
        waf_rate_limit=min(plan.waf_rate_limit, RATE_MOST),
        idle_timeout_seconds=max(ANSWER_SECONDS, plan.idle_timeout_seconds),
        client_keep_alive_seconds=KEEP_ALIVE_SECONDS,
        algorithm=ALGORITHM,
    )
    return translated, notes


def _documents_note() -> Adjustment:
    return note(
        "document_database",
        "DocumentDB",
        "PostgreSQL",
        direction=Direction.REPLACED,
        rule="document-database",
        reason="Google sells no DocumentDB: documents stay in the relational store",
    )
