"""The typed form of a stack's config: every key that each cloud has, with type, default, meaning.

Knows no file and no engine. The parts stand in `stacks.config_parts` and `stacks.config_apps`,
what is one cloud's own in `stacks.config_aws` and `stacks.config_gcp`. What needs two keys to
judge stands in `stacks.config_checks`; `stacks.config.parse` applies all of it.
"""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Sequence
from dataclasses import replace
from typing import Annotated, Any, Literal, Self

from pydantic import Field, PrivateAttr

from components.naming import stack_tags
from sizing.plans import Overrides, PlanRequest, PoolOverride
from sizing.plans.request import Neighbour, Switches
from sizing.words import Cloud, Environment, Tier
from sizing.workload.axes import Resolved, resolve
from sizing.workload.statement import parse
from stacks.config_agents import AgentsConfig
from stacks.config_apps import (
    GatewayConfig,
    ImagesConfig,
    IngressConfig,
    ModelsConfig,
    ServicesConfig,
)
from stacks.config_parts import (
    IMMUTABLE,
    ClusterConfig,
    NetworkConfig,
    SizingConfig,
    Strict,
)
from stacks.config_secrets import NO_SECRETS, Secrets
from stacks.config_values import PlatformName, StackName, TagValue

__all__ = ["ClusterConfig", "NetworkConfig", "StackConfig", "Strict"]

Layer = Literal["infra", "apps"]
"""Cluster, add-ons and stores; and what runs in the cluster."""


def stack_name(environment: str, tier: str, cloud: str) -> str:
    """Return a stack's name: AWS is not said, other clouds stand last ("prod-large-gcp")."""
    return f"{environment}-{tier}" + ("" if cloud == Cloud.AWS else f"-{cloud}")


