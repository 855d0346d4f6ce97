"""What the workloads of a plan find around them, in the same words on every cloud."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Protocol

import pulumi

from components.base import PlatformComponent
from components.kubernetes.access import Pods
from components.kubernetes.cluster import Cluster
from components.kubernetes.external_secrets import SecretSource
from components.kubernetes.gpu_nodes import ManagedGpus
from components.kubernetes.litellm_stores import Store
from components.kubernetes.search_access import LOGINS, SIGNED_PORT, Login, Signed, SignIn
from components.kubernetes.secrets import Remote
from components.kubernetes.shared_files import Folder
from components.kubernetes.vault_config import Seal
from components.object_stores import ObjectStore
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
    authority: pulumi.Input[str]
    master: Mapping[str, Remote]
    user: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class SearchEngine:
    """OpenSearch as who asks it sees it.

    Attributes:
        region: what requests are signed for as the pod's own role, "" where users have passwords.
        server: the members' pods, None where the cloud runs them.
    """

    host: pulumi.Input[str]
    port: int = SIGNED_PORT
    region: str = ""
    server: Pods | None = None

    @property
    def url(self) -> pulumi.Output[str]:
        """Return its address with the scheme; HTTPS' own port goes without saying."""
        port = "" if self.port == SIGNED_PORT else f":{self.port}"
        return pulumi.Output.concat("https://", self.host, port)

    def sign_in(self, account: str) -> SignIn:
        """Return how a service account of the namespace of the secret `LOGINS` signs in."""
        if self.server is None:
            return Signed(region=self.region)
        return Login(user=account, secret=LOGINS, server=self.server)


@dataclass(frozen=True, slots=True, kw_only=True)
class FileFolders:
    """Folders of the shared file system by access point, and what must exist to mount one.

    Attributes:
        whole: the file system itself, where nobody but a job of ours makes the folders in it.
    """

    folders: Mapping[str, Folder]
    ready: Sequence[pulumi.Resource]
    whole: Folder | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class FarBucket:
    """A bucket of another region."""

    bucket: pulumi.Input[str]
    region: str


@dataclass(frozen=True, slots=True, kw_only=True)
class WayIn:
    """The load balancer as the cluster sees it.

    Attributes:
        groups: what pods become members of, by target name, as the cloud calls it.
        blocks: addresses that the balancer's own can have.
        ready: what a binding waits for.
        labels: of the namespace whose pods it reaches.
    """

    groups: Mapping[str, pulumi.Input[str]]
    blocks: tuple[str, ...]
    ready: Sequence[pulumi.Resource]
    labels: Mapping[str, str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Joined:
    """Pods that answer for a target of the load balancer.

    Attributes:
        service: name of their Service, and what they are labelled with.
        port: of the Service and of its pods alike.
        target: of the way in, by its name.
    """

    service: str
    port: int
    target: str


class CloudSide(Protocol):
    """What a cloud does in its own way for what runs in a cluster; all else is the same on each."""

    @property
    def secrets(self) -> SecretSource:
        """The cloud's store of secrets."""

    @property
    def objects(self) -> ObjectStore:
        """How its buckets are spoken to."""

    @property
    def object_addresses(self) -> tuple[str, ...]:
        """Blocks at which its buckets answer, nothing where they are not known."""

    @property
    def seal(self) -> Seal:
        """What opens Vault at each start."""

    @property
    def gpus(self) -> ManagedGpus | None:
        """How it looks after GPU nodes, None where the platform does."""

    def controllers(self, site: Site, on: Cluster) -> Sequence[pulumi.Resource]:
        """Register the controllers that the cloud does not run itself.

        Args:
            site: the plan and its surroundings.
            on: the cluster, ready for controllers.

        Returns:
            What must outlive everything that these take care of.
        """

    def join(
        self,
        owner: PlatformComponent,
        joined: Joined,
        group: pulumi.Input[str],
        *,
        namespace: pulumi.Input[str],
        after: Sequence[pulumi.Resource],
    ) -> None:
        """Keep the members of a balancer's group like a Service's pods.

        Args:
            owner: the component that answers.
            joined: which pods.
            group: as the cloud calls it.
            namespace: of the pods.
            after: what must stand first, the way in with it.
        """

    def metrics_bucket(self, bucket: str) -> str:
        """Return how Thanos is told of a bucket."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Site:
    """A plan and its surroundings.

    Attributes:
        cloud: what differs from cloud to cloud.
        cluster_name: of the cloud.
        region: of the cluster and of its buckets.
        secrets: entries of the cloud's store that the stack made or was given, by the secret's
            own name.
        kept: how programs in the cluster call those that they fill themselves, likewise.
        postgres: the relational server.
        documents: the document database, None where PostgreSQL keeps documents.
        stores: of Redis' protocol, by role ("cache", "crawler", "state").
        search: OpenSearch.
        searchers: roles of a guest that the domain lets in, by service account.
        buckets: names by the plan's.
        recovery: the bucket of another region, None where copies stay in this one.
        way_in: None where no load balancer stands before the cluster.
        opts: providers.
    """

    config: StackConfig
    plan: PlatformPlan
    cloud: CloudSide
    cluster: Cluster
    cluster_name: str
    region: str
    secrets: Mapping[str, pulumi.Input[str]]
    kept: Mapping[str, pulumi.Input[str]] = field(default_factory=dict)
    postgres: Server
    documents: Server | None
    stores: Mapping[str, Store]
    search: SearchEngine
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

    def join(
        self,
        owner: PlatformComponent,
        joined: Joined,
        *,
        role: str,
        after: Sequence[pulumi.Resource],
    ) -> None:
        """Let a target of the load balancer reach pods; nothing where no balancer stands.

        Args:
            owner: the component that answers.
            joined: its pods, and for which target.
            role: of the namespace that they live in.
            after: what must stand before they are asked.
        """
        way_in = self.way_in
        if way_in is None:
            return
        self.cloud.join(
            owner,
            joined,
            way_in.groups[joined.target],
            namespace=self.cluster.namespaces[role],
            after=[*way_in.ready, *after],
        )

    def secret(self, name: str, key: str = "") -> Remote:
        """Return a value that the stack keeps.

        Args:
            name: of the secret.
            key: of its JSON object, "" where its text is the value.
        """
        return Remote(name=self.secrets[name], property=key)
