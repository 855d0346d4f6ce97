"""What pools survive: a zone lost, an update of nodes and pods, every autoscaler at its top."""

from __future__ import annotations

from sizing.checks.pool import Pool
from sizing.checks.verdicts import Amount, Subject, finding, limit
from sizing.pack import pack
from sizing.planning.serving import lost_zone_nodes
from sizing.plans import Finding
from sizing.reserve import room
from sizing.words import Verdict


def check_survival(subject: Subject, pool: Pool) -> list[Finding]:
    """Return the findings of a pool; a GPU pool's update is judged with its engines."""
    rolling = [] if pool.plan.role == "gpu" else [_rolling(subject, pool)]
    return [_maximum(subject, pool), *rolling, _zone_loss(subject, pool)]


def survivors(need: int, zones: int) -> int:
    """Return the fewest nodes of which the needed stand with the fullest zone lost.

    In a single zone no number does: the needed themselves.
    """
    if zones <= 1:
        return need
    nodes = need
    while lost_zone_nodes(nodes, zones) < need:
        nodes += 1
    return nodes


def _maximum(subject: Subject, pool: Pool) -> Finding:
    need, most = pack(pool.maxima, room(pool.machine)).nodes, pool.plan.scale.maximum
    return finding(
        subject,
        pool.path,
        "autoscaler-maxima",
        limit(need, most, most - _surge(pool)),
        f"all services at their maximum take {need} of at most {most} nodes, of which an update "
        f"takes {_surge(pool)}",
        amount=Amount(demand=need, capacity=most, unit="nodes"),
        fix=f"set {pool.override}.planned to {need}",
    )


def _surge(pool: Pool) -> int:
    """Return the nodes that an update starts before it takes old ones away: one a zone."""
    return 0 if pool.plan.rolling == "MINIMAL" else len(pool.plan.zone_ids)


def _rolling(subject: Subject, pool: Pool) -> Finding:
    """Judge new pods beside the old ones, and new nodes beside the old ones."""
    most, pods = pool.plan.scale.maximum, pack(pool.surged, room(pool.machine)).nodes
    nodes = pool.plan.scale.planned + _surge(pool)
    need = max(pods, nodes)
    return finding(
        subject,
        pool.path,
        "rolling",
        limit(need, most),
        f"an update of all pods takes {pods} nodes and one of all nodes {nodes}, of at most {most}",
        amount=Amount(demand=need, capacity=most, unit="nodes"),
        fix=f"set {pool.override}.planned to {need}, which raises the maximum",
        source="eks-managed-node-groups",
    )


def _zone_loss(subject: Subject, pool: Pool) -> Finding:
    plan, zones = pool.plan, len(pool.plan.zone_ids)
    if subject.setting.is_dev:
        return _not_applicable(subject, pool, "dev may stand still while a zone is away")
    if plan.role == "data":
        return _not_applicable(
            subject, pool, "volumes stay in their zone; the other zones' groups hold the replicas"
        )
    if not pool.after_loss:
        return _not_applicable(subject, pool, "nothing that carries the peak runs on it")
    need, left = pool.after_loss, lost_zone_nodes(plan.scale.planned, zones)
    verdict, tail = limit(need, left), ""
    if plan.role == "gpu" and zones == 1:
        # No number of nodes helps where one zone sells the type: what then serves is not ours.
        verdict = Verdict.UNPROVEN
        tail = "; no other zone is known to sell the type: outside models must answer meanwhile"
    return finding(
        subject,
        pool.path,
        "zone-loss",
        verdict,
        f"with the fullest of {zones} zones lost, {left} nodes stand and the pods that carry the "
        f"peak take {need}{tail}",
        amount=Amount(demand=need, capacity=left, unit="nodes left"),
        fix=f"set {pool.override}.planned to {survivors(need, zones)}"
        if zones > 1
        else f"give pool {plan.name} a second zone",
    )


def _not_applicable(subject: Subject, pool: Pool, reason: str) -> Finding:
    return finding(subject, pool.path, "zone-loss", Verdict.NOT_APPLICABLE, reason)
