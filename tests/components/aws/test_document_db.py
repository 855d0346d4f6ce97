"""The document database is private, encrypted, restorable, and of exactly the planned nodes."""

from __future__ import annotations

from dataclasses import replace

from components.aws.document_db import DocumentDb
from tests.components.aws import edge_plans, store_plans
from tests.components.aws.make_stores import document_arguments as arguments
from tests.components.aws.make_stores import documents as deploy
from tests.components.support import Recorder, Registered, record


def cluster(recorder: Recorder) -> Registered:
    return recorder.one("aws:docdb/cluster:Cluster")


def test_only_tls_is_spoken_and_every_statement_audited() -> None:
    group = deploy().one("ClusterParameterGroup").inputs
    values = {one["name"]: (one["value"], one["applyMethod"]) for one in group["parameters"]}
    assert values == {
        "audit_logs": ("enabled", "immediate"),
        "profiler": ("enabled", "immediate"),
        "tls": ("tls1.2+", "pending-reboot"),
    }
    assert group["family"] == "docdb8.0"


def test_the_planned_nodes_are_promoted_in_order_and_keep_their_names_when_more_come() -> None:
    few, many = (deploy(replace(edge_plans.documents(), instances=count)) for count in (1, 3))
    for recorder, count in ((few, 1), (many, 3)):
        nodes = [one.inputs for one in recorder.all("ClusterInstance")]
        assert {(one["identifier"], one["promotionTier"]) for one in nodes} == {
            (f"aigw-prod-large-documents-{number}", number) for number in range(count)
        }
        assert {one["instanceClass"] for one in nodes} == {"db.r5.large"}
    assert {one.name for one in few.resources} < {one.name for one in many.resources}


def test_logs_go_to_encrypted_groups_that_exist_before_the_service_makes_its_own() -> None:
    recorder = deploy()
    groups = recorder.all("LogGroup")
    assert {one.inputs["name"] for one in groups} == {
        f"/aws/docdb/aigw-prod-large-documents/{kind}" for kind in ("audit", "profiler")
    }
    assert {one.inputs["kmsKeyId"] for one in groups} == {store_plans.LOGS_KEY}
    assert {one.urn for one in groups} <= set(cluster(recorder).depends_on)
    assert cluster(recorder).inputs["enabledCloudwatchLogsExports"] == ["audit", "profiler"]


def test_the_last_snapshot_follows_the_plan() -> None:
    kept = cluster(deploy()).inputs
    assert cluster(deploy()).protect
    assert kept["kmsKeyId"] == store_plans.DATA_KEY
    assert not kept["skipFinalSnapshot"]
    assert kept["finalSnapshotIdentifier"] == "aigw-prod-large-documents-final-0123abcd"
    none = cluster(
        deploy(replace(edge_plans.documents(), final_snapshot=False), protect=False)
    ).inputs
    assert none["skipFinalSnapshot"]
    assert "finalSnapshotIdentifier" not in none


def test_only_the_clients_get_in() -> None:
    rules = deploy().all("SecurityGroupIngressRule")
    assert {(one.inputs["referencedSecurityGroupId"], one.inputs["fromPort"]) for one in rules} == {
        ("sg-nodes", 27017),
        ("sg-bastion", 27017),
    }


def test_who_connects_learns_where_the_managed_password_is() -> None:
    told: list[str] = []

    def build() -> None:
        DocumentDb("documents", arguments()).secret_arn.apply(told.append)

    record(build)
    assert told == ["arn:aws:secretsmanager:documents-cluster"]


def test_it_stands_in_the_isolated_subnets() -> None:
    group = deploy().one("SubnetGroup").inputs
    assert group["subnetIds"] == list(store_plans.SUBNETS.values())
