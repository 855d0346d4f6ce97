"""Every planned node and every planned pod is drawn once, on the pool that the plan says."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace

import pytest

from preview.report_page.nodes import CPU, GPU, MEMORY, filled, measure, zones
from tests.preview.report_page.facts import STACKS, sized


@pytest.mark.parametrize("stack", STACKS)
def test_every_node_and_every_pod_of_the_plan_is_there_once(stack: str) -> None:
    plan = sized(stack).plan
    found = filled(plan)
    numbers = Counter((node.pool.name, node.number) for node in found.nodes)
    assert numbers == Counter(
        (pool.name, number + 1) for pool in plan.node_pools for number in range(pool.scale.planned)
    )
    pods = Counter[str]()
    for node in found.nodes:
        for one in node.pods:
            pods[one.service.name] += one.count
    assert found.unplaced == ()
    assert pods == Counter({one.name: one.scale.planned for one in plan.services})


@pytest.mark.parametrize("stack", STACKS)
def test_no_node_holds_more_than_it_offers(stack: str) -> None:
    for node in filled(sized(stack).plan).nodes:
        assert node.replicas <= node.pool.max_pods
        for of in (CPU, MEMORY, *((GPU,) if node.pool.gpus_per_node else ())):
            assert node.taken(of) <= 1 + 1e-9, node


@pytest.mark.parametrize("stack", STACKS)
def test_pods_stand_on_their_own_pool_and_nodes_in_its_zones(stack: str) -> None:
    for node in filled(sized(stack).plan).nodes:
        assert node.zone in node.pool.zone_ids
        for one in node.pods:
            assert one.service.pool_role == node.pool.role
            assert one.service.pool in ("", node.pool.name)


def test_a_pool_stands_evenly_in_its_zones() -> None:
    pool = next(one for one in sized("prod-large").plan.node_pools if one.name == "general")
    odd = replace(pool, scale=replace(pool.scale, planned=5))
    assert zones(odd) == (("use1-az1", 2), ("use1-az2", 2), ("use1-az4", 1))


def test_replicas_of_a_service_spread_over_zones() -> None:
    proxies = Counter[str]()
    for node in filled(sized("prod-large").plan).nodes:
        for one in node.pods:
            if one.service.name == "litellm":
                proxies[node.zone] += one.count
    assert max(proxies.values()) - min(proxies.values()) <= 1


def test_pods_that_no_node_takes_are_named() -> None:
    plan = sized("prod-large").plan
    none = tuple(
        replace(one, scale=replace(one.scale, planned=0)) if one.role == "gpu" else one
        for one in plan.node_pools
    )
    (left,) = filled(replace(plan, node_pools=none)).unplaced
    assert (left.name, left.pods) == ("vllm-llama-3-1-8b", 4)


def test_boxes_show_what_the_pods_take_most_of() -> None:
    pools = {one.name: one for one in sized("prod-large").plan.node_pools}
    assert measure(pools["gpu-h100"]) == GPU
    assert measure(pools["general"]) == MEMORY
    assert measure(pools["system"]) == CPU
