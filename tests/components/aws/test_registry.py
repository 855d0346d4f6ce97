"""Every image comes through the account's registry, as far as ECR reads its home."""

from __future__ import annotations

import pytest

from components.aws.identity import IamSettings
from components.aws.registry import Registry, RegistryArgs, registry_host
from components.kubernetes.images import parts, unmirrored
from sizing.versions import IMAGES
from tests.components.support import ACCOUNT, REGION, TAGS, Recorder, children_of, record, untagged

COMPONENT = "aigw:aws:Registry"
PULL = f"arn:aws:secretsmanager:{REGION}:{ACCOUNT}:secret:ecr-pullthroughcache"
CREDENTIALS = {"docker-hub": f"{PULL}/hub-aBcDeF", "ghcr": f"{PULL}/ghcr-aBcDeF"}
HOST = f"{ACCOUNT}.dkr.ecr.{REGION}.amazonaws.com"
BUILT: list[Registry] = []


def deploy(credentials: dict[str, str] | None = None) -> Recorder:
    args = RegistryArgs(
        region=REGION,
        account_id=ACCOUNT,
        credentials=CREDENTIALS if credentials is None else credentials,
        node_role_name="nodes-role",
        iam=IamSettings(),
        tags=TAGS,
    )
    BUILT.clear()
    return record(lambda: BUILT.append(Registry("registry", args)))


def test_each_upstream_has_a_rule_and_credentials_where_ecr_asks_for_them() -> None:
    rules = {
        one.inputs["ecrRepositoryPrefix"]: (
            one.inputs["upstreamRegistryUrl"],
            one.inputs.get("credentialArn"),
        )
        for one in deploy().all("PullThroughCacheRule")
    }
    assert rules == {
        "docker-hub": ("registry-1.docker.io", CREDENTIALS["docker-hub"]),
        "ecr-public": ("public.ecr.aws", None),
        "ghcr": ("ghcr.io", CREDENTIALS["ghcr"]),
        "k8s": ("registry.k8s.io", None),
        "quay": ("quay.io", None),
    }


@pytest.mark.parametrize("image", sorted(set(IMAGES) - set(unmirrored(HOST))))
def test_a_mirrored_image_s_name_is_one_that_a_rule_and_the_nodes_rights_cover(image: str) -> None:
    recorder = deploy()
    found = parts(image, HOST)
    assert found.host == HOST == BUILT[0].host
    folder = found.path.partition("/")[0]
    (rule,) = [
        one
        for one in recorder.all("PullThroughCacheRule")
        if one.inputs["ecrRepositoryPrefix"] == folder
    ]
    assert rule.inputs["upstreamRegistryUrl"].endswith(IMAGES[image].repository.partition("/")[0])
    (allowed,) = recorder.one("RolePolicy", "nodes").document("policy")["Statement"]
    assert f"arn:aws:ecr:{REGION}:{ACCOUNT}:repository/{folder}/*" in allowed["Resource"]


def test_nodes_fill_the_cache_and_change_nothing_else() -> None:
    policy = deploy().one("RolePolicy", "nodes")
    assert policy.inputs["role"] == "nodes-role"
    (allowed,) = policy.document("policy")["Statement"]
    assert allowed["Action"] == [
        "ecr:BatchImportUpstreamImage",
        "ecr:CreateRepository",
        "ecr:TagResource",
    ]
    assert all(one.endswith("/*") and "repository/" in one for one in allowed["Resource"])


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


@pytest.mark.parametrize("given", [{}, {"docker-hub": CREDENTIALS["docker-hub"]}])
def test_an_upstream_without_its_credentials_is_refused(given: dict[str, str]) -> None:
    with pytest.raises(ValueError, match=r"no credentials for .*ghcr"):
        deploy(given)


def test_pods_wait_for_rules_and_rights() -> None:
    deploy()
    kinds = [type(one).__name__ for one in BUILT[0].ready]
    assert kinds.count("PullThroughCacheRule") == 5
    assert kinds.count("RolePolicy") == 2


def test_the_host_follows_the_partition() -> None:
    assert registry_host("us-east-1", ACCOUNT) == HOST
    assert registry_host("cn-north-1", ACCOUNT).endswith(".amazonaws.com.cn")


def test_everything_stands_below_the_component_with_its_tags() -> None:
    recorder = deploy()
    assert children_of(recorder, COMPONENT) == [one for one in recorder.resources if one.custom]
    assert untagged(recorder, COMPONENT, {**TAGS, "component": "registry"}) == []
