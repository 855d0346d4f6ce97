"""The page holds all of the plan once, and nothing that would ask a network for anything."""

from __future__ import annotations

import base64
import hashlib
import re
from dataclasses import replace

import pytest

from preview.report_page.page import page
from preview.report_page.stores import stores
from tests.preview.report_page.facts import STACKS, Elements, facts, html, sized

EVIL = "</script><script>alert(1)</script><img src=x onerror=alert(1)>\"'&"


@pytest.mark.parametrize("stack", STACKS)
def test_everything_of_the_plan_is_there_once(stack: str) -> None:
    own, found = sized(stack), Elements(html(stack))
    plan = own.plan
    assert found.values("data-pool") == sorted(one.name for one in plan.node_pools)
    assert found.values("data-node") == sorted(
        f"{one.name}/{number + 1}" for one in plan.node_pools for number in range(one.scale.planned)
    )
    assert found.values("data-service") == sorted(one.name for one in plan.services)
    assert found.values("data-store") == sorted(one.id for one in stores(plan))
    assert found.values("data-finding") == sorted(one.id for one in own.findings)
    assert found.values("data-constraint") == sorted(
        one.id for one in own.findings if one.utilisation is not None
    )
    assert found.values("data-item") == sorted(f"{o.component}: {o.item}" for o in own.bill.items)
    assert found.values("data-break") == sorted(one.id for one in facts(stack).forecast.breaks)


@pytest.mark.parametrize("stack", STACKS)
def test_every_store_of_the_plan_is_named(stack: str) -> None:
    plan = sized(stack).plan
    wanted = {"postgres", "files", *(f"cache-{one.role}" for one in plan.caches)}
    wanted |= {f"bucket-{one.name}" for one in plan.buckets}
    wanted |= {"documents"} if plan.document_database else set()
    found = set(Elements(html(stack)).values("data-store"))
    assert found - {"search"} == wanted
    assert ("search" in found) != any(one.name == "opensearch" for one in plan.services)


@pytest.mark.parametrize("stack", STACKS)
def test_links_lead_somewhere_and_ids_are_given_once(stack: str) -> None:
    found = Elements(html(stack))
    ids = found.values("id")
    assert len(ids) == len(set(ids))
    links = {one["href"] for one in found.by_name["a"]}
    assert {link for link in links if not link.startswith("#")} == set()
    assert {link[1:] for link in links} <= set(ids)


@pytest.mark.parametrize("stack", STACKS)
def test_every_table_and_picture_says_what_it_is(stack: str) -> None:
    found = Elements(html(stack))
    assert len(found.by_name["table"]) == len(found.by_name["caption"])
    named = [one for one in found.by_name["svg"] if "aria-hidden" not in one]
    ids = found.values("id")
    assert len(named) == 4
    assert all(one["aria-labelledby"] in ids and one["aria-describedby"] in ids for one in named)


def test_nothing_is_asked_of_a_network() -> None:
    text = html("prod-large")
    found = Elements(text)
    (policy,) = [one["content"] for one in found.by_name["meta"] if "http-equiv" in one]
    rules = dict(rule.strip().split(" ", 1) for rule in policy.split(";"))
    assert rules["default-src"] == "'none'"
    for element, rule in (("style", "style-src"), ("script", "script-src")):
        (inside,) = re.findall(rf"<{element}>(.*?)</{element}>", text, flags=re.DOTALL)
        digest = base64.b64encode(hashlib.sha256(inside.encode()).digest()).decode()
        assert rules[rule] == f"'sha256-{digest}'"
        assert "url(" not in inside
        assert "@import" not in inside
    loads = {"src", "srcset", "style", "action", "data", "poster", "xlink:href"}
    assert [one for one in found.all if loads & set(one)] == []
    assert [name for one in found.all for name in one if name.startswith("on")] == []
    assert {"link", "img", "iframe", "object", "base", "form"} & set(found.by_name) == set()


def test_text_of_a_plan_stays_text() -> None:
    own = facts("dev-small")
    told = tuple(replace(one, message=EVIL, fix=EVIL) for one in own.sized.findings)
    bill = replace(
        own.sized.bill, items=tuple(replace(one, item=EVIL) for one in own.sized.bill.items)
    )
    hostile = replace(own, stack=EVIL, sized=replace(own.sized, findings=told, bill=bill))
    found = Elements(page(hostile))
    assert len(found.by_name["script"]) == 1
    assert "img" not in found.by_name
    assert EVIL in found.text


def test_a_page_is_the_same_each_time() -> None:
    assert page(facts("prod-large")) == html("prod-large")


def test_a_plan_without_breaks_says_so() -> None:
    own = facts("prod-large")
    calm = replace(own, forecast=replace(own.forecast, breaks=()))
    assert "Nothing of today's plan breaks in this time." in Elements(page(calm)).text


def test_a_month_without_a_plan_breaks_the_curve() -> None:
    own = facts("prod-large")
    months = list(own.forecast.months)
    months[4] = replace(months[4], monthly_usd=None, obstacle="no machine is so large")
    torn = page(replace(own, forecast=replace(own.forecast, months=tuple(months))))
    assert len(re.findall(r'<polyline [^>]*class="curve bill"', torn)) == 2
    assert "no machine is so large" in torn


def test_a_tier_that_cannot_be_planned_says_why() -> None:
    own = facts("prod-large")
    tiers = [
        one if one.own else replace(one, plan=None, bill=None, obstacle="no zone sells it")
        for one in own.tiers
    ]
    assert "no zone sells it" in page(replace(own, tiers=tuple(tiers)))


def test_the_stacks_own_tier_is_as_it_is_planned() -> None:
    own = next(one for one in facts("prod-large").tiers if one.own)
    assert own.plan is sized("prod-large").plan
    assert own.bill is sized("prod-large").bill
