"""Nothing of buckets, secrets, images and the way in is made that Google Cloud refuses."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from functools import partial

import pytest

from sizing.rules import REPLACES, RULES_BY_TYPE, refusals
from sizing.words import Environment, Tier
from tests.components.aws import edge_plans
from tests.components.aws import store_plans as known
from tests.components.aws.test_secrets import PROXY
from tests.components.gcp import (
    edge_samples,
    samples,
    test_armor,
    test_backups,
    test_ingress,
    test_objects,
    test_registry,
    test_secrets,
)
from tests.components.support import Recorder
from tests.sizing.gcp.requests import planned

BUILDS: dict[str, Callable[[], Recorder]] = {
    "armor": partial(test_armor.deploy, allow_list=test_armor.OFFICES),
    "armor-list-only": partial(
        test_armor.deploy, edge_samples.ingress(waf=False), allow_list=test_armor.OFFICES
    ),
    "ingress": partial(test_ingress.deploy, policy="policy", stack=samples.LONGEST_STACK),
    "ingress-internal": partial(
        test_ingress.deploy, edge_samples.ingress(internal=True), access_logs=False
    ),
    "backups": test_backups.deploy,
    "backups-of-volumes": partial(test_backups.deploy, files=None, protect=False),
    "buckets": partial(
        test_objects.deploy,
        known.bucket("metrics", expire_days=90, transition_to_ia_days=30),
        known.bucket("models", versioned=False, force_destroy=True),
        stack=samples.LONGEST_STACK,
    ),
    "registry": test_registry.deploy,
    "secrets": test_secrets.both,
    "secrets-protected": partial(test_secrets.deploy, PROXY, protect=True),
}


@pytest.mark.parametrize("build", BUILDS.values(), ids=BUILDS.keys())
def test_nothing_is_refused(build: Callable[[], Recorder]) -> None:
    registered = [one for one in build().resources if one.custom]
    assert any(one.type in RULES_BY_TYPE for one in registered), "no rule looks at this part"
    assert [str(no) for one in registered for no in refusals(one.type, one.inputs)] == []


@pytest.mark.parametrize("build", BUILDS.values(), ids=BUILDS.keys())
def test_what_replaces_it_is_known_of_every_part(build: Callable[[], Recorder]) -> None:
    made = {one.type for one in build().resources if one.type.startswith("gcp:")}
    assert made <= REPLACES.keys()


@pytest.mark.parametrize("environment", list(Environment))
@pytest.mark.parametrize("tier", list(Tier))
def test_nothing_that_is_planned_is_refused(tier: Tier, environment: Environment) -> None:
    plan = planned(tier, environment)
    made = (
        test_ingress.deploy(plan.ingress),
        test_armor.deploy(plan.ingress, allow_list=test_armor.OFFICES),
        test_armor.deploy(replace(plan.ingress, waf=True)),
        test_objects.deploy(*plan.buckets),
        test_backups.deploy(plan.backups),
    )
    registered = [one for recorder in made for one in recorder.resources]
    assert [str(no) for one in registered for no in refusals(one.type, one.inputs)] == []


def test_the_rules_see_what_is_deleted_too_soon_to_be_kept() -> None:
    bucket = test_objects.deploy(known.bucket()).one("Bucket")
    policy = {**bucket.inputs, "softDeletePolicy": {"retentionDurationSeconds": 86_400}}
    assert [no.rule for no in refusals(bucket.type, policy)] == ["gcp.storage.soft-delete"]


def test_the_rules_see_the_words_of_the_other_cloud() -> None:
    plan = edge_plans.ingress()
    made = test_ingress.deploy(plan).resources
    found = {no.rule for one in made for no in refusals(one.type, one.inputs)}
    assert found == {"gcp.lb.algorithm", "gcp.lb.keep-alive"}


def test_the_rules_see_a_rate_that_cannot_be_counted() -> None:
    plan = replace(edge_samples.ingress(), waf_rate_limit=2_000_000)
    policy = test_armor.deploy(plan).one("RegionSecurityPolicy")
    assert [no.rule for no in refusals(policy.type, policy.inputs)] == ["gcp.armor.rate"]


def test_another_key_a_longer_life_another_host_or_rule_replace_nothing() -> None:
    changed = {
        "gcp:storage/bucket:Bucket": {"encryption", "lifecycleRules", "softDeletePolicy"},
        "gcp:compute/regionBackendService:RegionBackendService": {
            *("backends", "localityLbPolicy", "logConfig", "securityPolicy", "timeoutSec"),
        },
        "gcp:compute/regionSecurityPolicy:RegionSecurityPolicy": {"rules", "description"},
        "gcp:compute/regionUrlMap:RegionUrlMap": {"hostRules", "pathMatchers"},
        "gcp:secretmanager/secret:Secret": {"versionDestroyTtl", "labels", "deletionProtection"},
    }
    for token, properties in changed.items():
        assert not properties & REPLACES[token], token
