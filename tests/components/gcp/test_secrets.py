"""What Secret Manager alone asks of a secret: one region, a key that is in force, rights of it."""

from __future__ import annotations

import pytest

from components.gcp.secrets import WRITER, secret_name
from tests.components.clouds.common import AGENTS, PROXY
from tests.components.gcp import samples
from tests.components.gcp.make_edge import MEMBER
from tests.components.gcp.make_edge import secrets as deploy
from tests.components.support import Recorder


@pytest.fixture(scope="module")
def made() -> Recorder:
    return deploy(PROXY, AGENTS, kept=("vault-init",))


def test_a_value_is_kept_in_the_region_alone_under_the_platform_s_key(made: Recorder) -> None:
    for one in made.all("Secret"):
        assert made.one("Grant").urn in one.depends_on, "the service may use the key by then"
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


def test_a_right_is_for_one_secret_and_one_reader_each() -> None:
    recorder = deploy(PROXY, AGENTS, role=WRITER)
    rights = recorder.all("SecretIamMember")
    assert {one.inputs["secretId"] for one in rights} == {
        "secrets-litellm-id",
        "secrets-agent-gateway-id",
    }
    assert {(one.inputs["role"], one.inputs["member"]) for one in rights} == {(WRITER, MEMBER)}


def test_a_kept_secret_has_no_value_of_ours_and_a_name_that_the_store_takes(
    made: Recorder,
) -> None:
    assert made.one("Secret", "vault-init").inputs["secretId"] == "aigw-prod-large-vault-init"
    assert not [one for one in made.all("SecretVersion") if "vault-init" in one.name]
    assert len(secret_name(samples.LONGEST_STACK, "postgres-" + "x" * 60)) <= 255
