"""What every constraint of the request path and its stores has in common."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sizing.addresses import budget
from sizing.capacity import (
    addresses,
    agent_gateway,
    agent_router,
    litellm,
    network,
    postgres,
    redis,
    vendor_sizes,
)
from sizing.capacity.constraint import Constraint
from sizing.catalog import instance
from sizing.sources import sources
from sizing.units import GIB
from sizing.words import Cloud, Tier, Verdict
from sizing.workload import Provider, Workload, reference

pytestmark = pytest.mark.cloud_free("models of the load; the machine is given")

LOADS = st.builds(
    replace,
    st.sampled_from([reference(tier) for tier in Tier]),
    requests_per_second_peak=st.floats(0.01, 5000),
    peak_factor=st.floats(1, 100),
    input_tokens=st.floats(1, 200_000),
    output_tokens=st.floats(1, 20_000),
    streaming_share=st.floats(0, 1),
    cache_hit_share=st.floats(0, 0.99),
    self_hosted_share=st.floats(0, 1),
    keys=st.integers(1, 1_000_000),
    model_names=st.integers(1, 50),
    prompts_stored=st.booleans(),
    limits_requests_per_minute=st.none() | st.floats(1, 10**6),
    providers=st.lists(
        st.builds(
            Provider,
            name=st.sampled_from("abc"),
            share=st.floats(0, 1),
            requests_per_minute=st.none() | st.floats(1, 10**6),
            tokens_per_minute=st.none() | st.floats(1, 10**9),
        ),
        max_size=3,
        unique_by=lambda one: one.name,
    ).map(tuple),
)


def constraints(load: Workload, count: int) -> Iterator[Constraint]:
    """Yield the constraints of a platform whose parts all number `count`."""
    machine = instance(Cloud.AWS, "m5.4xlarge")
    need = budget(pods=count, nodes=count, zones_left=2, endpoints=3)
    yield litellm.requests(load, count)
    yield litellm.chunks(load, count)
    yield litellm.memory(1, count * GIB)
    yield litellm.autoscaler(load, count)
    yield litellm.added_latency(load, count)
    yield agent_gateway.requests(load, count * 1000)
    yield agent_router.in_flight(load, count)
    yield agent_router.controller(load, rules=count)
    yield from agent_router.provider_quotas(load)
    yield from agent_router.limits(load)
    yield postgres.client_connections(
        pool=10, workers_per_pod=1, pods=count, max_client_connections=1000, bouncers=count
    )
    yield postgres.server_connections(
        pool=20, reserve=5, bouncers=count, pairs=4, max_connections=400, kept_back=20
    )
    yield postgres.retention(load, count * GIB)
    yield postgres.row_writes(load, count * 100)
    yield from vendor_sizes.postgres(
        load, vcpu=count, memory_bytes=count * GIB, storage_bytes=count * GIB, iops=3000
    )
    yield from vendor_sizes.redis(load, vcpu=count, memory_bytes=count * GIB)
    yield redis.cache_memory(load, count * GIB)
    yield redis.state_memory(load, count * GIB)
    yield redis.crawler_memory(count * GIB)
    yield redis.operations(load, count)
    yield network.ingress(load, count * 100)
    yield network.internal(load, count)
    yield network.nat_bandwidth(load, count)
    yield network.nat_connections(load, count)
    yield addresses.pod_addresses(need.pod_addresses, count)
    yield addresses.pods_per_node(count, machine, 110)


@given(load=LOADS, count=st.integers(1, 60))
@settings(max_examples=60)
def test_every_constraint_says_where_it_comes_from_and_what_would_prove_it(
    load: Workload, count: int
) -> None:
    known = sources()
    for one in constraints(load, count):
        assert one.source in known, one.name
        assert one.formula, one.name
        assert one.verdict is not Verdict.UNPROVEN or one.measure, one.name


@given(load=LOADS, count=st.integers(1, 60))
@settings(max_examples=60)
def test_what_is_sure_is_never_more_than_what_is_possible(load: Workload, count: int) -> None:
    for one in constraints(load, count):
        if one.conservative is not None and one.physical is not None:
            assert one.conservative <= one.physical * (1 + 1e-9), one.name
