"""What the infrastructure components register, the cloud takes, by the table of refusals."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from sizing.rules import refusals
from sizing.words import CapacityType
from tests.components.aws import (
    test_addons,
    test_eks,
    test_keys,
    test_network,
    test_node_pools,
    test_workload_identity,
)
from tests.components.aws.samples import ADDONS, network_plan, pool
from tests.components.support import Recorder

BUILDERS: dict[str, Callable[[], Recorder]] = {
    "network": lambda: test_network.build(network_plan()),
    "keys": test_keys.build,
    "identity": test_workload_identity.build,
    "control plane": test_eks.build,
    "add-ons": lambda: test_addons.build(*ADDONS),
    "node pools": lambda: test_node_pools.build(
        pool(),
        pool("spot", instance_types=("m5.xlarge", "m5a.xlarge"), capacity_type=CapacityType.SPOT),
        test_node_pools.gpu_pool(minimum=0),
    ),
}


@pytest.mark.parametrize("part", list(BUILDERS))
def test_nothing_registered_is_refused(part: str) -> None:
    recorder = BUILDERS[part]()
    custom = [one for one in recorder.resources if one.custom]
    assert custom
    found = {one.name: refusals(one.type, one.inputs) for one in custom}
    assert {name: [str(r) for r in said] for name, said in found.items() if said} == {}


def test_the_table_sees_a_group_whose_minimum_is_above_its_count() -> None:
    group = test_node_pools.build(pool(minimum=6)).one("NodeGroup")
    assert refusals(group.type, group.inputs)
