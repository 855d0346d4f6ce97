"""The control plane of GKE: one regional cluster on a release channel.

`ClusterPlan` in its words: `kubernetes_version` is the minor that the channel is asked for,
`support_type` the channel, `addons` empty, since GKE brings and updates its own.
"""

from __future__ import annotations

from sizing.planning.environment import Setting
from sizing.planning.notes import note
from sizing.plans import Adjustment, ClusterPlan
from sizing.versions import GOOGLE_VERSIONS
from sizing.words import Direction

# container.Cluster logging_config.enable_components. Source: pulumi-gcp.
LOG_TYPES = ("APISERVER", "CONTROLLER_MANAGER", "SCHEDULER", "SYSTEM_COMPONENTS")


def cluster(setting: Setting) -> tuple[ClusterPlan, tuple[Adjustment, ...]]:
    """Return the control plane and how it differs from table 3.1."""
    request, row = setting.request, setting.tables.cluster
    plan = ClusterPlan(
        kubernetes_version=minor(),
        support_type=GOOGLE_VERSIONS.channel,
        service_cidr=request.service_cidr,
        access=request.access,
        log_types=LOG_TYPES,
        log_retention_days=setting.log_days,
        addons=(),
        deletion_protection=setting.is_prod,
    )
    said = note(
        "cluster.control_plane",
        f"{row.control_plane} ({row.control_plane_nodes} node)",
        "managed by GKE, in every zone of the region",
        direction=Direction.REPLACED,
        rule="managed-control-plane",
        reason="GKE runs and sizes its own control plane and sells no node count",
    )
    return plan, (said,)


def minor() -> str:
    """Return the minor of the channel's version: "1.35" of "1.35.7-gke.1"."""
    major, second, *_ = GOOGLE_VERSIONS.kubernetes.value.split(".")
    return f"{major}.{second}"
