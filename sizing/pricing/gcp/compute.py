"""Control plane, nodes, their disks and the volumes of pods on GKE."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sizing.catalog import HOURS_PER_MONTH, instance
from sizing.pricing.ledger import NOT_SOURCED, ZERO, Ledger, Quantity
from sizing.words import CapacityType

if TYPE_CHECKING:
    from sizing.plans import NodePoolPlan, PlatformPlan

BALANCED = "pd.balanced.gib_month"


def control_plane(plan: PlatformPlan, ledger: Ledger) -> None:
    """Write the fee of a regional cluster; the free tier is for zonal ones alone."""
    version = plan.cluster.kubernetes_version
    ledger.priced(
        "cluster",
        f"GKE control plane, regional, {version}",
        Quantity.fixed(1),
        "cluster",
        "gke.control_plane.regional.hour",
    )


def nodes(plan: PlatformPlan, ledger: Ledger) -> None:
    """Write each pool's machines and root disks."""
    for pool in plan.node_pools:
        _machines(plan, pool, ledger)
        ledger.priced(
            "node_pools",
            f"{pool.name}: root disks, pd-balanced",
            Quantity.of(pool.scale, pool.root_disk_gib),
            "GiB",
            BALANCED,
        )


def volumes(plan: PlatformPlan, ledger: Ledger) -> None:
    """Write the persistent volumes of pods, all balanced."""
    total = sum(
        (Quantity.of(s.scale, s.volumes_gib) for s in plan.services if s.volumes), start=ZERO
    )
    if total.maximum:
        ledger.priced("services", "Persistent volumes, pd-balanced", total, "GiB", BALANCED)


def _machines(plan: PlatformPlan, pool: NodePoolPlan, ledger: Ledger) -> None:
    machine = instance(plan.request.cloud, pool.instance_types[0])
    spot = pool.capacity_type is CapacityType.SPOT
    hourly = machine.spot_price(ledger.region) if spot else machine.price(ledger.region)
    ledger.add(
        "node_pools",
        f"{pool.name}: {machine.name}{', spot' if spot else ''}",
        Quantity.of(pool.scale),
        "nodes",
        None if hourly is None else hourly * HOURS_PER_MONTH.value,
        NOT_SOURCED if hourly is None else machine.sources["price"],
    )
