"""What a balancer of AWS alone asks: who may call, strict words, and a log in a bucket."""

from __future__ import annotations

from tests.components.aws import edge_plans
from tests.components.aws.make_edge import ingress as deploy
from tests.components.support import (
    ACCOUNT,
    Recorder,
)


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


def test_the_balancer_is_strict_and_never_opens_by_failing() -> None:
    balancer = deploy().one("LoadBalancer").inputs
    secure = {one.inputs["port"]: one for one in deploy().all("Listener")}[443]
    assert secure.inputs["sslPolicy"].startswith("ELBSecurityPolicy-TLS13-1-2-")
    assert balancer["subnets"] == ["subnet-1", "subnet-2"]
    assert balancer["dropInvalidHeaderFields"]
    assert not balancer["enableWafFailOpen"]


def test_callers_are_the_listed_ones_else_everybody_or_the_network() -> None:
    listed = ("203.0.113.0/24", "198.51.100.7/32")
    for internal, allow_list, clients in (
        (False, (), {"0.0.0.0/0"}),
        (True, (), {"10.0.0.0/16"}),
        (False, listed, {*listed}),
        (True, ("10.8.0.0/16",), {"10.8.0.0/16"}),
    ):
        recorder = deploy(edge_plans.ingress(internal=internal), allow_list=allow_list)
        assert sources(recorder, "ingress-access-id") == {
            (cidr, port) for cidr in clients for port in (80, 443)
        }


def test_a_group_leaves_its_balancer_before_another_one_takes_it() -> None:
    assert all(one.delete_before_replace for one in deploy().all("ListenerRule"))


def test_the_access_log_is_closed_expires_and_exists_before_the_balancer() -> None:
    for protect in (True, False):
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
