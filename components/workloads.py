"""A workload that has rights at the cloud, whichever cloud it is."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class WorkloadPlan:
    """A workload by the service account that it runs as ("kube-system", "cluster-autoscaler")."""

    name: str
    namespace: str
    service_account: str
