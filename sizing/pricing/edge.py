"""The firewall before the load balancer, and the document database.

The balancer itself stands in `sizing.pricing.network`. DocumentDB's I/O requests are billed by
the million; how many an application makes is not known, so that line has no amount and no price.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from sizing.pricing.ledger import NOT_SOURCED, Quantity
from sizing.pricing.traffic import monthly_tokens
from sizing.units import MEGA

if TYPE_CHECKING:
    from sizing.plans import PlatformPlan
    from sizing.plans.edge import DocumentDatabasePlan, IngressPlan
    from sizing.pricing.ledger import Ledger
    from sizing.workload import Workload

COMPONENT = "document_database"
PRICED_CLASSES = ("db.r5.large", "db.t3.medium")  # infracost, 2024-07-01
# Rate, reputation, bad inputs, core, SQL; a group is billed as one. Source: infracost, 2024-07-01.
WAF_RULES = 5


def edge(plan: PlatformPlan, ledger: Ledger) -> None:
    """Write the firewall before the load balancer, and the document database."""
    if plan.request.switches.ingress:
        firewall(plan.ingress, plan.request.load, ledger)
    document_database(plan.document_database, ledger)


def firewall(ingress: IngressPlan, load: Workload, ledger: Ledger) -> None:
    """Write the web ACL, its rules and what it inspects; nothing where there is none."""
    if not ingress.waf:
        return
    requests = monthly_tokens(load) / (load.input_tokens + load.output_tokens)
    for item, amount, unit, price_id in (
        ("Web ACL", 1.0, "ACL", "waf.acl.month"),
        ("Web ACL rules and rule groups", float(WAF_RULES), "rules", "waf.rule.month"),
        ("Requests inspected", requests / MEGA, "million requests", "waf.requests.million"),
    ):
        ledger.priced("firewall", item, Quantity.fixed(amount), unit, price_id)


def document_database(plan: DocumentDatabasePlan | None, ledger: Ledger) -> None:
    """Write the document database's nodes, storage and I/O; nothing where there is none.

    A class that no source prices, or I/O-optimised storage, is written without a price.
    """
    if plan is None:
        return
    optimised = plan.storage_type == "iopt1"
    nodes, size = Quantity.fixed(plan.instances), Quantity.fixed(plan.planning_gib)
    _known(ledger, f"{plan.instance_class} nodes", nodes, "nodes", _node_price(plan, optimised))
    storage = "" if optimised else "docdb.storage.gib_month"
    _known(ledger, f"Storage, {plan.storage_type}", size, "GiB", storage)
    if not optimised:
        unknown = Quantity.fixed(0)
        ledger.add(
            COMPONENT,
            "I/O requests, however many",
            unknown,
            "million requests",
            None,
            NOT_SOURCED,
        )


def _node_price(plan: DocumentDatabasePlan, optimised: bool) -> str:
    known = plan.instance_class in PRICED_CLASSES and not optimised
    return f"docdb.{plan.instance_class}.hour" if known else ""


def _known(ledger: Ledger, item: str, quantity: Quantity, unit: str, price_id: str) -> None:
    if price_id:
        ledger.priced(COMPONENT, item, quantity, unit, price_id)
    else:
        ledger.add(COMPONENT, item, quantity, unit, None, NOT_SOURCED)
