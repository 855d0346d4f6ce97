"""The typed form of a stack's config: every key with its type, default and meaning.

Knows no file, no engine and no cloud. A key's description is what an editor, the documentation
and the error messages say of it, so it stands here once. What needs two keys to judge stands in
`stacks.config_checks`; `stacks.config.parse` applies both.
"""

from __future__ import annotations

from typing import Annotated, Any, Final, Literal

from pydantic import BaseModel, ConfigDict, Field
from pydantic.config import JsonDict

from components.naming import stack_tags
from sizing.plans import Overrides, PlanRequest, PoolOverride
from sizing.words import Access, Cloud, Environment, Mode, Placement, Tier
from sizing.workload.axes import Resolved, resolve
from sizing.workload.statement import parse
from stacks.config_values import (
    RETENTION_DAYS,
    AccountId,
    CallerBlock,
    IamPath,
    PlatformName,
    PolicyArn,
    PrincipalArn,
    ReservationId,
    RoleArn,
    ServiceBlock,
    TagValue,
    VpcBlock,
)

IMMUTABLE: Final[JsonDict] = {"immutable": True}
"""Marks what cannot change once the stack stands: another value builds another network."""

PoolRole = Literal["system", "general", "data", "gpu"]


class Strict(BaseModel):
    """Base of every part: no unknown key, no silent conversion, no change afterwards."""

    model_config = ConfigDict(extra="forbid", frozen=True, strict=True)


class NetworkConfig(Strict):
    """Address space of the stack."""

    vpc_cidr: VpcBlock = Field(
        description="private IPv4 block of the VPC, /16 to /28, shared with no other stack",
        json_schema_extra=IMMUTABLE,
    )
    service_cidr: ServiceBlock = Field(
        default="172.20.0.0/16",
        description="private IPv4 block of Kubernetes services, /12 to /24, outside the VPC's",
        json_schema_extra=IMMUTABLE,
    )


class ClusterConfig(Strict):
    """Who reaches the Kubernetes API, and who may do everything there."""

    access: Access = Field(
        default=Access.ALLOWLIST,
        description='"allowlist": public endpoint for the blocks of `allow_list`, and from the '
        'VPC; "private": from the VPC and connected networks alone',
    )
    allow_list: tuple[CallerBlock, ...] = Field(
        default=(),
        description="IPv4 blocks that reach the public endpoint; at least one with `allowlist`, "
        "none with `private`; 0.0.0.0/0 is refused",
    )
    runner: Literal["in-vpc"] | None = Field(
        default=None,
        description='"in-vpc" with `private` access: says that `pulumi up` runs where it reaches '
        "the endpoint",
    )
    admin_principals: tuple[PrincipalArn, ...] = Field(
        min_length=2,
        description="at least two different IAM roles or users that administer the cluster, "
        "so that losing one locks nobody out",
    )

    @property
    def kubectl_role(self) -> str | None:
        """Return the administrator that kubeconfigs assume: the first one that is a role."""
        roles = (arn for arn in self.admin_principals if ":role/" in arn)
        return next(roles, None)

    @property
    def reached_from(self) -> str:
        """Return in words from where the Kubernetes API answers."""
        return ", ".join(self.allow_list) or "the VPC or a network connected to it"


class IamConfig(Strict):
    """What every IAM role of the stack carries."""

    permissions_boundary: PolicyArn | None = Field(
        default=None,
        description="ARN of the policy that bounds every role the stack creates (see bootstrap)",
    )
    path: IamPath = Field(
        default="/aigw/",
        description="path of the roles and policies, which the deploy role is limited to",
    )


class PoolConfig(Strict):
    """One node pool, set by hand."""

    instance_type: str | None = Field(
        default=None, description="EC2 instance type of the catalogue"
    )
    planned: int | None = Field(default=None, ge=1, description="nodes to plan for the peak")
    desired: int | None = Field(
        default=None,
        ge=0,
        description="nodes to set once, over the autoscaler's own count (remove it afterwards)",
    )
    spot: bool | None = Field(default=None, description="spot capacity; refused in prod")
    capacity_reservation_id: ReservationId | None = Field(
        default=None, description="EC2 capacity reservation or block to launch into"
    )


