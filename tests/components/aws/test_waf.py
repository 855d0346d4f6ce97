"""The firewall blocks addresses, rates and headers, and never what stands in a body."""

from __future__ import annotations

import re
from typing import Any

import pytest

from components.aws.waf import MANAGED
from tests.components.aws.make_edge import firewall as deploy
from tests.components.aws.store_plans import LOGS_KEY
from tests.components.clouds.test_firewalls import READ_BODIES
from tests.components.support import Recorder


@pytest.fixture(scope="module")
def recorder() -> Recorder:
    return deploy()


def rules(recorder: Recorder) -> dict[str, dict[str, Any]]:
    return {one["name"]: one for one in recorder.one("WebAcl").inputs["rules"]}


def managed(recorder: Recorder) -> dict[str, set[str]]:
    """The rules that may only count, by managed group."""
    found = {}
    for rule in rules(recorder).values():
        group = rule["statement"].get("managedRuleGroupStatement")
        if group is not None:
            assert all(one["actionToUse"] == {"count": {}} for one in _overrides(group))
            found[group["name"]] = {one["name"] for one in _overrides(group)}
    return found


def _overrides(group: dict[str, Any]) -> list[dict[str, Any]]:
    return list(group.get("ruleActionOverrides", []))


def test_reputation_blocks_all_it_lists_and_other_groups_count_bodies_alone(
    recorder: Recorder,
) -> None:
    counted = managed(recorder)
    assert counted.pop("AWSManagedRulesAmazonIpReputationList") == set()
    assert counted == {name: READ_BODIES[name] for name in counted}


def test_priorities_are_unique_and_managed_groups_keep_their_own_actions(
    recorder: Recorder,
) -> None:
    priorities = [one["priority"] for one in rules(recorder).values()]
    assert len(set(priorities)) == len(priorities) == len(MANAGED) + 1
    for rule in rules(recorder).values():
        assert ("overrideAction" in rule) is ("managedRuleGroupStatement" in rule["statement"])
        assert rule.get("overrideAction", {"none": {}}) == {"none": {}}


def test_the_description_has_only_characters_that_the_service_takes(recorder: Recorder) -> None:
    description = recorder.one("WebAcl").inputs["description"]
    assert re.fullmatch(r"[\w+=:#@/\-,.][\w+=:#@/\-,.\s]+[\w+=:#@/\-,.]", description)


def test_the_log_is_encrypted_named_as_the_service_asks_and_without_keys(
    recorder: Recorder,
) -> None:
    group = recorder.one("LogGroup").inputs
    assert group["name"] == "aws-waf-logs-aigw-prod-large"
    assert (group["kmsKeyId"], group["retentionInDays"]) == (LOGS_KEY, 90)
    logging = recorder.one("WebAclLoggingConfiguration")
    hidden = {one["singleHeader"]["name"] for one in logging.inputs["redactedFields"]}
    assert {"authorization", "x-api-key", "cookie"} <= hidden
    assert recorder.one("LogResourcePolicy").urn in logging.depends_on


def test_samples_that_would_show_keys_are_off_everywhere(recorder: Recorder) -> None:
    acl = recorder.one("WebAcl").inputs
    seen = [acl["visibilityConfig"], *(one["visibilityConfig"] for one in acl["rules"])]
    assert not any(one["sampledRequestsEnabled"] for one in seen)
