"""Everything of the drawing once more in words, and why each size is as it is."""

from __future__ import annotations

from preview import adjustments_out
from preview.report_page.facts import ReportFacts
from preview.report_page.flows import flows
from preview.report_page.html import fold, section, table
from preview.report_page.markup import Markup
from preview.report_page.nodes import measure
from preview.sizes import size_rows
from preview.words import count, percent, scale


def sizes_part(facts: ReportFacts) -> Markup:
    """Return the section, folded: sizes and why, nodes, connections, jobs, differences."""
    plan = facts.sized.plan
    return section(
        "sizes",
        "Sizes, and why",
        fold(
            f"{count(len(plan.services), 'service')}, stores and ways in",
            table(
                "What each part is, and why",
                ("component", "part", "size", "why"),
                list(size_rows(plan)),
            ),
        ),
        _pools(facts),
        _nodes(facts),
        _connections(facts),
        _helpers(facts),
        _adjustments(facts),
    )


def _pools(facts: ReportFacts) -> Markup:
    pools = facts.sized.plan.node_pools
    return fold(
        count(len(pools), "node pool"),
        table(
            "Node pools (nodes: minimum / planned / maximum)",
            ("pool", "machine", "zones", "bought", "nodes", "binds"),
            [
                (
                    one.name,
                    ", ".join(one.instance_types),
                    ", ".join(one.zone_ids),
                    str(one.capacity_type).replace("_", " ").lower(),
                    scale(one.scale),
                    one.binding,
                )
                for one in pools
            ],
        ),
    )


def _nodes(facts: ReportFacts) -> Markup:
    rows = [
        (
            f"{one.pool.name} {one.number}",
            one.zone,
            one.pool.instance_types[0],
            ", ".join(f"{pods.count} {pods.service.name}" for pods in one.pods) or "none",
            f"{percent(one.taken(measure(one.pool)))} of {measure(one.pool)}",
        )
        for one in facts.filled.nodes
    ]
    left = [
        (one.name, "", "", f"{one.pods} pods that no node takes", one.reason)
        for one in facts.filled.unplaced
    ]
    return fold(
        f"{count(len(rows), 'node')} and their pods",
        table(
            "Pods on each node, as the planner packs them; a scheduler may do otherwise",
            ("node", "zone", "machine", "pods", "filled"),
            [*rows, *left],
            told={"filled": "what the pods ask for, over what the node offers after its reserves"},
        ),
    )


def _connections(facts: ReportFacts) -> Markup:
    found = flows(facts.sized.plan)
    return fold(
        count(len(found), "connection"),
        table(
            "Who calls whom",
            ("from", "to", "what"),
            [(one.source, one.target, one.what) for one in found],
        ),
    )


def _helpers(facts: ReportFacts) -> Markup:
    found = facts.sized.plan.helpers
    return fold(
        f"{count(len(found), 'job')}, DaemonSets and sidecars among them",
        table(
            "What stands beside the services",
            ("name", "namespace", "kind", "pods at most"),
            [(one.name, one.namespace, one.kind, str(one.pods)) for one in found],
            right=frozenset({"pods at most"}),
        ),
    )


def _adjustments(facts: ReportFacts) -> Markup:
    made = facts.sized.plan.adjustments
    return fold(
        f"{count(len(made), 'difference')} from the documented tables",
        table(
            adjustments_out.TITLE,
            adjustments_out.COLUMNS,
            adjustments_out.rows(made),
            right=adjustments_out.NUMBERS,
        ),
    )
