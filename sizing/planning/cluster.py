"""The control plane: version, add-ons and logs."""

from __future__ import annotations

import json

from sizing.model import Json
from sizing.planning.environment import Setting
from sizing.planning.notes import note
from sizing.plans import AddonPlan, Adjustment, ClusterPlan
from sizing.versions import VERSIONS
from sizing.words import Direction

LOG_TYPES = ("api", "audit", "authenticator", "controllerManager", "scheduler")
# Ends with a forced upgrade instead of a control plane at six times the price (cloud rule 11).
SUPPORT_TYPE = "STANDARD"
# Nodes stay NotReady without these; the others need nodes to run on (cloud rule 10).
BEFORE_NODES = ("eks-pod-identity-agent", "kube-proxy", "vpc-cni")
AFTER_NODES = ("aws-ebs-csi-driver", "aws-efs-csi-driver", "coredns", "metrics-server")
# The CNI's rights stay with the node role: at a node's first join it has no other.
SERVICE_ACCOUNTS = {
    "aws-ebs-csi-driver": "kube-system/ebs-csi-controller-sa",
    "aws-efs-csi-driver": "kube-system/efs-csi-controller-sa",
}
CONFIGURATIONS: dict[str, dict[str, Json]] = {
    "vpc-cni": {
        "enableNetworkPolicy": "true",
        "env": {"ENABLE_PREFIX_DELEGATION": "true", "WARM_PREFIX_TARGET": "1"},
    }
}


def cluster(setting: Setting) -> tuple[ClusterPlan, tuple[Adjustment, ...]]:
    """Return the control plane and how it differs from table 3.1."""
    request = setting.request
    plan = ClusterPlan(
        kubernetes_version=VERSIONS.kubernetes.value,
        support_type=SUPPORT_TYPE,
        service_cidr=request.service_cidr,
        access=request.access,
        log_types=LOG_TYPES,
        log_retention_days=setting.log_days,
        addons=tuple(_addon(name) for name in (*BEFORE_NODES, *AFTER_NODES)),
        deletion_protection=setting.is_prod,
    )
    row = setting.tables.cluster
    said = note(
        "cluster.control_plane",
        f"{row.control_plane} ({row.control_plane_nodes} node)",
        "managed by EKS",
        direction=Direction.REPLACED,
        rule="managed-control-plane",
        reason="EKS runs and sizes its own control plane and sells no node count",
    )
    return plan, (said,)


def _addon(name: str) -> AddonPlan:
    pin, configuration = VERSIONS.addons.get(name), CONFIGURATIONS.get(name)
    return AddonPlan(
        name=name,
        version=pin.value if pin else "",
        before_nodes=name in BEFORE_NODES,
        configuration=json.dumps(configuration, sort_keys=True) if configuration else "",
        service_account=SERVICE_ACCOUNTS.get(name, ""),
    )
