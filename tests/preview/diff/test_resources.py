"""What happens to resources between two plans: by the tables of what replaces them."""

from __future__ import annotations

from collections.abc import Mapping

import pytest

from preview.diff.comparison import Comparison
from preview.diff.resources import Operation
from sizing.model import Json
from tests.preview.diff.plans import PREFIX, ROOT, SECRET, UNKNOWN, comparison, plan, step, urn

pytestmark = pytest.mark.cloud_free(
    "one table has rows of every provider; steps are judged by their rows"
)

BUCKET = "aws:s3/bucket:Bucket"
DATABASE = "aws:rds/instance:Instance"
VPC = "aws:ec2/vpc:Vpc"
SUBNET = "aws:ec2/subnet:Subnet"
MOUNT = "aws:efs/mountTarget:MountTarget"
STATEFUL_SET = "kubernetes:apps/v1:StatefulSet"
PART = "aigw:aws:Part"


def changed(token: str, old: Mapping[str, Json], new: Mapping[str, Json]) -> Comparison:
    return comparison(plan([step(token, "it", old)]), plan([step(token, "it", new)]))


@pytest.mark.parametrize(
    ("token", "old", "new", "operation"),
    [
        (BUCKET, {"bucket": "a"}, {"bucket": "b"}, Operation.REPLACE),
        (BUCKET, {"tags": {"a": "b"}}, {"tags": {"a": "c"}}, Operation.UPDATE),
        (DATABASE, {"engineVersion": "17.4"}, {"engineVersion": "17.5"}, Operation.UPDATE),
        (DATABASE, {"storageEncrypted": False}, {"storageEncrypted": True}, Operation.REPLACE),
        (
            "aws:opensearch/domain:Domain",
            {"vpcOptions": {"subnetIds": ["a"]}},
            {"vpcOptions": {"subnetIds": ["a", "b"]}},
            Operation.UPDATE,
        ),
        (
            "gcp:compute/subnetwork:Subnetwork",
            {"ipCidrRange": "10.0.0.0/20"},
            {"ipCidrRange": "10.0.0.0/22"},
            Operation.REPLACE,
        ),
        (STATEFUL_SET, {"spec": {"replicas": 3}}, {"spec": {"replicas": 4}}, Operation.UPDATE),
        (STATEFUL_SET, {"spec": {"serviceName": "a"}}, {"spec": {}}, Operation.REPLACE),
        (
            "kubernetes:keda.sh/v1alpha1:ScaledObject",
            {"spec": {"maxReplicaCount": 3}},
            {"spec": {"maxReplicaCount": 4}},
            Operation.UPDATE,
        ),
        ("kubernetes:helm.sh/v3:Release", {"name": "a"}, {"name": "b"}, Operation.REPLACE),
        ("other:index/thing:Thing", {"size": 1}, {"size": 2}, Operation.MAY_REPLACE),
        ("pulumi:providers:aws", {"region": "a"}, {"region": "b"}, Operation.MAY_REPLACE),
    ],
)
def test_a_change_replaces_what_its_table_says(
    token: str, old: dict[str, Json], new: dict[str, Json], operation: Operation
) -> None:
    (found,) = changed(token, old, new).steps
    assert found.operation is operation


def test_what_comes_is_created_and_what_goes_is_deleted() -> None:
    found = comparison(plan([step(BUCKET, "old", {})]), plan([step(BUCKET, "new", {})]))
    assert {one.name: one.operation for one in found.steps} == {
        "new": Operation.CREATE,
        "old": Operation.DELETE,
    }
    assert [one.name for one in found.lost] == ["old"]


def test_what_is_kept_on_deletion_is_forgotten_and_not_lost() -> None:
    found = comparison(plan([step(BUCKET, "old", {}, retainOnDelete=True)]), plan())
    assert [one.operation for one in found.steps] == [Operation.FORGET]
    assert not found.lost


def test_an_alias_moves_a_resource_and_neither_creates_nor_deletes_it() -> None:
    found = comparison(
        plan([step(BUCKET, "old", {"bucket": "a"})]),
        plan([step(BUCKET, "new", {"bucket": "a"}, aliases=[urn(BUCKET, "old")])]),
    )
    (one,) = found.steps
    assert (one.operation, one.earlier) == (Operation.UPDATE, urn(BUCKET, "old"))


