"""The document database is private, encrypted, restorable, and of exactly the planned nodes."""

from __future__ import annotations

from dataclasses import replace

import pytest

from components.aws.document_db import DocumentDb, DocumentDbArgs
from sizing.plans.edge import DocumentDatabasePlan
from tests.components.aws import edge_plans, store_plans
from tests.components.support import TAGS, Recorder, Registered, children_of, record, untagged

COMPONENT = "aigw:aws:DocumentDb"


def arguments(plan: DocumentDatabasePlan | None = None, *, protect: bool = True) -> DocumentDbArgs:
    return DocumentDbArgs(
        plan=plan or edge_plans.documents(),
        stack=store_plans.STACK,
        vpc_id="vpc-1",
        subnet_ids=store_plans.SUBNETS,
        client_security_group_ids=store_plans.CLIENTS,
        data_key_arn=store_plans.DATA_KEY,
        logs_key_arn=store_plans.LOGS_KEY,
        tags=TAGS,
        protect=protect,
    )


def deploy(plan: DocumentDatabasePlan | None = None, *, protect: bool = True) -> Recorder:
    return record(lambda: DocumentDb("documents", arguments(plan, protect=protect)))


def cluster(recorder: Recorder) -> Registered:
    return recorder.one("aws:docdb/cluster:Cluster")


def test_the_cluster_is_encrypted_and_its_password_known_to_nobody() -> None:
    made = cluster(deploy()).inputs
    assert made["storageEncrypted"]
    assert made["kmsKeyId"] == store_plans.DATA_KEY
    assert made["manageMasterUserPassword"]
    assert not {"masterPassword", "masterPasswordWo"} & made.keys()


def test_only_tls_is_spoken_and_every_statement_audited() -> None:
    group = deploy().one("ClusterParameterGroup").inputs
    values = {one["name"]: (one["value"], one["applyMethod"]) for one in group["parameters"]}
    assert values == {
        "audit_logs": ("enabled", "immediate"),
        "profiler": ("enabled", "immediate"),
        "tls": ("tls1.2+", "pending-reboot"),
    }
    assert group["family"] == "docdb8.0"


@pytest.mark.parametrize("count", [1, 3])
def test_there_are_the_planned_nodes_and_the_first_is_promoted_first(count: int) -> None:
    nodes = deploy(replace(edge_plans.documents(), instances=count)).all("ClusterInstance")
    assert {(one.inputs["identifier"], one.inputs["promotionTier"]) for one in nodes} == {
        (f"aigw-prod-large-documents-{number}", number) for number in range(count)
    }
    assert {one.inputs["instanceClass"] for one in nodes} == {"db.r5.large"}


def test_more_nodes_keep_the_names_of_those_that_stand() -> None:
    few, many = (
        {one.name for one in deploy(replace(edge_plans.documents(), instances=count)).resources}
        for count in (1, 3)
    )
    assert few < many


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


def test_everything_stands_below_the_component_with_its_tags() -> None:
    recorder = deploy()
    assert children_of(recorder, COMPONENT) == [one for one in recorder.resources if one.custom]
    assert untagged(recorder, COMPONENT, {**TAGS, "component": "document-db"}) == []
    assert cluster(recorder).protect
