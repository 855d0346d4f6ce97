"""What a guest has in another stack's cluster: a store that is its own, one way to the engines."""

from __future__ import annotations

import pytest

from components.kubernetes.access import Pods
from components.kubernetes.external_secrets import SecretsManager
from components.kubernetes.guest import GuestStore, GuestStoreArgs, Passage, PassageArgs
from tests.components.support import Recorder, record

READER = "arn:aws:iam::123456789012:role/aigw/aigw-dev-medium-secrets"


@pytest.fixture(scope="module")
def store(_cloud: None) -> Recorder:
    args = GuestStoreArgs(
        store="dev-medium",
        source=SecretsManager(region="us-east-1", role=READER),
        namespaces=["dev-gateway", "dev-data"],
        after=[],
    )
    return record(lambda: GuestStore("secret-store", args))


@pytest.fixture(scope="module")
def passage(_cloud: None) -> Recorder:
    args = PassageArgs(
        guest="dev",
        namespace="staging-serving",
        engines={"vllm-llama": 8000, "vllm-qwen": 8000},
        caller=Pods(namespace="dev-gateway", name="litellm", ports=()),
        after=[],
    )
    return record(lambda: Passage("engines", args))


def test_the_store_is_read_as_the_guests_reader_for_its_namespaces_alone(store: Recorder) -> None:
    made = store.one("ClusterSecretStore").inputs
    assert made["metadata"]["name"] == "dev-medium"
    assert made["spec"]["provider"] == {
        "aws": {"service": "SecretsManager", "region": "us-east-1", "role": READER}
    }
    assert made["spec"]["conditions"] == [{"namespaces": ["dev-data", "dev-gateway"]}]


def test_a_policy_for_each_engine_lets_the_guests_gateway_in_and_nobody_else(
    passage: Recorder,
) -> None:
    policies = [one.inputs for one in passage.all("NetworkPolicy")]
    assert sorted(one["metadata"]["name"] for one in policies) == [
        "dev-to-vllm-llama",
        "dev-to-vllm-qwen",
    ]
    for one in policies:
        assert one["metadata"]["namespace"] == "staging-serving"
        assert one["spec"]["policyTypes"] == ["Ingress"]
        engine = one["metadata"]["name"].removeprefix("dev-to-")
        assert one["spec"]["podSelector"]["matchLabels"] == {"app.kubernetes.io/name": engine}
        (rule,) = one["spec"]["ingress"]
        (peer,) = rule["from"]
        assert peer == {
            "namespaceSelector": {"matchLabels": {"kubernetes.io/metadata.name": "dev-gateway"}},
            "podSelector": {"matchLabels": {"app.kubernetes.io/name": "litellm"}},
        }
        assert [port["port"] for port in rule["ports"]] == [8000]