def test_what_the_program_overlooks_is_overlooked() -> None:
    found = comparison(
        plan([step(BUCKET, "it", {"tags": {"a": "b"}})]),
        plan([step(BUCKET, "it", {"tags": {"a": "c"}}, ignoreChanges=["tags"])]),
    )
    assert found.nothing


def test_what_the_program_forces_is_replaced() -> None:
    found = comparison(
        plan([step(BUCKET, "it", {"tags": {"a": "b"}})]),
        plan([step(BUCKET, "it", {"tags": {"a": "c"}}, replaceOnChanges=["tags"])]),
    )
    assert [one.operation for one in found.lost] == [Operation.REPLACE]


def ground(block: str) -> dict[str, Json]:
    """Return a network whose subnet and mount target are made from what only AWS tells."""
    return plan(
        [
            step(VPC, "net", {"cidrBlock": block}),
            step(
                SUBNET,
                "sub",
                {"vpcId": UNKNOWN, "cidrBlock": "10.0.1.0/24"},
                propertyDependencies={"vpcId": [urn(VPC, "net")]},
            ),
            step(
                MOUNT,
                "mount",
                {"subnetId": UNKNOWN},
                propertyDependencies={"subnetId": [urn(SUBNET, "sub")]},
            ),
            step(
                "aws:ec2/flowLog:FlowLog",
                "apart",
                {"vpcId": "vpc-1"},
                propertyDependencies={"vpcId": [urn(VPC, "net")]},
            ),
        ]
    )


def test_a_replacement_takes_with_it_whoever_is_made_from_what_is_not_known_yet() -> None:
    found = comparison(ground("10.0.0.0/16"), ground("10.1.0.0/16"))
    assert {one.name: (one.operation, one.because) for one in found.steps} == {
        "net": (Operation.REPLACE, ()),
        "sub": (Operation.REPLACE, ("net",)),
        "mount": (Operation.REPLACE, ("sub",)),
    }
    # no store follows to another network
    assert [one.name for one in found.lost] == ["net"]


def test_a_component_decides_and_is_no_step() -> None:
    above = step(PART, "part", {"replicas": 2}, custom=False)
    below = step(STATEFUL_SET, "set", {"spec": {"replicas": 2}}, parent=urn(PART, "part"))
    after = step(PART, "part", {"replicas": 3}, custom=False)
    under = step(STATEFUL_SET, "set", {"spec": {"replicas": 3}}, parent=urn(PART, "part"))
    found = comparison(plan([above, below]), plan([after, under]))
    assert [(one.group, one.name) for one in found.steps] == [("part", "set")]
    assert [(one.group, one.name) for one in found.props] == [("part", "part")]
    (path,) = found.steps[0].changed
    assert path.difference.where == "spec.replicas"


def test_reads_and_the_stack_itself_are_left_out() -> None:
    read = {**step(BUCKET, "there", {"bucket": "a"}), "op": "read"}
    assert comparison(plan(), plan([read])).nothing
    assert comparison(plan(), plan()).nothing


def test_a_change_of_a_secret_is_not_seen_and_not_told() -> None:
    found = changed(DATABASE, {"password": SECRET}, {"password": SECRET})
    assert found.nothing


@pytest.mark.parametrize(
    ("token", "old", "new"),
    [
        (
            "aws:eks/cluster:Cluster",
            {"accessConfig": {"authenticationMode": "API"}},
            {"accessConfig": {"authenticationMode": "CONFIG_MAP"}},
        ),
        (
            "kubernetes:storage.k8s.io/v1:StorageClass",
            {"reclaimPolicy": "Retain"},
            {"reclaimPolicy": "Delete"},
        ),
    ],
)
def test_what_no_cloud_changes_is_refused(
    token: str, old: dict[str, Json], new: dict[str, Json]
) -> None:
    found = changed(token, old, new)
    assert found.refused
    assert found.steps[0].refused


def test_resources_of_another_stack_have_no_part_in_it() -> None:
    assert ROOT.startswith(PREFIX)
    assert comparison(plan([step(BUCKET, "it", {})]), plan([step(BUCKET, "it", {})])).nothing
