"""Images through the project's own registry: it fills itself from the upstreams on the first pull.

Nodes then pull inside the region, without an upstream's limits, and a tag that disappears upstream
is still there. What is cached is public: repositories are under Google's own key, and go with the
stack that made them, as a later one fills its own.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import pulumi
from pulumi_gcp import artifactregistry

from components.base import PlatformComponent
from components.gcp.key_grants import agent
from components.gcp.secrets import grant_secrets
from components.kubernetes.images import ARTIFACT_REGISTRY, UPSTREAMS

READER = "roles/artifactregistry.reader"
# where an upstream answers under another name than images carry
_URLS = {"docker.io": "registry-1.docker.io"}
_HUB = "docker.io"  # the one upstream that Artifact Registry knows by name


@dataclass(frozen=True, slots=True, kw_only=True)
class Mirrored:
    """An upstream, and the last part of its repository's name."""

    name: str
    url: str


UPSTREAM_REPOSITORIES = tuple(
    Mirrored(name=name, url=f"https://{_URLS.get(host, host)}")
    for host, name in sorted(UPSTREAMS.items())
)
"""One repository for each upstream of the platform's images."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Login:
    """Who pulls from an upstream.

    Attributes:
        password: version of a secret ("projects/<p>/secrets/<s>/versions/<v>"), which the agent of
            Artifact Registry is let read.
    """

    username: str
    password: str


@dataclass(frozen=True, slots=True, kw_only=True)
class RegistryArgs:
    """What the repositories need from their surroundings.

    Attributes:
        project_number: the agent of Artifact Registry is named by it.
        prefix: first part of the repositories' names, which `images.registry` ends in.
        logins: by upstream ("docker-hub", "ghcr"); without one an upstream is read by nobody in
            particular, within its limits.
        node_service_account: e-mail of the account that every node pulls as.
    """

    project: str
    project_number: str
    region: str
    prefix: str
    logins: Mapping[str, Login]
    node_service_account: pulumi.Input[str]
    labels: Mapping[str, str]


class Registry(PlatformComponent):
    """Remote repositories, and the nodes' right to read them.

    A repository's name belongs to the project and region: one stack of them makes the
    repositories, the others name the same registry. Another upstream replaces a repository.

    Raises:
        ValueError: a login is for no upstream, or the prefix gives no name of a registry.
    """

    host: str
    """The registry, which images' names begin with."""
    ready: Sequence[pulumi.Resource]
    """What pods depend on whose images come through it."""

    def __init__(
        self, name: str, args: RegistryArgs, opts: pulumi.ResourceOptions | None = None
    ) -> None:
        host = registry_host(args.region, args.project, args.prefix)
        unknown = sorted(args.logins.keys() - {one.name for one in UPSTREAM_REPOSITORIES})
        if unknown:
            raise ValueError(f"logins for {', '.join(unknown)}, which no image comes from")
        super().__init__("aigw:gcp:Registry", name, UPSTREAM_REPOSITORIES, opts)
        made = {
            one.name: self._repository(name, one, args, self._reader(name, one, args))
            for one in UPSTREAM_REPOSITORIES
        }
        allowed = [
            artifactregistry.RepositoryIamMember(
                f"{name}-{upstream}-nodes",
                project=args.project,
                location=args.region,
                repository=repository.name,
                role=READER,
                member=pulumi.Output.concat("serviceAccount:", args.node_service_account),
                opts=self.child,
            )
            for upstream, repository in made.items()
        ]
        self.host = host
        self.ready = allowed
        self.register_outputs({"host": self.host})

    def _reader(self, name: str, upstream: Mirrored, args: RegistryArgs) -> list[pulumi.Resource]:
        """Let the service read a login's password, before it looks for it."""
        login = args.logins.get(upstream.name)
        if login is None:
            return []
        secret, _, _ = login.password.partition("/versions/")
        return [
            *grant_secrets(
                self,
                f"{name}-reads",
                secrets={upstream.name: secret},
                member=agent("artifactregistry", args.project_number),
            )
        ]

    def _repository(
        self,
        name: str,
        upstream: Mirrored,
        args: RegistryArgs,
        after: Sequence[pulumi.Resource],
    ) -> artifactregistry.Repository:
        return artifactregistry.Repository(
            f"{name}-{upstream.name}",
            project=args.project,
            location=args.region,
            repository_id=f"{args.prefix}-{upstream.name}",
            description=f"Images of {upstream.url}",
            format="DOCKER",
            mode="REMOTE_REPOSITORY",
            remote_repository_config=_upstream(upstream, args.logins.get(upstream.name)),
            labels=self.tags(args.labels),
            opts=self.child_with(depends_on=after),
        )


def registry_host(region: str, project: str, prefix: str) -> str:
    """Return what images' names begin with, as `images.registry` says it.

    Raises:
        ValueError: no name of a registry.
    """
    host = f"{region}-docker.pkg.dev/{project}/{prefix}"
    if not ARTIFACT_REGISTRY.fullmatch(host):
        raise ValueError(f"{host!r} is no registry: <region>-docker.pkg.dev/<project>/<prefix>")
    return host


def _upstream(
    upstream: Mirrored, login: Login | None
) -> artifactregistry.RepositoryRemoteRepositoryConfigArgs:
    hub = upstream.name == UPSTREAMS[_HUB]
    credentials = (
        artifactregistry.RepositoryRemoteRepositoryConfigUpstreamCredentialsArgs(
            username_password_credentials=artifactregistry.RepositoryRemoteRepositoryConfigUpstreamCredentialsUsernamePasswordCredentialsArgs(
                username=login.username, password_secret_version=login.password
            )
        )
        if login is not None
        else None
    )
    return artifactregistry.RepositoryRemoteRepositoryConfigArgs(
        description=upstream.url,
        docker_repository=(
            artifactregistry.RepositoryRemoteRepositoryConfigDockerRepositoryArgs(
                public_repository="DOCKER_HUB"
            )
            if hub
            else None
        ),
        common_repository=(
            None
            if hub
            else artifactregistry.RepositoryRemoteRepositoryConfigCommonRepositoryArgs(
                uri=upstream.url
            )
        ),
        upstream_credentials=credentials,
    )
