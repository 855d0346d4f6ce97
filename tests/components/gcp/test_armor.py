"""The policy blocks addresses, rates and headers, and never what stands in a body."""

from __future__ import annotations

from itertools import product
from typing import Any

from sizing.planning.gcp.firewall import PREVIEWED, rule_count
from tests.components.gcp import edge_samples
from tests.components.gcp.make_edge import OFFICES
from tests.components.gcp.make_edge import firewall as deploy
from tests.components.support import Recorder


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


def test_a_policy_has_as_many_rules_as_the_bill() -> None:
    for callers, waf in product((1, 10, 11, 25), (True, False)):
        plan = edge_samples.ingress(waf=waf)
        ranges = tuple(f"198.51.100.{one}/32" for one in range(callers))
        assert len(rules(deploy(plan, allow_list=ranges))) == rule_count(plan, callers)
    assert len(rules(deploy())) == rule_count(edge_samples.ingress(), 0)


def test_what_stands_in_a_body_blocks_nobody() -> None:
    for allow_list in ((), OFFICES):
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


def test_only_the_listed_may_call_where_there_is_a_list_else_everybody() -> None:
    for waf, action in ((True, "throttle"), (False, "allow")):
        plan = edge_samples.ingress(waf=waf)
        found = rules(deploy(plan, allow_list=OFFICES))
        assert verdict(found, OFFICES[1]) == action
        assert verdict(found, "192.0.2.1/32") == "deny(403)"
        assert verdict(rules(deploy(plan)), "192.0.2.1/32") == action


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
