"""What ECR alone asks of a mirror: credentials, and a template of what it makes by itself."""

from __future__ import annotations

import pytest

from components.aws.registry import registry_host
from tests.components.aws.make_edge import CREDENTIALS, HOST
from tests.components.aws.make_edge import registry as deploy
from tests.components.support import ACCOUNT, TAGS


def test_an_upstream_has_credentials_where_ecr_asks_for_them() -> None:
    rules = {
        one.inputs["ecrRepositoryPrefix"]: one.inputs.get("credentialArn")
        for one in deploy().all("PullThroughCacheRule")
    }
    assert {name: arn for name, arn in rules.items() if arn} == CREDENTIALS
    with pytest.raises(ValueError, match=r"no credentials for .*ghcr"):
        deploy({})


def test_repositories_are_made_encrypted_and_tagged_before_the_first_pull() -> None:
    recorder = deploy()
    templates = {one.inputs["prefix"]: one for one in recorder.all("RepositoryCreationTemplate")}
    for rule in recorder.all("PullThroughCacheRule"):
        template = templates[rule.inputs["ecrRepositoryPrefix"]]
        assert template.urn in rule.depends_on
        assert template.inputs["appliedFors"] == ["PULL_THROUGH_CACHE"]
        assert template.inputs["resourceTags"] == {**TAGS, "component": "registry"}
        assert template.inputs["encryptionConfigurations"] == [{"encryptionType": "AES256"}]
        # without a role ECR refuses tags; with a policy it would expire images pulled by digest
        assert template.inputs["customRoleArn"].endswith(":registry-creator")
        assert "lifecyclePolicy" not in template.inputs


def test_the_host_follows_the_partition() -> None:
    assert registry_host("us-east-1", ACCOUNT) == HOST
    assert registry_host("cn-north-1", ACCOUNT).endswith(".amazonaws.com.cn")
