"""What the workloads of a plan find around them, in the same words on every cloud."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import pulumi

from components.kubernetes.cluster import Cluster
from components.kubernetes.external_secrets import SecretSource
from components.kubernetes.litellm_stores import Store
from components.kubernetes.secrets import Remote
from components.kubernetes.shared_files import Folder
from sizing.plans import HelperPlan, PlatformPlan, ServicePlan
from stacks.config_model import StackConfig


@dataclass(frozen=True, slots=True, kw_only=True)
class Server:
    """A database server of the cloud.

    Attributes:
        host: as its certificate names it.
        authority: certificates that its own chains to, as PEM.
        master: entries of its master's "username" and "password"; of the password alone where
            `user` says who sets up the databases.
        user: who does where the server is another stack's.
    """

    host: pulumi.Input[str]
    port: int
    authority: str
    master: Mapping[str, Remote]
    user: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class FileFolders:
    """Folders of the shared file system by access point, and what must exist to mount one."""

    folders: Mapping[str, Folder]
    ready: Sequence[pulumi.Resource]


@dataclass(frozen=True, slots=True, kw_only=True)
class FarBucket:
    """A bucket of another region."""

    bucket: pulumi.Input[str]
    region: str


@dataclass(frozen=True, slots=True, kw_only=True)
class WayIn:
    """The load balancer as the cluster sees it.

    Attributes:
        groups: target groups by target name.
        blocks: addresses that the balancer's own can have.
        ready: what a binding waits for.
        labels: of the namespace whose pods it reaches.
    """

    groups: Mapping[str, pulumi.Input[str]]
    blocks: tuple[str, ...]
    ready: Sequence[pulumi.Resource]
    labels: Mapping[str, str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Site:
    """A plan and its surroundings.

    Attributes:
        cluster_name: of the cloud.
        region: of the cluster and of its buckets.
        vpc_id: of its network.
        store: the cloud's store of secrets.
        secrets: entries of it that the stack made or was given, by the secret's own name.
        postgres: the relational server.
        documents: the document database, None where PostgreSQL keeps documents.
        stores: of Redis' protocol, by role ("cache", "crawler", "state").
        search_host: of OpenSearch.
        searchers: roles of a guest that the domain lets in, by service account.
        buckets: names by the plan's.
        recovery: the bucket of another region, None where copies stay in this one.
        way_in: None where no load balancer stands before the cluster.
        opts: providers.
    """

    config: StackConfig
    plan: PlatformPlan
    cluster: Cluster
    cluster_name: str
    region: str
    vpc_id: pulumi.Input[str]
    store: SecretSource
    secrets: Mapping[str, pulumi.Input[str]]
    postgres: Server
    documents: Server | None
    stores: Mapping[str, Store]
    search_host: pulumi.Input[str]
    searchers: Mapping[str, str] = field(default_factory=dict)
    buckets: Mapping[str, pulumi.Input[str]]
    recovery: FarBucket | None = None
    files: FileFolders
    way_in: WayIn | None
    opts: pulumi.ResourceOptions

    def service(self, name: str) -> ServicePlan:
        """Return a service of the plan.

        Raises:
            KeyError: there is none of that name.
        """
        return {one.name: one for one in self.plan.services}[name]

    def helper(self, name: str) -> HelperPlan:
        """Return a job or DaemonSet of the plan.

        Raises:
            KeyError: there is none of that name.
        """
        return {one.name: one for one in self.plan.helpers}[name]

    def has(self, name: str) -> bool:
        """Say whether the plan has a service."""
        return any(one.name == name for one in self.plan.services)

    def secret(self, name: str, key: str = "") -> Remote:
        """Return a value that the stack keeps.

        Args:
            name: of the secret.
            key: of its JSON object, "" where its text is the value.
        """
        return Remote(name=self.secrets[name], property=key)
