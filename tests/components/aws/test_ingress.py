"""The way in reaches exactly the planned ports, waits for streams and answers known hosts alone."""

from __future__ import annotations

from dataclasses import replace

import pytest

from components.aws.ingress import Ingress, IngressArgs
from sizing.plans.edge import IngressPlan
from tests.components.aws import edge_plans
from tests.components.support import (
    ACCOUNT,
    TAGS,
    Recorder,
    Registered,
    children_of,
    record,
    untagged,
)

COMPONENT = "aigw:aws:Ingress"
SUBNETS = {"use1-az1": "subnet-1", "use1-az2": "subnet-2"}
BUILT: list[Ingress] = []


def deploy(
    plan: IngressPlan | None = None,
    *,
    allow_list: tuple[str, ...] = (),
    protect: bool = True,
    access_logs: bool = True,
) -> Recorder:
    args = IngressArgs(
        plan=plan or edge_plans.ingress(),
        stack="prod-large",
        account_id=ACCOUNT,
        domain="ai.example.com",
        zone_id="Z123",
        allow_list=allow_list,
        vpc_id="vpc-1",
        vpc_cidr="10.0.0.0/16",
        subnet_ids=SUBNETS,
        cluster_security_group_id="sg-eks",
        tags=TAGS,
        protect=protect,
        access_logs=access_logs,
    )
    BUILT.clear()
    return record(lambda: BUILT.append(Ingress("ingress", args)))


def sources(recorder: Recorder, group: str) -> set[tuple[str, int]]:
    """Who may come into a group, and on which port."""
    return {
        (
            rule.inputs.get("cidrIpv4") or rule.inputs["referencedSecurityGroupId"],
            rule.inputs["fromPort"],
        )
        for rule in recorder.all("SecurityGroupIngressRule")
        if rule.inputs["securityGroupId"] == group
    }


def listener(recorder: Recorder, port: int) -> Registered:
    (found,) = [one for one in recorder.all("Listener") if one.inputs["port"] == port]
    return found


def test_the_balancer_outwaits_the_longest_silence_and_keeps_its_clients() -> None:
    balancer = deploy().one("LoadBalancer").inputs
    assert (balancer["idleTimeout"], balancer["clientKeepAlive"]) == (660, 3600)
    assert balancer["subnets"] == ["subnet-1", "subnet-2"]
    assert balancer["dropInvalidHeaderFields"]
    assert not balancer["enableWafFailOpen"]


@pytest.mark.parametrize(
    ("internal", "allow_list", "clients"),
    [
        (False, (), {"0.0.0.0/0"}),
        (True, (), {"10.0.0.0/16"}),
        (False, ("203.0.113.0/24", "198.51.100.7/32"), {"203.0.113.0/24", "198.51.100.7/32"}),
        (True, ("10.8.0.0/16",), {"10.8.0.0/16"}),
    ],
)
def test_callers_are_the_listed_ones_else_everybody_or_the_network(
    internal: bool, allow_list: tuple[str, ...], clients: set[str]
) -> None:
    recorder = deploy(edge_plans.ingress(internal=internal), allow_list=allow_list)
    assert recorder.one("LoadBalancer").inputs["internal"] is internal
    assert sources(recorder, "ingress-access-id") == {
        (cidr, port) for cidr in clients for port in (80, 443)
    }


def test_pods_let_the_balancer_in_on_the_targets_ports_alone() -> None:
    recorder = deploy()
    ports = {3000, 4000, 15021}
    assert sources(recorder, "sg-eks") == {("ingress-access-id", port) for port in ports}
    out = recorder.all("SecurityGroupEgressRule")
    assert {(one.inputs["referencedSecurityGroupId"], one.inputs["fromPort"]) for one in out} == {
        ("sg-eks", port) for port in ports
    }


def test_target_groups_take_pod_addresses_and_drain_as_planned() -> None:
    group = deploy().one("TargetGroup", "mcp").inputs
    assert (group["targetType"], group["protocol"], group["port"]) == ("ip", "HTTP", 3000)
    assert group["loadBalancingAlgorithmType"] == "least_outstanding_requests"
    # AWS refuses to start slowly under that algorithm
    assert group["slowStart"] == 0
    assert group["deregistrationDelay"] == 120
    check = group["healthCheck"]
    assert (check["path"], check["port"]) == ("/healthz/ready", "15021")
    assert check["timeout"] < check["interval"]


