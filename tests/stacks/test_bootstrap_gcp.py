"""A project is made ready once: its deployer can build every stack, and little more than that."""

from __future__ import annotations

import json
import re
from functools import cache
from pathlib import Path
from typing import Any

import pytest
import yaml

from bootstrap import gcp as bootstrap
from bootstrap import program
from bootstrap.gcp_config import KEY, ProjectConfig, parse
from bootstrap.gcp_permissions import GRANTED, grants_only, permissions, subjects_only
from components.gcp import cache as caches
from components.gcp import gke, node_account
from components.gcp.workload_policies import model_asking_rights
from sizing.rules import REPLACES, refusals
from sizing.words import Cloud
from stacks.config_errors import ConfigError
from tests.components.support import Recorder
from tests.stacks.recorded import record, refusal

pytestmark = pytest.mark.one_cloud(
    Cloud.GCP, "what its own bootstrap makes; test_bootstrap is the other"
)

ROOT = Path(__file__).parent.parent.parent
EXAMPLE = ROOT / "bootstrap" / "Pulumi.nonprod-gcp.yaml"
DEPLOY_SUBJECT = "repo:your-org/your-repo:environment:nonprod"
POOL = (
    "principal://iam.googleapis.com/projects/111122223333/locations/global"
    "/workloadIdentityPools/aigw-deployers/subject/"
)
# who makes them, and by what name, where a type's own words are not the permission's
MADE_BY = {
    "gcp:artifactregistry/repository:Repository": "artifactregistry.repositories.create",
    "gcp:artifactregistry/repositoryIamMember:RepositoryIamMember": (
        "artifactregistry.repositories.setIamPolicy"
    ),
    "gcp:backupdisasterrecovery/backupPlan:BackupPlan": "backupdr.backupPlans.create",
    "gcp:backupdisasterrecovery/backupPlanAssociation:BackupPlanAssociation": (
        "backupdr.backupPlanAssociations.createForFilestoreInstance"
    ),
    "gcp:backupdisasterrecovery/backupVault:BackupVault": "backupdr.backupVaults.create",
    "gcp:certificatemanager/certificate:Certificate": "certificatemanager.certs.create",
    "gcp:certificatemanager/dnsAuthorization:DnsAuthorization": (
        "certificatemanager.dnsauthorizations.create"
    ),
    "gcp:compute/address:Address": "compute.addresses.create",
    "gcp:compute/globalAddress:GlobalAddress": "compute.globalAddresses.createInternal",
    "gcp:compute/regionHealthCheck:RegionHealthCheck": "compute.regionHealthChecks.create",
    "gcp:compute/regionSecurityPolicy:RegionSecurityPolicy": (
        "compute.regionSecurityPolicies.create"
    ),
    "gcp:compute/regionSslPolicy:RegionSslPolicy": "compute.regionSslPolicies.create",
    "gcp:compute/regionTargetHttpProxy:RegionTargetHttpProxy": (
        "compute.regionTargetHttpProxies.create"
    ),
    "gcp:compute/regionTargetHttpsProxy:RegionTargetHttpsProxy": (
        "compute.regionTargetHttpsProxies.create"
    ),
    "gcp:compute/routerNat:RouterNat": "compute.routers.update",
    "gcp:container/nodePool:NodePool": "container.clusters.update",
    "gcp:dns/recordSet:RecordSet": "dns.resourceRecordSets.create",
    "gcp:filestore/instance:Instance": "file.instances.create",
    "gcp:kms/cryptoKey:CryptoKey": "cloudkms.cryptoKeys.create",
    "gcp:kms/cryptoKeyIAMMember:CryptoKeyIAMMember": "cloudkms.cryptoKeys.setIamPolicy",
    "gcp:kms/keyRing:KeyRing": "cloudkms.keyRings.create",
    "gcp:logging/projectBucketConfig:ProjectBucketConfig": "logging.buckets.create",
    "gcp:logging/projectExclusion:ProjectExclusion": "logging.exclusions.create",
    "gcp:logging/projectSink:ProjectSink": "logging.sinks.create",
    "gcp:networkconnectivity/serviceConnectionPolicy:ServiceConnectionPolicy": (
        "networkconnectivity.serviceConnectionPolicies.create"
    ),
    "gcp:secretmanager/secretIamMember:SecretIamMember": "secretmanager.secrets.setIamPolicy",
    "gcp:secretmanager/secretVersion:SecretVersion": "secretmanager.versions.add",
    "gcp:serviceaccount/account:Account": "iam.serviceAccounts.create",
    "gcp:serviceaccount/iAMMember:IAMMember": "iam.serviceAccounts.setIamPolicy",
    "gcp:servicenetworking/connection:Connection": "servicenetworking.services.addPeering",
    "gcp:sql/databaseInstance:DatabaseInstance": "cloudsql.instances.create",
    "gcp:sql/user:User": "cloudsql.users.create",
    "gcp:storage/bucketIAMMember:BucketIAMMember": "storage.buckets.setIamPolicy",
}
# the project's owner makes these with the bootstrap; roles on the project have a bound of their own
OWNERS = {
    "gcp:projects/iAMMember:IAMMember",
    "gcp:projects/service:Service",
    "gcp:projects/serviceIdentity:ServiceIdentity",
}


