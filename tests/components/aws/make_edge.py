"""The way in, secrets, images and rights of a platform on AWS, from plans made by hand."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from components.aws.identity import IamSettings, Statement
from components.aws.ingress import Ingress, IngressArgs
from components.aws.registry import Registry, RegistryArgs
from components.aws.secrets import Secrets, SecretsArgs
from components.aws.waf import Waf, WafArgs
from components.aws.workload_identity import Identity, IdentityArgs, Workload
from components.generated import GeneratedSecret
from components.secret_values import GivenSecret
from components.workloads import WorkloadPlan
from sizing.plans.edge import IngressPlan
from tests.components.aws import edge_plans
from tests.components.aws.store_plans import DATA_KEY, LOGS_KEY
from tests.components.support import ACCOUNT, REGION, TAGS, Recorder, record

BALANCER = f"arn:aws:elasticloadbalancing:{REGION}:{ACCOUNT}:loadbalancer/app/ingress/1"
SUBNETS = {"use1-az1": "subnet-1", "use1-az2": "subnet-2"}
HOST = f"{ACCOUNT}.dkr.ecr.{REGION}.amazonaws.com"
_PULL = f"arn:aws:secretsmanager:{REGION}:{ACCOUNT}:secret:ecr-pullthroughcache"
CREDENTIALS = {"docker-hub": f"{_PULL}/hub-aBcDeF", "ghcr": f"{_PULL}/ghcr-aBcDeF"}


def ingress(
    plan: IngressPlan | None = None,
    *,
    allow_list: tuple[str, ...] = (),
    protect: bool = True,
    access_logs: bool = True,
    seen: list[Ingress] | None = None,
) -> Recorder:
    args = IngressArgs(
        plan=plan or edge_plans.ingress(),
        stack="prod-large",
        account_id=ACCOUNT,
        domain="ai.example.com",
        zone_id="Z123",
        allow_list=allow_list,
        vpc_id="vpc-1",
        vpc_cidr="10.0.0.0/16",
        subnet_ids=SUBNETS,
        cluster_security_group_id="sg-eks",
        tags=TAGS,
        protect=protect,
        access_logs=access_logs,
    )
    made = seen if seen is not None else []
    return record(lambda: made.append(Ingress("ingress", args)))


def firewall() -> Recorder:
    args = WafArgs(
        plan=edge_plans.ingress(),
        stack="prod-large",
        region=REGION,
        account_id=ACCOUNT,
        load_balancer_arn=BALANCER,
        logs_key_arn=LOGS_KEY,
        tags=TAGS,
    )
    return record(lambda: Waf("waf", args))


def registry(
    credentials: dict[str, str] | None = None, *, seen: list[Registry] | None = None
) -> Recorder:
    args = RegistryArgs(
        region=REGION,
        account_id=ACCOUNT,
        credentials=CREDENTIALS if credentials is None else credentials,
        node_role_name="nodes-role",
        iam=IamSettings(),
        tags=TAGS,
    )
    made = seen if seen is not None else []
    return record(lambda: made.append(Registry("registry", args)))


def secrets(
    *generated: GeneratedSecret, given: tuple[GivenSecret, ...] = (), protect: bool = False
) -> Recorder:
    args = SecretsArgs(
        generated=generated,
        given=given,
        stack="prod-large",
        data_key_arn=DATA_KEY,
        tags=TAGS,
        protect=protect,
    )
    return record(lambda: Secrets("secrets", args))


def rights(**statements: Sequence[Statement]) -> Recorder:
    """Register workloads by their names, each with the statements that are given."""
    args = IdentityArgs(
        workloads=[
            Workload(
                plan=WorkloadPlan(
                    name=name, namespace="prod-gateway", service_account=f"{name}-sa"
                ),
                statements=given,
            )
            for name, given in statements.items()
        ],
        cluster_name="aigw-prod-large",
        iam=IamSettings(),
        tags=TAGS,
    )
    return record(lambda: Identity("identity", args))


def policy(recorder: Recorder, workload: str) -> Mapping[str, dict[str, Any]]:
    """Return what IAM gets of a workload, by the statements' ids, which are unique."""
    statements = recorder.one("RolePolicy", workload).document("policy")["Statement"]
    assert len({one["Sid"] for one in statements}) == len(statements)
    return {one["Sid"]: one for one in statements}


def rendered(statements: Sequence[Statement]) -> Mapping[str, dict[str, Any]]:
    """Return the policy of a workload with these statements alone."""
    return policy(rights(one=statements), "one")


def actions(policies: Mapping[str, dict[str, Any]]) -> set[str]:
    return {action for one in policies.values() for action in one["Action"]}
