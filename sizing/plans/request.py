"""What a plan is made from."""

from __future__ import annotations

from dataclasses import dataclass

from sizing.words import Access, Cloud, Environment, Mode, Tier


@dataclass(frozen=True, slots=True, kw_only=True)
class PoolOverride:
    """What a stack may set of one pool by hand."""

    role: str
    instance_type: str | None = None
    planned: int | None = None
    desired: int | None = None
    spot: bool | None = None
    capacity_reservation_id: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Overrides:
    """What a stack may set by hand; None keeps the plan's own decision."""

    pools: tuple[PoolOverride, ...] = ()
    postgres_instance_class: str | None = None
    postgres_storage_gib: int | None = None
    search_volume_gib: int | None = None
    backup_retention_days: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class PlanRequest:
    """Everything a plan is made from: the stack's own facts and nothing of the outside world."""

    tier: Tier
    environment: Environment
    cloud: Cloud
    region: str
    zone_ids: tuple[str, ...]
    vpc_cidr: str
    service_cidr: str
    access: Access
    mode: Mode = Mode.PROVEN
    overrides: Overrides = Overrides()