def values() -> dict[str, Any]:
    loaded = yaml.safe_load(EXAMPLE.read_text())["config"][KEY]
    assert isinstance(loaded, dict)
    return loaded


def config(**changes: object) -> ProjectConfig:
    return parse(json.dumps({**values(), **changes}), "bootstrap/Pulumi.nonprod-gcp.yaml")


@cache
def built() -> Recorder:
    return record(lambda: bootstrap.build(config()))


def permission(token: str) -> str:
    """The permission that makes a type, by its own words where no table says otherwise."""
    module, _, short = token.removeprefix("gcp:").partition("/")
    kind = short.partition(":")[0]
    return MADE_BY.get(token, f"{module}.{kind}s.create")


def members(kind: str, name: str) -> dict[str, str]:
    """Who holds which role, of the grants of one kind whose names contain a word."""
    return {
        one.inputs["member"]: one.inputs["role"] for one in built().all(kind) if name in one.name
    }


@pytest.mark.parametrize(
    "token", sorted(one for one in REPLACES if one.startswith("gcp:") and one not in OWNERS)
)
def test_the_deployer_may_make_whatever_a_stack_has(token: str) -> None:
    assert permission(token) in permissions()


def test_the_deployer_may_join_a_share_to_its_plan_of_copies() -> None:
    # Backup and DR, "Back up Filestore instances to a backup vault", permissions of each call
    joining = {
        "backupdr.backupPlanAssociations.createForFilestoreInstance",
        "backupdr.backupPlans.useForFilestoreInstance",
        "file.instances.updateBackupDrConfig",
    }
    assert joining <= set(permissions())


def test_no_permission_is_named_twice_or_by_pattern() -> None:
    assert len(set(permissions())) == len(permissions())
    assert all(re.fullmatch(r"[a-z]+(\.[A-Za-z]+){2}", one) for one in permissions())


@pytest.mark.parametrize(
    "name",
    [
        "cloudkms.cryptoKeyVersions.useToDecrypt",
        "container.clusters.impersonate",
        "iam.roles.update",
        "iam.serviceAccountKeys.create",
        "iam.serviceAccounts.getAccessToken",
        "iam.workloadIdentityPoolProviders.update",
        "resourcemanager.projects.delete",
        "resourcemanager.projects.setIamPolicy",
        "serviceusage.services.enable",
        "storage.objects.get",
    ],
)
def test_the_deployer_may_not_change_who_may_do_what_or_read_data(name: str) -> None:
    assert name not in permissions()


def test_the_deployer_gives_the_roles_that_stacks_give_and_no_other() -> None:
    given = {gke._ADMIN_ROLE, node_account.NODE_ROLE, caches.CONNECT}
    (asking,) = model_asking_rights(config().project_id)
    assert set(GRANTED) == given
    bound = built().one("IAMMember", "project-deploy-grants").inputs
    assert bound["role"] == "roles/resourcemanager.projectIamAdmin"
    assert bound["condition"]["expression"] == grants_only((*GRANTED, asking.role))
    said = bound["condition"]["expression"]
    assert f"hasOnly(['{asking.role}', 'roles/container.admin', " in said


def test_only_the_named_subjects_of_the_issuer_get_in() -> None:
    issuer = built().one("WorkloadIdentityPoolProvider").inputs
    assert issuer["attributeMapping"] == {"google.subject": "assertion.sub"}
    subjects = (DEPLOY_SUBJECT, "repo:your-org/your-repo:pull_request")
    assert issuer["attributeCondition"] == subjects_only(subjects)
    assert issuer["oidc"] == {"issuerUri": "https://token.actions.githubusercontent.com"}


