"""The table of what the cloud refuses accepts its good examples and refuses its bad ones."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sizing.model import Json
from sizing.rules import (
    REPLACES,
    RULES,
    RULES_BY_TYPE,
    UPDATE_RULES,
    Rule,
    UpdateRule,
    refusals,
    update_refusals,
)
from sizing.rules.values import OUTPUT, SECRET, SIGNATURE, UNKNOWN_TEXT
from sizing.rules.windows import moments
from sizing.sources import source

pytestmark = pytest.mark.cloud_free("a table of what clouds refuse, by its own examples")

CASES = [
    pytest.param(rule, token, id=f"{rule.id}-{token}") for rule in RULES for token in rule.types
]


def broken(rule: Rule, token: str, inputs: dict[str, Json]) -> list[str]:
    return [refusal.statement for refusal in refusals(token, inputs) if refusal.rule == rule.id]


def with_unknown(value: Json) -> Iterator[Json]:
    """Yield copies of a value with one of its members not known yet, at every depth."""
    yield UNKNOWN_TEXT
    if isinstance(value, dict):
        for key, item in value.items():
            yield from ({**value, key: other} for other in with_unknown(item))
    if isinstance(value, list):
        for place, item in enumerate(value):
            for other in with_unknown(item):
                yield [*value[:place], other, *value[place + 1 :]]


@pytest.mark.parametrize(("rule", "token"), CASES)
def test_the_passing_example_passes(rule: Rule, token: str) -> None:
    assert broken(rule, token, dict(rule.passing)) == []


@pytest.mark.parametrize(("rule", "token"), CASES)
def test_the_failing_example_is_refused_with_the_statement(rule: Rule, token: str) -> None:
    assert broken(rule, token, dict(rule.failing)) == [rule.statement]


@pytest.mark.parametrize(("rule", "token"), CASES)
def test_what_is_not_known_before_up_never_turns_a_pass_into_a_refusal(
    rule: Rule, token: str
) -> None:
    for name, value in rule.passing.items():
        for other in with_unknown(value):
            assert broken(rule, token, {**rule.passing, name: other}) == []


@pytest.mark.parametrize(("rule", "token"), CASES)
def test_a_wrapped_value_is_judged_like_a_bare_one(rule: Rule, token: str) -> None:
    for marker in (SECRET, OUTPUT):
        wrapped: dict[str, Json] = {
            name: {SIGNATURE: marker, "value": value} for name, value in rule.failing.items()
        }
        assert broken(rule, token, wrapped) == [rule.statement]


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.id)
def test_every_rule_names_a_source_that_exists(rule: Rule) -> None:
    assert source(rule.source).where


@pytest.mark.parametrize("rule", UPDATE_RULES, ids=lambda rule: rule.id)
def test_a_change_is_refused_that_the_cloud_does_not_make(rule: UpdateRule) -> None:
    for token in rule.types:
        assert update_refusals(token, *rule.passing) == ()
        assert [one.statement for one in update_refusals(token, *rule.failing)] == [rule.statement]
        assert update_refusals(token, rule.failing[0], rule.failing[0]) == ()
        hidden: dict[str, Json] = dict.fromkeys(rule.failing[1], UNKNOWN_TEXT)
        assert update_refusals(token, rule.failing[0], hidden) == ()
    assert source(rule.source).where


def test_ids_are_unique_and_every_type_of_the_table_is_found() -> None:
    assert len({rule.id for rule in RULES}) == len(RULES)
    assert {token for rule in RULES for token in rule.types} == set(RULES_BY_TYPE)


def test_a_reason_never_shows_a_secret() -> None:
    for secret in ("user@host-of-secrets", "short@1", "has space in it, and more"):
        inputs: dict[str, Json] = {
            "password": secret,
            "masterPassword": secret,
            "authToken": secret,
            "passwords": [secret],
        }
        for token in RULES_BY_TYPE:
            assert not [said for said in refusals(token, inputs) if secret in str(said)]


def test_a_type_without_rules_is_never_refused() -> None:
    assert refusals("aws:ec2/eip:Eip", {"domain": "nonsense"}) == ()


def test_a_refusal_says_what_to_look_at() -> None:
    said = refusals(
        "aws:eks/nodeGroup:NodeGroup", {"scalingConfig": {"minSize": 8, "desiredSize": 4}}
    )
    assert [str(one) for one in said] == [
        "scalingConfig.minSize: The minimum is not above the desired size. "
        "(scalingConfig.minSize is 8, scalingConfig.desiredSize is 4) "
        "[node-group.minimum-below-desired]"
    ]


@settings(max_examples=50)
@given(minimum=st.integers(0, 50), desired=st.integers(0, 50), maximum=st.integers(0, 50))
def test_a_node_group_scales_exactly_when_its_three_numbers_are_in_order(
    minimum: int, desired: int, maximum: int
) -> None:
    scaling: Json = {"minSize": minimum, "desiredSize": desired, "maxSize": maximum}
    accepted = refusals("aws:eks/nodeGroup:NodeGroup", {"scalingConfig": scaling}) == ()
    assert accepted == (minimum <= desired <= maximum and maximum >= 1)


@pytest.mark.parametrize(
    ("backup", "maintenance", "accepted"),
    [
        ("03:00-04:00", "sun:04:00-sun:05:00", True),
        ("03:00-04:00", "sun:03:59-sun:05:00", False),
        ("23:30-00:30", "mon:00:00-mon:01:00", False),
        ("23:30-00:30", "mon:00:30-mon:01:30", True),
        ("00:00-01:00", "sun:23:30-mon:00:30", False),
        ("00:00-01:00", "sun:22:30-sun:23:30", True),
        ("00:00-00:15", "sun:22:30-sun:23:30", False),
        ("3 o'clock", "sun:22:30-sun:23:30", False),
    ],
)
def test_windows_are_long_enough_and_apart_over_midnight_and_the_week(
    backup: str, maintenance: str, accepted: bool
) -> None:
    inputs: dict[str, Json] = {
        "skipFinalSnapshot": True,
        "backupWindow": backup,
        "maintenanceWindow": maintenance,
    }
    assert (refusals("aws:rds/instance:Instance", inputs) == ()) is accepted


@given(st.text(max_size=20))
@settings(max_examples=50)
def test_no_text_breaks_the_reading_of_windows(text: str) -> None:
    assert moments(text) is None or "-" in text


def test_a_resize_of_a_store_is_no_replacement_by_the_table() -> None:
    resized = {
        "aws:rds/instance:Instance": {"instanceClass", "allocatedStorage", "iops", "multiAz"},
        "aws:rds/cluster:Cluster": {"dbClusterInstanceClass", "allocatedStorage", "iops"},
        "aws:elasticache/replicationGroup:ReplicationGroup": {
            "nodeType",
            "numNodeGroups",
            "replicasPerNodeGroup",
            "numCacheClusters",
        },
        "aws:opensearch/domain:Domain": {"clusterConfig", "ebsOptions"},
        "aws:efs/fileSystem:FileSystem": {"throughputMode"},
        "aws:eks/cluster:Cluster": {"version", "vpcConfig", "deletionProtection"},
    }
    for token, properties in resized.items():
        heads = {path.partition(".")[0] for path in REPLACES[token]}
        assert not properties & heads, token
