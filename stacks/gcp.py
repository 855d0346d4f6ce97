"""A plan on Google Cloud: explicit providers, then the components in the order of their needs.

Decides nothing: sizes stand in the plan, names and projects in the config.
"""

from __future__ import annotations

from collections.abc import Mapping

import pulumi
import pulumi_random as random
from pulumi_gcp import Provider

from components.gcp.keys import Keys, KeysArgs
from components.gcp.network import Network, NetworkArgs
from sizing.plan import plan as planned
from sizing.plans import PlatformPlan
from stacks.apps.facts import AppFacts
from stacks.config_gcp import GcpConfig
from stacks.gcp_cluster import ClusterParts, build_cluster
from stacks.gcp_exports import exports, hosting
from stacks.gcp_ground import Ground, Lodger
from stacks.gcp_hosting import GcpHosted
from stacks.gcp_stores import Stores, build_backups, build_stores
from stacks.hosting import OUTPUT, hosted, reference, told


def build(config: GcpConfig, plan: PlatformPlan) -> dict[str, pulumi.Input[object]]:
    """Register everything of the plan and return the stack's exports."""
    if config.in_hosts_cluster:
        return _lodger(config, plan)
    ground = build_ground(config, plan)
    cluster = build_cluster(ground)
    stores = build_stores(ground)
    backups = build_backups(ground, cluster, stores)
    apps = _apps(ground, cluster, stores) if config.builds_apps else None
    tells = {OUTPUT: hosting(ground, cluster, stores, apps)} if apps and config.guests else {}
    return {**exports(ground, cluster, stores, backups, apps), **tells}


def build_ground(config: GcpConfig, plan: PlatformPlan) -> Ground:
    """Register providers, keys and network: what everything else of a stack stands on."""
    labels = config.tags()
    opts = pulumi.ResourceOptions(providers=_providers(config, labels))
    keys = _keys(config, plan, opts)
    network = Network(
        "network",
        NetworkArgs(
            plan=plan.network,
            service_cidr=plan.cluster.service_cidr,
            project=config.project,
            region=config.region,
            logs_key_id=keys.ids["logs"],
            labels=labels,
            protect=plan.protect,
        ),
        opts,
    )
    return Ground(config=config, plan=plan, keys=keys, network=network, labels=labels, opts=opts)


def _lodger(config: GcpConfig, plan: PlatformPlan) -> dict[str, pulumi.Input[object]]:
    # as below: a refused host must not wait for it
    from stacks.gcp_guest import build_lodger

    host, labels = _host(config, plan), config.tags()
    opts = pulumi.ResourceOptions(providers=_providers(config, labels, host))
    return build_lodger(
        Lodger(
            config=config,
            plan=plan,
            keys=_keys(config, plan, opts),
            labels=labels,
            opts=opts,
            host=host,
        )
    )


def _host(config: GcpConfig, plan: PlatformPlan) -> pulumi.Output[GcpHosted]:
    if plan.request.host is None:
        raise ValueError(f"{config.stack} has no host")
    return hosted(reference(config), config, planned(plan.request.host.request), GcpHosted)


def _keys(config: GcpConfig, plan: PlatformPlan, opts: pulumi.ResourceOptions) -> Keys:
    return Keys(
        "keys",
        KeysArgs(
            plans=plan.keys,
            project=config.project,
            project_number=config.project_number,
            region=config.region,
            labels=config.tags(),
            protect=plan.protect,
        ),
        opts,
    )


def _apps(on: Ground, cluster: ClusterParts, stores: Stores) -> AppFacts:
    # the Kubernetes SDK takes a second to import: a stack without workloads does not wait for it
    from stacks.gcp_apps import build_gcp_apps

    return build_gcp_apps(on, cluster, stores)


def _providers(
    config: GcpConfig, labels: Mapping[str, str], host: pulumi.Output[GcpHosted] | None = None
) -> dict[str, pulumi.ProviderResource]:
    # where a host is refused, the provider never starts, and nothing is touched
    project = config.project if host is None else told(host, "project")
    return {
        "gcp": Provider(
            "gcp",
            project=project,
            region=config.region,
            default_labels=labels,
            # the stack's own labels say who made it
            add_pulumi_attribution_label=False,
            # what an API call costs of a quota is the stack's, whoever calls
            user_project_override=True,
            billing_project=config.project,
            impersonate_service_account=config.impersonate,
        ),
        "random": random.Provider("random"),
    }
