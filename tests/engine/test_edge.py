"""The way in, the registry, secrets and DocumentDB, built, changed and taken down for real."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from sizing.words import Cloud
from tests.engine.harness import Engine, operations, replaced, types, write_program

pytestmark = [
    pytest.mark.engine,
    pytest.mark.one_cloud(Cloud.AWS, "the edge of AWS; Google Cloud's is built in test_edge_gcp"),
]

PROGRAM = """
from dataclasses import replace

import pulumi
import pulumi_aws as aws
import pulumi_random as random

from components.aws.document_db import DocumentDb, DocumentDbArgs
from components.aws.identity import IamSettings
from components.aws.ingress import Ingress, IngressArgs
from components.aws.registry import Registry, RegistryArgs
from components.aws.secrets import Secrets, SecretsArgs
from components.aws.waf import Waf, WafArgs
from components.generated import GeneratedKey, GeneratedSecret
from tests.components.aws import edge_plans

ACCOUNT, REGION = "111122223333", "eu-west-1"
KEY = f"arn:aws:kms:{REGION}:{ACCOUNT}:key/data"
PULL = f"arn:aws:secretsmanager:{REGION}:{ACCOUNT}:secret:ecr-pullthroughcache"
TAGS = {"stack": "probe"}
opts = pulumi.ResourceOptions(
    providers={"aws": aws.Provider("aws", region=REGION), "random": random.Provider("random")}
)
edge = replace(edge_plans.ingress(), deletion_protection=False, idle_timeout_seconds=IDLE)
documents = replace(
    edge_plans.documents(), instances=NODES, final_snapshot=False, deletion_protection=False
)
ingress = Ingress(
    "ingress",
    IngressArgs(
        plan=edge,
        stack="probe",
        account_id=ACCOUNT,
        domain="ai.example.com",
        zone_id="Z123",
        allow_list=(),
        vpc_id="vpc-1",
        vpc_cidr="10.0.0.0/16",
        subnet_ids={"euw1-az1": "subnet-1", "euw1-az2": "subnet-2"},
        cluster_security_group_id="sg-eks",
        tags=TAGS,
        protect=False,
    ),
    opts,
)
Waf(
    "waf",
    WafArgs(
        plan=edge,
        stack="probe",
        region=REGION,
        account_id=ACCOUNT,
        load_balancer_arn=ingress.load_balancer_arn,
        logs_key_arn=KEY,
        tags=TAGS,
    ),
    opts,
)
Registry(
    "registry",
    RegistryArgs(
        region=REGION,
        account_id=ACCOUNT,
        credentials={"docker-hub": f"{PULL}/hub-aBcDeF", "ghcr": f"{PULL}/ghcr-aBcDeF"},
        node_role_name="nodes",
        iam=IamSettings(),
        tags=TAGS,
    ),
    opts,
)
Secrets(
    "secrets",
    SecretsArgs(
        generated=(
            GeneratedSecret(
                name="proxy", keys=(GeneratedKey(name="master", length=48),), protect=False
            ),
        ),
        given=(),
        stack="probe",
        data_key_arn=KEY,
        tags=TAGS,
        protect=False,
    ),
    opts,
)
made = DocumentDb(
    "documents",
    DocumentDbArgs(
        plan=documents,
        stack="probe",
        vpc_id="vpc-1",
        subnet_ids={"euw1-az1": "subnet-1", "euw1-az2": "subnet-2"},
        client_security_group_ids={"nodes": "sg-eks"},
        data_key_arn=KEY,
        logs_key_arn=KEY,
        tags=TAGS,
        protect=False,
    ),
    opts,
)
pulumi.export("targets", ingress.target_group_arns)
pulumi.export("password", made.secret_arn)
"""


def write(folder: Path, *, idle: int = 660, nodes: int = 1) -> Path:
    return write_program(folder, f"IDLE, NODES = {idle}, {nodes}\n{PROGRAM}")


@pytest.fixture
def project(built: Callable[[Callable[[Path], Path]], Engine]) -> Engine:
    return built(write)


def test_it_stands_changes_in_place_and_leaves_nothing_behind(project: Engine) -> None:
    outputs = project.run("stack", "output", "--stack", "probe", "--json").json()
    assert set(outputs["targets"]) == {"api", "mcp"}
    assert outputs["password"].startswith("arn:aws:secretsmanager:")
    assert operations(project.preview("probe")).keys() == {"same"}

    write(project.folder, idle=900, nodes=3)
    changed = project.preview("probe")
    assert replaced(changed) == set()
    assert {"update", "create"} <= operations(changed).keys()
    done = project.up("probe")
    assert done.code == 0, done.text
    assert types(project.state("probe")).count("aws:docdb/clusterInstance:ClusterInstance") == 3

    done = project.destroy("probe")
    assert done.code == 0, done.text
    assert not [one for one in types(project.state("probe")) if one.startswith("aws:")]
