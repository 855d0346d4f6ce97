"""Where images come from: what a stack file may say, and what it may not."""

from __future__ import annotations

import pytest

from tests.stacks.stack_texts import assert_one_line, good, refused

REGISTRY = "210987654321.dkr.ecr.us-east-1.amazonaws.com"
PULL = "arn:aws:secretsmanager:us-east-1:210987654321:secret:ecr-pullthroughcache/"
CREDENTIALS = f"{{docker-hub: '{PULL}hub-aBcDeF', ghcr: '{PULL}ghcr-aBcDeF'}}"


@pytest.mark.parametrize(
    "text",
    [
        "images: {registry: europe-docker.pkg.dev/project/mirror}",
        f"images: {{registry: {REGISTRY}}}",
        f"images: {{registry: {REGISTRY}, mirror: true, credentials: {CREDENTIALS}}}",
    ],
)
def test_what_a_stack_may_say(text: str) -> None:
    assert good(text).stack == "prod-large"


# what stands there, where the one message points, what was found, part of what is allowed
BAD = {
    "a registry with a scheme": (
        "images: {registry: 'https://ghcr.io'}",
        "images.registry",
        '"https://ghcr.io"',
        "without https://",
    ),
    "a mirror in another account": (
        f"images: {{registry: {REGISTRY.replace('2', '3')}, mirror: true, "
        f"credentials: {CREDENTIALS}}}",
        "images.registry",
        "mirror: true",
        REGISTRY,
    ),
    "a mirror without a registry": (
        f"images: {{mirror: true, credentials: {CREDENTIALS}}}",
        "images.registry",
        "nothing",
        REGISTRY,
    ),
    "a mirror without one of the credentials": (
        f"images: {{registry: {REGISTRY}, mirror: true, credentials: {{docker-hub: '{PULL}x'}}}}",
        "images.credentials.ghcr",
        "nothing",
        "credentials alone",
    ),
    "credentials that nobody reads": (
        f"images: {{registry: {REGISTRY}, credentials: {CREDENTIALS}}}",
        "images.credentials",
        "credentials without mirror",
        "none",
    ),
    "credentials of another region": (
        f"images: {{registry: {REGISTRY}, mirror: true, "
        f"credentials: {CREDENTIALS.replace('us-east-1', 'us-west-2', 1)}}}",
        "images.credentials.docker-hub",
        "in us-west-2",
        "in us-east-1",
    ),
    "credentials under a name that ECR does not read": (
        f"images: {{registry: {REGISTRY}, mirror: true, "
        f"credentials: {CREDENTIALS.replace('ecr-pullthroughcache/hub', 'hub')}}}",
        "images.credentials.docker-hub",
        "secret:hub",
        "ecr-pullthroughcache/",
    ),
    "an upstream that nobody knows": (
        "images: {credentials: {dockerhub: x}}",
        "images.credentials.dockerhub",
        'did you mean "docker-hub"?',
        "docker-hub or ghcr",
    ),
}


@pytest.mark.parametrize("case", BAD)
def test_one_mistake_gets_one_line(case: str) -> None:
    text, path, found, allowed = BAD[case]
    assert_one_line(refused(text), f"aigw:platform.{path}", found, allowed)


def test_an_unknown_upstream_is_not_also_a_missing_one() -> None:
    (message,) = refused(
        f"images: {{registry: {REGISTRY}, mirror: true, "
        f"credentials: {{dockerhub: '{PULL}hub', ghcr: '{PULL}ghcr'}}}}"
    )
    assert 'did you mean "docker-hub"?' in message
