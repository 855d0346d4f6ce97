"""Plans cut by one replica or one node in what binds them fail their check."""

from __future__ import annotations

import pytest

from sizing.catalog import instance
from sizing.pack import most_of
from sizing.planning.items import item
from sizing.planning.serving import lost_zone_nodes, survivors
from sizing.plans import PlatformPlan, ServicePlan
from sizing.reserve import room
from sizing.words import Verdict
from tests.sizing.proof.cuts import (
    one_too_few,
    pool_of,
    with_most,
    with_nodes,
    with_replicas,
    worse,
)
from tests.sizing.proof.samples import findings, plans

PLANS = 25
GATEWAYS = ("agent-gateway", "litellm", "pgbouncer")


@pytest.mark.parametrize("name", GATEWAYS)
def test_a_gateway_one_short_of_what_carries_the_peak_fails(name: str) -> None:
    for made in plans(PLANS, surviving=True):
        service = next(one for one in made.services if one.name == name)
        planned = one_too_few(service.needed, len(made.request.zone_ids))
        assert planned < service.scale.planned

        cut = with_replicas(made, name, planned)

        assert worse(findings(made), findings(cut), f"services.{name}"), made.request


def test_a_model_one_engine_short_of_what_carries_the_peak_fails() -> None:
    cut_models = 0
    for made in plans(PLANS, surviving=True):
        before = findings(made)
        for service in (one for one in made.services if one.model):
            cut = with_replicas(made, service.name, engines_too_few(made, service))
            cut_models += 1

            assert worse(before, findings(cut), f"services.{service.name}"), made.request

    assert cut_models > PLANS


def engines_too_few(plan: PlatformPlan, service: ServicePlan) -> int:
    """Return the most engines of which fewer than the needed stand with a zone lost."""
    pool = pool_of(plan, service)
    nodes, zones = pool.scale.planned, len(pool.zone_ids)
    each = most_of(item(service, 1), room(instance(plan.request.cloud, pool.instance_types[0])))
    if min(nodes, zones) == 1:
        return service.needed - 1
    planned = service.needed
    while survivors(planned + 1, nodes, zones, each) < service.needed:
        planned += 1
    return planned


def test_a_pool_one_node_short_of_what_survives_a_zone_fails() -> None:
    cut_pools = 0
    for made in plans(PLANS, surviving=True):
        before = findings(made)
        for pool in made.node_pools:
            loss = before[f"node_pools.{pool.name}.zone-loss"]
            if loss.verdict is not Verdict.HOLDS or loss.demand is None:
                continue
            nodes = int(loss.demand)
            while lost_zone_nodes(nodes + 1, len(pool.zone_ids)) < loss.demand:
                nodes += 1
            after = findings(with_nodes(made, pool.name, nodes))
            cut_pools += 1

            assert after[loss.id].verdict is Verdict.REFUTED, made.request

    assert cut_pools > PLANS


@pytest.mark.parametrize("constraint", ["fill", "autoscaler-maxima", "rolling"])
def test_a_pool_one_node_short_of_its_pods_fails(constraint: str) -> None:
    for made in plans(PLANS, surviving=True):
        before = findings(made)
        pool = next(one for one in made.node_pools if one.role == "general")
        held = before[f"node_pools.general.{constraint}"]
        assert held.demand is not None
        fewer = int(held.demand) - 1
        change = with_nodes if constraint == "fill" else with_most

        after = findings(change(made, pool.name, fewer))

        assert after[held.id].verdict is Verdict.REFUTED, made.request


def test_a_maximum_without_room_for_an_update_is_not_proven() -> None:
    """One node fewer than planned for: all maxima fit still, an update beside them does not."""
    exact = 0
    for made in plans(PLANS // 2, surviving=True):
        whole = findings(made)
        for pool in made.node_pools:
            maxima = f"node_pools.{pool.name}.autoscaler-maxima"
            before = whole[maxima]
            surge = 0 if pool.rolling == "MINIMAL" else len(pool.zone_ids)
            if before.demand is None or before.demand + surge != pool.scale.maximum or not surge:
                continue
            after = findings(with_most(made, pool.name, pool.scale.maximum - 1))
            exact += 1

            assert (before.verdict, after[maxima].verdict) == (Verdict.HOLDS, Verdict.UNPROVEN)

    assert exact > PLANS // 2
