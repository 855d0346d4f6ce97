"""What replaces a resource is known of every type that holds state, with a case for each rule."""

from __future__ import annotations

import pytest

from sizing.rules import REPLACES, UpdateRule
from sizing.rules.replaces_change import Effect, effect, refused, replacing
from sizing.rules.replaces_checks import version
from sizing.rules.replaces_kubernetes import BY_KIND, HELD_FAST
from sizing.rules.replaces_stateful import STATEFUL
from sizing.rules.replaces_when import REPLACES_WHEN
from sizing.sources import source

pytestmark = pytest.mark.cloud_free("a table of types of both clouds, by its own examples")

CASES = [
    pytest.param(rule, token, id=f"{rule.id}-{token}")
    for rule in REPLACES_WHEN
    for token in rule.types
]


@pytest.mark.parametrize("token", STATEFUL)
def test_what_replaces_a_type_with_state_is_known(token: str) -> None:
    assert replacing(token) is not None
    assert STATEFUL[token]


@pytest.mark.parametrize(("rule", "token"), CASES)
def test_a_rule_tells_its_examples_apart(rule: UpdateRule, token: str) -> None:
    assert replacing(token) is not None
    assert rule.check(*rule.passing) is None
    assert rule.check(*rule.failing) is not None
    assert source(rule.source).where


@pytest.mark.parametrize(("rule", "token"), CASES)
def test_a_rule_decides_over_the_table_of_its_type(rule: UpdateRule, token: str) -> None:
    keys = rule.property.split(".")
    found = [effect(token, keys, ["any"], *pair) for pair in (rule.passing, rule.failing)]
    assert found == [Effect.UPDATE, Effect.REPLACE]


@pytest.mark.parametrize("token", sorted(REPLACES))
def test_every_property_of_a_table_replaces_unless_a_rule_decides(token: str) -> None:
    decided = {rule.property for rule in REPLACES_WHEN if token in rule.types}
    for path in REPLACES[token] - decided:
        assert effect(token, path.split("."), ["any"]) is Effect.REPLACE, path
    assert effect(token, ["tags"], ["any"]) is not Effect.UNKNOWN


@pytest.mark.parametrize("kind", sorted(BY_KIND))
def test_an_object_is_another_by_its_name_and_by_what_its_kind_holds_fast(kind: str) -> None:
    token = f"kubernetes:{kind}"
    for path in ("metadata.name", "metadata.namespace", *BY_KIND[kind]):
        assert effect(token, path.split("."), ["any"]) is Effect.REPLACE, path
    assert effect(token, ["metadata", "labels", "a"], ["any"]) is Effect.UPDATE


def test_a_custom_resource_is_another_by_its_name_alone() -> None:
    token = "kubernetes:keda.sh/v1alpha1:ScaledObject"
    assert effect(token, ["metadata", "name"], ["a"]) is Effect.REPLACE
    assert effect(token, ["spec", "minReplicaCount"], [1]) is Effect.UPDATE


def test_of_a_block_that_comes_whole_it_matters_what_is_in_it() -> None:
    token = "gcp:container/nodePool:NodePool"
    assert effect(token, ["nodeConfig"], [{"labels": {"a": "b"}}]) is Effect.UPDATE
    assert effect(token, ["nodeConfig"], [{"spot": True}]) is Effect.REPLACE


def test_of_an_unknown_type_nothing_is_known() -> None:
    assert effect("other:index/thing:Thing", ["size"], [1]) is Effect.UNKNOWN


@pytest.mark.parametrize("kind", sorted(HELD_FAST))
def test_what_the_api_server_holds_fast_is_refused_and_replaces_nothing(kind: str) -> None:
    for path in HELD_FAST[kind]:
        keys = path.split(".")
        assert refused(f"kubernetes:{kind}", keys, ["any"])
        assert effect(f"kubernetes:{kind}", keys, ["any"]) is Effect.UPDATE


@pytest.mark.parametrize(
    ("text", "parts"),
    [("OpenSearch_2.19", (2, 19)), ("7.1", (7, 1)), ("REDIS_7_2", (7, 2)), (None, ()), ("x", ())],
)
def test_versions_are_read_by_their_numbers(text: str | None, parts: tuple[int, ...]) -> None:
    assert version(text) == parts
