"""The bill counts what a stack really makes."""

from __future__ import annotations

import pytest

from sizing.cost import cost
from stacks.apps.build import generated, kept
from stacks.config import load_all
from stacks.decision import decide

CONFIGS = load_all()
MASTER = 1
"""PostgreSQL's own password, kept as a secret; a guest's server is its host's."""


@pytest.mark.parametrize("stack", CONFIGS)
def test_every_secret_that_is_made_or_filled_is_in_the_bill(stack: str) -> None:
    config = CONFIGS[stack]
    plan = decide(config).plan
    (line,) = [one for one in cost(plan).items if one.component == "secrets"]
    masters = 0 if config.in_hosts_cluster else MASTER
    filled = () if config.in_hosts_cluster else kept(plan)  # a guest's are its host's
    assert line.quantity == masters + len(plan.caches) + len(generated(config, plan)) + len(filled)
