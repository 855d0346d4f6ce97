"""Secrets are generated or given, kept in one region under the platform's key, nowhere else."""

from __future__ import annotations

import json

import pulumi
import pytest

from components.gcp.secrets import (
    WRITER,
    GeneratedKey,
    GeneratedSecret,
    GivenSecret,
    Secrets,
    SecretsArgs,
    grant_secrets,
    secret_name,
)
from tests.components.aws.test_secrets import AGENTS, PROVIDER_KEY, PROXY
from tests.components.gcp import samples
from tests.components.gcp.edge_samples import Grant
from tests.components.support import GENERATED, Recorder, children_of, record

COMPONENT = "aigw:gcp:Secrets"
MEMBER = "principal://iam.googleapis.com/projects/1/locations/global/workloadIdentityPools/p"


def deploy(
    *generated: GeneratedSecret,
    given: tuple[GivenSecret, ...] = (),
    kept: tuple[str, ...] = (),
    protect: bool = False,
    role: str = "",
) -> Recorder:
    def program() -> None:
        args = SecretsArgs(
            generated=generated,
            given=given,
            kept=kept,
            stack="prod-large",
            region=samples.REGION,
            data_key=samples.KEY,
            key_ready=(Grant(),),
            labels=samples.LABELS,
            protect=protect,
        )
        made = Secrets("secrets", args)
        if role:
            grant_secrets(made, "reader", secrets=made.ids, member=MEMBER, role=role)

    return record(program)


def both() -> Recorder:
    given = GivenSecret(name="key-openai", value=pulumi.Output.secret(PROVIDER_KEY))
    return deploy(PROXY, AGENTS, given=(given,), kept=("vault-init",))


def test_each_secret_stands_under_its_stack_s_name() -> None:
    assert {one.inputs["secretId"] for one in both().all("Secret")} == {
        "aigw-prod-large-litellm",
        "aigw-prod-large-agent-gateway",
        "aigw-prod-large-key-openai",
        "aigw-prod-large-vault-init",
    }


def test_a_value_is_kept_in_the_region_alone_under_the_platform_s_key() -> None:
    for one in both().all("Secret"):
        replication = one.inputs["replication"]
        assert replication == {
            "userManaged": {
                "replicas": [
                    {
                        "location": samples.REGION,
                        "customerManagedEncryption": {"kmsKeyName": samples.KEY},
                    }
                ]
            }
        }


def test_a_secret_waits_until_the_service_may_use_its_key() -> None:
    recorder = both()
    grant = recorder.one("Grant").urn
    assert all(grant in one.depends_on for one in recorder.all("Secret"))


def test_a_generated_secret_is_an_object_of_its_keys_with_the_readers_prefix() -> None:
    written = both().one("SecretVersion", "litellm").document("secretData")
    assert written == {"master": f"sk-{GENERATED}", "salt": GENERATED}


def test_a_given_secret_is_its_text_and_a_kept_one_has_none_of_ours() -> None:
    recorder = both()
    assert recorder.one("SecretVersion", "key-openai").inputs["secretData"] == PROVIDER_KEY
    assert not [one for one in recorder.all("SecretVersion") if "vault-init" in one.name]


def test_values_stand_in_their_secret_alone_and_marked_as_such() -> None:
    recorder = both()
    for value in (GENERATED, PROVIDER_KEY):
        holders = [one for one in recorder.resources if value in json.dumps(one.inputs)]
        assert holders
        assert {(one.type.rpartition(":")[2], one.secrets) for one in holders} == {
            ("SecretVersion", ("secretData",))
        }


def test_a_permanent_value_survives_every_change_and_refuses_deletion() -> None:
    recorder = both()
    salt, master = recorder.one("RandomPassword", "salt"), recorder.one("RandomPassword", "master")
    assert salt.protect
    assert {"length", "special", "overrideSpecial", "keepers"} <= set(salt.ignore_changes)
    assert not master.protect


@pytest.mark.parametrize(
    ("protect", "name", "kept"),
    [
        (False, "litellm", "2592000s"),
        (False, "agent-gateway", None),
        (True, "agent-gateway", "2592000s"),
    ],
)
def test_values_of_a_protected_secret_can_be_brought_back(
    protect: bool, name: str, kept: str | None
) -> None:
    secret = deploy(PROXY, AGENTS, protect=protect).one("Secret", name)
    assert secret.inputs.get("versionDestroyTtl") == kept
    assert secret.inputs["deletionProtection"] is secret.protect is (kept is not None)


def test_a_right_is_for_one_secret_and_one_reader_each() -> None:
    recorder = deploy(PROXY, AGENTS, role=WRITER)
    rights = recorder.all("SecretIamMember")
    assert {one.inputs["secretId"] for one in rights} == {
        "secrets-litellm-id",
        "secrets-agent-gateway-id",
    }
    assert {(one.inputs["role"], one.inputs["member"]) for one in rights} == {(WRITER, MEMBER)}


def test_whoever_reads_may_do_nothing_else() -> None:
    recorder = deploy(AGENTS, role="roles/secretmanager.secretAccessor")
    (right,) = recorder.all("SecretIamMember")
    assert right.inputs["role"] == "roles/secretmanager.secretAccessor"


def test_a_name_is_one_that_the_store_takes() -> None:
    assert len(secret_name(samples.LONGEST_STACK, "postgres-" + "x" * 60)) <= 255


@pytest.mark.parametrize(
    ("generated", "given"),
    [
        ((AGENTS, AGENTS), ()),
        ((AGENTS,), (GivenSecret(name="agent-gateway", value="x"),)),
        (
            (
                GeneratedSecret(
                    name="x", keys=(GeneratedKey(name="k", length=9),) * 2, protect=False
                ),
            ),
            (),
        ),
    ],
)
def test_a_name_is_given_once(
    generated: tuple[GeneratedSecret, ...], given: tuple[GivenSecret, ...]
) -> None:
    with pytest.raises(ValueError, match="is there twice"):
        deploy(*generated, given=given)


def test_everything_stands_below_the_component_with_its_labels() -> None:
    recorder = both()
    assert children_of(recorder, COMPONENT) == [
        one for one in recorder.resources if one.type != "test:index:Grant" and one.custom
    ]
    expected = {**samples.LABELS, "component": "secrets"}
    assert samples.unlabelled(recorder, COMPONENT, expected) == []
