"""What AWS does in its own way for what runs in a cluster."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import pulumi

from components.base import PlatformComponent
from components.kubernetes import thanos_objects
from components.kubernetes.cluster import Cluster
from components.kubernetes.cluster_autoscaler import ClusterAutoscaler, ClusterAutoscalerArgs
from components.kubernetes.external_secrets import SecretsManager
from components.kubernetes.load_balancer_controller import (
    Binding,
    LoadBalancerController,
    LoadBalancerControllerArgs,
    target_group_binding,
)
from components.kubernetes.vault_config import Seal, aws_seal
from components.naming import key_alias
from components.object_stores import OF_CLOUD, ObjectStore
from sizing.words import Cloud
from stacks.apps.controllers import SYSTEM
from stacks.apps.site import Joined, Site
from stacks.apps.vault import ROLE


@dataclass(frozen=True, slots=True, kw_only=True)
class AwsSide:
    """A stack's side of AWS (see `CloudSide`).

    Attributes:
        platform: name of the stack, which its keys carry.
        vpc_id: of its network.
    """

    platform: str
    region: str
    vpc_id: pulumi.Input[str]
    secrets: SecretsManager

    @property
    def objects(self) -> ObjectStore:
        """Return how its buckets are spoken to."""
        return OF_CLOUD[Cloud.AWS]

    @property
    def object_addresses(self) -> tuple[str, ...]:
        """Return nothing: S3 answers at addresses of the internet, of which there are many."""
        return ()

    @property
    def seal(self) -> Seal:
        """Return what opens Vault at each start."""
        return aws_seal(self.region, key_alias(self.platform, ROLE))

    @property
    def gpus(self) -> None:
        """Return nothing: the platform looks after GPU nodes."""
        return None

    def controllers(self, site: Site, on: Cluster) -> Sequence[pulumi.Resource]:
        """Register what adds nodes, and what registers pods where a load balancer stands."""
        autoscaler = ClusterAutoscaler(
            "cluster-autoscaler",
            ClusterAutoscalerArgs(
                plan=site.service("cluster-autoscaler"),
                cluster=on,
                cluster_name=site.cluster_name,
                region=self.region,
                namespace=on.namespaces[SYSTEM],
            ),
            site.opts,
        )
        if site.way_in is None:
            return autoscaler.ready
        balancers = LoadBalancerController(
            "load-balancer-controller",
            LoadBalancerControllerArgs(
                plan=site.service("aws-load-balancer-controller"),
                cluster=on,
                cluster_name=site.cluster_name,
                region=self.region,
                vpc_id=self.vpc_id,
                namespace=on.namespaces[SYSTEM],
            ),
            site.opts,
        )
        return [*autoscaler.ready, *balancers.ready]

    def join(
        self,
        owner: PlatformComponent,
        joined: Joined,
        group: pulumi.Input[str],
        *,
        namespace: pulumi.Input[str],
        after: Sequence[pulumi.Resource],
    ) -> None:
        """Register the binding of a target group."""
        target_group_binding(
            owner,
            f"{joined.service}-binding",
            Binding(service=joined.service, port=joined.port, target_group_arn=group),
            namespace=namespace,
            after=after,
        )

    def metrics_bucket(self, bucket: str) -> str:
        """Return how Thanos is told of a bucket."""
        return thanos_objects.text(bucket, self.region)
