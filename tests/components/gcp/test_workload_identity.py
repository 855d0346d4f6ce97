"""A workload may do what its rights name, on its own things, and nothing else."""

from __future__ import annotations

from collections.abc import Sequence

import pulumi
import pytest

from components.gcp.vault_seal import ring_and_key, vault_seal
from components.gcp.workload_identity import (
    Condition,
    Identity,
    IdentityArgs,
    Right,
    Target,
    Workload,
    principal,
)
from components.gcp.workload_policies import (
    SNAPSHOTS,
    VAULT_SNAPSHOTS,
    application_rights,
    compactor_rights,
    model_asking_rights,
    model_caller,
    model_reader_rights,
    model_writer_rights,
    named_secret,
    secret_store_rights,
    shipper_rights,
    snapshot_rights,
    store_rights,
    vault_certificate_rights,
    vault_server_rights,
    vault_setup_rights,
    vault_snapshot_rights,
)
from components.kubernetes.qdrant import SNAPSHOTS_PREFIX
from components.workloads import WorkloadPlan
from sizing.planning.vault import SEALS
from sizing.words import Cloud
from stacks.apps import vault
from tests.components.gcp.samples import KEY, PROJECT, PROJECT_NUMBER
from tests.components.support import Recorder, Registered, children_of, record

POOL = f"{PROJECT}.svc.id.goog"
SECRET = f"projects/{PROJECT}/secrets/aigw-prod-large-litellm"
READER, USER, CREATOR = (f"roles/storage.object{one}" for one in ("Viewer", "User", "Creator"))
ACCESSOR, ADDER = (f"roles/secretmanager.secret{one}" for one in ("Accessor", "VersionAdder"))


def build(**rights: Sequence[Right]) -> Recorder:
    workloads = [
        Workload(
            plan=WorkloadPlan(name=name, namespace="prod-gateway", service_account=f"{name}-sa"),
            rights=given,
        )
        for name, given in rights.items()
    ]
    args = IdentityArgs(workloads=workloads, project_number=PROJECT_NUMBER, workload_pool=POOL)
    return record(lambda: Identity("identity", args))


def granted(rights: Sequence[Right]) -> list[Registered]:
    """What a workload with these rights is given, checked to be its own alone."""
    found = children_of(build(one=rights), "aigw:gcp:Identity")
    member = principal(PROJECT_NUMBER, POOL, "prod-gateway", "one-sa")
    assert {one.inputs["member"] for one in found} == {member}
    return found


def roles(rights: Sequence[Right]) -> dict[str, set[str]]:
    """Roles by the resource that they are granted on."""
    found: dict[str, set[str]] = {}
    for one in granted(rights):
        keys = ("bucket", "secretId", "cryptoKeyId", "project")
        (resource,) = [one.inputs[key] for key in keys if key in one.inputs]
        found.setdefault(resource, set()).add(one.inputs["role"])
    return found


def test_a_member_is_the_service_account_itself_in_the_projects_pool() -> None:
    assert principal("1", "p.svc.id.goog", "prod-gateway", "litellm") == (
        "principal://iam.googleapis.com/projects/1/locations/global/workloadIdentityPools/"
        "p.svc.id.goog/subject/ns/prod-gateway/sa/litellm"
    )


def test_each_workload_gets_its_own_rights_on_the_resources_themselves() -> None:
    recorder = build(a=store_rights("metrics"), b=vault_server_rights(KEY))
    found = children_of(recorder, "aigw:gcp:Identity")
    assert {one.inputs["member"].rsplit("/", 1)[-1] for one in found} == {"a-sa", "b-sa"}
    kinds = {one.type.rsplit(":", 1)[-1] for one in found}
    assert kinds == {"BucketIAMMember", "CryptoKeyIAMMember"}, "none is of the project"


def test_no_google_service_account_and_no_key_is_made() -> None:
    recorder = build(a=model_writer_rights("models"))
    assert not [one for one in recorder.resources if "serviceaccount" in one.type.lower()]


def test_the_secrets_operator_reads_what_is_made_and_what_is_named() -> None:
    found = roles(
        secret_store_rights({"litellm": SECRET}, ["team-openai", "team-openai"], project=PROJECT)
    )
    assert found == {SECRET: {ACCESSOR}, f"projects/{PROJECT}/secrets/team-openai": {ACCESSOR}}


def test_a_whole_id_names_its_secret_wherever_it_is() -> None:
    assert named_secret(PROJECT, "projects/other/secrets/x") == "projects/other/secrets/x"


