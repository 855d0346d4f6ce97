"""What Artifact Registry refuses of repositories."""

from __future__ import annotations

from sizing.rules.conditions import among, at_most_one, exactly_one, is_set, when
from sizing.rules.rule import Rule

REPOSITORY = ("gcp:artifactregistry/repository:Repository",)

MODES = ("REMOTE_REPOSITORY", "STANDARD_REPOSITORY", "VIRTUAL_REPOSITORY")
_REMOTE = "remoteRepositoryConfig"
_UPSTREAMS = tuple(
    f"{_REMOTE}.{kind}Repository"
    for kind in ("apt", "common", "docker", "maven", "npm", "python", "yum")
)

RULES = (
    Rule(
        id="gcp.artifactregistry.mode",
        types=REPOSITORY,
        property="mode",
        statement="A repository is standard, virtual or remote.",
        source="pulumi-gcp",
        check=among("mode", MODES),
        passing={"mode": "REMOTE_REPOSITORY"},
        failing={"mode": "REMOTE"},
    ),
    Rule(
        id="gcp.artifactregistry.one-kind",
        types=REPOSITORY,
        property=_REMOTE,
        statement="A repository is remote or virtual, not both.",
        source="terraform-provider-google",
        check=at_most_one(_REMOTE, "virtualRepositoryConfig"),
        passing={"remoteRepositoryConfig": {"commonRepository": {"uri": "https://quay.io"}}},
        failing={
            "remoteRepositoryConfig": {"commonRepository": {"uri": "https://quay.io"}},
            "virtualRepositoryConfig": {"upstreamPolicies": []},
        },
    ),
    Rule(
        id="gcp.artifactregistry.one-upstream",
        types=REPOSITORY,
        property=_REMOTE,
        statement="A remote repository reads from one upstream.",
        source="terraform-provider-google",
        check=when(is_set(_REMOTE), exactly_one(*_UPSTREAMS)),
        passing={
            "remoteRepositoryConfig": {"dockerRepository": {"publicRepository": "DOCKER_HUB"}}
        },
        failing={
            "remoteRepositoryConfig": {
                "commonRepository": {"uri": "https://quay.io"},
                "dockerRepository": {"publicRepository": "DOCKER_HUB"},
            }
        },
    ),
    Rule(
        id="gcp.artifactregistry.hub",
        types=REPOSITORY,
        property=f"{_REMOTE}.dockerRepository",
        statement="Docker Hub is the only upstream of images that has a name, DOCKER_HUB.",
        source="pulumi-gcp",
        check=among(f"{_REMOTE}.dockerRepository.publicRepository", ("DOCKER_HUB",)),
        passing={
            "remoteRepositoryConfig": {"dockerRepository": {"publicRepository": "DOCKER_HUB"}}
        },
        failing={"remoteRepositoryConfig": {"dockerRepository": {"publicRepository": "QUAY"}}},
    ),
)