class PostgresConfig(Strict):
    """The relational store, set by hand."""

    instance_class: str | None = Field(
        default=None, description="DB instance class of the catalogue, sold in the planned form"
    )
    storage_gib: int | None = Field(default=None, ge=20, le=65_536, description="allocated GiB")


class SearchConfig(Strict):
    """The OpenSearch domain, set by hand."""

    volume_gib: int | None = Field(default=None, ge=10, description="GiB a data node")


class BackupConfig(Strict):
    """Backups, set by hand."""

    retention_days: int | None = Field(
        default=None, ge=RETENTION_DAYS[0], le=RETENTION_DAYS[1], description="days to keep"
    )


class OverridesConfig(Strict):
    """What a stack sets by hand; whatever is left out stays the plan's own decision."""

    pools: dict[PoolRole, PoolConfig] = Field(
        default_factory=dict, description="node pools by role: system, general, data, gpu"
    )
    postgres: PostgresConfig = Field(
        default_factory=PostgresConfig, description="the relational store"
    )
    search: SearchConfig = Field(default_factory=SearchConfig, description="the OpenSearch domain")
    backup: BackupConfig = Field(default_factory=BackupConfig, description="backups")


class SizingConfig(Strict):
    """How the plan is made."""

    mode: Mode = Field(
        default=Mode.PROVEN,
        description='"proven": raise what the documented tables cannot hold; "documented": keep '
        "the tables, and turn the same facts into warnings",
    )
    placement: Placement = Field(
        default=Placement.DOCUMENTED,
        description='"documented": machines and counts of the tables are the floor; "optimised": '
        "the cheapest that hold stand instead (see `aigw place`)",
    )
    overrides: OverridesConfig = Field(
        default_factory=OverridesConfig, description="what this stack sets by hand"
    )


class StackConfig(Strict):
    """One environment of one tier on one cloud."""

    environment: Environment = Field(
        description="dev, staging or prod; the first word of the stack's name",
        json_schema_extra=IMMUTABLE,
    )
    tier: Tier = Field(
        description="small, medium, large or enterprise; the second word of the stack's name"
    )
    cloud: Literal[Cloud.AWS] = Field(
        default=Cloud.AWS, description="aws", json_schema_extra=IMMUTABLE
    )
    account_id: AccountId = Field(
        description="12 digits of the AWS account, in quotes; the provider touches no other, and "
        "a prod stack shares it with none",
        json_schema_extra=IMMUTABLE,
    )
    region: str = Field(
        description="AWS region whose zones and prices the catalogue knows",
        json_schema_extra=IMMUTABLE,
    )
    zone_ids: tuple[str, ...] = Field(
        description="zone ids (use1-az1, never us-east-1a, whose letter differs by account) in a "
        "fixed order: three, in dev two or three",
        json_schema_extra=IMMUTABLE,
    )
    name: PlatformName | None = Field(
        default=None,
        description="first part of the physical names of cluster, stores, keys and logs, the "
        "environment where it is left out; it outlives a change of tier, so that the change "
        "renames, and thereby replaces, nothing",
        json_schema_extra=IMMUTABLE,
    )
    cost_center: TagValue = Field(description="value of the cost-centre tag on every resource")
    assume_role: RoleArn | None = Field(
        default=None, description="role of the same account that the provider assumes"
    )
    network: NetworkConfig = Field(description="address space")
    cluster: ClusterConfig = Field(description="who reaches and administers the cluster")
    iam: IamConfig = Field(default_factory=IamConfig, description="what every role carries")
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

    @property
    def stack(self) -> str:
        """Return the only name that a stack of this content may have."""
        return f"{self.environment}-{self.tier}"

    @property
    def platform(self) -> str:
        """Return the name that physical names begin with, one for each platform of an account."""
        return self.name or str(self.environment)

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
        """Return what the plan is made from."""
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
