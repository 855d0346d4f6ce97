"""What Google sells as stores: shapes and limits of Cloud SQL, Memorystore and Filestore.

Unlike elsewhere a size is not picked from a list of classes but made: a Cloud SQL tier has any
even number of vCPU and memory in steps, a Redis instance any whole number of GiB. So a name here
says its size ("db-custom-4-15360", "redis-standard-5gib"), and is read back from it.
"""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from functools import cache
from math import ceil
from typing import TYPE_CHECKING, Any

from sizing.catalog.lookups import DATA, GIB
from sizing.catalog.shapes import UnknownNameError
from sizing.units import GIGA, MIB

if TYPE_CHECKING:
    from collections.abc import Mapping

# Of an instance's capacity; the rest is what failover, scaling and export take meanwhile.
# Source: memorystore-practices, 2026.
DATA_PERCENT = 80
INSTANCE = re.compile(r"redis-(basic|standard)-(\d+)gib")
TIER = re.compile(r"db-custom-(\d+)-(\d+)")


@dataclass(frozen=True, slots=True, kw_only=True)
class CloudSqlEdition:
    """The limits of custom tiers in one edition of Cloud SQL (cloud rules 26 and 50).

    Attributes:
        iops_per_gib: of an SSD, reads and writes; `iops_most` at the largest machines.
        recovery_days_most: days of point-in-time recovery.
    """

    name: str
    tier_prefix: str
    vcpu_most: int
    memory_step_mib: int
    memory_least_mib: int
    mib_per_vcpu_least: float
    mib_per_vcpu_most: int
    disk_least_gib: int
    disk_most_gib: int
    recovery_days_most: int
    iops_per_gib: int
    iops_most: int
    sources: Mapping[str, str]


