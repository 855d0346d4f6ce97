"""The edge of a stack on Google Cloud: the way in with its firewall, and the images' registry."""

from __future__ import annotations

import pulumi

from components.gcp.armor import Armor, ArmorArgs
from components.gcp.ingress import Ingress, IngressArgs
from components.gcp.registry import Login, Registry, RegistryArgs
from sizing.planning.gcp.firewall import has_policy
from sizing.words import SubnetKind
from stacks.apps.site import WayIn
from stacks.gcp_cluster import ClusterParts
from stacks.gcp_ground import Ground


def build_ingress(on: Ground, parts: ClusterParts) -> Ingress | None:
    """Register the load balancer, None where the stack has no ingress.

    Who may call, and how often, is said by a policy before it: nothing else can.
    """
    config, plan, network = on.config, on.plan, on.network
    asked = config.ingress
    if asked is None:
        return None
    (proxies,) = (one for one in plan.network.subnets if one.kind is SubnetKind.PUBLIC)
    return Ingress(
        "ingress",
        IngressArgs(
            plan=plan.ingress,
            stack=config.platform,
            project=config.project,
            region=config.region,
            domain=asked.domain,
            zone=asked.zone_id,
            zones=config.zone_ids,
            network=network.network_id,
            nodes_subnet=network.nodes_subnet_id,
            proxy_subnet=network.subnet_ids[proxies.name],
            proxy_cidr=proxies.cidr,
            node_service_account=parts.gke.node_account_email,
            policy=_policy(on, asked.allow_list),
            labels=on.labels,
            protect=plan.protect,
        ),
        on.opts,
    )


def _policy(on: Ground, allow_list: tuple[str, ...]) -> pulumi.Output[str] | None:
    if not has_policy(on.plan.ingress, len(set(allow_list))):
        return None
    return Armor(
        "firewall",
        ArmorArgs(
            plan=on.plan.ingress,
            stack=on.config.platform,
            project=on.config.project,
            region=on.config.region,
            allow_list=allow_list,
        ),
        on.opts,
    ).policy


def way_in(ingress: Ingress | None) -> WayIn | None:
    """Return the load balancer as the cluster sees it: proxies and probes call its pods."""
    if ingress is None:
        return None
    return WayIn(groups=ingress.groups, blocks=ingress.blocks, ready=ingress.ready, labels={})


def build_registry(on: Ground, parts: ClusterParts) -> list[pulumi.Resource]:
    """Register the repositories that images come through; nothing where the stack makes none.

    Returns:
        What pods wait for whose images come through them.
    """
    config, images = on.config, on.config.images
    if not images.mirror:
        return []
    made = Registry(
        "registry",
        RegistryArgs(
            project=config.project,
            project_number=config.project_number,
            region=config.region,
            prefix=images.registry.rpartition("/")[2],
            logins={
                str(upstream): Login(username=one.username, password=one.password)
                for upstream, one in images.credentials.items()
            },
            node_service_account=parts.gke.node_account_email,
            labels=on.labels,
        ),
        on.opts,
    )
    return [*made.ready]
