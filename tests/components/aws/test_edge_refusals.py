"""Nothing of the way in, the registry, the secrets or DocumentDB is made that AWS refuses."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from functools import partial

import pytest

from sizing.rules import REPLACES, RULES_BY_TYPE, refusals
from tests.components.aws import (
    edge_plans,
    test_certificate,
    test_document_db,
    test_ingress,
    test_registry,
    test_secrets,
    test_waf,
)
from tests.components.support import Recorder

ALONE = replace(edge_plans.documents(), instances=1, final_snapshot=False)
BUILDS: dict[str, Callable[[], Recorder]] = {
    "certificate": test_certificate.build,
    "ingress": test_ingress.deploy,
    "ingress-internal": partial(test_ingress.deploy, edge_plans.ingress(internal=True)),
    "ingress-without-logs": partial(test_ingress.deploy, access_logs=False, protect=False),
    "firewall": test_waf.deploy,
    "registry": test_registry.deploy,
    "secrets": test_secrets.both,
    "documents": test_document_db.deploy,
    "documents-alone": partial(test_document_db.deploy, ALONE, protect=False),
}
EDGE = ("acm", "docdb", "ecr", "lb", "route53", "wafv2")


@pytest.mark.parametrize("build", BUILDS.values(), ids=BUILDS.keys())
def test_nothing_is_refused(build: Callable[[], Recorder]) -> None:
    registered = [one for one in build().resources if one.custom]
    assert any(one.type in RULES_BY_TYPE for one in registered), "no rule looks at this part"
    assert [str(no) for one in registered for no in refusals(one.type, one.inputs)] == []


@pytest.mark.parametrize("build", BUILDS.values(), ids=BUILDS.keys())
def test_what_replaces_it_is_known_of_every_part_of_the_edge(
    build: Callable[[], Recorder],
) -> None:
    made = {one.type for one in build().resources if one.custom}
    edge = {token for token in made if token.split(":")[1].split("/")[0] in EDGE}
    assert edge <= REPLACES.keys()


def test_the_rules_see_a_slow_start_that_least_outstanding_requests_excludes() -> None:
    plan = replace(edge_plans.ingress(), slow_start_seconds=60)
    group = test_ingress.deploy(plan).one("TargetGroup", "api")
    assert [no.rule for no in refusals(group.type, group.inputs)] == ["elbv2.slow-start"]


def test_a_wider_firewall_a_longer_wait_and_another_class_replace_nothing() -> None:
    changed = {
        "aws:lb/loadBalancer:LoadBalancer": {"idleTimeout", "accessLogs", "securityGroups"},
        "aws:lb/targetGroup:TargetGroup": {"healthCheck", "deregistrationDelay"},
        "aws:wafv2/webAcl:WebAcl": {"rules", "description"},
        "aws:docdb/cluster:Cluster": {"engineVersion", "storageType", "backupRetentionPeriod"},
        "aws:docdb/clusterInstance:ClusterInstance": {"instanceClass", "promotionTier"},
        "aws:ecr/pullThroughCacheRule:PullThroughCacheRule": {"credentialArn"},
    }
    for token, properties in changed.items():
        assert not properties & REPLACES[token], token
