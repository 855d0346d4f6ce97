"""The parts of a bill on Google Cloud, in its order."""

from __future__ import annotations

from sizing.pricing.gcp.compute import control_plane, nodes, volumes
from sizing.pricing.gcp.edge import edge
from sizing.pricing.gcp.network import backups, keys_and_logs, network, transfer
from sizing.pricing.gcp.stores import caches, files, objects, postgres

PARTS = (
    control_plane,
    nodes,
    volumes,
    postgres,
    caches,
    files,
    objects,
    network,
    transfer,
    keys_and_logs,
    backups,
    edge,
)

# What a guest of a cluster adds, as on AWS.
GUEST_PARTS = (nodes, volumes, caches, files, objects, transfer, keys_and_logs)
