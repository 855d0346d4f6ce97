"""Where images come from: what a stack file may say, and what it may not."""

from __future__ import annotations

import pytest

from sizing.words import Cloud
from stacks.config import ConfigError, StackConfig, parse, stack_path
from tests.both_clouds import pytest_generate_tests as pytest_generate_tests
from tests.stacks.stack_texts import assert_one_line, good, refused, stack

REGISTRY = "210987654321.dkr.ecr.us-east-1.amazonaws.com"
PULL = "arn:aws:secretsmanager:us-east-1:210987654321:secret:ecr-pullthroughcache/"
CREDENTIALS = f"{{docker-hub: '{PULL}hub-aBcDeF', ghcr: '{PULL}ghcr-aBcDeF'}}"


@pytest.mark.one_cloud(Cloud.AWS, "a mirror of ECR, and how it logs in upstream")
@pytest.mark.parametrize(
    "text",
    [
        "images: {registry: europe-docker.pkg.dev/project/mirror}",
        f"images: {{registry: {REGISTRY}}}",
        f"images: {{registry: {REGISTRY}, mirror: true, credentials: {CREDENTIALS}}}",
    ],
)
def test_what_a_stack_may_say(text: str) -> None:
    assert good(text).stack == stack()


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


@pytest.mark.one_cloud(Cloud.AWS, "a mirror of ECR, and how it logs in upstream")
@pytest.mark.parametrize("case", BAD)
def test_one_mistake_gets_one_line(case: str) -> None:
    text, path, found, allowed = BAD[case]
    assert_one_line(refused(text), f"aigw:platform.{path}", found, allowed)


@pytest.mark.one_cloud(Cloud.AWS, "a mirror of ECR, and how it logs in upstream")
def test_an_unknown_upstream_is_not_also_a_missing_one() -> None:
    (message,) = refused(
        f"images: {{registry: {REGISTRY}, mirror: true, "
        f"credentials: {{dockerhub: '{PULL}hub', ghcr: '{PULL}ghcr'}}}}"
    )
    assert 'did you mean "docker-hub"?' in message


GCP_FILE = stack_path("prod-large-gcp")
GCP_PROJECT = "example-aigw-prod-large"
GCP_REGISTRY = f"us-central1-docker.pkg.dev/{GCP_PROJECT}/images"
PASSWORD = f"projects/{GCP_PROJECT}/secrets/hub/versions/3"
LOGIN = f"{{docker-hub: {{username: pulls, password: {PASSWORD}}}}}"


def on_google(images: str) -> StackConfig:
    """Return the config of a good file on Google Cloud with other images."""
    text = GCP_FILE.read_text().replace("    ingress:", f"    images: {images}\n    ingress:")
    return parse(text, f"stacks/{GCP_FILE.name}")


@pytest.mark.one_cloud(Cloud.GCP, "a mirror of Artifact Registry, and how it logs in upstream")
@pytest.mark.parametrize(
    ("images", "mirrors"),
    [
        (f"{{registry: {GCP_REGISTRY}}}", False),
        (f"{{registry: {GCP_REGISTRY}, mirror: true}}", True),
        (f"{{registry: {GCP_REGISTRY}, mirror: true, credentials: {LOGIN}}}", True),
    ],
)
def test_what_a_stack_on_google_cloud_may_say(images: str, mirrors: bool) -> None:
    config = on_google(images)
    assert config.mirrors is mirrors
    assert config.images.registry == GCP_REGISTRY


# images, where the one message points, what was found, part of what is allowed
BAD_ON_GOOGLE = {
    "a mirror in another project": (
        "{registry: us-central1-docker.pkg.dev/other-project/images, mirror: true}",
        "images.registry",
        "beside mirror: true",
        f"us-central1-docker.pkg.dev/{GCP_PROJECT}/<name>",
    ),
    "a mirror in another region": (
        f"{{registry: europe-docker.pkg.dev/{GCP_PROJECT}/images, mirror: true}}",
        "images.registry",
        "europe-docker.pkg.dev",
        "where the repositories are created",
    ),
    "a mirror without a registry": (
        "{mirror: true}",
        "images.registry",
        "nothing",
        "where the repositories are created",
    ),
    "a name that no repository's can begin with": (
        f"{{registry: us-central1-docker.pkg.dev/{GCP_PROJECT}/1images, mirror: true}}",
        "images.registry",
        "1images",
        "where the repositories are created",
    ),
    "credentials that nobody reads": (
        f"{{registry: {GCP_REGISTRY}, credentials: {LOGIN}}}",
        "images.credentials",
        "credentials without mirror",
        "none",
    ),
    "credentials of another project": (
        f"{{registry: {GCP_REGISTRY}, mirror: true, credentials: "
        f"{LOGIN.replace(GCP_PROJECT, 'other-project')}}}",
        "images.credentials.docker-hub",
        "a secret of project other-project",
        f"project {GCP_PROJECT}",
    ),
    "the latest version, whatever it is": (
        f"{{registry: {GCP_REGISTRY}, mirror: true, credentials: "
        f"{LOGIN.replace('versions/3', 'versions/latest')}}}",
        "images.credentials.docker-hub.password",
        "versions/latest",
        "versions/1",
    ),
    "a secret as AWS writes it": (
        f"{{registry: {GCP_REGISTRY}, mirror: true, credentials: {{docker-hub: '{PULL}hub'}}}}",
        "images.credentials.docker-hub",
        "arn:aws:secretsmanager",
        "username",
    ),
}


@pytest.mark.one_cloud(Cloud.GCP, "a mirror of Artifact Registry, and how it logs in upstream")
@pytest.mark.parametrize("case", BAD_ON_GOOGLE)
def test_one_mistake_on_google_cloud_gets_one_line(case: str) -> None:
    images, path, found, allowed = BAD_ON_GOOGLE[case]
    with pytest.raises(ConfigError) as caught:
        on_google(images)
    (message,) = caught.value.messages
    place, _, rest = message.partition(": found ")
    said_found, _, said_allowed = rest.partition("; allowed: ")
    assert place == f"stacks/{GCP_FILE.name}: aigw:platform.{path}"
    assert found in said_found
    assert allowed in said_allowed
