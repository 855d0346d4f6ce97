"""The shapes of what is sold. Prices are USD; hourly unless the name says otherwise."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

    from sizing.words import Cloud, PostgresForm


class UnknownNameError(KeyError):
    """A name that the catalogue does not hold; the message names the nearest that it does."""

    def __str__(self) -> str:
        return str(self.args[0])


@dataclass(frozen=True, slots=True, kw_only=True)
class InstanceType:
    """A machine type of EC2 or GCE.

    Attributes:
        gpu_model: "" without a GPU, else as the vendor names it ("NVIDIA A10G").
        gpu_memory_gib: of one GPU, nominal; 0 without.
        max_pods_eni: pods by ENI addresses without prefixes (EKS) or by default (GKE), None unread.
        enis: network interfaces; None where no source shows it (GCE has no such limit).
        network_gbps: sustained bandwidth on EC2, the egress cap on GCE.
        local_nvme_gb: local disks in all.
        on_demand: USD an hour by region; a region that is missing is one without a known price.
        derived: regions whose `on_demand` is arithmetic on a sourced price, not a read one.
        spot: USD an hour by region, from the source named in `sources`.
        spot_low: cheapest zone of the region where spot is known by zone, else as `spot`.
        sold: regions where the vendor's own list offers the type.
        zones: zone ids by region; a region that is missing is unknown, an empty tuple is "nowhere".
        sources: what (price, shape, ...) -> source id.
    """

    name: str
    cloud: Cloud
    vcpu: int
    memory_bytes: int
    architecture: str
    gpu_model: str
    gpus: int
    gpu_memory_gib: int
    max_pods_eni: int | None
    enis: int | None
    ipv4_per_eni: int | None
    network_gbps: float
    local_nvme_gb: int
    on_demand: Mapping[str, float]
    derived: tuple[str, ...]
    spot: Mapping[str, float]
    spot_low: Mapping[str, float]
    sold: tuple[str, ...]
    zones: Mapping[str, tuple[str, ...]]
    sources: Mapping[str, str]

    @property
    def family(self) -> str:
        """Return what stands before the size ("m5", "n2-standard")."""
        return self.name.rpartition("." if "." in self.name else "-")[0]

    def price(self, region: str) -> float | None:
        """Return USD an hour on demand, None where no source shows it."""
        return self.on_demand.get(region)

    def spot_price(self, region: str) -> float | None:
        """Return USD an hour on spot (mean over zones, or the advisor's saving), None unknown."""
        return self.spot.get(region)

    def offered(self, region: str) -> bool:
        """Say whether the vendor's list sells the type in the region."""
        return region in self.sold

    def zone_ids(self, region: str) -> tuple[str, ...] | None:
        """Return the zones that offer the type; None where unknown, () where none does."""
        return self.zones.get(region)


@dataclass(frozen=True, slots=True, kw_only=True)
class RdsClass:
    """A DB instance class for PostgreSQL, in the deployment kinds that take it.

    Attributes:
        prices: form -> region -> USD an hour of the whole deployment (both or all nodes).
        derived: forms whose price is arithmetic on a sourced one (2 x single), not a read one.
        rank: form -> USD an hour for ordering classes alone, never for a bill: the price where
            one is known, else derived from the sibling without local disk.
        rank_basis: how `rank` came about, in words; "" where it is the price.
        max_connections: PostgreSQL's default by the engine's formula on nominal memory.
    """

    name: str
    vcpu: int
    memory_bytes: int
    architecture: str
    forms: tuple[PostgresForm, ...]
    prices: Mapping[PostgresForm, Mapping[str, float]]
    derived: tuple[PostgresForm, ...]
    rank: Mapping[PostgresForm, float]
    rank_basis: str
    sold: tuple[str, ...]
    max_connections: int
    sources: Mapping[str, str]

    @property
    def family(self) -> str:
        """Return the class without its size ("db.m6g")."""
        return self.name.rpartition(".")[0]

    def price(self, form: PostgresForm, region: str) -> float | None:
        """Return USD an hour of the whole deployment in that form, None where unknown."""
        return self.prices.get(form, {}).get(region)

    def rank_usd(self, form: PostgresForm) -> float | None:
        """Return the figure that orders classes (us-east-1), None where nothing is known."""
        return self.rank.get(form)

    def offered(self, region: str) -> bool:
        """Say whether the vendor's list sells the class in the region."""
        return region in self.sold


@dataclass(frozen=True, slots=True, kw_only=True)
class CacheNode:
    """An ElastiCache node type; `memory_bytes` is maxmemory, before the engine's own reserve."""

    name: str
    vcpu: int
    memory_bytes: int
    architecture: str
    prices: Mapping[str, Mapping[str, float]]
    sold: tuple[str, ...]
    sources: Mapping[str, str]

    @property
    def family(self) -> str:
        """Return the type without its size ("cache.r7g")."""
        return self.name.rpartition(".")[0]

    def price(self, engine: str, region: str) -> float | None:
        """Return USD an hour for "valkey" or "redis", None where unknown."""
        return self.prices.get(engine, {}).get(region)

    def offered(self, region: str) -> bool:
        """Say whether the vendor's list sells the type in the region."""
        return region in self.sold


@dataclass(frozen=True, slots=True, kw_only=True)
class SearchNode:
    """An OpenSearch node type.

    Attributes:
        max_volume_gib: largest EBS volume, None where no source shows it.
        min_volume_gib: smallest EBS volume.
    """

    name: str
    vcpu: int
    memory_bytes: int
    architecture: str
    min_volume_gib: int
    max_volume_gib: int | None
    on_demand: Mapping[str, float]
    sold: tuple[str, ...]
    sources: Mapping[str, str]

    @property
    def family(self) -> str:
        """Return what stands before the size ("r7g")."""
        return self.name.partition(".")[0]

    def price(self, region: str) -> float | None:
        """Return USD an hour, None where unknown."""
        return self.on_demand.get(region)

    def offered(self, region: str) -> bool:
        """Say whether the vendor's list sells the type in the region."""
        return region in self.sold


@dataclass(frozen=True, slots=True, kw_only=True)
class LlmPrice:
    """An external model's list price, USD a million tokens."""

    name: str
    provider: str
    input_usd: float
    output_usd: float
    cached_input_usd: float | None
    context_tokens: int | None
    source: str


@dataclass(frozen=True, slots=True, kw_only=True)
class EksSupport:
    """The last days of a Kubernetes minor on EKS, ISO 8601; extended support costs more."""

    name: str
    standard_ends: str
    extended_ends: str
    source: str
