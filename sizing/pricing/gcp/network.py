"""NAT, load balancer, addresses, transfer, keys, secrets and logs on Google Cloud."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sizing.catalog import HOURS_PER_MONTH, price
from sizing.planning.gcp.search import SERVICE as SEARCH
from sizing.planning.observability import SEARCH_EXPORTER
from sizing.planning.parts import APPLICATION
from sizing.planning.tracing import COLLECTOR, JAEGER, JAEGER_COLLECTOR, JAEGER_QUERY
from sizing.pricing.compute import node_count
from sizing.pricing.ledger import NOT_SOURCED, Ledger, Quantity, tiered_price
from sizing.pricing.network import (
    LOG_GIB_PER_NODE,
    MODEL_WEIGHTS_GIB,
    NODE_IMAGES_GIB,
    SERVING_IMAGE_GIB,
    secrets,
)
from sizing.pricing.traffic import traffic

if TYPE_CHECKING:
    from sizing.plans import PlatformPlan

# Services that ask the search engine, each as a user of its own; collectors do where logs are kept.
SEARCH_USERS = frozenset({APPLICATION, JAEGER, JAEGER_COLLECTOR, JAEGER_QUERY, SEARCH_EXPORTER})
# Which the members' own jobs fill: who signs for them, their certificates, whom clients trust.
SEARCH_CERTIFICATES = ("opensearch-authority", "opensearch-tls", "opensearch-trusted")
INTERNET_TIERS = (  # cyclenerd, 2026-07-30: GiB of each tier, then its price
    (1024, "gcp.transfer.internet_premium_0_1tb.gib"),
    (9 * 1024, "gcp.transfer.internet_premium_1_10tb.gib"),
    (float("inf"), "gcp.transfer.internet_premium_over_10tb.gib"),
)


def network(plan: PlatformPlan, ledger: Ledger) -> None:
    """Write what stands in the network by the hour."""
    moved = traffic(plan.request.load, len(plan.network.zone_ids))
    _nat(plan, ledger)
    if not plan.request.switches.ingress:
        return
    ledger.priced(
        "network", "Load balancer, forwarding rule", Quantity.fixed(1), "rules", "gclb.rule.hour"
    )
    ledger.priced(
        "network",
        "Load balancer, data both ways",
        Quantity.fixed(moved.balanced_gib),
        "GiB",
        "gclb.gib",
    )


def transfer(plan: PlatformPlan, ledger: Ledger) -> None:
    """Write what the workload moves, and the first pull of images and model over NAT."""
    moved = traffic(plan.request.load, len(plan.network.zone_ids))
    unit_usd, source = tiered_price(moved.internet_out_gib, INTERNET_TIERS, ledger.region)
    ledger.add(
        "network",
        "Transfer to the internet: answers, prompts to outside models",
        Quantity.fixed(moved.internet_out_gib),
        "GiB",
        unit_usd,
        source,
    )
    first_fill = (
        node_count(plan, gpu=False).times(NODE_IMAGES_GIB.value)
        + node_count(plan, gpu=True).times(NODE_IMAGES_GIB.value + SERVING_IMAGE_GIB.value)
        + Quantity.fixed(MODEL_WEIGHTS_GIB.value)
    )
    for item, quantity, price_id in (
        (
            "Transfer between zones",
            Quantity.fixed(moved.between_zones_gib),
            "gcp.transfer.inter_zone.gib",
        ),
        (
            "NAT data: prompts to outside models and answers",
            Quantity.fixed(moved.nat_gib),
            "cloudnat.gib",
        ),
        (
            "NAT data: first pull of images and model (first month)",
            first_fill,
            "cloudnat.gib",
        ),
    ):
        ledger.priced("network", item, quantity, "GiB", price_id)


def keys_and_logs(plan: PlatformPlan, ledger: Ledger) -> None:
    """Write keys, secrets and logs; what no source prices stays open."""
    far = plan.vault is not None and plan.vault.recovery_key is not None
    keys = Quantity.fixed(len(plan.keys) + int(far))
    ledger.add("keys", "Cloud KMS key versions", keys, "keys", None, NOT_SOURCED)
    ledger.priced(
        "secrets",
        "Secrets: stores, databases, services, users of search",
        Quantity.fixed(secrets(plan) + _of_search(plan)),
        "secrets",
        "gcp.secret.version_month",
    )
    logs = (node_count(plan, gpu=False) + node_count(plan, gpu=True)).times(LOG_GIB_PER_NODE.value)
    ledger.priced("logs", "Cloud Logging, ingested", logs, "GiB", "gcp.logs.ingest.gib")


def _of_search(plan: PlatformPlan) -> int:
    """Return the secrets of OpenSearch in the cluster.

    The administrator's password, that of each who asks it, and its certificates.
    """
    names = {one.name for one in plan.services}
    if SEARCH not in names:
        return 0
    lodging = sum(
        one.request.in_hosts_cluster and one.request.switches.application is not None
        for one in plan.request.guests
    )
    logs = COLLECTOR in names and plan.request.switches.logs
    return 1 + len(names & SEARCH_USERS) + logs + lodging + len(SEARCH_CERTIFICATES)


def backups(plan: PlatformPlan, ledger: Ledger) -> None:
    """Write the backups of pods' volumes, which no source prices."""
    protected = sum(s.volumes_gib * s.scale.planned for s in plan.services)
    if plan.backups.enabled and protected:
        ledger.add(
            "backups",
            "Backup for GKE, volumes of pods",
            Quantity.fixed(protected),
            "GiB",
            None,
            NOT_SOURCED,
        )


def _nat(plan: PlatformPlan, ledger: Ledger) -> None:
    """Write the gateway: so much a machine, at most so much in all."""
    each, most = (price(f"cloudnat.{name}", ledger.region) for name in ("vm_hour", "cap.hour"))
    machines = node_count(plan, gpu=False) + node_count(plan, gpu=True)
    if each is None or most is None:
        ledger.add("network", "Cloud NAT gateway", machines, "machines", None, NOT_SOURCED)
        return
    # The gateway stops costing more at so many machines.
    charged = most.value / each.value
    ledger.add(
        "network",
        "Cloud NAT gateway",
        Quantity(
            min(machines.minimum, charged),
            min(machines.planned, charged),
            min(machines.maximum, charged),
        ),
        "machines charged",
        each.value * HOURS_PER_MONTH.value,
        each.source,
    )
