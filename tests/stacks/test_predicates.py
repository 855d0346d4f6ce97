"""Every resource of every stack is encrypted, private, owned, tagged, protected, least-privileged.

Each predicate has mutants: a real stack with one property spoiled, which it must see.
"""

from __future__ import annotations

import dataclasses
import importlib
import inspect
import json
from collections.abc import Callable, Iterator
from functools import cache
from pathlib import Path

import pytest

from preview.offline import Recording, Resource, run
from sizing.model import Json
from sizing.words import Cloud
from stacks.config import stack_path
from tests.stacks import manifests, predicates
from tests.stacks.predicates import BUCKET, CLUSTER, KEY, LOG_GROUP

pytestmark = pytest.mark.one_cloud(Cloud.AWS, "resources of AWS; test_predicates_gcp is the other")

STACKS = [stack_path(one) for one in manifests.STACKS]
PROD = next(path for path in STACKS if path.name == "Pulumi.prod-large.yaml")

SINGLE_SERVER = "aws:rds/instance:Instance"
"""A large stack has a cluster instead: its mutants are the cluster's."""

recording = cache(run)

Predicate = Callable[[tuple[Resource, ...]], Iterator[str]]


@cache
def is_taggable(type_: str) -> bool:
    """Say whether the SDK's class of a type takes tags."""
    _, module, name = type_.split(":")
    namespace = importlib.import_module(f"pulumi_aws.{module.split('/')[0]}")
    return "tags" in inspect.signature(getattr(namespace, name)._internal_init).parameters


def taggable(resources: tuple[Resource, ...]) -> frozenset[str]:
    types = {r.type for r in resources if r.type.startswith(predicates.AWS)}
    return frozenset(type_ for type_ in types if is_taggable(type_))


def untagged(resources: tuple[Resource, ...]) -> Iterator[str]:
    return predicates.untagged(resources, taggable(resources))


EVERYWHERE: tuple[Predicate, ...] = (
    predicates.unencrypted,
    predicates.public,
    predicates.unparented,
    untagged,
    predicates.unreachable_keys,
    predicates.too_wide,
)


def test_every_stack_file_is_looked_at() -> None:
    assert len(STACKS) >= len({"dev", "staging", "prod"})
    assert all(len(recording(path).resources) > len(STACKS) for path in STACKS)


@pytest.mark.parametrize("path", STACKS, ids=lambda path: path.stem.removeprefix("Pulumi."))
@pytest.mark.parametrize("predicate", EVERYWHERE, ids=lambda one: one.__name__)
def test_nothing_breaks_the_rule(path: Path, predicate: Predicate) -> None:
    assert list(predicate(recording(path).resources)) == []


@pytest.mark.parametrize("path", STACKS, ids=lambda path: path.stem.removeprefix("Pulumi."))
def test_data_is_protected_in_prod_and_only_there(path: Path) -> None:
    resources = recording(path).resources
    if path.stem.startswith("Pulumi.prod"):
        assert list(predicates.unprotected(resources)) == []
    else:
        assert [r.urn for r in resources if r.protect] == []


def shown(recorded: Recording) -> str:
    """Everything of a recording that a preview, an export or the state's plain part would show."""
    every = [dict(resource.inputs) for resource in recorded.resources]
    return json.dumps([every, recorded.exports, [d.message for d in recorded.diagnostics]])


@pytest.mark.parametrize("path", STACKS, ids=lambda path: path.stem.removeprefix("Pulumi."))
def test_no_secret_stands_in_clear(path: Path) -> None:
    recorded = recording(path)
    assert list(predicates.clear_secrets(shown(recorded), recorded.secret_values)) == []


def test_a_secret_in_clear_is_seen() -> None:
    text = shown(recording(PROD)) + '"hunter2hunter2"'
    assert list(predicates.clear_secrets(text, frozenset({"hunter2hunter2"})))


def spoiled(
    type_: str, path: str, value: Json, resources: tuple[Resource, ...]
) -> tuple[Resource, ...]:
    """Return the resources with one property of the first of a type replaced."""
    victim = next(r for r in resources if r.type == type_)
    inputs: dict[str, Json] = json.loads(json.dumps(dict(victim.inputs)))
    *way, last = path.split(".")
    place = predicates.at(inputs, ".".join(way)) if way else inputs
    assert isinstance(place, dict)
    place[last] = value
    mutant = dataclasses.replace(victim, inputs=inputs)
    return tuple(mutant if r is victim else r for r in resources)


