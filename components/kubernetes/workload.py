"""Deployments and StatefulSets of one pod template, and the config maps that the pods read."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import pulumi
from pulumi_kubernetes import apps, core, meta, policy

from components.kubernetes.cluster import Cluster, Identity, labels, selector
from components.kubernetes.container import Files
from components.kubernetes.pod import VOLUME, Pod, template, volume_name
from components.sequel import Sequel
from sizing.plans import ServicePlan

_KEPT_REVISIONS = 5
_ROLLOUT_SURGE = "25%"  # what the plan counts beside the replicas (sizing.planning.sizes)


@dataclass(frozen=True, slots=True, kw_only=True)
class Workload:
    """What a set of pods is made of.

    Attributes:
        replicas: None where an autoscaler owns the number.
    """

    plan: ServicePlan
    cluster: Cluster
    namespace: pulumi.Input[str]
    pod: Pod
    replicas: int | None

    @property
    def metadata(self) -> meta.v1.ObjectMetaArgs:
        """Return name, namespace and labels."""
        name = self.plan.name
        return meta.v1.ObjectMetaArgs(name=name, namespace=self.namespace, labels=labels(name))

    @property
    def selector(self) -> meta.v1.LabelSelectorArgs:
        """Return what selects its pods."""
        return meta.v1.LabelSelectorArgs(match_labels=selector(self.plan.name))


def service_account(
    turn: Sequel, name: str, account: str, namespace: pulumi.Input[str], identity: Identity
) -> core.v1.ServiceAccount:
    """Create a service account in turn; no pod gets a token of it by itself.

    Args:
        turn: of the component whose pods run as it.
        name: of the resource, unique in the stack.
        account: its name, and the workload's.
        namespace: where it lives.
        identity: what it may do outside the cluster.
    """
    made = core.v1.ServiceAccount(
        name,
        metadata=meta.v1.ObjectMetaArgs(
            name=account,
            namespace=namespace,
            labels=labels(account),
            annotations=dict(identity.annotations) or None,
        ),
        automount_service_account_token=False,
        opts=turn.next,
    )
    turn.add(made)
    return made


def config_maps(
    name: str,
    workload: str,
    namespace: pulumi.Input[str],
    files: Sequence[Files],
    turn: Sequel,
) -> dict[str, str]:
    """Create a config map for each folder of files, in turn, and return their names by folder.

    Raises:
        ValueError: two containers show different files in one folder; they share the volume.
    """
    folders: dict[str, Files] = {}
    for one in files:
        if folders.setdefault(one.path, one).contents != one.contents:
            raise ValueError(f"{workload}: {one.path} cannot hold two sets of files")
    named = {path: volume_name(workload, path) for path in folders}
    for path, one in folders.items():
        metadata = meta.v1.ObjectMetaArgs(
            name=named[path], namespace=namespace, labels=labels(workload)
        )
        turn.add(
            core.v1.ConfigMap(
                volume_name(name, path),
                metadata=metadata,
                data=dict(one.contents),
                opts=turn.next,
            )
        )
    return named


def deployment(name: str, work: Workload, opts: pulumi.ResourceOptions) -> apps.v1.Deployment:
    """Create pods that are alike.

    GPUs are not there twice, so that engines end before their successors start.
    """
    in_place = work.plan.gpus > 0
    return apps.v1.Deployment(
        name,
        metadata=work.metadata,
        spec=apps.v1.DeploymentSpecArgs(
            replicas=work.replicas,
            revision_history_limit=_KEPT_REVISIONS,
            selector=work.selector,
            strategy=apps.v1.DeploymentStrategyArgs(
                type="RollingUpdate",
                rolling_update=apps.v1.RollingUpdateDeploymentArgs(
                    max_surge=0 if in_place else _ROLLOUT_SURGE,
                    max_unavailable=1 if in_place else 0,
                ),
            ),
            progress_deadline_seconds=_deadline(work.plan),
            template=template(work.pod, work.cluster.registry),
        ),
        opts=opts,
    )


def stateful_set(name: str, work: Workload, opts: pulumi.ResourceOptions) -> apps.v1.StatefulSet:
    """Create pods with names and volumes of their own.

    A volume goes with the set where the stack is not protected, so that nothing is left behind;
    scaling down alone never takes one.
    """
    deleted = "Retain" if work.cluster.protect else "Delete"
    return apps.v1.StatefulSet(
        name,
        metadata=work.metadata,
        spec=apps.v1.StatefulSetSpecArgs(
            service_name=work.plan.name,
            replicas=work.replicas,
            revision_history_limit=_KEPT_REVISIONS,
            selector=work.selector,
            # members of a cluster find each other only when all of them start
            pod_management_policy="Parallel",
            persistent_volume_claim_retention_policy=(
                apps.v1.StatefulSetPersistentVolumeClaimRetentionPolicyArgs(
                    when_deleted=deleted, when_scaled="Retain"
                )
            ),
            volume_claim_templates=_claims(work) or None,
            template=template(work.pod, work.cluster.registry),
        ),
        opts=opts,
    )


def _claims(work: Workload) -> list[core.v1.PersistentVolumeClaimArgs]:
    if not work.plan.volume_gib:
        return []
    return [
        core.v1.PersistentVolumeClaimArgs(
            metadata=meta.v1.ObjectMetaArgs(name=VOLUME, labels=selector(work.plan.name)),
            spec=core.v1.PersistentVolumeClaimSpecArgs(
                access_modes=["ReadWriteOnce"],
                storage_class_name=work.cluster.storage_class,
                resources=core.v1.VolumeResourceRequirementsArgs(
                    requests={"storage": f"{work.plan.volume_gib}Gi"}
                ),
            ),
        )
    ]


def _deadline(plan: ServicePlan) -> int:
    """Return for how long a rollout may stand still: an engine that loads is no failure."""
    return max(_PATIENCE_SECONDS, 2 * plan.cold_start_seconds)


_PATIENCE_SECONDS = 600


def budget(
    name: str,
    metadata: meta.v1.ObjectMetaArgs,
    pods: str,
    may_go: int | str,
    opts: pulumi.ResourceOptions,
) -> policy.v1.PodDisruptionBudget:
    """Create the budget of how many pods may be away at once while nodes are emptied.

    Args:
        pods: their name.
        may_go: a number, or a share of those that stand ("25%").
    """
    return policy.v1.PodDisruptionBudget(
        name,
        metadata=metadata,
        spec=policy.v1.PodDisruptionBudgetSpecArgs(
            max_unavailable=may_go,
            selector=meta.v1.LabelSelectorArgs(match_labels=selector(pods)),
            # a pod that never was ready must not keep a node from being emptied
            unhealthy_pod_eviction_policy="AlwaysAllow",
        ),
        opts=opts,
    )