def test_workflows_and_operators_act_as_the_deployer_and_previews_do_not() -> None:
    holders = members("gcp:serviceaccount/iAMMember:IAMMember", "project-deploy-")
    assert holders == {
        f"{POOL}{DEPLOY_SUBJECT}": "roles/iam.workloadIdentityUser",
        "group:platform-admins@example.com": "roles/iam.serviceAccountTokenCreator",
        "group:platform-break-glass@example.com": "roles/iam.serviceAccountTokenCreator",
    }
    readers = members("gcp:serviceaccount/iAMMember:IAMMember", "project-preview-")
    assert f"{POOL}{DEPLOY_SUBJECT}" not in readers


def test_no_account_has_a_key() -> None:
    assert not [one for one in built().resources if one.type.startswith("gcp:serviceaccount/key")]


def test_the_deployer_writes_the_state_and_previews_read_it() -> None:
    state = [(one.name, one.inputs["role"]) for one in built().all("BucketIAMMember")]
    assert sorted(state) == [
        ("project-deploy-state", "roles/storage.objectUser"),
        ("project-preview-state", "roles/storage.objectViewer"),
    ]
    keys = {one.name: one.inputs["role"] for one in built().all("CryptoKeyIAMMember")}
    assert keys["project-deploy-secrets"] == "roles/cloudkms.cryptoKeyEncrypterDecrypter"
    assert keys["project-preview-secrets"] == "roles/cloudkms.cryptoKeyDecrypter"


def test_the_state_bucket_is_encrypted_versioned_closed_and_kept() -> None:
    bucket = built().one("Bucket")
    assert bucket.inputs["encryption"]["defaultKmsKeyName"] == "keys-state-id"
    assert bucket.inputs["versioning"] == {"enabled": True}
    assert bucket.inputs["publicAccessPrevention"] == "enforced"
    assert bucket.inputs["uniformBucketLevelAccess"] is True
    assert bucket.inputs["softDeletePolicy"]["retentionDurationSeconds"] >= 7 * 86_400
    assert bucket.protect


def test_what_stacks_stand_on_is_protected() -> None:
    for kind in (
        *("Account", "CryptoKey", "IAMCustomRole", "KeyRing", "WorkloadIdentityPool"),
        "WorkloadIdentityPoolProvider",
    ):
        assert {one.protect for one in built().all(kind)} == {True}, kind


def test_apis_and_agents_come_before_the_first_key() -> None:
    ring = built().one("KeyRing")
    before = built().before(ring)
    for kind in ("Service", "ServiceIdentity"):
        assert {one.urn for one in built().all(kind)} <= before, kind


def test_each_sdk_has_a_provider_of_its_own_as_the_engine_takes_no_other() -> None:
    packages = {one.type.partition(":")[0] for one in built().resources if one.custom}
    providers = {one.type for one in built().resources if one.type.startswith("pulumi:providers:")}
    assert providers == {f"pulumi:providers:{one}" for one in packages - {"pulumi"}}


def test_nothing_registered_is_refused() -> None:
    custom = [one for one in built().resources if one.custom]
    found = {one.name: [str(r) for r in refusals(one.type, one.inputs)] for one in custom}
    assert {name: said for name, said in found.items() if said} == {}


@pytest.mark.parametrize(
    ("changes", "path", "found"),
    [
        ({"project_number": 111122223333}, "project_number", "the number 111122223333"),
        ({"operators": ["group:one@example.com"]}, "operators", "a list of 1"),
        ({"proyect_id": "x"}, "proyect_id", 'did you mean "project_id"?'),
        (
            {"oidc": {"issuer": "x.example", "deploy_subjects": ["repo:org/*"]}},
            "oidc.deploy_subjects[0]",
            '"repo:org/*"',
        ),
        (
            {"oidc": {"issuer": "x.example", "deploy_subjects": ["a' || true || '"]}},
            "oidc.deploy_subjects[0]",
            "whole subjects",
        ),
    ],
)
def test_a_wrong_project_config_registers_nothing(
    changes: dict[str, object], path: str, found: str
) -> None:
    message, registered = refusal(
        program.main,
        {KEY: {**values(), **changes}},
        project="aigw-bootstrap",
        stack="nonprod-gcp",
    )
    assert registered == []
    _, line = message.splitlines()
    assert line.startswith(f"bootstrap/Pulumi.nonprod-gcp.yaml: {KEY}.{path}: found ")
    assert found in line
    with pytest.raises(ConfigError):
        config(**changes)
