"""What is asked on Google Cloud alone, before and after what is asked on every cloud."""

from __future__ import annotations

from sizing.checks.gcp.backups import check_backups
from sizing.checks.gcp.cluster import check_cluster
from sizing.checks.gcp.edge import check_edge
from sizing.checks.gcp.network import check_network
from sizing.checks.gcp.nodes import check_pools
from sizing.checks.gcp.postgres import check_postgres
from sizing.checks.gcp.refused import check_refused
from sizing.checks.gcp.sources import own_source
from sizing.checks.gcp.stores import check_stores

FIRST = (check_cluster, check_network, check_pools)
LAST = (check_edge, check_postgres, check_stores, check_backups, check_refused)

__all__ = ["FIRST", "LAST", "check_postgres", "check_stores", "own_source"]
