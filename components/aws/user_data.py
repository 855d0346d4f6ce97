"""What an AL2023 node reads at its first start (pure)."""

from __future__ import annotations

import base64
import json

_BOUNDARY = "aigw-node"  # fixed: a new one would be a new template version at every run


def node_config(max_pods: int) -> str:
    """Return nodeadm's configuration as base64 MIME, which EKS merges with its own part.

    Args:
        max_pods: pods the kubelet accepts; the plan's reserves are computed from this number.
    """
    config = {
        "apiVersion": "node.eks.aws/v1alpha1",
        "kind": "NodeConfig",
        # stated, not left to nodeadm's formula: it knows nothing of prefix delegation
        "spec": {"kubelet": {"config": {"maxPods": max_pods}}},
    }
    lines = (
        "MIME-Version: 1.0",
        f'Content-Type: multipart/mixed; boundary="{_BOUNDARY}"',
        "",
        f"--{_BOUNDARY}",
        "Content-Type: application/node.eks.aws",
        "",
        json.dumps(config),  # JSON is YAML
        f"--{_BOUNDARY}--",
        "",
    )
    return base64.b64encode("\n".join(lines).encode()).decode()
