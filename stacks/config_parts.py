"""The parts of a stack's config that say where it stands, who reaches it and how it is sized.

Knows no file, no engine and no cloud. A key's description is what an editor, the documentation
and the error messages say of it, so it stands here once.
"""

from __future__ import annotations

from typing import Final, Literal

from pydantic import BaseModel, ConfigDict, Field
from pydantic.config import JsonDict

from sizing.words import Access, Mode, Placement
from stacks.config_values import (
    RETENTION_DAYS,
    CallerBlock,
    ServiceBlock,
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
    admin_principals: tuple[str, ...]

    @property
    def reached_from(self) -> str:
        """Return in words from where the Kubernetes API answers."""
        return ", ".join(self.allow_list) or "the VPC or a network connected to it"


class PoolConfig(Strict):
    """One node pool, set by hand."""

    instance_type: str | None = Field(
        default=None, description="machine type of the catalogue, sold in the stack's region"
    )
    planned: int | None = Field(default=None, ge=1, description="nodes to plan for the peak")
    desired: int | None = Field(
        default=None,
        ge=0,
        description="nodes to set once, over the autoscaler's own count (remove it afterwards)",
    )
    spot: bool | None = Field(default=None, description="spot capacity; refused in prod")
    capacity_reservation_id: str | None = Field(
        default=None,
        description="reservation to launch into: the id of an EC2 capacity reservation or block, "
        "or the name of a reservation of Compute Engine",
    )


class PostgresConfig(Strict):
    """The relational store, set by hand."""

    instance_class: str | None = Field(
        default=None,
        description="DB instance class of the catalogue, sold in the planned form; on Google "
        "Cloud a tier of Cloud SQL (db-custom-4-15360)",
    )
    storage_gib: int | None = Field(default=None, ge=20, le=65_536, description="allocated GiB")


class SearchConfig(Strict):
    """OpenSearch, set by hand."""

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
    search: SearchConfig = Field(default_factory=SearchConfig, description="OpenSearch")
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
