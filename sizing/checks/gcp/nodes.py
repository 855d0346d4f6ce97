"""Node pools on GKE: what is asked on any cloud, and whether GPUs can be had."""

from __future__ import annotations

from sizing.catalog import instance
from sizing.checks.nodes import check_nodes
from sizing.checks.verdicts import Subject, finding
from sizing.plans import Finding
from sizing.words import Verdict


def check_pools(subject: Subject) -> list[Finding]:
    """Return the findings of every pool, in the plan's order."""
    return [*check_nodes(subject), *_capacity(subject)]


def _capacity(subject: Subject) -> list[Finding]:
    """Say of large GPU machines that a zone which sells them promises none."""
    found = []
    for pool in subject.plan.node_pools:
        machine = instance(subject.plan.request.cloud, pool.instance_types[0])
        # A machine of its own for the GPUs: families a2, a3 and whatever follows.
        if not machine.name.startswith("a") or pool.capacity_reservation_id:
            continue
        found.append(
            finding(
                subject,
                f"node_pools.{pool.name}",
                "capacity",
                Verdict.UNPROVEN,
                f"{pool.scale.planned} x {machine.name} without a reservation: that they can be "
                "had when wanted, nobody promises",
                fix="set sizing.overrides.pools.gpu.capacity_reservation_id",
                source="skypilot-gcp-v9",
            )
        )
    return found
