"""The policy blocks addresses, rates and headers, and never what stands in a body."""

from __future__ import annotations

from typing import Any

import pytest

from components.gcp.armor import LAST, Armor, ArmorArgs
from sizing.planning.gcp.firewall import PREVIEWED, rule_count
from sizing.plans.edge import IngressPlan
from tests.components.gcp import edge_samples, samples
from tests.components.support import Recorder, children_of, record

COMPONENT = "aigw:gcp:Armor"
OFFICES = ("203.0.113.0/24", "198.51.100.7/32")


def deploy(plan: IngressPlan | None = None, *, allow_list: tuple[str, ...] = ()) -> Recorder:
    args = ArmorArgs(
        plan=plan or edge_samples.ingress(),
        stack="prod-large-gcp",
        project=samples.PROJECT,
        region=samples.REGION,
        allow_list=allow_list,
    )
    return record(lambda: Armor("armor", args))


def rules(recorder: Recorder) -> list[dict[str, Any]]:
    found = recorder.one("RegionSecurityPolicy").inputs["rules"]
    return sorted(found, key=lambda rule: int(rule["priority"]))


def verdict(found: list[dict[str, Any]], address: str, *, body_matches: bool = False) -> str:
    """What the first rule does that matches a request and is enforced, as Cloud Armor finds it."""
    for rule in found:
        match = rule["match"]
        if "expr" in match:
            reads_bodies = "scannerdetection" not in match["expr"]["expression"]
            matched = body_matches and reads_bodies
        else:
            ranges = match["config"]["srcIpRanges"]
            matched = ranges == ["*"] or address in ranges
        if matched and not rule.get("preview"):
            return str(rule["action"])
    raise AssertionError("no rule matched")


@pytest.mark.parametrize("waf", [True, False])
@pytest.mark.parametrize("callers", [1, 10, 11, 25])
def test_a_policy_has_as_many_rules_as_the_bill(callers: int, waf: bool) -> None:
    plan = edge_samples.ingress(waf=waf)
    ranges = tuple(f"198.51.100.{one}/32" for one in range(callers))
    assert len(rules(deploy(plan, allow_list=ranges))) == rule_count(plan, callers)


def test_without_a_list_of_callers_the_bill_counts_the_rest() -> None:
    assert len(rules(deploy())) == rule_count(edge_samples.ingress(), 0)


@pytest.mark.parametrize("allow_list", [(), OFFICES])
def test_what_stands_in_a_body_blocks_nobody(allow_list: tuple[str, ...]) -> None:
    found = rules(deploy(allow_list=allow_list))
    assert verdict(found, OFFICES[0], body_matches=True) == "throttle"


def test_every_set_that_reads_bodies_is_only_looked_at() -> None:
    previewed = [one for one in rules(deploy()) if one.get("preview")]
    assert len(previewed) == len(PREVIEWED)
    for name, rule in zip(PREVIEWED, previewed, strict=True):
        assert f"'{name}'" in rule["match"]["expr"]["expression"]


def test_scanners_are_known_by_their_headers_alone() -> None:
    (rule,) = [one for one in rules(deploy()) if "expr" in one["match"] and not one.get("preview")]
    expression = rule["match"]["expr"]["expression"]
    assert rule["action"] == "deny(403)"
    assert "'sensitivity': 0" in expression
    assert "id913100" in expression
    assert "id913110" in expression
    # it reads arguments, which a form's body is
    assert "id913120" not in expression


def test_an_address_is_refused_above_the_planned_rate_alone() -> None:
    (rate,) = [one for one in rules(deploy()) if one["action"] == "throttle"]
    options = rate["rateLimitOptions"]
    assert options["rateLimitThreshold"] == {"count": 30_000, "intervalSec": 300}
    assert options["enforceOnKey"] == "IP"
    assert (options["conformAction"], options["exceedAction"]) == ("allow", "deny(429)")


@pytest.mark.parametrize("waf", [True, False])
def test_only_the_listed_may_call_where_there_is_a_list(waf: bool) -> None:
    found = rules(deploy(edge_samples.ingress(waf=waf), allow_list=OFFICES))
    assert verdict(found, OFFICES[1]) == ("throttle" if waf else "allow")
    assert verdict(found, "192.0.2.1/32") == "deny(403)"


@pytest.mark.parametrize(("waf", "action"), [(True, "throttle"), (False, "allow")])
def test_everybody_may_call_where_there_is_none(waf: bool, action: str) -> None:
    assert verdict(rules(deploy(edge_samples.ingress(waf=waf))), "192.0.2.1/32") == action


def test_without_a_firewall_there_is_the_list_and_nothing_else() -> None:
    found = rules(deploy(edge_samples.ingress(waf=False), allow_list=OFFICES))
    assert [one["action"] for one in found] == ["allow", "deny(403)"]


def test_a_long_list_becomes_several_rules_that_say_the_same() -> None:
    many = tuple(f"203.0.113.{host}/32" for host in range(25))
    found = rules(deploy(allow_list=many))
    parts = [one["match"]["config"]["srcIpRanges"] for one in found if one["action"] == "throttle"]
    assert [len(one) for one in parts] == [10, 10, 5]
    assert {one for part in parts for one in part} == set(many)


def test_a_list_in_another_order_or_twice_changes_nothing() -> None:
    assert rules(deploy(allow_list=OFFICES)) == rules(deploy(allow_list=(*OFFICES[::-1], *OFFICES)))


def test_the_last_rule_is_the_one_that_every_policy_ends_in() -> None:
    last = rules(deploy())[-1]
    assert last["priority"] == LAST
    assert last["match"]["config"]["srcIpRanges"] == ["*"]


def test_everything_stands_below_the_component() -> None:
    recorder = deploy()
    assert children_of(recorder, COMPONENT) == [one for one in recorder.resources if one.custom]
