"""NAT, endpoints, load balancer, addresses, transfer, keys, secrets and logs."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sizing.model import Figure
from sizing.pricing.compute import node_count
from sizing.pricing.ledger import NOT_SOURCED, Ledger, Line, Quantity, tiered_price
from sizing.pricing.traffic import DAYS_PER_MONTH, traffic
from sizing.words import EndpointKind, Kind

if TYPE_CHECKING:
    from sizing.plans import PlatformPlan

DIRECTIONS = ("in", "out")
"""Transfer between zones is billed to both ends."""
NODE_IMAGES_GIB = Figure(
    value=5,
    unit="GiB of images that a node pulls once",
    source="sizing-decisions",
    date="2026-11-21",
    kind=Kind.ASSUMED,
)
SERVING_IMAGE_GIB = Figure(
    value=25,
    unit="GB at most of the serving image on a GPU node, taken as GiB",
    source="vllm-17163",
    date="2025-04-25",
    kind=Kind.MEASURED,
)
MODEL_WEIGHTS_GIB = Figure(
    value=14.96,
    unit="GiB of Llama-3.1-8B in bf16: 8.03 G parameters x 2 bytes",
    source="sizing-decisions",
    date="2026-11-21",
    kind=Kind.DERIVED,
)
# Audit and control-plane logs, flow logs and the logs of the stores, spread over the nodes.
LOG_GIB_PER_NODE = Figure(
    value=5,
    unit="GiB of logs a month per node",
    source="sizing-decisions",
    date="2026-11-21",
    kind=Kind.ASSUMED,
)
# Services with a secret of their own that the platform makes; one more each cache and database.
OWN_SECRETS = ("agent-gateway", "litellm", "pgbouncer", "qdrant")
# Of services that a stack may have or not, each with a secret of its own: keys, or a login of the
# database server.
SHOWN_SECRETS = ("archestra", "grafana", "langflow", "n8n", "postgres-exporter", "vault")
# Which Vault's own jobs fill: who vouches for it, its certificate, recovery keys and session.
VAULT_SECRETS = ("vault-authority", "vault-recovery", "vault-session", "vault-tls")
INTERNET_TIERS = (  # egress-tiers 2026-08-19: GiB of each tier, then its price
    (10 * 1024, "transfer.internet.gib.first_10tb"),
    (40 * 1024, "transfer.internet.gib.next_40tb"),
    (100 * 1024, "transfer.internet.gib.next_100tb"),
    (float("inf"), "transfer.internet.gib.over_150tb"),
)


def network(plan: PlatformPlan, ledger: Ledger) -> None:
    """Write what stands in the VPC by the hour."""
    zones = len(plan.network.zone_ids)
    gateways = len(plan.network.nat_zone_ids)
    interfaces = sum(e.kind is EndpointKind.INTERFACE for e in plan.network.endpoints)
    moved = traffic(plan.request.load, zones)
    balancers = int(plan.request.switches.ingress)
    reached = 0 if plan.ingress.internal else balancers * zones  # an address in each zone
    for item, count, unit, price_id in (
        ("NAT gateways", gateways, "gateways", "nat.hour"),
        ("Interface endpoints", interfaces * zones, "endpoint zones", "endpoint.interface.hour"),
        ("Application load balancer", balancers, "balancers", "lb.alb.hour"),
        (
            "Load balancer capacity units",
            balancers * moved.capacity_units,
            "LCU",
            "lb.alb.lcu_hour",
        ),
        ("Public IPv4 addresses, NAT and load balancer", gateways + reached, "IPv4", "ipv4.hour"),
    ):
        if count:
            ledger.priced("network", item, Quantity.fixed(count), unit, price_id)


def transfer(plan: PlatformPlan, ledger: Ledger) -> None:
    """Write what the workload moves, and the first pull of images and model over NAT."""
    zones = len(plan.network.zone_ids)
    moved = traffic(plan.request.load, zones)
    out = moved.internet_out_gib
    unit_usd, source = tiered_price(out, INTERNET_TIERS, ledger.region)
    ledger.add(
        "network",
        "Transfer to the internet: answers, prompts to outside models",
        Quantity.fixed(out),
        "GiB",
        unit_usd,
        source,
        Line.TRANSFER,
    )
    ledger.priced(
        "network",
        "Transfer between zones, both directions",
        Quantity.fixed(moved.between_zones_gib * len(DIRECTIONS)),
        "GiB",
        "transfer.inter_az.gib",
        Line.TRANSFER,
    )
    ledger.priced(
        "network",
        "NAT data: prompts to outside models and answers",
        Quantity.fixed(moved.nat_gib),
        "GiB",
        "nat.gib",
        Line.TRANSFER,
    )
    first_fill = (
        node_count(plan, gpu=False).times(NODE_IMAGES_GIB.value)
        + node_count(plan, gpu=True).times(NODE_IMAGES_GIB.value + SERVING_IMAGE_GIB.value)
        + Quantity.fixed(MODEL_WEIGHTS_GIB.value)
    )
    ledger.priced(
        "network",
        "NAT data: first pull of images and model (first month)",
        first_fill,
        "GiB",
        "nat.gib",
        Line.TRANSFER,
    )


def peering(_: PlatformPlan, ledger: Ledger) -> None:
    """Write the way to a host's stores: between zones it costs what it does within a network."""
    ledger.add(
        "network",
        "Transfer between zones over the peering with the host: how much, no source says",
        Quantity.fixed(1),
        "peering",
        None,
        NOT_SOURCED,
        Line.TRANSFER,
    )


def secrets(plan: PlatformPlan) -> int:
    """Return the secrets that the stores keep themselves, that are made, and that jobs fill."""
    # the stores' own passwords; a guest's server is its host's
    masters = (plan.request.host is None) + (plan.document_database is not None)
    own = len(OWN_SECRETS) + sum(one.name in SHOWN_SECRETS for one in plan.services)
    guests = len(plan.request.guests)  # each with a password on its host's server
    filled = 0 if plan.vault is None else len(VAULT_SECRETS)
    return masters + len(plan.caches) + len(plan.postgres.databases) + own + guests + filled


def keys_and_logs(plan: PlatformPlan, ledger: Ledger) -> None:
    """Write keys, secrets and CloudWatch Logs."""
    ledger.priced("keys", "KMS keys", Quantity.fixed(len(plan.keys)), "keys", "kms.key.month")
    ledger.priced(
        "secrets",
        "Secrets: stores, databases, services",
        Quantity.fixed(secrets(plan)),
        "secrets",
        "secrets.secret.month",
    )
    logs = (node_count(plan, gpu=False) + node_count(plan, gpu=True)).times(LOG_GIB_PER_NODE.value)
    ledger.priced("logs", "CloudWatch Logs, ingested", logs, "GiB", "logs.ingest.gib")
    kept = plan.cluster.log_retention_days / DAYS_PER_MONTH
    ledger.priced(
        "logs",
        f"CloudWatch Logs, kept {plan.cluster.log_retention_days} days",
        logs.times(kept),
        "GiB",
        "logs.storage.gib_month",
    )
