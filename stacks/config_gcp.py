"""What a stack's config says on Google Cloud alone: project, members, managed zone.

Knows no file, no engine. A key's description is what an editor, the documentation and the error
messages say of it, so it stands here once.
"""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import AfterValidator, Field

from sizing.planning.gcp.addresses import LARGEST_PREFIX, SMALLEST_PREFIX
from sizing.words import Cloud
from stacks.config_apps import ImagesConfig, IngressConfig, Upstream
from stacks.config_model import StackConfig
from stacks.config_parts import IMMUTABLE, ClusterConfig, NetworkConfig, Strict
from stacks.config_values import matching, private_block

_PROJECT = r"[a-z][a-z0-9-]{4,28}[a-z0-9]"  # Resource Manager, creating projects
_ADDRESS = r"[\w.+-]+@[A-Za-z0-9-]+(\.[A-Za-z0-9-]+)+"


def _vpc_block(text: str) -> str:
    return private_block(text, (LARGEST_PREFIX, SMALLEST_PREFIX))


GcpBlock = Annotated[str, AfterValidator(_vpc_block)]
ProjectId = Annotated[
    str,
    matching(
        _PROJECT,
        "6 to 30 lower-case letters, digits and -, a letter first, no - last (acme-aigw-prod)",
    ),
]
ProjectNumber = Annotated[str, matching(r"[1-9]\d{5,18}", "the project's number, in quotes")]
ServiceAccount = Annotated[
    str,
    matching(
        rf"[a-z][a-z0-9-]{{4,28}}[a-z0-9]@{_PROJECT}\.iam\.gserviceaccount\.com",
        "a service account's address (aigw-deploy@<project>.iam.gserviceaccount.com)",
    ),
]
Username = Annotated[str, matching(r"[\w.-]{1,64}", "1 to 64 letters, digits and . _ -")]
Member = Annotated[
    str,
    matching(
        rf"(user|group|serviceAccount):{_ADDRESS}",
        "user:, group: or serviceAccount: with an address (group:platform@example.com)",
    ),
]
ManagedZone = Annotated[
    str,
    # Cloud DNS, ManagedZone.name
    matching(
        r"[a-z]([a-z0-9-]{0,61}[a-z0-9])?",
        'the name of a managed zone of Cloud DNS ("ai-example-com"), neither its DNS name nor '
        "its number",
    ),
]
PullSecretVersion = Annotated[
    str,
    # Artifact Registry, UsernamePasswordCredentials.passwordSecretVersion
    matching(
        rf"projects/{_PROJECT}/secrets/[A-Za-z0-9_-]{{1,255}}/versions/[1-9]\d{{0,18}}",
        "a version of a secret in Secret Manager (projects/<project>/secrets/<name>/versions/1)",
    ),
]
LabelValue = Annotated[
    str,
    # Resource Manager, requirements for labels; characters of other alphabets are left out
    matching(r"[a-z0-9_-]{1,63}", "1 to 63 lower-case letters, digits, _ and -"),
]


class GcpNetworkConfig(NetworkConfig):
    """Address space of the stack."""

    vpc_cidr: GcpBlock = Field(
        description=f"private IPv4 block that the network's ranges are cut from, /{LARGEST_PREFIX} "
        f"to /{SMALLEST_PREFIX}, shared with no other stack",
        json_schema_extra=IMMUTABLE,
    )


class GcpClusterConfig(ClusterConfig):
    """Who reaches the Kubernetes API, and who may do everything there."""

    admin_principals: tuple[Member, ...] = Field(
        min_length=2,
        description="at least two different users, groups or service accounts that administer the "
        "cluster, so that losing one locks nobody out",
    )


class GcpIngressConfig(IngressConfig):
    """How callers reach the platform; hosts are `api.<domain>` and `mcp.<domain>`."""

    zone_id: ManagedZone = Field(
        description="name of the managed zone of Cloud DNS that holds the domain, in the stack's "
        "project; the certificate's proof and the records go there"
    )


class PullLogin(Strict):
    """Who pulls from an upstream."""

    username: Username = Field(description="name of the upstream's account")
    password: PullSecretVersion = Field(
        description="version of a secret of the stack's project that holds the account's token; "
        "the stack lets Artifact Registry read that secret, and nobody else"
    )


class GcpImagesConfig(ImagesConfig):
    """Where images are pulled from."""

    credentials: dict[Upstream, PullLogin] = Field(
        default_factory=dict,
        description="who pulls from an upstream, by upstream: docker-hub, ghcr; within its limits "
        "for anybody where it is left out",
    )


class GcpConfig(StackConfig):
    """A stack on Google Cloud."""

    cloud: Literal[Cloud.GCP] = Field(
        description="aws, where nothing is said, or gcp; which of the keys below there are",
        json_schema_extra=IMMUTABLE,
    )
    project: ProjectId = Field(
        description="id of the project, whose resources alone the provider touches; a prod stack "
        "shares it with none",
        json_schema_extra=IMMUTABLE,
    )
    project_number: ProjectNumber = Field(
        description="the same project's number, in quotes: identities of workloads and Google's "
        "own agents have it in their names",
        json_schema_extra=IMMUTABLE,
    )
    impersonate: ServiceAccount | None = Field(
        default=None, description="service account that the provider acts as"
    )
    cost_center: LabelValue = Field(description="value of the cost-centre label on every resource")
    network: GcpNetworkConfig = Field(description="address space")
    cluster: GcpClusterConfig = Field(description="who reaches and administers the cluster")
    ingress: GcpIngressConfig | None = Field(
        default=None,
        description="how callers reach the platform; no load balancer where it is left out",
    )
    images: GcpImagesConfig = Field(
        default_factory=GcpImagesConfig, description="where images are pulled from"
    )

    @property
    def own_repositories(self) -> str:
        """Return what names of the repositories begin with that the project has in the region.

        "" where images come from elsewhere.
        """
        place = f"{self.region}-docker.pkg.dev/{self.project}/"
        registry = self.images.registry
        return registry.removeprefix(place) if registry.startswith(place) else ""

    @property
    def owner(self) -> str:
        """Return the project that the stack stands in."""
        return self.project

    @property
    def deployer(self) -> str | None:
        """Return the service account that `pulumi up` acts as, as a member."""
        return None if self.impersonate is None else f"serviceAccount:{self.impersonate}"
