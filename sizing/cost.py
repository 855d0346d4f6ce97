"""What a plan costs in a month at list price, item by item.

Prices are the catalogue's, on demand or spot, before tax and private discount. What no source
prices stays in the bill as an item without a sum, and the totals are then "at least".
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from sizing.catalog import PRICES_AS_OF
from sizing.comparison import compare
from sizing.plans import Bill
from sizing.pricing.compute import control_plane, nodes, volumes
from sizing.pricing.edge import edge
from sizing.pricing.ledger import Ledger
from sizing.pricing.network import keys_and_logs, network, peering, transfer
from sizing.pricing.stores import caches, files, objects, postgres, search
from sizing.words import Cloud

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from sizing.plans import PlanRequest, PlatformPlan

CURRENCY = "USD"

PARTS = (
    control_plane,
    nodes,
    volumes,
    postgres,
    caches,
    search,
    files,
    objects,
    network,
    transfer,
    keys_and_logs,
    edge,
)

# What a guest of a cluster adds: nodes for its pods, and what is its own. The rest is in its
# host's bill, whose ceiling has the nodes as well.
GUEST_PARTS = (nodes, volumes, caches, files, objects, transfer, keys_and_logs)
# What a guest of stores alone adds: all but the server and the domain, and the way there.
ATTACHED_PARTS = (*(one for one in PARTS if one not in (postgres, search)), peering)


def cost(plan: PlatformPlan) -> Bill:
    """Return the bill of a month: planned, at every autoscaler's minimum, and at its maximum.

    The workload's own traffic is the same in all three: it is what users do, not what we run.

    Raises:
        sizing.catalog.UnknownNameError: the plan names a type that the catalogue does not hold.
    """
    ledger = Ledger(plan.request.region)
    for part in _parts(plan.request):
        part(plan, ledger)
    items = tuple(ledger.items)
    monthly = _total(item.planned_usd for item in items)
    return Bill(
        currency=CURRENCY,
        region=plan.request.region,
        prices_as_of=PRICES_AS_OF,
        monthly_usd=monthly,
        floor_usd=_total(item.floor_usd for item in items),
        ceiling_usd=_total(item.ceiling_usd for item in items),
        unpriced=tuple(
            f"{item.component}: {item.item}" for item in items if item.planned_usd is None
        ),
        items=items,
        comparison=compare(plan, items, monthly),
    )


def _total(sums: Iterable[float | None]) -> float:
    return round(sum(amount for amount in sums if amount is not None), 2)


def _parts(request: PlanRequest) -> Iterable[Callable[[PlatformPlan, Ledger], None]]:
    if request.cloud is Cloud.AWS:
        if request.in_hosts_cluster:
            return GUEST_PARTS
        return ATTACHED_PARTS if request.on_hosts_stores else PARTS
    # the other cloud's modules are read only where they are wanted
    from sizing.pricing.gcp import parts

    return parts.GUEST_PARTS if request.in_hosts_cluster else parts.PARTS
