"""What is set otherwise than planned is seen, for each twin and on either cloud."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

import pytest

from sizing.words import Cloud
from tests.components.clouds import facts
from tests.components.clouds.breaking import PROD, altered
from tests.components.clouds.made import TWINS, Made, below, made
from tests.components.support import Recorder, Registered

SET: Mapping[str, Mapping[Cloud, Sequence[tuple[str, str, object]]]] = {
    "network": {
        Cloud.AWS: [("Subnet", "cidrBlock", "10.0.0.0/24")],
        Cloud.GCP: [("Subnetwork", "ipCidrRange", "10.0.0.0/24")],
    },
    "keys": {
        Cloud.AWS: [
            ("aws:kms/key:Key", "rotationPeriodInDays", 90),
            ("aws:kms/key:Key", "deletionWindowInDays", 8),
        ],
        Cloud.GCP: [
            ("CryptoKey", "rotationPeriod", "7776000s"),
            ("CryptoKey", "destroyScheduledDuration", "86400s"),
        ],
    },
    "cluster": {
        Cloud.AWS: [("aws:eks/cluster:Cluster", "version", "1.30")],
        Cloud.GCP: [("gcp:container/cluster:Cluster", "minMasterVersion", "1.30")],
    },
    "node-pools": {
        Cloud.AWS: [
            ("NodeGroup", "scalingConfig.maxSize", 99),
            ("LaunchTemplate", "instanceType", "m5.large.not"),
            ("LaunchTemplate", "blockDeviceMappings.0.ebs.volumeSize", 1),
        ],
        Cloud.GCP: [
            ("NodePool", "autoscaling.totalMaxNodeCount", 99),
            ("NodePool", "nodeConfig.machineType", "n2-not"),
            ("NodePool", "nodeConfig.diskSizeGb", 1),
        ],
    },
    "postgres": {
        Cloud.AWS: [
            ("aws:rds/cluster:Cluster", "dbClusterInstanceClass", "db.m6gd.large"),
            ("aws:rds/cluster:Cluster", "allocatedStorage", 1),
            ("aws:rds/cluster:Cluster", "backupRetentionPeriod", 1),
        ],
        Cloud.GCP: [
            ("DatabaseInstance", "settings.tier", "db-custom-1-3840"),
            ("DatabaseInstance", "settings.diskSize", 1),
            ("DatabaseInstance", "databaseVersion", "POSTGRES_9"),
        ],
    },
    "cache": {
        Cloud.AWS: [("ReplicationGroup", "nodeType", "cache.t1.micro")],
        Cloud.GCP: [("gcp:redis/instance:Instance", "memorySizeGb", 1)],
    },
    "files": {
        Cloud.AWS: [("FileSystem", "throughputMode", "bursting")],
        Cloud.GCP: [("gcp:filestore/instance:Instance", "fileShares.capacityGb", 2048)],
    },
    "objects": {
        Cloud.AWS: [("BucketVersioning", "versioningConfiguration.status", "Suspended")],
        Cloud.GCP: [("gcp:storage/bucket:Bucket", "versioning.enabled", False)],
    },
    "ingress": {
        Cloud.AWS: [("TargetGroup", "deregistrationDelay", 1)],
        Cloud.GCP: [("RegionBackendService", "connectionDrainingTimeoutSec", 1)],
    },
    "firewall-policy": {
        Cloud.AWS: [("WebAcl", "rules", [])],
        Cloud.GCP: [("RegionSecurityPolicy", "rules", [])],
    },
    "backups": {
        Cloud.AWS: [("aws:backup/plan:Plan", "rules.0.lifecycle.deleteAfter", 1)],
        Cloud.GCP: [("gcp:gkebackup/backupPlan:BackupPlan", "retentionPolicy.backupRetainDays", 1)],
    },
    "workload-identity": {
        Cloud.AWS: [("PodIdentityAssociation", "namespace", "kube-system")],
        Cloud.GCP: [("BucketIAMMember", "member", "principal://x/ns/kube-system/sa/vllm")],
    },
}


def with_another(stack: Made, twin: str, one: Registered) -> Made:
    """Return a stack in which one resource of a twin is another's."""
    token = TWINS[twin][stack.cloud]
    assert one.urn in {mine.urn for mine in below(stack.recorder.resources, token)}
    recorder = Recorder()
    recorder.resources = [one if it.urn == one.urn else it for it in stack.recorder.resources]
    return replace(stack, recorder=recorder)


@pytest.mark.parametrize("twin", SET)
def test_another_size_than_the_plan_s_is_seen(cloud: Cloud, twin: str) -> None:
    stack = made(*PROD[cloud])
    assert facts.wrong(stack, twin) == []
    for kind, path, value in SET[twin][cloud]:
        mine = next(
            one for one in stack.twin(twin) if kind in (one.type, one.type.rsplit(":", 1)[-1])
        )
        assert facts.wrong(with_another(stack, twin, altered(mine, path, value)), twin), (
            kind,
            path,
        )


def test_each_twin_with_facts_is_broken_once() -> None:
    assert SET.keys() | {"secrets"} == facts.FACTS.keys()


@pytest.mark.parametrize("leave_out", ["Secret", "NodeGroup", "NodePool", "ReplicationGroup"])
def test_a_part_that_lacks_is_seen(cloud: Cloud, leave_out: str) -> None:
    twins = {"Secret": "secrets", "ReplicationGroup": "cache"}
    twin = twins.get(leave_out, "node-pools")
    stack = made(*PROD[cloud])
    gone = [one for one in stack.twin(twin) if one.type.endswith(f":{leave_out}")]
    recorder = Recorder()
    recorder.resources = [one for one in stack.recorder.resources if one not in gone[:1]]
    assert bool(facts.wrong(replace(stack, recorder=recorder), twin)) is bool(gone)
