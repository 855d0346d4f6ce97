"""Services that go past the poolers, and the connections that each of their pods opens.

What listens or locks for a session cannot share a server's connections by transaction: Archestra
listens for notifications, Langflow locks its schema while it migrates. n8n could, but opens fewer
than poolers would keep for its database. Their pools are small and counted instead. Vault's issuer
and the short-lived logins that it makes go past the poolers, too: those know no login that comes
and goes.
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

DATABASES = ("archestra", "langflow", "n8n")
"""Names alike of the databases and of the services that keep them."""
# Archestra: queries, 50 by default and one at the least; a cache of its own and two listeners
# beside them, so that a pod needs 13 at the least. Source: archestra-chart. Its processes were
# measured with less than half a millisecond of database a request, of 272 a second: one tenth of a
# connection. Ten are kept for what was not measured. Source: sizing-decisions.
ARCHESTRA_QUERIES = 10
ARCHESTRA_CACHE = 10
ARCHESTRA_LISTENERS = 2
# Langflow: what stays open, and what is opened beyond it, of 20 and 30 by default. At rest it holds
# five. Source: sizing-decisions; langflow-settings.
LANGFLOW_POOL = 5
LANGFLOW_OVERFLOW = 5
# n8n: of one process, 2 by default. Source: sizing-decisions; n8n-docs.
N8N_POOL = 4
# Vault's issuer: two of who leads and two of who led a moment ago; the role's own limit. Source:
# sizing-decisions.
ISSUER_CONNECTIONS = 4
# Of each short-lived login, which each of a reader's pods gets of each database: the login's own
# limit. Source: sizing-decisions.
LOGIN_CONNECTIONS = 5
_ARCHESTRA = ARCHESTRA_QUERIES + ARCHESTRA_CACHE + ARCHESTRA_LISTENERS
CONNECTIONS: Mapping[str, int] = MappingProxyType(
    {
        "archestra": _ARCHESTRA,
        "archestra-worker": _ARCHESTRA,
        "langflow": LANGFLOW_POOL + LANGFLOW_OVERFLOW,
        "n8n": N8N_POOL,
        "n8n-worker": N8N_POOL,
    }
)
"""Connections of one pod, by service."""
