"""The infrastructure of real plans, wired as a stack wires it, is accepted, tagged and owned."""

from __future__ import annotations

import pulumi
import pytest

from components.aws.addons import Addons, AddonsArgs
from components.aws.eks import Eks, EksArgs
from components.aws.identity import IamSettings
from components.aws.keys import Keys, KeysArgs
from components.aws.network import Network, NetworkArgs
from components.aws.node_pools import NodePools, NodePoolsArgs
from components.naming import cluster_name, stack_tags
from sizing.plan import plan
from sizing.plans import PlanRequest, PlatformPlan
from sizing.rules import refusals
from sizing.words import Access, Cloud, Environment, Tier
from tests.components.support import ACCOUNT, REGION, Recorder, record, takes_tags

STACKS = (
    (Environment.DEV, Tier.SMALL),
    (Environment.STAGING, Tier.MEDIUM),
    (Environment.PROD, Tier.LARGE),
)


def planned(environment: Environment, tier: Tier) -> PlatformPlan:
    return plan(
        PlanRequest(
            tier=tier,
            environment=environment,
            cloud=Cloud.AWS,
            region=REGION,
            zone_ids=("use1-az1", "use1-az2", "use1-az4"),
            vpc_cidr="10.40.0.0/16",
            service_cidr="172.20.0.0/16",
            access=Access.ALLOWLIST,
        )
    )


def build(of: PlatformPlan) -> Recorder:
    stack = f"{of.request.environment}-{of.request.tier}"
    tags = stack_tags(
        environment=of.request.environment, tier=of.request.tier, cost_centre="p", stack=stack
    )
    iam = IamSettings()

    def program() -> None:
        keys = Keys(
            "keys",
            KeysArgs(
                plans=of.keys, account_id=ACCOUNT, region=REGION, tags=tags, protect=of.protect
            ),
        )
        network = Network(
            "network",
            NetworkArgs(
                plan=of.network,
                region=REGION,
                account_id=ACCOUNT,
                logs_key_arn=keys.arns["logs"],
                iam=iam,
                tags=tags,
            ),
        )
        cluster = Eks(
            "cluster",
            EksArgs(
                plan=of.cluster,
                cluster_name=cluster_name(stack),
                region=REGION,
                subnet_ids=list(network.private_subnet_ids.values()),
                secrets_key_arn=keys.arns["cluster"],
                logs_key_arn=keys.arns["logs"],
                allow_list=("203.0.113.0/24",),
                admin_principals=(f"arn:aws:iam::{ACCOUNT}:role/deploy",),
                iam=iam,
                tags=tags,
                protect=of.protect,
            ),
        )
        pools = NodePools(
            "nodes",
            NodePoolsArgs(
                plans=of.node_pools,
                cluster_name=cluster.cluster_name,
                cluster_security_group_id=cluster.cluster_security_group_id,
                kubernetes_version=of.cluster.kubernetes_version,
                region=REGION,
                subnet_ids=network.private_subnet_ids,
                ebs_key_arn=keys.arns["nodes"],
                ready=[*network.egress, *cluster.before_nodes],
                iam=iam,
                tags=tags,
            ),
        )
        Addons(
            "addons",
            AddonsArgs(
                plans=of.cluster.addons,
                cluster_name=cluster.cluster_name,
                region=REGION,
                volume_key_arn=keys.arns["nodes"],
                nodes=list[pulumi.Resource](pools.groups.values()),
                iam=iam,
                tags=tags,
            ),
        )

    return record(program)


@pytest.fixture(scope="module", params=STACKS, ids=lambda pair: f"{pair[0]}-{pair[1]}")
def built(request: pytest.FixtureRequest) -> tuple[PlatformPlan, Recorder]:
    of = planned(*request.param)
    return of, build(of)


def test_nothing_planned_is_refused(built: tuple[PlatformPlan, Recorder]) -> None:
    found = {r.name: refusals(r.type, r.inputs) for r in built[1].resources}
    assert {name: [str(one) for one in said] for name, said in found.items() if said} == {}


def test_everything_has_a_component_and_the_stacks_tags(
    built: tuple[PlatformPlan, Recorder],
) -> None:
    of, recorder = built
    components = {r.urn for r in recorder.resources if not r.custom}
    for made in (r for r in recorder.resources if r.custom):
        assert made.parent in components, made.name
        if takes_tags(made.type):
            assert made.inputs["tags"]["tier"] == of.request.tier, made.name
            assert made.inputs["tags"]["component"], made.name


def test_every_pool_gets_its_group_in_the_clusters_network(
    built: tuple[PlatformPlan, Recorder],
) -> None:
    of, recorder = built
    subnets = set(recorder.one("aws:eks/cluster:Cluster").inputs["vpcConfig"]["subnetIds"])
    groups = recorder.all("NodeGroup")
    assert {g.name for g in groups} == {f"nodes-{one.name}" for one in of.node_pools}
    assert all(set(g.inputs["subnetIds"]) <= subnets for g in groups)
    for template in recorder.all("LaunchTemplate"):
        assert template.inputs["vpcSecurityGroupIds"] == ["sg-eks"]


def test_what_holds_data_is_protected_exactly_where_the_plan_says_so(
    built: tuple[PlatformPlan, Recorder],
) -> None:
    of, recorder = built
    holding = [*recorder.all("aws:kms/key:Key"), *recorder.all("aws:eks/cluster:Cluster")]
    assert {one.protect for one in holding} == {of.protect}
