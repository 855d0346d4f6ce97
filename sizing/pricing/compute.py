"""Control plane, nodes, their disks and the volumes of pods."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sizing.catalog import HOURS_PER_MONTH, PRICES_AS_OF, eks_support, instance
from sizing.model import Figure
from sizing.pricing.ledger import NOT_SOURCED, ZERO, Ledger, Line, Quantity
from sizing.words import CapacityType, Kind

if TYPE_CHECKING:
    from sizing.plans import NodePoolPlan, PlatformPlan

EBS_BASE_IOPS = Figure(
    value=3000, unit="IOPS of gp3", source="infracost", date="2026-07-01", kind=Kind.VENDOR
)
EBS_BASE_THROUGHPUT = Figure(
    value=125, unit="MiB/s of gp3", source="infracost", date="2026-07-01", kind=Kind.VENDOR
)


def control_plane(plan: PlatformPlan, ledger: Ledger) -> None:
    """Write the control plane, at the extended price once standard support has ended."""
    version = plan.cluster.kubernetes_version
    support = eks_support(version)
    if support is None:
        ledger.add(
            "cluster",
            f"EKS control plane, {version} (end of support unknown)",
            Quantity.fixed(1),
            "cluster",
            None,
            NOT_SOURCED,
            Line.CONTROL_PLANE,
        )
        return
    kind = "extended" if support.standard_ends < PRICES_AS_OF else "standard"
    ledger.priced(
        "cluster",
        f"EKS control plane, {version}, {kind} support",
        Quantity.fixed(1),
        "cluster",
        f"eks.control_plane.{kind}.hour",
        Line.CONTROL_PLANE,
    )


def nodes(plan: PlatformPlan, ledger: Ledger) -> None:
    """Write each pool's instances and root disks."""
    for pool in plan.node_pools:
        _instances(plan, pool, ledger)
        _root_disks(pool, ledger)


def volumes(plan: PlatformPlan, ledger: Ledger) -> None:
    """Write the persistent volumes of pods, all gp3."""
    total = sum(
        (Quantity.of(s.scale, s.volumes_gib) for s in plan.services if s.volumes), start=ZERO
    )
    if total.maximum:
        ledger.priced(
            "services", "Persistent volumes, gp3", total, "GiB", "ebs.gp3.gib_month", Line.EBS
        )


def node_count(plan: PlatformPlan, *, gpu: bool) -> Quantity:
    """Return the nodes of all pools with or without GPUs."""
    return sum(
        (Quantity.of(p.scale) for p in plan.node_pools if bool(p.gpus_per_node) is gpu), start=ZERO
    )


def _instances(plan: PlatformPlan, pool: NodePoolPlan, ledger: Ledger) -> None:
    machine = instance(plan.request.cloud, pool.instance_types[0])
    spot = pool.capacity_type is CapacityType.SPOT
    hourly = machine.spot_price(ledger.region) if spot else machine.price(ledger.region)
    source = machine.sources.get(f"spot_{ledger.region}" if spot else "price", NOT_SOURCED)
    ledger.add(
        "node_pools",
        f"{pool.name}: {machine.name}{', spot' if spot else ''}",
        Quantity.of(pool.scale),
        "nodes",
        None if hourly is None else hourly * HOURS_PER_MONTH.value,
        NOT_SOURCED if hourly is None else source,
        Line.GPU if pool.gpus_per_node else Line.CPU,
    )


def _root_disks(pool: NodePoolPlan, ledger: Ledger) -> None:
    parts = (
        ("root disks, gp3", pool.root_disk_gib, "GiB", "gib_month"),
        (
            "root disk IOPS above the base",
            max(0, pool.root_disk_iops - EBS_BASE_IOPS.value),
            "IOPS",
            "iops_month",
        ),
        (
            "root disk throughput above the base",
            max(0, pool.root_disk_throughput - EBS_BASE_THROUGHPUT.value),
            "MiB/s",
            "mibps_month",
        ),
    )
    for item, each, unit, price_id in parts:
        if each:
            ledger.priced(
                "node_pools",
                f"{pool.name}: {item}",
                Quantity.of(pool.scale, each),
                unit,
                f"ebs.gp3.{price_id}",
                Line.EBS,
            )
