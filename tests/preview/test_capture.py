"""The offline run shows what the engine's own preview shows, and refuses what it refuses."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Callable
from pathlib import Path

import pulumi
import pulumi_aws as aws
import pytest

from preview.json_out import seconds, step
from preview.offline import SECRET, UNKNOWN, ProgramError, Recording, Resource, run
from tests.preview.project import Store, program, providers, write_project

pytestmark = pytest.mark.cloud_free("whatever a program registers is kept, of any provider")

STACK = "urn:pulumi:dev-small::aigw::pulumi:pulumi:Stack::aigw-dev-small"
STORE = "urn:pulumi:dev-small::aigw::aigw:test:Store::store"
PREFIX = "urn:pulumi:dev-small::aigw::aigw:test:Store$"


@pytest.fixture
def stack_file(tmp_path: Path) -> Path:
    return write_project(tmp_path / "project")


@pytest.fixture
def recording(stack_file: Path) -> Recording:
    return run(stack_file, program)


def named(recording: Recording, name: str) -> Resource:
    return next(resource for resource in recording.resources if resource.name == name)


def test_every_registration_is_kept_with_its_address_and_parent(recording: Recording) -> None:
    key = named(recording, "store-key")
    assert key.urn == f"{PREFIX}aws:kms/key:Key::store-key"
    assert key.parent == STORE
    assert named(recording, "store").parent == STACK
    assert recording.resources[0].urn == STACK
    assert len(recording.resources) == 1 + 2 + 1 + 5


def test_children_inherit_protection_and_the_provider(recording: Recording) -> None:
    children = [resource for resource in recording.resources if resource.parent == STORE]
    assert len(children) == 5
    assert all(child.protect for child in children)
    assert named(recording, "store-key").provider == (
        f"urn:pulumi:dev-small::aigw::pulumi:providers:aws::aws::{UNKNOWN}"
    )
    assert not named(recording, "aws").protect


def test_options_that_mocks_hide_are_seen(recording: Recording) -> None:
    secret = named(recording, "store-secret")
    assert secret.retain_on_delete
    assert secret.custom_timeouts == {"create": "1h30m"}
    assert named(recording, "store-key").ignore_changes == ("deletionWindowInDays",)
    assert named(recording, "store").aliases == (STORE.replace("::store", "::vault"),)


def test_a_child_named_after_its_parent_follows_the_parents_alias(recording: Recording) -> None:
    assert named(recording, "store-key").aliases == (f"{PREFIX}aws:kms/key:Key::vault-key",)


def test_known_inputs_are_plain_and_what_the_cloud_gives_is_unknown(recording: Recording) -> None:
    assert named(recording, "store").inputs == {"share": 0.5, "size": 3}
    assert type(named(recording, "store").inputs["size"]) is int
    assert named(recording, "store-secret").inputs == {
        "kmsKeyId": UNKNOWN,
        "tags": {"component": "store"},
    }
    role = named(recording, "store-role").inputs
    assert role["description"] == "data", "an input comes back as a known output"
    assert role["assumeRolePolicy"] == UNKNOWN


def test_a_generated_password_stays_secret_where_it_is_used(recording: Recording) -> None:
    version = named(recording, "store-version")
    assert version.inputs["secretString"] == SECRET
    assert version.secret_paths == ("secretString",)
    assert version.inputs["secretId"] == UNKNOWN


def test_dependencies_stand_by_property_and_in_all(recording: Recording) -> None:
    role, key = named(recording, "store-role"), named(recording, "store-key")
    secret = named(recording, "store-secret")
    assert role.dependencies == tuple(sorted([key.urn, secret.urn]))
    assert role.property_dependencies["assumeRolePolicy"] == (key.urn,)


def test_nothing_stands_before_what_it_needs(recording: Recording) -> None:
    seen: set[str] = set()
    for resource in recording.resources:
        needs = {resource.parent, resource.provider.rpartition("::")[0], *resource.dependencies}
        assert needs - {""} <= seen
        seen.add(resource.urn)


def test_config_and_exports_show_no_secret(recording: Recording) -> None:
    assert recording.config["aigw:token"] == SECRET
    assert recording.config["aigw:platform"] == '{"tier": "small", "version": "1.30"}'
    assert recording.exports == {"version": "1.30", "token": SECRET}


def test_what_the_program_says_becomes_a_diagnostic(stack_file: Path) -> None:
    def talk() -> None:
        pulumi.log.warn("beware")
        pulumi.log.debug("unseen")
        print("printed")

    said = [(one.message, one.severity) for one in run(stack_file, talk).diagnostics]
    assert said == [("warning: beware\n", "warning"), ("printed\n", "info")]


def test_a_clear_secret_is_kept_for_the_check_that_finds_it_elsewhere(stack_file: Path) -> None:
    def leak() -> None:
        opts = pulumi.ResourceOptions(provider=providers()[0])
        word = pulumi.Output.secret("hunter2")
        aws.secretsmanager.SecretVersion("v", secret_id="s", secret_string=word, opts=opts)

    found = run(stack_file, leak)
    assert found.secret_values == {"hunter2"}
    assert "hunter2" not in str(found.resources)
    assert "hunter2" not in repr(found)


def use_a_default_provider() -> None:
    aws.kms.Key("key")


def use_a_name_twice() -> None:
    first = pulumi.ResourceOptions(provider=providers()[0])
    aws.kms.Key("key", opts=first)
    aws.kms.Key("key", opts=first)


def ask_the_cloud() -> None:
    provider = aws.Provider("aws", region="us-east-1")
    aws.get_caller_identity(opts=pulumi.InvokeOptions(provider=provider))


def fail_at_once() -> None:
    raise ValueError("no zones left")


def fail_in_an_apply() -> None:
    def broken(_: str) -> str:
        raise ValueError("no zones left")

    Store("store", pulumi.ResourceOptions(providers=providers())).urn.apply(broken)


def read_a_missing_key() -> None:
    pulumi.export("never", pulumi.Config().require("absent"))


@pytest.mark.parametrize(
    ("broken", "message"),
    [
        (use_a_default_provider, "Default provider for 'aws' disabled"),
        (use_a_name_twice, "Duplicate resource URN 'urn:pulumi:dev-small::aigw::aws:kms/key"),
        (ask_the_cloud, "getCallerIdentity asks the cloud"),
        (fail_at_once, r"ValueError: no zones left \(test_capture.py, line \d+\)"),
        (fail_in_an_apply, "ValueError: no zones left"),
        (read_a_missing_key, "absent"),
    ],
)
def test_a_broken_program_says_what_is_wrong(
    stack_file: Path, broken: Callable[[], None], message: str
) -> None:
    with pytest.raises(ProgramError, match=message):
        run(stack_file, broken)


def test_a_failure_leaves_the_next_run_whole(stack_file: Path, recording: Recording) -> None:
    with pytest.raises(ProgramError):
        run(stack_file, fail_in_an_apply)
    assert run(stack_file, program) == recording


def test_a_run_leaves_no_thread_loop_or_configuration_behind(stack_file: Path) -> None:
    threads, configured = threading.active_count(), pulumi.runtime.get_config("aigw:platform")
    run(stack_file, program)
    assert threading.active_count() == threads
    assert pulumi.runtime.get_config("aigw:platform") == configured
    with pytest.raises(RuntimeError, match="no running event loop"):
        asyncio.get_running_loop()


def test_other_stacks_of_the_same_process_do_not_mix(tmp_path: Path, stack_file: Path) -> None:
    other = write_project(tmp_path / "other")
    other = other.rename(other.with_name("Pulumi.prod-small.yaml"))
    first, second = run(stack_file, program), run(other, program)
    assert {one.urn.split("::")[0] for one in second.resources} == {"urn:pulumi:prod-small"}
    assert [one.name for one in first.resources if one.custom] == [
        one.name for one in second.resources if one.custom
    ]


def test_a_step_is_what_the_engine_prints(recording: Recording) -> None:
    provider = f"urn:pulumi:dev-small::aigw::pulumi:providers:aws::aws::{UNKNOWN}"
    secret = named(recording, "store-secret")
    assert step(secret) == {
        "op": "create",
        "urn": secret.urn,
        "provider": provider,
        "newState": {
            "urn": secret.urn,
            "custom": True,
            "type": "aws:secretsmanager/secret:Secret",
            "inputs": {"kmsKeyId": UNKNOWN, "tags": {"component": "store"}},
            "parent": STORE,
            "protect": True,
            "dependencies": [f"{PREFIX}aws:kms/key:Key::store-key"],
            "provider": provider,
            "propertyDependencies": {
                "kmsKeyId": [f"{PREFIX}aws:kms/key:Key::store-key"],
                "tags": [],
            },
            "aliases": [secret.urn.replace("::store-", "::vault-")],
            "customTimeouts": {"create": 5400},
            "retainOnDelete": True,
        },
        "detailedDiff": None,
    }


@pytest.mark.parametrize("wrong", ["", "5", "m5", "5 m"])
def test_a_duration_that_the_engine_refuses_is_refused(wrong: str) -> None:
    with pytest.raises(ValueError, match="no duration"):
        seconds(wrong)
