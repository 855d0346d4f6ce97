"""A stack that asks for a load test has the pods of its generator, and a namespace with room."""

from __future__ import annotations

from dataclasses import replace

import pytest

from sizing.loadtest.generator import parts
from sizing.plan import plan
from sizing.plans.request import Switches
from sizing.words import Tier
from tests.sizing.requests import base


def test_a_stack_has_no_load_test_unless_it_asks_for_one() -> None:
    assert "load-test" not in {one.name for one in plan(base()).helpers}


@pytest.mark.parametrize("tier", [Tier.SMALL, Tier.ENTERPRISE])
def test_its_pods_are_planned_and_its_namespace_holds_them(tier: Tier) -> None:
    asked = replace(base(), tier=tier, switches=Switches(load_test=True))
    found = plan(asked)
    (helper,) = [one for one in found.helpers if one.name == "load-test"]
    assert (helper.kind, helper.namespace) == ("job", "prod-apps")
    assert helper.pods == parts(asked.load)
    (room,) = [one for one in found.namespaces if one.name == "prod-apps"]
    assert room.pods >= helper.pods
    assert room.cpu_request_millis >= helper.pods * helper.cpu_request_millis


def test_a_larger_peak_has_more_pods() -> None:
    small, large = (parts(replace(base(), tier=one).load) for one in (Tier.SMALL, Tier.ENTERPRISE))
    assert (small, large) == (1, 5)
