"""The OpenSearch domain: traces, logs and full text. Document 001 has no row for it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

from sizing.catalog import SearchNode, price, search_nodes
from sizing.model import Figure
from sizing.planning.classes import cheapest
from sizing.planning.environment import Setting
from sizing.planning.needs import search_members, search_volume_gib, searched
from sizing.planning.notes import monthly, note
from sizing.plans import Adjustment, SearchPlan
from sizing.units import GIB
from sizing.versions import VERSIONS
from sizing.words import Direction, Kind, Tier


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """What each data node is asked to have; volume in GiB."""

    vcpu: int
    memory_gib: int
    volume_gib: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Usd:
    """What a member and a GiB of its volume cost in a month, None where unknown."""

    member: float | None
    gib: float | None


# Small is document 000's node (2 vCPU, 2 GB) with the memory that search asks for; each tier
# doubles it. Source: sizing-decisions, 2026-11, assumed.
ASKED: Mapping[Tier, Asked] = MappingProxyType(
    {
        Tier.SMALL: Asked(vcpu=2, memory_gib=4, volume_gib=50),
        Tier.MEDIUM: Asked(vcpu=2, memory_gib=8, volume_gib=100),
        Tier.LARGE: Asked(vcpu=4, memory_gib=16, volume_gib=250),
        Tier.ENTERPRISE: Asked(vcpu=8, memory_gib=32, volume_gib=500),
    }
)
DATA_NODES = 3  # document-000: three nodes
MASTERS = 3  # the smallest number that votes (cloud rule 42). Source: opensearch-guide, 2026.
MASTER_TIERS = (Tier.LARGE, Tier.ENTERPRISE)
MASTER_VCPU = 2  # Source: sizing-decisions.
MASTER_MEMORY_GIB = 8
MOST_ZONES = 3  # opensearch-guide, 2026
BURSTABLE = "t3"
# In price and shape ordinary, but their storage works otherwise and needs a newer index layout.
OPTIMISED = ("or1", "or2")
SURE_VOLUME = Figure(
    value=512,
    unit="GiB of a node, above it members are added where no source shows its largest volume",
    source="opensearch-guide",
    date="2026",
    kind=Kind.DERIVED,
)
GP3_IOPS = Figure(
    value=3000,
    unit="IOPS included with gp3",
    source="opensearch-guide",
    date="2026",
    kind=Kind.VENDOR,
)
GP3_THROUGHPUT = Figure(
    value=125,
    unit="MiB/s included with gp3",
    source="opensearch-guide",
    date="2026",
    kind=Kind.VENDOR,
)


def search(setting: Setting) -> tuple[SearchPlan, tuple[Adjustment, ...]]:
    """Return the search domain, which the document's tables do not have.

    Raises:
        ValueError: the region sells no node that holds what is asked.
    """
    asked, zones = ASKED[setting.request.tier], min(MOST_ZONES, len(setting.store_zone_ids))
    node = _node(setting, setting.quantity(asked.vcpu), setting.quantity(asked.memory_gib))
    # Two zones take an even number of nodes, three at least three (cloud rule 21).
    floor = zones if setting.is_dev else -(-DATA_NODES // zones) * zones
    count = _members(setting, node, floor, zones)
    masters = MASTERS if setting.request.tier in MASTER_TIERS and not setting.is_dev else 0
    master = _node(setting, MASTER_VCPU, MASTER_MEMORY_GIB) if masters else None
    documented = max(node.min_volume_gib, setting.quantity(asked.volume_gib))
    by_hand = setting.request.overrides.search_volume_gib
    volume = raised_volume(setting, documented, count) if by_hand is None else by_hand
    plan = SearchPlan(
        engine_version=VERSIONS.opensearch.value,
        instance_type=node.name,
        instance_count=count,
        zone_count=zones,
        master_type=master.name if master else "",
        master_count=masters,
        volume_gib=volume,
        volume_iops=int(GP3_IOPS),
        volume_throughput=int(GP3_THROUGHPUT),
        log_retention_days=setting.log_days,
    )
    data = monthly(node.price(setting.request.region), floor)
    control = monthly(master.price(setting.request.region), masters) if master else 0
    usd = None if data is None or control is None else data + control
    added = note(
        "search",
        "no row",
        f"{floor} x {plan.instance_type}",
        direction=Direction.RAISED,
        rule="search-domain",
        reason="document 000 names OpenSearch, document 001 sizes none: assumed",
        monthly_usd=usd,
    )
    return plan, (added, *raised_notes(setting, plan, floor, documented, _usd(setting, node)))


def raised_volume(setting: Setting, documented: int, members: int) -> int:
    """Return each member's volume in GiB: what traces and logs fill, on any cloud."""
    if not setting.proven:
        return documented
    return max(documented, search_volume_gib(searched(setting.load), members))


def raised_notes(
    setting: Setting, plan: SearchPlan, floor: int, documented_gib: int, usd: Usd
) -> tuple[Adjustment, ...]:
    """Return what the load adds to members and volumes, on any cloud.

    Args:
        setting: the request's setting.
        plan: the members as planned.
        floor: members that stand without any load.
        documented_gib: volume of each without any load.
        usd: what a member and a GiB of its volume cost in a month.
    """
    if setting.request.overrides.search_volume_gib is not None:
        documented_gib = plan.volume_gib
    member = (
        None if usd.member is None or usd.gib is None else usd.member + usd.gib * documented_gib
    )
    parts = (
        ("instance_count", floor, plan.instance_count, member, "members", 1),
        ("volume_gib", documented_gib, plan.volume_gib, usd.gib, "GiB each", plan.instance_count),
    )
    return tuple(
        note(
            f"search.{field}",
            f"{asked} {unit}",
            f"{held} {unit}",
            direction=Direction.RAISED,
            rule="search-holds-traces",
            reason=f"{setting.load.retention_days:g} days of traces with a copy",
            monthly_usd=None if each is None else each * (held - asked) * times,
        )
        for field, asked, held, each, unit, times in parts
        if held > asked
    )


def _members(setting: Setting, node: SearchNode, floor: int, zones: int) -> int:
    """Return the data nodes, as many in every zone."""
    if not setting.proven:
        return floor
    # the only limit that is known is that of a small node
    most = node.max_volume_gib or int(SURE_VOLUME)
    asked = search_members(
        searched(setting.load), floor, vcpu=node.vcpu, memory_bytes=node.memory_bytes, most_gib=most
    )
    return -(-asked // zones) * zones


def _usd(setting: Setting, node: SearchNode) -> Usd:
    region = setting.request.region
    figure = price("opensearch.gp3.gib_month", region)
    return Usd(member=monthly(node.price(region)), gib=None if figure is None else figure.value)


def _node(setting: Setting, vcpu: int, memory_gib: int) -> SearchNode:
    region = setting.request.region
    avoided = OPTIMISED if setting.is_dev else (*OPTIMISED, BURSTABLE)
    found = cheapest(
        (one for one in search_nodes() if one.family not in avoided),
        region=region,
        vcpu=vcpu,
        memory_bytes=memory_gib * GIB,
        usd=lambda one: one.price(region) or one.price(setting.price_region),
    )
    if found is None:
        raise ValueError(
            f"{region} sells no OpenSearch node with {vcpu} vCPU and {memory_gib} GiB; "
            "choose another region"
        )
    return found
