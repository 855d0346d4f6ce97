"""What a plan survives: the verdicts beside pods that are really moved, and a failing case a rule.

Zones and nodes are taken from an own scheduler's cluster; nothing here asks the planner.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from math import ceil

import pytest

from sizing.catalog import instance
from sizing.checks.quotas import MACHINES
from sizing.plan import plan
from sizing.planning.names import slug
from sizing.plans import NodePoolPlan, Overrides, PlatformPlan, PoolOverride, ServicePlan
from sizing.quotas import quotas
from sizing.words import Environment, Tier, Verdict
from tests.sizing.proof.cuts import pool_of, with_most, with_nodes, with_replicas
from tests.sizing.proof.oracle import Cluster, cluster
from tests.sizing.proof.samples import findings, plans
from tests.sizing.requests import planned as preset
from tests.sizing.requests import request as preset_request

PLANS = 20
GATEWAYS = ("agent-gateway", "litellm", "pgbouncer")
MOVABLE = ("general", "gpu", "system")


def nodes(pool: NodePoolPlan) -> int:
    return pool.scale.planned


def most_nodes(pool: NodePoolPlan) -> int:
    return pool.scale.maximum


def standing(service: ServicePlan) -> int:
    return service.scale.planned


def carrying(service: ServicePlan) -> int:
    return service.needed


def rolled_out(service: ServicePlan) -> int:
    """A quarter beside the old ones; a replica with a volume or a GPU is replaced in its place."""
    in_place = service.volume_gib or service.gpus
    return service.scale.planned + (0 if in_place else ceil(service.scale.planned / 4))


def short(made: PlatformPlan, pool: NodePoolPlan, bound: Cluster) -> bool:
    """Say whether a pod of a pool found no node."""
    return any(bound.unbound[one.name] for one in made.services if pool_of(made, one) == pool)


def pools(made: PlatformPlan) -> Iterator[NodePoolPlan]:
    """Yield the pools whose pods may move to another zone."""
    return (one for one in made.node_pools if one.role in MOVABLE and len(one.zone_ids) > 1)


def test_the_verdict_on_a_lost_zone_is_what_moving_the_pods_gives() -> None:
    """Whole plans and cut ones: the check holds where all pods find a place, and only there."""
    seen = {Verdict.HOLDS: 0, Verdict.REFUTED: 0}
    for made in plans(PLANS, surviving=True):
        for pool in pools(made):
            for fewer in (0, 1, 2, pool.scale.planned // 2):
                if fewer >= pool.scale.planned:
                    continue
                cut = with_nodes(made, pool.name, pool.scale.planned - fewer)
                verdict = findings(cut)[f"node_pools.{pool.name}.zone-loss"].verdict
                fullest = pool.zone_ids[0]
                moved = cluster(cut, nodes, carrying, lost=fullest, spread=False)
                changed = next(one for one in cut.node_pools if one.name == pool.name)
                seen[verdict] += 1

                assert short(cut, changed, moved) == (verdict is Verdict.REFUTED), (pool, fewer)

    assert min(seen.values()) > PLANS


def test_every_zone_may_be_lost_without_moving_a_pod() -> None:
    """Those that carry the peak stand at once: nothing waits for a node or an image."""
    for made in plans(PLANS, surviving=True):
        whole = cluster(made, nodes, standing)
        for zone in made.request.zone_ids:
            for service in made.services:
                zones = pool_of(made, service).zone_ids
                if (service.name in GATEWAYS or service.model) and len(zones) > 1:
                    left = whole.running(service.name, without=lambda one: one.zone == zone)  # noqa: B023
                    assert left >= service.needed, (made.request, service.name, zone)


def test_engines_stand_while_any_node_is_updated() -> None:
    """The rolling rule of GPU pools: a machine goes before a new one comes."""
    judged = 0
    for made in plans(PLANS, surviving=True):
        whole, found = cluster(made, nodes, standing), findings(made)
        for service in (one for one in made.services if one.model):
            left = standing(service) - max(whole.where[service.name].values())
            judged += 1

            assert found[f"services.{service.name}.rolling"].verdict is Verdict.HOLDS
            assert left >= service.needed

    assert judged > PLANS


def test_a_pool_of_one_machine_stands_still_while_it_is_updated() -> None:
    for made in plans(PLANS, surviving=True):
        for service in (one for one in made.services if one.model):
            cut = with_nodes(made, service.pool, 1)

            assert findings(cut)[f"services.{service.name}.rolling"].verdict is Verdict.REFUTED


@pytest.mark.parametrize("environment", [Environment.STAGING, Environment.PROD])
@pytest.mark.parametrize("tier", Tier)
def test_every_preset_rolls_out_all_pods_at_once(tier: Tier, environment: Environment) -> None:
    made = preset(environment, tier)

    assert not cluster(made, most_nodes, rolled_out).unbound
    rolling = [one for one in findings(made).values() if one.constraint == "rolling"]
    assert {one.verdict for one in rolling} == {Verdict.HOLDS}


def test_a_rollout_without_room_is_refuted_where_its_pods_find_no_node() -> None:
    seen = 0
    for made in plans(PLANS, surviving=True):
        pool = next(one for one in made.node_pools if one.role == "general")
        cut = with_most(made, pool.name, pool.scale.planned // 3)
        changed = next(one for one in cut.node_pools if one.name == pool.name)
        if short(cut, changed, cluster(cut, most_nodes, rolled_out, spread=False)):
            seen += 1
            assert findings(cut)["node_pools.general.rolling"].verdict is Verdict.REFUTED

    assert seen


def test_replicas_at_their_maximum_fit_nodes_and_connections() -> None:
    made = preset(Environment.PROD, Tier.LARGE)
    proxy = next(one for one in made.services if one.name == "litellm")
    many = with_most(made, "litellm", proxy.scale.maximum * 6)
    pool = next(one for one in many.node_pools if one.role == "general")

    before, after = findings(made), findings(many)
    for rule in ("node_pools.general.autoscaler-maxima", "postgres.client-connections"):
        assert before[rule].verdict is Verdict.HOLDS
        assert after[rule].verdict is Verdict.REFUTED
    most = cluster(many, most_nodes, lambda one: one.scale.maximum, spread=False)
    assert short(many, pool, most)


def test_nodes_at_their_maximum_fit_the_quota() -> None:
    """What is granted to the last machine holds; one vCPU or GPU fewer does not."""
    made = preset(Environment.PROD, Tier.LARGE)
    machines = [one for one in quotas(made) if one.unit in MACHINES]
    assert machines
    for one in machines:
        rule = f"quotas.{slug(one.name)}"
        for granted, verdict in (
            (one.needed, Verdict.HOLDS),
            (one.needed - 1, Verdict.REFUTED),
        ):
            stated = replace(made, request=replace(made.request, quotas=((one.name, granted),)))
            assert findings(stated)[rule].verdict is verdict
        assert findings(made)[rule].verdict is Verdict.UNPROVEN


def test_a_quota_asks_for_every_node_of_the_maximum() -> None:
    made = preset(Environment.PROD, Tier.LARGE)
    general = next(one for one in made.node_pools if one.role == "general")
    more = with_most(made, general.name, general.scale.maximum + 10)

    before, after = ({one.name: one.needed for one in quotas(one)} for one in (made, more))
    vcpu = 10 * instance(made.request.cloud, general.instance_types[0]).vcpu
    assert vcpu in {after[name] - before[name] for name in before}


def test_poolers_of_a_lost_zone_leave_room_for_every_client() -> None:
    """The pooler's rule fails with the planned replicas that only one lost pod would leave."""
    made = preset(Environment.PROD, Tier.ENTERPRISE)
    pooler = next(one for one in made.services if one.name == "pgbouncer")

    assert findings(made)["services.pgbouncer.zone-loss"].verdict is Verdict.HOLDS
    cut = with_replicas(made, "pgbouncer", pooler.needed)
    assert findings(cut)["services.pgbouncer.zone-loss"].verdict is Verdict.REFUTED


def test_a_lone_replica_is_lost_with_its_zone() -> None:
    made = preset(Environment.PROD, Tier.SMALL)

    alone = findings(with_replicas(made, "litellm", 1))

    assert alone["services.litellm.requests"].verdict is Verdict.REFUTED


def test_an_override_of_one_machine_for_two_models_is_planned_and_refused() -> None:
    """Nothing survives there: said by the checks, and the plan is still made."""
    asked = preset_request()
    model = asked.whole_load.models[0]
    halves = tuple(
        replace(model, name=name, repository=name, share=0.5) for name in ("llama-3-8b", model.name)
    )
    load = replace(asked.whole_load, models=halves)
    one = Overrides(pools=(PoolOverride(role="gpu", planned=1),))
    made = plan(replace(asked, workload=load, overrides=one))

    refuted = {one.id for one in findings(made).values() if one.verdict is Verdict.REFUTED}
    assert any(one.startswith("node_pools.gpu") and one.endswith("zone-loss") for one in refuted)