def test_each_host_leads_to_its_own_targets_and_others_to_nothing() -> None:
    recorder = deploy()
    led = {
        rule.inputs["conditions"][0]["hostHeader"]["values"][0]: rule.inputs["actions"][0][
            "targetGroupArn"
        ]
        for rule in recorder.all("ListenerRule")
    }
    assert {host: arn.rpartition(":")[2] for host, arn in led.items()} == {
        "api.ai.example.com": "ingress-api-targets",
        "mcp.ai.example.com": "ingress-mcp-targets",
    }
    (other,) = listener(recorder, 443).inputs["defaultActions"]
    assert (other["type"], other["fixedResponse"]["statusCode"]) == ("fixed-response", "404")


def test_plain_http_is_sent_to_https_with_a_certificate_that_is_valid_by_then() -> None:
    recorder = deploy()
    (sent,) = listener(recorder, 80).inputs["defaultActions"]
    assert (sent["type"], sent["redirect"]["protocol"]) == ("redirect", "HTTPS")
    secure = listener(recorder, 443)
    assert recorder.one("CertificateValidation").urn in secure.depends_on
    assert secure.inputs["sslPolicy"].startswith("ELBSecurityPolicy-TLS13-1-2-")


def test_every_host_has_a_name_that_follows_the_balancer() -> None:
    records = [one for one in deploy().all("Record") if one.inputs["type"] == "A"]
    assert {one.inputs["name"] for one in records} == {"api.ai.example.com", "mcp.ai.example.com"}
    for one in records:
        (alias,) = one.inputs["aliases"]
        assert (alias["name"], alias["zoneId"]) == (
            "ingress-alb.elb.example",
            "zone-of-ingress-alb",
        )
        assert "records" not in one.inputs


def test_what_the_cluster_needs_is_there_by_target_name() -> None:
    recorder = deploy()
    (made,) = BUILT
    assert set(made.target_group_arns) == {"api", "mcp"}
    assert made.url == "https://api.ai.example.com"
    assert made.hosts == {"api": "api.ai.example.com", "mcp": "mcp.ai.example.com"}
    assert {type(one).__name__ for one in made.ready} == {
        "ListenerRule",
        "SecurityGroupIngressRule",
    }
    assert len(made.ready) == len(recorder.all("ListenerRule")) + 3


def test_a_group_leaves_its_balancer_before_another_one_takes_it() -> None:
    assert all(one.delete_before_replace for one in deploy().all("ListenerRule"))


@pytest.mark.parametrize("protect", [True, False])
def test_the_access_log_is_closed_expires_and_exists_before_the_balancer(protect: bool) -> None:
    recorder = deploy(protect=protect)
    bucket = recorder.one("Bucket")
    assert bucket.inputs["forceDestroy"] is not protect
    assert bucket.protect is protect
    assert recorder.one("LoadBalancer").inputs["accessLogs"] == {
        "bucket": "ingress-logs-id",
        "enabled": True,
    }
    assert recorder.one("BucketPolicy").urn in recorder.one("LoadBalancer").depends_on
    (rule,) = recorder.one("BucketLifecycleConfiguration").inputs["rules"]
    assert rule["expiration"]["days"] == 90
    (encryption,) = recorder.one("BucketServerSideEncryptionConfiguration").inputs["rules"]
    # a balancer writes to no bucket under a key of ours
    assert encryption["applyServerSideEncryptionByDefault"] == {"sseAlgorithm": "AES256"}


def test_only_balancers_of_the_account_write_the_access_log() -> None:
    policy = deploy().one("BucketPolicy").document("policy")
    allowed = [one for one in policy["Statement"] if one["Effect"] == "Allow"]
    assert [(one["Principal"], one["Action"]) for one in allowed] == [
        ({"Service": "logdelivery.elasticloadbalancing.amazonaws.com"}, "s3:PutObject")
    ]
    assert allowed[0]["Resource"].endswith(f"/AWSLogs/{ACCOUNT}/*")


def test_without_access_logs_there_is_no_bucket() -> None:
    recorder = deploy(access_logs=False)
    assert recorder.all("Bucket") == []
    assert "accessLogs" not in recorder.one("LoadBalancer").inputs


def test_another_order_of_targets_changes_no_name() -> None:
    plan = edge_plans.ingress()
    names = {one.name for one in deploy(plan).resources}
    assert {
        one.name for one in deploy(replace(plan, targets=plan.targets[::-1])).resources
    } == names


def test_everything_stands_below_the_component_with_its_tags() -> None:
    recorder = deploy()
    assert children_of(recorder, COMPONENT) == [one for one in recorder.resources if one.custom]
    assert untagged(recorder, COMPONENT, {**TAGS, "component": "ingress"}) == []
    assert recorder.one("LoadBalancer").protect