def test_an_operator_without_secrets_gets_no_rights() -> None:
    with pytest.raises(ValueError, match="needs no rights"):
        secret_store_rights({}, [], project=PROJECT)


def test_who_reads_objects_changes_none() -> None:
    assert roles(store_rights("b")) == {"b": {READER}}
    # vLLM's loader looks at the bucket itself
    assert roles(model_reader_rights("b")) == {"b": {READER, "roles/storage.legacyBucketReader"}}


def test_a_proxy_asks_models_of_a_project_and_does_nothing_else_there() -> None:
    (one,) = granted(model_asking_rights("ours"))
    assert one.type.endswith(":IAMMember")
    assert one.inputs["project"] == "ours"
    assert one.inputs["role"] == model_caller("ours") == "projects/ours/roles/aigwModelCaller"


@pytest.mark.parametrize("make", [model_writer_rights, shipper_rights, compactor_rights])
def test_who_writes_over_objects_may_and_changes_no_bucket(make: object) -> None:
    assert callable(make)
    assert roles(make("b")) == {"b": {USER}}


def test_an_application_changes_its_own_buckets_alone() -> None:
    found = roles(application_rights({"data": "app-data", "backups": "app-backups"}))
    assert found == {"app-data": {USER}, "app-backups": {USER}}


def condition(rights: Sequence[Right]) -> str:
    (one,) = granted(rights)
    return str(one.inputs["condition"]["expression"])


def test_snapshots_stay_in_the_folder_that_the_vector_database_writes_to() -> None:
    assert SNAPSHOTS == SNAPSHOTS_PREFIX
    said = condition(snapshot_rights("backups"))
    objects, lists = said.split(" || ")
    assert objects == (
        'resource.name.startsWith("projects/_/buckets/backups/objects/storage/snapshots/")'
    )
    assert lists.endswith('.startsWith("storage/snapshots/")')


@pytest.mark.parametrize("prefix", ["", "qdrant", 'a"/'])
def test_a_prefix_that_would_cover_its_neighbours_is_refused(prefix: str) -> None:
    with pytest.raises(ValueError, match="no folder"):
        snapshot_rights("backups", prefix)


def test_vaults_snapshots_are_added_in_their_folder_of_each_bucket_and_never_read() -> None:
    assert VAULT_SNAPSHOTS == vault.SNAPSHOTS
    rights = vault_snapshot_rights({"here": "backups", "there": "recovery"})
    assert roles(rights) == {"backups": {CREATOR}, "recovery": {CREATOR}}
    for one in granted(rights):
        folder = f'/buckets/{one.inputs["bucket"]}/objects/vault/")'
        assert folder in one.inputs["condition"]["expression"]


def test_a_server_opens_itself_with_its_key_and_does_no_more() -> None:
    assert roles(vault_server_rights(KEY)) == {
        KEY: {"roles/cloudkms.cryptoKeyEncrypterDecrypter", "roles/cloudkms.viewer"}
    }


def test_the_key_of_the_seal_is_called_by_the_names_in_its_id() -> None:
    assert ring_and_key(KEY) == ("keys", "data")
    with pytest.raises(ValueError, match="no key's id"):
        ring_and_key("keys-data-id")


def test_the_seal_reads_the_names_from_the_key_once_it_exists() -> None:
    found: list[object] = []

    def program() -> None:
        seal = vault_seal(KEY, project=PROJECT, region="us")
        assert (seal.kind, dict(seal.settings)) == (
            SEALS[Cloud.GCP],
            {"project": PROJECT, "region": "us"},
        )
        pulumi.Output.all(*seal.environment.values()).apply(found.extend)

    record(program)
    assert found == ["keys", "data"]


def test_the_set_up_keeps_recovery_keys_and_can_never_read_them() -> None:
    found = roles(vault_setup_rights("recovery", "session"))
    assert found == {"recovery": {ADDER}, "session": {ADDER, ACCESSOR}}


def test_certificates_are_kept_in_two_secrets_alone() -> None:
    found = roles(vault_certificate_rights("server", "authority"))
    assert found == {"server": {ADDER, ACCESSOR}, "authority": {ADDER, ACCESSOR}}


def test_what_only_buckets_take_is_refused_elsewhere() -> None:
    right = Right(
        name="x",
        target=Target.KEY,
        resource=KEY,
        role="roles/cloudkms.viewer",
        condition=Condition(title="t", expression="true"),
    )
    with pytest.raises(ValueError, match="takes no condition"):
        build(one=[right])
