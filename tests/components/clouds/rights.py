"""What a workload may do on either cloud, in the same words: by bucket, secret or key.

On AWS a policy names actions; Google Cloud's roles are sets of them. `may` says both in verbs, and
`folders` says where in a bucket: "" is all of it.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from types import ModuleType
from typing import Any

from components.aws import metrics_policies, vault_policies
from components.aws import workload_policies as aws_policies
from components.gcp import workload_policies as gcp_policies
from sizing.words import Cloud
from tests.components.aws import make_edge as aws
from tests.components.aws.store_plans import DATA_KEY, OBJECTS_KEY
from tests.components.gcp import make_edge as gcp
from tests.components.gcp.samples import KEY, PROJECT, PROJECT_NUMBER
from tests.components.support import ACCOUNT, REGION, Recorder, Registered, children_of

ACTIONS = {
    "s3:GetObject": "read",
    "s3:ListBucket": "list",
    "s3:PutObject": "write",
    "s3:AbortMultipartUpload": "write",
    "s3:ListMultipartUploadParts": "write",
    "s3:DeleteObject": "delete",
    "secretsmanager:GetSecretValue": "read",
    "secretsmanager:DescribeSecret": "read",
    "secretsmanager:PutSecretValue": "write",
    "kms:Decrypt": "decrypt",
    "kms:Encrypt": "encrypt",
    "kms:DescribeKey": "look",
    "kms:GenerateDataKey": "encrypt",
}
ROLES = {
    gcp_policies.READS: {"read", "list"},
    gcp_policies.LOOKS_AT_BUCKET: {"list"},
    gcp_policies.CHANGES: {"read", "list", "write", "delete"},
    gcp_policies.ADDS: {"write"},
    gcp_policies.READS_SECRET: {"read"},
    gcp_policies.ADDS_SECRET_VERSION: {"write"},
    gcp_policies.USES_KEY: {"encrypt", "decrypt"},
    gcp_policies.LOOKS_AT_KEY: {"look"},
}
Verbs = Mapping[str, set[str]]


def aws_may(statements: Sequence[Any]) -> Verbs:
    found: dict[str, set[str]] = defaultdict(set)
    for one in aws.rendered(statements).values():
        for resource in one["Resource"]:
            # objects and their bucket are one thing here; their key is its service's
            name = resource.removeprefix("arn:aws:s3:::").partition("/")[0]
            kept = resource if ":::" not in resource else name
            found[kept] |= {ACTIONS[action] for action in one["Action"]}
    return found


def aws_folders(statements: Sequence[Any]) -> Mapping[str, set[str]]:
    found: dict[str, set[str]] = defaultdict(set)
    for one in aws.rendered(statements).values():
        for resource in one["Resource"]:
            bucket = re.fullmatch(r"arn:aws:s3:::([^/]+)(?:/(.*)\*)?", resource)
            listed = one.get("Condition", {}).get("StringLike", {}).get("s3:prefix", "*")
            if bucket:
                folder = listed.removesuffix("*") if bucket[2] is None else bucket[2]
                found[bucket[1]].add(folder)
    return found


def granted(rights: Sequence[Any]) -> list[Registered]:
    """Return what a workload with these rights is given, checked to be its own alone."""
    found = children_of(gcp.rights(one=rights), "aigw:gcp:Identity")
    assert {one.inputs["member"].rpartition("/ns/")[2] for one in found} == {
        "prod-gateway/sa/one-sa"
    }
    return found


def gcp_may(rights: Sequence[Any]) -> Verbs:
    found: dict[str, set[str]] = defaultdict(set)
    for one in granted(rights):
        places = ("bucket", "secretId", "cryptoKeyId")
        (name,) = [one.inputs[key] for key in places if key in one.inputs]
        found[name] |= ROLES[one.inputs["role"]]
    return found


def gcp_folders(rights: Sequence[Any]) -> Mapping[str, set[str]]:
    found: dict[str, set[str]] = defaultdict(set)
    for one in granted(rights):
        bucket, condition = one.inputs["bucket"], one.inputs.get("condition")
        said = condition["expression"] if condition else 'startsWith("")'
        begun = re.findall(r'startsWith\("([^"]*)"\)', said)
        # an object is named with its bucket, a list by its folder alone
        found[bucket] |= {
            one.removeprefix(f"projects/_/buckets/{bucket}/objects/") for one in begun
        }
    return found


def trusted_by_role(recorder: Recorder) -> set[tuple[str, ...]]:
    """Return whom a role of AWS may be assumed by: a service account of one namespace."""
    (trust,) = recorder.one("Role").document("assumeRolePolicy")["Statement"]
    assert trust["Principal"] == {"Service": "pods.eks.amazonaws.com"}
    assert set(trust["Action"]) == {"sts:AssumeRole", "sts:TagSession"}
    asked = trust["Condition"]["StringEquals"]
    return {
        tuple(asked[f"aws:RequestTag/kubernetes-{one}"] for one in ("namespace", "service-account"))
    }


def named_by_member(recorder: Recorder) -> set[tuple[str, ...]]:
    """Return whom a right of Google Cloud is for: a service account of one namespace."""
    start = (
        f"principal://iam.googleapis.com/projects/{PROJECT_NUMBER}/locations/global/"
        f"workloadIdentityPools/{gcp.POOL}/subject/ns/"
    )
    members = [one.inputs["member"] for one in children_of(recorder, "aigw:gcp:Identity")]
    assert all(one.startswith(start) for one in members)
    return {tuple(one.removeprefix(start).split("/sa/")) for one in members}


def bound_roles(recorder: Recorder) -> set[tuple[str, str]]:
    bound = [one.inputs for one in recorder.all("PodIdentityAssociation")]
    return {(one["serviceAccount"], one["roleArn"].rpartition(":identity-")[2]) for one in bound}


def bound_members(recorder: Recorder) -> set[tuple[str, str]]:
    found = [one.inputs["member"] for one in children_of(recorder, "aigw:gcp:Identity")]
    account = [one.rpartition("/sa/")[2] for one in found]
    return {(one, one.replace("-sa", "-role")) for one in account}


SECRETS = f"arn:aws:secretsmanager:{REGION}:{ACCOUNT}:secret:"
_HERE = {"here": "backups", "there": "recovery"}


def _aws_vault_snapshots() -> Sequence[Any]:
    return vault_policies.snapshot_statements(
        [
            vault_policies.SnapshotBucket(
                name=name, arn=f"arn:aws:s3:::{bucket}", key_arn=OBJECTS_KEY, region=REGION
            )
            for name, bucket in _HERE.items()
        ]
    )


def _arn(bucket: str) -> str:
    return f"arn:aws:s3:::{bucket}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Side:
    """How one cloud grants, from plain names of buckets and secrets."""

    may: Callable[[Sequence[Any]], Verbs]
    folders: Callable[[Sequence[Any]], Mapping[str, set[str]]]
    rights: Callable[..., Recorder]
    bound: Callable[[Recorder], set[tuple[str, str]]]
    alone: Callable[[Recorder], set[tuple[str, ...]]]
    policies: ModuleType
    key: str
    secret: Callable[[str], str]
    named: Callable[[str], str]
    operator: Callable[[Sequence[str], Sequence[str]], Sequence[Any]]
    reads_models: Callable[[str], Sequence[Any]]
    writes_models: Callable[[str], Sequence[Any]]
    snapshots: Callable[..., Sequence[Any]]
    application: Callable[[Mapping[str, str]], Sequence[Any]]
    ships: Callable[[str], Sequence[Any]]
    stores: Callable[[str], Sequence[Any]]
    compacts: Callable[[str], Sequence[Any]]
    vault: Callable[[], Sequence[Any]]
    vault_setup: Callable[[str, str], Sequence[Any]]
    vault_certificates: Callable[[str, str], Sequence[Any]]
    vault_snapshots: Callable[[], Sequence[Any]]
    vault_folder: str


SIDES = {
    Cloud.AWS: Side(
        may=aws_may,
        folders=aws_folders,
        rights=aws.rights,
        bound=bound_roles,
        alone=trusted_by_role,
        policies=aws_policies,
        key=DATA_KEY,
        secret=lambda name: f"{SECRETS}aigw/{name}-aBcDeF",
        named=lambda name: aws_policies.named_secret_arn(REGION, ACCOUNT, name),
        operator=lambda made, named: aws_policies.secret_store_statements(
            made, named, region=REGION, account_id=ACCOUNT, data_key_arn=DATA_KEY
        ),
        reads_models=lambda one: aws_policies.model_reader_statements(
            _arn(one), OBJECTS_KEY, REGION
        ),
        writes_models=lambda one: aws_policies.model_writer_statements(
            _arn(one), OBJECTS_KEY, REGION
        ),
        snapshots=lambda one, *prefix: aws_policies.snapshot_statements(
            _arn(one), OBJECTS_KEY, REGION, *prefix
        ),
        application=lambda buckets: aws_policies.application_statements(
            {name: _arn(one) for name, one in buckets.items()}, OBJECTS_KEY, REGION
        ),
        ships=lambda one: metrics_policies.shipper_statements(_arn(one), OBJECTS_KEY, REGION),
        stores=lambda one: metrics_policies.store_statements(_arn(one), OBJECTS_KEY, REGION),
        compacts=lambda one: metrics_policies.compactor_statements(_arn(one), OBJECTS_KEY, REGION),
        vault=lambda: vault_policies.server_statements(DATA_KEY),
        vault_setup=lambda recovery, session: vault_policies.setup_statements(
            recovery, session, DATA_KEY, REGION
        ),
        vault_certificates=lambda server, authority: vault_policies.certificate_statements(
            server, authority, DATA_KEY, REGION
        ),
        vault_snapshots=_aws_vault_snapshots,
        vault_folder=vault_policies.SNAPSHOTS,
    ),
    Cloud.GCP: Side(
        may=gcp_may,
        folders=gcp_folders,
        rights=gcp.rights,
        bound=bound_members,
        alone=named_by_member,
        policies=gcp_policies,
        key=KEY,
        secret=lambda name: f"projects/{PROJECT}/secrets/aigw-{name}",
        named=lambda name: gcp_policies.named_secret(PROJECT, name),
        operator=lambda made, named: gcp_policies.secret_store_rights(
            {str(at): one for at, one in enumerate(made)}, named, project=PROJECT
        ),
        reads_models=gcp_policies.model_reader_rights,
        writes_models=gcp_policies.model_writer_rights,
        snapshots=gcp_policies.snapshot_rights,
        application=gcp_policies.application_rights,
        ships=gcp_policies.shipper_rights,
        stores=gcp_policies.store_rights,
        compacts=gcp_policies.compactor_rights,
        vault=lambda: gcp_policies.vault_server_rights(KEY),
        vault_setup=gcp_policies.vault_setup_rights,
        vault_certificates=gcp_policies.vault_certificate_rights,
        vault_snapshots=lambda: gcp_policies.vault_snapshot_rights(_HERE),
        vault_folder=gcp_policies.VAULT_SNAPSHOTS,
    ),
}