@dataclass(frozen=True, slots=True, kw_only=True)
class CloudSqlTier:
    """A machine of Cloud SQL."""

    vcpu: int
    memory_mib: int

    @property
    def name(self) -> str:
        """Return the tier as Cloud SQL writes it."""
        return f"{cloud_sql().tier_prefix}-{self.vcpu}-{self.memory_mib}"

    @property
    def memory_bytes(self) -> int:
        """Return the memory in bytes."""
        return self.memory_mib * MIB

    @property
    def valid(self) -> bool:
        """Say whether Cloud SQL takes the tier."""
        own = cloud_sql()
        per_vcpu = self.memory_mib / self.vcpu if self.vcpu else 0
        return (
            (self.vcpu == 1 or (self.vcpu > 0 and not self.vcpu & 1))  # 1 or even
            and self.vcpu <= own.vcpu_most
            and self.memory_mib % own.memory_step_mib == 0
            and self.memory_mib >= own.memory_least_mib
            and own.mib_per_vcpu_least <= per_vcpu <= own.mib_per_vcpu_most
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class RedisShape:
    """A Redis instance of so many GiB, or a node type of a Redis cluster.

    Attributes:
        tier: BASIC, STANDARD_HA or CLUSTER.
        data_bytes: what data may take of it.
        price: the catalogue's price; per GiB and hour of an instance, per hour of a node.
    """

    name: str
    tier: str
    capacity_gib: int
    data_bytes: int
    price: str
    source: str

    @property
    def clustered(self) -> bool:
        """Say whether it is a node of a cluster."""
        return self.tier == "CLUSTER"


@dataclass(frozen=True, slots=True, kw_only=True)
class FilestoreTier:
    """A service tier of Filestore; capacity is provisioned, whatever it holds."""

    name: str
    least_gib: int
    regional: bool
    price: str
    source: str


def cloud_sql() -> CloudSqlEdition:
    """Return the limits of the edition that takes custom tiers."""
    return _editions()["enterprise"]


def cloud_sql_tier(name: str) -> CloudSqlTier:
    """Return a tier by its name ("db-custom-4-15360").

    Raises:
        UnknownNameError: not such a name, or a size that Cloud SQL does not sell.
    """
    match = TIER.fullmatch(name)
    tier = CloudSqlTier(vcpu=int(match[1]), memory_mib=int(match[2])) if match else None
    if tier is None or not tier.valid:
        near = smallest_tier(min(tier.vcpu if tier else 1, cloud_sql().vcpu_most), 0)
        raise UnknownNameError(f"Cloud SQL tier {name!r} is not sold; near it: {near.name}")
    return tier


def smallest_tier(vcpu: int, memory_bytes: int) -> CloudSqlTier:
    """Return the smallest tier with at least that vCPU and memory.

    Raises:
        ValueError: more than the largest tier has.
    """
    own = cloud_sql()
    asked_mib = max(-(-memory_bytes // MIB), own.memory_least_mib)
    needed = max(vcpu, ceil(asked_mib / own.mib_per_vcpu_most), 1)
    even = needed if needed == 1 else needed + (needed & 1)
    if even > own.vcpu_most:
        raise ValueError(
            f"Cloud SQL sells no tier with {vcpu} vCPU and {memory_bytes // GIB} GiB; the largest "
            f"has {own.vcpu_most} vCPU and {own.vcpu_most * own.mib_per_vcpu_most // 1024} GiB"
        )
    least_mib = max(asked_mib, ceil(even * own.mib_per_vcpu_least))
    steps = -(-least_mib // own.memory_step_mib)
    return CloudSqlTier(vcpu=even, memory_mib=steps * own.memory_step_mib)


def redis_shape(name: str) -> RedisShape:
    """Return an instance's size or a cluster's node type by name.

    Raises:
        UnknownNameError: no such node type, or a size that Memorystore does not sell.
    """
    match = INSTANCE.fullmatch(name)
    if match:
        for row in _redis_rows():
            band = row["name"].startswith(f"redis-{match[1]}-") and not row["clustered"]
            if band and row["least_gib"] <= int(match[2]) <= row["most_gib"]:
                return _instance(row, int(match[2]))
    else:
        for node in redis_nodes():
            if node.name == name:
                return node
    known = ", ".join(node.name for node in redis_nodes())
    raise UnknownNameError(
        f"Memorystore shape {name!r} is not sold; it sells redis-basic-<GiB>gib, "
        f"redis-standard-<GiB>gib, {known}"
    )


def redis_nodes() -> tuple[RedisShape, ...]:
    """Return the node types of Redis clusters, by the data that they hold."""
    nodes = [
        RedisShape(
            name=row["name"],
            tier=row["tier"],
            capacity_gib=row["most_gib"],
            data_bytes=int(row["data_gb"] * GIGA),
            price=row["price"],
            source=row["sources"]["shape"],
        )
        for row in _redis_rows()
        if row["clustered"]
    ]
    return tuple(sorted(nodes, key=lambda node: node.data_bytes))


def redis_instance(tier: str, data_bytes: int) -> RedisShape | None:
    """Return the smallest instance of a tier that holds so much data, None where none does."""
    rows = [row for row in _redis_rows() if row["tier"] == tier]
    capacity = max(1, -(-data_bytes * 100 // (DATA_PERCENT * GIB)))
    for row in sorted(rows, key=lambda row: int(row["least_gib"])):
        if capacity <= row["most_gib"]:
            return _instance(row, capacity)
    return None


def filestore_tier(name: str) -> FilestoreTier:
    """Return a service tier.

    Raises:
        UnknownNameError: the catalogue does not hold it.
    """
    tiers = {row["name"]: FilestoreTier(**row) for row in _rows("filestore")}
    if name not in tiers:
        raise UnknownNameError(f"Filestore tier {name!r} is not in the catalogue: {sorted(tiers)}")
    return tiers[name]


def _instance(row: dict[str, Any], capacity_gib: int) -> RedisShape:
    return RedisShape(
        name=f"{row['name'].rpartition('-')[0]}-{capacity_gib}gib",
        tier=row["tier"],
        capacity_gib=capacity_gib,
        data_bytes=capacity_gib * GIB * DATA_PERCENT // 100,
        price=row["price"],
        source=row["sources"]["shape"],
    )


@cache
def _editions() -> dict[str, CloudSqlEdition]:
    return {row["name"]: CloudSqlEdition(**row) for row in _rows("cloudsql")}


@cache
def _redis_rows() -> tuple[dict[str, Any], ...]:
    return tuple(_rows("memorystore"))


def _rows(name: str) -> list[dict[str, Any]]:
    rows: list[dict[str, Any]] = json.loads((DATA / f"{name}.json").read_text("utf-8"))["rows"]
    return rows