class StackConfig(Strict):
    """One environment of one tier; `stacks.config_clouds` says which class a cloud's stack has."""

    environment: Environment = Field(
        description="dev, staging or prod; the first word of the stack's name",
        json_schema_extra=IMMUTABLE,
    )
    tier: Tier = Field(
        description="small, medium, large or enterprise; the second word of the stack's name"
    )
    cloud: Cloud
    region: str = Field(
        description="region of the cloud whose zones and prices the catalogue knows",
        json_schema_extra=IMMUTABLE,
    )
    zone_ids: tuple[str, ...] = Field(
        description="zones in a fixed order: three, in dev two or three; on AWS by id (use1-az1, "
        "never us-east-1a, whose letter differs by account), on Google Cloud by name "
        "(us-central1-a)",
        json_schema_extra=IMMUTABLE,
    )
    name: PlatformName | None = Field(
        default=None,
        description="first part of the physical names of cluster, stores, keys and logs, the "
        "environment where it is left out; it outlives a change of tier, so that the change "
        "renames, and thereby replaces, nothing",
        json_schema_extra=IMMUTABLE,
    )
    shares: StackName | None = Field(
        default=None,
        description="stack whose cluster and database server a dev stack uses, or whose database "
        "server and search domain a staging stack does (see environments.md); of the same account "
        "and region, never prod, and nobody's guest itself",
        json_schema_extra=IMMUTABLE,
    )
    cost_center: TagValue = Field(description="value of the cost-centre tag on every resource")
    network: NetworkConfig = Field(description="address space")
    cluster: ClusterConfig = Field(description="who reaches and administers the cluster")
    workload: dict[str, Any] | None = Field(
        default=None,
        description="what users do in prod, as `aigw size` reads it (see workload.md); the tier's "
        "reference load where it is left out",
    )
    quotas: dict[str, Annotated[int, Field(ge=0)]] = Field(
        default_factory=dict,
        description="what the account grants in the region, by the quota's name as `aigw plan` "
        "lists it; a plan that needs more is refused",
    )
    sizing: SizingConfig = Field(default_factory=SizingConfig, description="how the plan is made")
    layers: tuple[Layer, ...] = Field(
        default=("infra", "apps"),
        min_length=1,
        description='what is built: "infra", network, cluster, add-ons and stores; "apps", what '
        "runs in the cluster, never without infra",
    )
    ingress: IngressConfig | None = Field(
        default=None,
        description="how callers reach the platform; no load balancer where it is left out",
    )
    images: ImagesConfig = Field(
        default_factory=ImagesConfig, description="where images are pulled from"
    )
    models: ModelsConfig = Field(
        default_factory=ModelsConfig, description="outside models, providers, and weights"
    )
    gateway: GatewayConfig = Field(
        default_factory=GatewayConfig, description="what a key of the model gateway may use"
    )
    agents: AgentsConfig = Field(
        default_factory=AgentsConfig, description="what the agent gateway serves, and whom"
    )
    services: ServicesConfig = Field(
        default_factory=ServicesConfig, description="services that a stack may have or not"
    )
    document_db: Literal["postgresql", "documentdb"] = Field(
        default="postgresql",
        description='where documents are stored: "postgresql", the relational store; '
        '"documentdb", a MongoDB-compatible cluster of AWS beside it',
    )

    _secrets: Secrets = PrivateAttr(default=NO_SECRETS)
    _host: StackConfig | None = PrivateAttr(default=None)
    _guests: tuple[StackConfig, ...] = PrivateAttr(default=())

    @property
    def stack(self) -> str:
        """Return the only name that a stack of this content may have."""
        return stack_name(self.environment, self.tier, self.cloud)

    @property
    @abstractmethod
    def owner(self) -> str:
        """Return the account or project that the stack stands in."""

    @property
    @abstractmethod
    def deployer(self) -> str | None:
        """Return whom `pulumi up` acts as, as `cluster.admin_principals` writes it."""

    @property
    def mirrors(self) -> bool:
        """Say whether the stack makes what the owner's registry fills itself by."""
        return self.images.mirror

    @property
    def platform(self) -> str:
        """Return the name that physical names begin with, one for each platform of an account."""
        return self.name or str(self.environment)

    @property
    def secrets(self) -> Secrets:
        """Return which secrets the stack's file holds beside this config."""
        return self._secrets

    def with_secrets(self, secrets: Secrets) -> Self:
        """Return the same config, knowing which secrets stand beside it."""
        copied = self.model_copy()
        copied._secrets = secrets
        return copied

    @property
    def host(self) -> StackConfig | None:
        """Return the stack whose infrastructure this one uses, None where all is its own."""
        return self._host

    @property
    def guests(self) -> tuple[StackConfig, ...]:
        """Return the stacks whose files name this one as their host, by name."""
        return self._guests

    @property
    def in_hosts_cluster(self) -> bool:
        """Say whether the stack has no cluster of its own."""
        return self.shares is not None and self.environment is Environment.DEV

    @property
    def on_hosts_stores(self) -> bool:
        """Say whether the stack keeps its data on another's stores, from a cluster of its own."""
        return self.shares is not None and self.environment is Environment.STAGING

    def beside(self, host: StackConfig | None, guests: Sequence[StackConfig]) -> Self:
        """Return the same config, knowing whose infrastructure it uses and who uses its own."""
        copied = self.model_copy()
        copied._host, copied._guests = host, tuple(guests)
        return copied

    def known_to_host(self) -> Self:
        """Return the same config, which its host has among its guests; a file may stand or not."""
        if self._host is None:
            return self
        alone: StackConfig = self.beside(None, ())
        others = (one for one in self._host.guests if one.stack != self.stack)
        guests = sorted((*others, alone), key=lambda one: one.stack)
        return self.beside(self._host.beside(None, guests), ())

    @property
    def builds_apps(self) -> bool:
        """Say whether anything is built inside the cluster."""
        return "apps" in self.layers

    def tags(self) -> dict[str, str]:
        """Return the tags that every resource of the stack carries."""
        return stack_tags(
            environment=self.environment,
            tier=self.tier,
            cost_centre=self.cost_center,
            stack=self.platform,
        )

    def resolved(self) -> Resolved | None:
        """Return the stated workload on every axis, None where none is stated.

        Raises:
            sizing.workload.statement.WorkloadError: it is refused; `stacks.config` says so first.
        """
        return None if self.workload is None else resolve(parse(self.workload), self.tier)

    def request(self) -> PlanRequest:
        """Return what the plan is made from, whoever shares infrastructure with it included."""
        host = self._host
        return replace(
            self._own_request(),
            host=None if host is None else Neighbour(stack=host.stack, request=host.request()),
            guests=tuple(
                Neighbour(stack=one.stack, request=one._own_request()) for one in self._guests
            ),
        )

    def _own_request(self) -> PlanRequest:
        by_hand, stated = self.sizing.overrides, self.resolved()
        return PlanRequest(
            tier=self.tier,
            environment=self.environment,
            cloud=self.cloud,
            region=self.region,
            zone_ids=self.zone_ids,
            vpc_cidr=self.network.vpc_cidr,
            service_cidr=self.network.service_cidr,
            access=self.cluster.access,
            mode=self.sizing.mode,
            placement=self.sizing.placement,
            quotas=tuple(sorted((name, float(amount)) for name, amount in self.quotas.items())),
            workload=None if stated is None else stated.of_largest_region,
            switches=self.switches(),
            overrides=Overrides(
                pools=tuple(
                    PoolOverride(role=role, **pool.model_dump())
                    for role, pool in sorted(by_hand.pools.items())
                ),
                postgres_instance_class=by_hand.postgres.instance_class,
                postgres_storage_gib=by_hand.postgres.storage_gib,
                search_volume_gib=by_hand.search.volume_gib,
                backup_retention_days=by_hand.backup.retention_days,
            ),
        )

    def switches(self) -> Switches:
        """Return which parts the plan is to have."""
        application, archestra = self.services.application, self.services.archestra
        return Switches(
            agent_router=self.services.agent_router is not None,
            vllm_router=self.services.vllm_router,
            document_db=self.document_db == "documentdb",
            application=None if application is None else application.request(),
            load_test=self.services.load_test is not None,
            ingress=self.ingress is not None,
            internal=self.ingress is not None and self.ingress.internal,
            callers=0 if self.ingress is None else len(set(self.ingress.allow_list)),
            revisions=tuple(sorted(self.models.revisions.items())),
            weights_on_files=self.models.cache == "files",
            archestra=None if archestra is None else archestra.request(),
            osmen=self.services.osmen_request(),
            grafana=self.services.grafana.enabled,
            grafana_host=self.services.grafana.host,
            vault=self.services.vault.enabled,
            vault_recovery_region=self.services.vault.recovery_region or "",
            vault_logins=self.services.vault.logins,
            alerts=self.services.alerts.enabled,
            tracing=self.services.tracing.enabled,
            trace_share=self.services.tracing.share,
            logs=self.services.logs.enabled,
            log_days=self.services.logs.retention_days,
        )
