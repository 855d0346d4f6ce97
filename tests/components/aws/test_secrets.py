"""Secrets are generated or given, kept under the platform's key, and shown nowhere else."""

from __future__ import annotations

import json

import pulumi
import pytest

from components.aws.secrets import (
    GeneratedKey,
    GeneratedSecret,
    GivenSecret,
    Secrets,
    SecretsArgs,
)
from components.kubernetes import scram
from tests.components.aws.store_plans import DATA_KEY
from tests.components.support import (
    GENERATED,
    TAGS,
    Recorder,
    children_of,
    record,
    untagged,
)

COMPONENT = "aigw:aws:Secrets"
PROVIDER_KEY = "sk-of-the-provider"
PROXY = GeneratedSecret(
    name="litellm",
    keys=(
        GeneratedKey(name="master", length=48, prefix="sk-"),
        GeneratedKey(name="salt", length=48, permanent=True),
    ),
    protect=True,
)
AGENTS = GeneratedSecret(
    name="agent-gateway", keys=(GeneratedKey(name="session", length=32),), protect=False
)


def deploy(
    *generated: GeneratedSecret, given: tuple[GivenSecret, ...] = (), protect: bool = False
) -> Recorder:
    args = SecretsArgs(
        generated=generated,
        given=given,
        stack="prod-large",
        data_key_arn=DATA_KEY,
        tags=TAGS,
        protect=protect,
    )
    return record(lambda: Secrets("secrets", args))


def both() -> Recorder:
    given = GivenSecret(name="key-openai", value=pulumi.Output.secret(PROVIDER_KEY))
    return deploy(PROXY, AGENTS, given=(given,))


def test_each_secret_stands_under_its_stack_s_name_and_the_platform_s_key() -> None:
    secrets = both().all("Secret")
    assert {one.inputs["name"] for one in secrets} == {
        "aigw/prod-large/litellm",
        "aigw/prod-large/agent-gateway",
        "aigw/prod-large/key-openai",
    }
    assert {one.inputs["kmsKeyId"] for one in secrets} == {DATA_KEY}


def test_a_generated_secret_is_an_object_of_its_keys_with_the_readers_prefix() -> None:
    written = both().one("SecretVersion", "litellm").document("secretString")
    assert written == {"master": f"sk-{GENERATED}", "salt": GENERATED}


def test_a_given_secret_is_its_text() -> None:
    assert both().one("SecretVersion", "key-openai").inputs["secretString"] == PROVIDER_KEY


def test_values_stand_in_their_secret_alone_and_marked_as_such() -> None:
    recorder = both()
    for value in (GENERATED, PROVIDER_KEY):
        holders = [one for one in recorder.resources if value in json.dumps(one.inputs)]
        assert holders
        assert {(one.type.rpartition(":")[2], one.secrets) for one in holders} == {
            ("SecretVersion", ("secretString",))
        }


def test_a_permanent_value_survives_every_change_and_refuses_deletion() -> None:
    recorder = both()
    salt, master = recorder.one("RandomPassword", "salt"), recorder.one("RandomPassword", "master")
    assert salt.protect
    assert {"length", "special", "overrideSpecial", "keepers"} <= set(salt.ignore_changes)
    assert not master.protect
    assert master.ignore_changes == ()


@pytest.mark.parametrize(
    ("protect", "name", "days"),
    [(False, "litellm", 30), (False, "agent-gateway", 0), (True, "agent-gateway", 30)],
)
def test_a_protected_secret_can_be_brought_back(protect: bool, name: str, days: int) -> None:
    secret = deploy(PROXY, AGENTS, protect=protect).one("Secret", name)
    assert secret.inputs["recoveryWindowInDays"] == days
    assert secret.protect is (days > 0)


def test_letters_and_digits_alone_unless_the_reader_takes_more() -> None:
    taken = GeneratedSecret(
        name="x", keys=(GeneratedKey(name="k", length=24, specials="-_"),), protect=False
    )
    recorder = deploy(AGENTS, taken)
    assert recorder.one("RandomPassword", "session").inputs["special"] is False
    assert recorder.one("RandomPassword", "x-k").inputs["overrideSpecial"] == "-_"


@pytest.mark.parametrize(
    ("generated", "given"),
    [
        ((AGENTS, AGENTS), ()),
        ((AGENTS,), (GivenSecret(name="agent-gateway", value="x"),)),
        ((GeneratedSecret(name="x", keys=AGENTS.keys * 2, protect=False),), ()),
    ],
)
def test_a_name_is_given_once(
    generated: tuple[GeneratedSecret, ...], given: tuple[GivenSecret, ...]
) -> None:
    with pytest.raises(ValueError, match="is there twice"):
        deploy(*generated, given=given)


def test_everything_stands_below_the_component_with_its_tags() -> None:
    recorder = both()
    assert children_of(recorder, COMPONENT) == [one for one in recorder.resources if one.custom]
    assert untagged(recorder, COMPONENT, {**TAGS, "component": "secrets"}) == []


def test_a_database_is_told_a_proof_of_the_password_that_lies_beside_it() -> None:
    key = GeneratedKey(name="app", length=40, proof="app_proof")
    recorder = deploy(GeneratedSecret(name="database", keys=(key,), protect=False))
    version = recorder.one("SecretVersion")
    kept = json.loads(version.inputs["secretString"])
    assert kept == {"app": GENERATED, "app_proof": scram.secret(GENERATED, b"sixteen bytes it")}
    assert version.secrets == ("secretString",)


def test_a_proof_has_a_name_of_its_own() -> None:
    key = GeneratedKey(name="app", length=40, proof="app")
    with pytest.raises(ValueError, match="key of database app is there twice"):
        deploy(GeneratedSecret(name="database", keys=(key,), protect=False))