ENCRYPTION_MUTANTS = [
    (type_, path, None)
    for type_, paths in predicates.ENCRYPTION.items()
    for path in paths
    if type_ != SINGLE_SERVER
]
PUBLIC_MUTANTS: list[tuple[str, str, Json]] = [
    ("aws:s3/bucketPublicAccessBlock:BucketPublicAccessBlock", "blockPublicPolicy", False),
    (CLUSTER, "vpcConfig.publicAccessCidrs", ["0.0.0.0/0"]),
    (CLUSTER, "vpcConfig.publicAccessCidrs", []),
    ("aws:ec2/subnet:Subnet", "mapPublicIpOnLaunch", True),
    ("aws:ec2/defaultSecurityGroup:DefaultSecurityGroup", "ingress", [{"protocol": "-1"}]),
]
WIDE: Json = json.dumps({"Statement": [{"Effect": "Allow", "Action": "s3:*", "Resource": "a"}]})
ANYTHING: Json = json.dumps(
    {"Statement": [{"Effect": "Allow", "Action": "s3:Get", "Resource": "*"}]}
)
OTHER_MUTANTS: list[tuple[Predicate, str, str, Json]] = [
    (untagged, BUCKET, "tags", {"environment": "prod"}),
    (untagged, LOG_GROUP, "tags", None),
    (predicates.unreachable_keys, KEY, "policy", "{}"),
    (predicates.too_wide, "aws:iam/rolePolicy:RolePolicy", "policy", WIDE),
    (predicates.too_wide, "aws:iam/rolePolicy:RolePolicy", "policy", ANYTHING),
    (
        predicates.too_wide,
        "aws:iam/rolePolicyAttachment:RolePolicyAttachment",
        "policyArn",
        "arn:aws:iam::aws:policy/AmazonS3FullAccess",
    ),
]
MUTANTS: list[tuple[Predicate, str, str, Json]] = [
    *((predicates.unencrypted, *mutant) for mutant in ENCRYPTION_MUTANTS),
    *((predicates.public, *mutant) for mutant in PUBLIC_MUTANTS),
    *OTHER_MUTANTS,
]


@pytest.mark.parametrize(("predicate", "type_", "path", "value"), MUTANTS)
def test_a_spoiled_resource_is_seen(
    predicate: Predicate, type_: str, path: str, value: Json
) -> None:
    assert list(predicate(spoiled(type_, path, value, recording(PROD).resources)))


DOOR = "ingress-443-from-0-0-0-0-0"
BROKEN_DOORS: dict[str, tuple[str, dict[str, Json]]] = {
    "another port": (DOOR, {"fromPort": 22, "toPort": 22}),
    "a range of ports": (DOOR, {"toPort": 65_535}),
    "the pods themselves": ("ingress-into-pods-4000", {"cidrIpv4": "0.0.0.0/0"}),
    "a balancer that nobody outside may reach": ("ingress-alb", {"internal": True}),
}


def changed(name: str, inputs: dict[str, Json]) -> tuple[Resource, ...]:
    """Return the resources of a prod stack with one's inputs changed."""
    resources = recording(PROD).resources
    (victim,) = [r for r in resources if r.name == name and r.custom]
    mutant = dataclasses.replace(victim, inputs={**victim.inputs, **inputs})
    return tuple(mutant if r is victim else r for r in resources)


@pytest.mark.parametrize("case", BROKEN_DOORS)
def test_everybody_may_come_in_by_the_web_ports_of_a_public_balancer_alone(case: str) -> None:
    assert list(predicates.public(changed(*BROKEN_DOORS[case])))


def test_a_door_of_another_group_is_seen() -> None:
    resources = recording(PROD).resources
    moved = tuple(
        dataclasses.replace(r, property_dependencies={"securityGroupId": ("another",)})
        if r.name == DOOR
        else r
        for r in resources
    )
    assert list(predicates.public(moved))


def test_a_balancers_logs_are_encrypted_as_well() -> None:
    assert list(predicates.unencrypted(changed("ingress-logs-encryption", {"rules": []})))


@pytest.mark.parametrize("action", ["ec2:RunInstances", "ec2:TerminateInstances", "s3:ListBucket"])
def test_only_looking_is_allowed_on_anything(action: str) -> None:
    allowed = {"Effect": "Allow", "Action": ["ec2:DescribeImages", action], "Resource": "*"}
    inputs: dict[str, Json] = {"policy": json.dumps({"Statement": [allowed]})}
    assert list(predicates.too_wide(changed("workloads-cluster-autoscaler-role-policy", inputs)))


def test_a_resource_without_a_component_is_seen() -> None:
    resources = recording(PROD).resources
    stack = resources[0].urn
    orphaned = tuple(dataclasses.replace(r, parent=stack) if r.custom else r for r in resources)
    assert list(predicates.unparented(orphaned))


@pytest.mark.parametrize("type_", sorted(predicates.STATEFUL - {SINGLE_SERVER}))
def test_an_unprotected_store_is_seen(type_: str) -> None:
    resources = recording(PROD).resources
    bare = tuple(dataclasses.replace(r, protect=False) if r.type == type_ else r for r in resources)
    assert list(predicates.unprotected(bare))
