"""Of the way in, of secrets, backups and rights: what a plan says, and what was set."""

from __future__ import annotations

from sizing.plans import PlatformPlan
from tests.components.clouds.common import GENERATED, READER, given
from tests.components.clouds.fact_words import Facts, Resources, first, of_type
from tests.components.clouds.words import at


def secrets(of: PlatformPlan) -> Facts:  # noqa: ARG001  (the same for every plan)
    return {"names": {f"secrets-{GENERATED.name}", f"secrets-{given().name}"}}


def secrets_set(resources: Resources) -> Facts:
    return {"names": {one.name for one in of_type(resources, "Secret")}}


def ingress(of: PlatformPlan) -> Facts:
    plan = of.ingress
    found = (plan.health_interval_seconds, plan.healthy_threshold, plan.unhealthy_threshold)
    return {one.name: (one.health_port, one.health_path, *found) for one in plan.targets} | {
        "drain": {plan.deregistration_delay_seconds}
    }


def ingress_set(resources: Resources) -> Facts:
    groups = of_type(resources, "TargetGroup")
    asked = {
        one.name.removeprefix("ingress-").removesuffix("-targets"): (
            int(at(one.inputs, "healthCheck.port")),
            at(one.inputs, "healthCheck.path"),
            at(one.inputs, "healthCheck.interval"),
            at(one.inputs, "healthCheck.healthyThreshold"),
            at(one.inputs, "healthCheck.unhealthyThreshold"),
        )
        for one in groups
    } | {
        one.name.removeprefix("ingress-").removesuffix("-health"): (
            at(one.inputs, "httpHealthCheck.port"),
            at(one.inputs, "httpHealthCheck.requestPath"),
            one.inputs["checkIntervalSec"],
            one.inputs["healthyThreshold"],
            one.inputs["unhealthyThreshold"],
        )
        for one in of_type(resources, "RegionHealthCheck")
    }
    backends = [*groups, *of_type(resources, "RegionBackendService")]
    waits = {first(one, "deregistrationDelay", "connectionDrainingTimeoutSec") for one in backends}
    return {**asked, "drain": waits}


def firewall(of: PlatformPlan) -> Facts:
    return {"limit": of.ingress.waf_rate_limit} if of.ingress.waf else {}


def firewall_set(resources: Resources) -> Facts:
    places = ("statement.rateBasedStatement.limit", "rateLimitOptions.rateLimitThreshold.count")
    limits = [
        at(rule, path)
        for one in of_type(resources, "WebAcl", "RegionSecurityPolicy")
        for rule in one.inputs["rules"]
        for path in places
        if at(rule, path)
    ]
    return {"limit": limits[0]} if len(limits) == 1 else {}


def backups(of: PlatformPlan) -> Facts:
    return {"days": {of.backups.retention_days} if of.backups.enabled else set()}


def backups_set(resources: Resources) -> Facts:
    paths = (
        "rules.0.lifecycle.deleteAfter",
        "retentionPolicy.backupRetainDays",
        "backupRules.0.backupRetentionDays",
    )
    return {"days": {first(one, *paths) for one in of_type(resources, "Plan", "BackupPlan")}}


def identity(of: PlatformPlan) -> Facts:  # noqa: ARG001  (the same for every plan)
    return {"who": {(READER.namespace, READER.service_account)}}


def identity_set(resources: Resources) -> Facts:
    bound = {
        (one.inputs["namespace"], one.inputs["serviceAccount"])
        for one in of_type(resources, "PodIdentityAssociation")
    }
    members = [one.inputs["member"] for one in of_type(resources, "BucketIAMMember")]
    named = [one.partition("/ns/")[2].split("/sa/") for one in members]
    return {"who": bound | {(namespace, account) for namespace, account in named}}
