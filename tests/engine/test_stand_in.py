"""The stand-in refuses, replaces and protects as the cloud does, seen through the real engine."""

from __future__ import annotations

import json
from collections.abc import Callable

import pytest

from sizing.words import Cloud
from tests.engine.harness import Engine, operations, replaced, types

pytestmark = [
    pytest.mark.engine,
    pytest.mark.one_cloud(
        Cloud.AWS, "small programs of what AWS refuses; test_judge asks the same of Google's types"
    ),
]

HEAD = """
import pulumi
import pulumi_aws as aws
import pulumi_random as random

cloud = pulumi.ResourceOptions(provider=aws.Provider("aws", region="eu-west-1"))
"""
NODES = (
    HEAD
    + """
cluster = aws.eks.Cluster(
    "main",
    name="main",
    role_arn="arn:aws:iam::111122223333:role/cluster",
    version="1.35",
    access_config={"authentication_mode": "API"},
    vpc_config={
        "subnet_ids": ["subnet-a", "subnet-b"],
        "endpoint_public_access": False,
        "endpoint_private_access": True,
    },
    deletion_protection=PROTECTED,
    opts=cloud,
)
aws.eks.NodeGroup(
    "general",
    cluster_name=cluster.name,
    node_role_arn="arn:aws:iam::111122223333:role/nodes",
    subnet_ids=["subnet-a"],
    instance_types=[INSTANCE],
    scaling_config={"min_size": 1, "desired_size": DESIRED, "max_size": 4},
    opts=cloud,
)
pulumi.export("certificate", cluster.certificate_authority.data)
"""
)


def nodes(instance: str = "m5.large", desired: int = 1, protected: bool = False) -> str:
    return (
        NODES.replace("INSTANCE", repr(instance))
        .replace("DESIRED", str(desired))
        .replace("PROTECTED", str(protected))
    )


def test_a_preview_stops_at_what_the_cloud_refuses(probe: Callable[[str], Engine]) -> None:
    group = 'aws.cloudwatch.LogGroup("l", retention_in_days=45, opts=cloud)'
    done = probe(HEAD + group).run("preview", "--stack", "test")
    assert done.code != 0
    assert "logs.retention" in done.text
    assert "retentionInDays is 45" in done.text


def test_a_program_that_breaks_fails(probe: Callable[[str], Engine]) -> None:
    done = probe(HEAD + "raise SystemError('no such tier')").run("preview", "--stack", "test")
    assert done.code != 0
    assert "no such tier" in done.text


def test_a_node_group_grows_in_place_and_is_replaced_with_its_instance_type(
    probe: Callable[[str], Engine],
) -> None:
    first = probe(nodes())
    assert first.up("test").code == 0
    assert operations(first.preview("test")).keys() == {"same"}
    assert replaced(probe(nodes(desired=2)).preview("test")) == set()
    assert replaced(probe(nodes(instance="m5.xlarge")).preview("test")) == {
        "aws:eks/nodeGroup:NodeGroup"
    }


def test_a_cluster_with_deletion_protection_outlives_a_destroy(
    probe: Callable[[str], Engine],
) -> None:
    stack = probe(nodes(protected=True))
    assert stack.up("test").code == 0
    assert "deletion protection" in stack.destroy("test").text
    assert "aws:eks/cluster:Cluster" in types(stack.state("test"))
    open_again = probe(nodes())
    assert open_again.up("test").code == 0
    assert open_again.destroy("test").code == 0
    assert types(open_again.state("test")) == []


def test_what_is_refused_only_once_it_is_known_stops_the_up(
    probe: Callable[[str], Engine],
) -> None:
    stack = probe(
        HEAD + 'word = random.RandomPassword("w", length=5, opts=pulumi.ResourceOptions('
        'provider=random.Provider("random")))\n'
        'aws.elasticache.User("u", user_id="u", user_name="u", access_string="on ~* +@all", '
        'engine="valkey", passwords=[word.result], opts=cloud)'
    )
    assert stack.run("preview", "--stack", "test").code == 0
    done = stack.up("test")
    assert done.code != 0
    assert "elasticache.user-passwords" in done.text


def test_a_generated_secret_stands_nowhere_in_clear(probe: Callable[[str], Engine]) -> None:
    stack = probe(
        HEAD + 'word = random.RandomPassword("w", length=32, opts=pulumi.ResourceOptions('
        'provider=random.Provider("random")))\n'
        'box = aws.secretsmanager.Secret("s", opts=cloud)\n'
        'aws.secretsmanager.SecretVersion("v", secret_id=box.id, secret_string=word.result, '
        "opts=cloud)\npulumi.export('word', word.result)"
    )
    assert stack.up("test").code == 0
    word = stack.run("stack", "output", "word", "--show-secrets", "--stack", "test").output.strip()
    assert len(word) == 32
    assert word not in json.dumps(stack.state("test"))
    assert word not in json.dumps(stack.preview("test"))
