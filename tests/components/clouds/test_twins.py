"""Every part of every plan keeps the same promises on either cloud: tier by tier, environment too.

What must hold stands in invariants.py and facts.py, and is broken on purpose in test_invariants.py.
"""

from __future__ import annotations

import re
from itertools import pairwise
from pathlib import Path

import pytest

import components
from components.naming import component_word
from sizing.plans import PlatformPlan
from sizing.rules import REPLACES
from sizing.words import Cloud, Environment, Tier
from tests.components.clouds import facts, invariants
from tests.components.clouds.made import ALONE, TWINS, Made, build, made, planned
from tests.components.clouds.words import HOLDS_DATA, NAMES
from tests.components.gcp.samples import LONGEST_STACK

TOKEN = re.compile(r'"(aigw:(?:aws|gcp):\w+)"')
EMPTY = frozenset({"firewall-policy", "backups"})
"""Twins that a plan may do without."""

each_twin = pytest.mark.parametrize("twin", TWINS)


def test_every_component_of_a_cloud_has_a_twin_or_a_reason() -> None:
    home = Path(components.__file__).parent
    known = {
        token
        for cloud in Cloud
        for file in (home / cloud).glob("*.py")
        for token in TOKEN.findall(file.read_text())
    }
    twins = {token for pair in TWINS.values() for token in pair.values()}
    assert known == twins | ALONE.keys()
    assert not twins & ALONE.keys()


@each_twin
def test_a_plan_has_each_part_or_says_that_it_does_without(stack: Made, twin: str) -> None:
    expected = {
        "firewall-policy": stack.of.ingress.waf,
        "backups": stack.of.backups.enabled,
    }.get(twin, True)
    assert bool(stack.twin(twin)) is expected
    assert twin in EMPTY or stack.components(twin)


@each_twin
def test_nothing_is_open_to_the_world_but_the_way_in(stack: Made, twin: str) -> None:
    way_in = twin == "ingress" and not stack.of.ingress.internal
    assert list(invariants.open_to_the_world(stack.twin(twin), way_in=way_in)) == []


@each_twin
def test_what_holds_data_is_encrypted_by_a_key_of_the_plan(stack: Made, twin: str) -> None:
    assert list(invariants.unencrypted(stack.twin(twin), stack.twin("keys"))) == []


@each_twin
def test_what_holds_data_is_protected_exactly_where_the_plan_says_so(
    stack: Made, twin: str
) -> None:
    assert stack.of.protect is (stack.of.request.environment is Environment.PROD)
    wrong = invariants.wrongly_protected(stack.twin(twin), protect=stack.of.protect)
    assert list(wrong) == []


@each_twin
def test_whatever_takes_labels_says_whose_it_is(stack: Made, twin: str) -> None:
    word = component_word(TWINS[twin][stack.cloud])
    assert list(invariants.unlabelled(stack.twin(twin), stack.tags, word)) == []


@each_twin
def test_no_secret_stands_in_clear_in_what_is_registered(stack: Made, twin: str) -> None:
    shown = [*stack.twin(twin), *stack.components(twin)]
    assert list(invariants.in_clear(shown)) == []


@each_twin
def test_no_rule_of_the_cloud_refuses_what_is_planned(stack: Made, twin: str) -> None:
    assert list(invariants.refused(stack.twin(twin))) == []


@each_twin
def test_everything_belongs_to_a_component(stack: Made, twin: str) -> None:
    assert list(invariants.orphans(stack.twin(twin), stack.recorder.resources)) == []


@each_twin
def test_logical_names_are_unique_and_say_no_size(stack: Made, twin: str) -> None:
    assert list(invariants.unstable_names(stack.twin(twin))) == []


@each_twin
def test_what_is_set_is_what_is_planned(stack: Made, twin: str) -> None:
    assert facts.wrong(stack, twin) == []


@each_twin
def test_it_is_known_of_every_type_what_replaces_it(stack: Made, twin: str) -> None:
    kinds = {one.type for one in stack.twin(twin) if one.type.startswith(("aws:", "gcp:"))}
    assert kinds <= REPLACES.keys()


def test_nothing_is_registered_outside_of_components(stack: Made) -> None:
    # the stack itself is the engine's
    resources = [one for one in stack.recorder.resources if not one.type.startswith("pulumi:")]
    assert list(invariants.orphans(resources, resources)) == []
    assert list(invariants.unstable_names(resources)) == []


MOVES = frozenset({"postgres-instance"})
"""A Multi-AZ cluster of RDS is another kind of resource; the old server stays until its data is
there (docs/operations.md)."""


def lasting(stack: Made) -> set[str]:
    """Return the logical names of what cannot be had back, which a resize must not change."""
    return {one.name for one in stack.recorder.resources if one.type in HOLDS_DATA}


@pytest.mark.parametrize("environment", list(Environment), ids=str)
def test_a_larger_tier_keeps_every_store_of_a_smaller_one(
    cloud: Cloud, environment: Environment
) -> None:
    names = [lasting(made(cloud, tier, environment)) for tier in Tier]
    assert all(names)
    for smaller, larger in pairwise(names):
        assert smaller - MOVES <= larger


@each_twin
def test_physical_names_fit_a_platform_of_the_longest_name(longest: Made, twin: str) -> None:
    assert list(invariants.too_long(longest.twin(twin))) == []
    assert list(invariants.refused(longest.twin(twin))) == []


@pytest.fixture(scope="module")
def longest(cloud: Cloud) -> Made:
    plan: PlatformPlan = planned(cloud, Tier.ENTERPRISE, Environment.PROD)
    return build(plan, LONGEST_STACK)


def test_names_that_are_ours_to_give_are_looked_at(longest: Made) -> None:
    named = {one.type for one in longest.recorder.resources}
    assert len([kind for kind in NAMES if kind in named]) >= 6
