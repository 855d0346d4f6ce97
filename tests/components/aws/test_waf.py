"""The firewall blocks addresses, rates and headers, and never what stands in a body."""

from __future__ import annotations

import re
from typing import Any

import pytest

from components.aws.waf import MANAGED, Waf, WafArgs
from tests.components.aws import edge_plans
from tests.components.aws.store_plans import LOGS_KEY
from tests.components.support import ACCOUNT, REGION, TAGS, Recorder, children_of, record, untagged

COMPONENT = "aigw:aws:Waf"
BALANCER = f"arn:aws:elasticloadbalancing:{REGION}:{ACCOUNT}:loadbalancer/app/ingress/1"
# AWS Managed Rules for AWS WAF, read 2026-11-21: every rule of these groups that reads a body
READ_BODIES = {
    "AWSManagedRulesKnownBadInputsRuleSet": {
        "JavaDeserializationRCE_BODY",
        "Log4JRCE_BODY",
        "ReactJSRCE_BODY",
    },
    "AWSManagedRulesCommonRuleSet": {
        "CrossSiteScripting_BODY",
        "EC2MetaDataSSRF_BODY",
        "GenericLFI_BODY",
        "GenericRFI_BODY",
        "SizeRestrictions_BODY",
    },
    "AWSManagedRulesSQLiRuleSet": {"SQLiExtendedPatterns_BODY", "SQLi_BODY"},
}


@pytest.fixture(scope="module")
def recorder() -> Recorder:
    return deploy()


def deploy() -> Recorder:
    args = WafArgs(
        plan=edge_plans.ingress(),
        stack="prod-large",
        region=REGION,
        account_id=ACCOUNT,
        load_balancer_arn=BALANCER,
        logs_key_arn=LOGS_KEY,
        tags=TAGS,
    )
    return record(lambda: Waf("waf", args))


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


def test_every_rule_that_reads_a_body_counts(recorder: Recorder) -> None:
    counted = managed(recorder)
    assert {group: counted[group] for group in READ_BODIES} == READ_BODIES


def test_reputation_blocks_all_it_lists(recorder: Recorder) -> None:
    assert managed(recorder)["AWSManagedRulesAmazonIpReputationList"] == set()


def test_no_own_rule_looks_into_a_body(recorder: Recorder) -> None:
    own = [one for one in rules(recorder).values() if "action" in one]
    assert [one["name"] for one in own] == ["rate"]
    assert "body" not in str(own).lower()


def test_an_address_is_refused_above_the_planned_rate_alone(recorder: Recorder) -> None:
    rate = rules(recorder)["rate"]["statement"]["rateBasedStatement"]
    assert (rate["limit"], rate["evaluationWindowSec"], rate["aggregateKeyType"]) == (
        30_000,
        300,
        "IP",
    )


def test_priorities_are_unique_and_managed_groups_keep_their_own_actions(
    recorder: Recorder,
) -> None:
    priorities = [one["priority"] for one in rules(recorder).values()]
    assert len(set(priorities)) == len(priorities) == len(MANAGED) + 1
    for rule in rules(recorder).values():
        assert ("overrideAction" in rule) is ("managedRuleGroupStatement" in rule["statement"])
        assert rule.get("overrideAction", {"none": {}}) == {"none": {}}


def test_what_no_rule_blocks_passes_to_the_balancer(recorder: Recorder) -> None:
    assert recorder.one("WebAcl").inputs["defaultAction"] == {"allow": {}}
    association = recorder.one("WebAclAssociation").inputs
    assert association["resourceArn"] == BALANCER


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


def test_everything_stands_below_the_component_with_its_tags(recorder: Recorder) -> None:
    assert children_of(recorder, COMPONENT) == [one for one in recorder.resources if one.custom]
    assert untagged(recorder, COMPONENT, {**TAGS, "component": "waf"}) == []
