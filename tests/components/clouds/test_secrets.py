"""Secrets are generated or given, kept under their stack's name, and shown nowhere else."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping

import pytest

from components.generated import GeneratedKey, GeneratedSecret
from components.kubernetes import scram
from components.secret_values import GivenSecret
from sizing.words import Cloud
from tests.components.aws import make_edge as aws
from tests.components.clouds.common import AGENTS, PROVIDER_KEY, PROXY, given
from tests.components.gcp import make_edge as gcp
from tests.components.support import GENERATED, Recorder

DEPLOY: Mapping[Cloud, Callable[..., Recorder]] = {Cloud.AWS: aws.secrets, Cloud.GCP: gcp.secrets}
NAME = {Cloud.AWS: "name", Cloud.GCP: "secretId"}
PREFIX = {Cloud.AWS: "aigw/prod-large/", Cloud.GCP: "aigw-prod-large-"}
VALUE = {Cloud.AWS: "secretString", Cloud.GCP: "secretData"}
KEPT: Mapping[Cloud, Mapping[str, tuple[object, object]]] = {
    Cloud.AWS: {"recoveryWindowInDays": (30, 0)},
    Cloud.GCP: {"versionDestroyTtl": ("2592000s", None), "deletionProtection": (True, False)},
}
"""What a protected secret has, and another one."""


@pytest.fixture
def deploy(cloud: Cloud) -> Callable[..., Recorder]:
    return DEPLOY[cloud]


@pytest.fixture(scope="module")
def both(cloud: Cloud) -> Recorder:
    return DEPLOY[cloud](PROXY, AGENTS, given=(given(),))


def test_each_secret_stands_under_its_stacks_name(cloud: Cloud, both: Recorder) -> None:
    names = {"litellm", "agent-gateway", given().name}
    found = {one.inputs[NAME[cloud]] for one in both.all("Secret")}
    assert found == {PREFIX[cloud] + name for name in names}


def test_a_generated_secret_is_an_object_of_its_keys_with_the_readers_prefix(
    cloud: Cloud, both: Recorder
) -> None:
    written = both.one("SecretVersion", "litellm").document(VALUE[cloud])
    assert written == {"master": f"sk-{GENERATED}", "salt": GENERATED}


def test_a_given_secret_is_its_text(cloud: Cloud, both: Recorder) -> None:
    assert both.one("SecretVersion", "key-openai").inputs[VALUE[cloud]] == PROVIDER_KEY


def test_values_stand_in_their_secret_alone_and_marked_as_such(
    cloud: Cloud, both: Recorder
) -> None:
    for value in (GENERATED, PROVIDER_KEY):
        holders = [one for one in both.resources if value in json.dumps(one.inputs)]
        assert holders
        assert {(one.type.rpartition(":")[2], one.secrets) for one in holders} == {
            ("SecretVersion", (VALUE[cloud],))
        }


def test_a_permanent_value_survives_every_change_and_refuses_deletion(both: Recorder) -> None:
    salt, master = both.one("RandomPassword", "salt"), both.one("RandomPassword", "master")
    assert salt.protect
    assert {"length", "special", "overrideSpecial", "keepers"} <= set(salt.ignore_changes)
    assert not master.protect
    assert master.ignore_changes == ()


@pytest.mark.parametrize(
    ("protect", "name", "kept"),
    [(False, "litellm", True), (False, "agent-gateway", False), (True, "agent-gateway", True)],
)
def test_a_protected_secret_can_be_brought_back(
    cloud: Cloud, deploy: Callable[..., Recorder], protect: bool, name: str, kept: bool
) -> None:
    secret = deploy(PROXY, AGENTS, protect=protect).one("Secret", name)
    assert secret.protect is kept
    for path, (protected, other) in KEPT[cloud].items():
        assert secret.inputs.get(path) == (protected if kept else other), path


def test_letters_and_digits_alone_unless_the_reader_takes_more(
    deploy: Callable[..., Recorder],
) -> None:
    keys = (GeneratedKey(name="k", length=24, specials="-_"),)
    recorder = deploy(AGENTS, GeneratedSecret(name="x", keys=keys, protect=False))
    assert recorder.one("RandomPassword", "session").inputs["special"] is False
    assert recorder.one("RandomPassword", "x-k").inputs["overrideSpecial"] == "-_"


@pytest.mark.parametrize(
    ("generated", "more"),
    [
        ((AGENTS, AGENTS), ()),
        ((AGENTS,), (GivenSecret(name="agent-gateway", value="x"),)),
        ((GeneratedSecret(name="x", keys=AGENTS.keys * 2, protect=False),), ()),
    ],
    ids=["generated", "given", "keys"],
)
def test_a_name_is_given_once(
    deploy: Callable[..., Recorder],
    generated: tuple[GeneratedSecret, ...],
    more: tuple[GivenSecret, ...],
) -> None:
    with pytest.raises(ValueError, match="is there twice"):
        deploy(*generated, given=more)


def test_a_database_is_told_a_proof_of_the_password_that_lies_beside_it(
    cloud: Cloud, deploy: Callable[..., Recorder]
) -> None:
    key = GeneratedKey(name="app", length=40, proof="app_proof")
    recorder = deploy(GeneratedSecret(name="database", keys=(key,), protect=False))
    version = recorder.one("SecretVersion")
    kept = json.loads(version.inputs[VALUE[cloud]])
    assert kept == {"app": GENERATED, "app_proof": scram.secret(GENERATED, b"sixteen bytes it")}
    assert version.secrets == (VALUE[cloud],)


def test_a_proof_has_a_name_of_its_own(deploy: Callable[..., Recorder]) -> None:
    key = GeneratedKey(name="app", length=40, proof="app")
    with pytest.raises(ValueError, match="key of database app is there twice"):
        deploy(GeneratedSecret(name="database", keys=(key,), protect=False))
