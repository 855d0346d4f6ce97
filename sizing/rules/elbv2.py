"""What Elastic Load Balancing refuses of balancers, target groups, listeners and their rules."""

from __future__ import annotations

from sizing.rules.conditions import (
    among,
    at_most_one,
    between,
    counts,
    each,
    equals,
    every,
    exactly_one,
    matches,
    needs,
    ordered,
    refused,
    when,
)
from sizing.rules.rule import Inputs, Rule
from sizing.rules.values import blocks, items, number, read, text

BALANCER = ("aws:lb/loadBalancer:LoadBalancer",)
GROUP = ("aws:lb/targetGroup:TargetGroup",)
LISTENER = ("aws:lb/listener:Listener",)
LISTENER_RULE = ("aws:lb/listenerRule:ListenerRule",)

NAME = r"(?!internal-)[A-Za-z0-9]([-A-Za-z0-9]{0,30}[A-Za-z0-9])?"
"""Of a balancer or a target group, at most 32 characters (cdk-preflight)."""
PREFIX = r"(?!internal-)[A-Za-z0-9][-A-Za-z0-9]{0,5}"
"""At most 6 characters, to which the provider adds 26 (pulumi-aws)."""
SLOW_START = (30, 900)
"""Seconds that a new target may take to its full share, unless 0 (terraform-provider-aws)."""
EVEN = ("round_robin", None)
"""The algorithm under which a target may start slowly, also the default (elb-target-attributes)."""
CONTENT_TYPES = (
    *("text/plain", "text/css", "text/html"),
    *("application/javascript", "application/json"),
)
"""Of a fixed response (terraform-provider-aws)."""
HOST_LENGTH = 128
"""Characters of a host that a rule asks for (terraform-provider-aws)."""


def _slow_start(inputs: Inputs) -> str | None:
    seconds = number(inputs, "slowStart")
    if seconds is None or seconds == 0:
        return None
    least, most = SLOW_START
    if not least <= seconds <= most:
        return f"slowStart is {seconds:g}"
    algorithm = read(inputs, "loadBalancingAlgorithmType")
    if isinstance(algorithm, str) and algorithm not in EVEN:
        return f"slowStart is {seconds:g} with {algorithm}"
    return None


def _hosts(inputs: Inputs) -> str | None:
    for condition in blocks(inputs, "conditions"):
        for host in items(condition, "hostHeader.values") or []:
            if isinstance(host, str) and not 0 < len(host) <= HOST_LENGTH:
                return f"a host has {len(host)} characters"
    return None


def _fixed_response(inputs: Inputs) -> str | None:
    listed = blocks(inputs, "defaultActions") + blocks(inputs, "actions")
    said = (_answer(action) for action in listed)
    return next((one for one in said if one is not None), None)


_answer = every(
    among("fixedResponse.contentType", CONTENT_TYPES),
    matches("fixedResponse.statusCode", r"[245]\d\d"),
    matches("fixedResponse.messageBody", r"(?s).{0,1024}"),
)


def _health_protocol(inputs: Inputs) -> str | None:
    if text(inputs, "protocol") not in ("HTTP", "HTTPS"):
        return None
    found = text(inputs, "healthCheck.protocol")
    return f"healthCheck.protocol is {found}" if found not in (None, "HTTP", "HTTPS") else None


RULES = (
    Rule(
        id="elbv2.subnets",
        types=BALANCER,
        property="subnets",
        statement="An application load balancer stands in two zones or more.",
        source="cdk-preflight",
        check=every(
            exactly_one("subnets", "subnetMappings"),
            when(equals("loadBalancerType", None, "application"), counts("subnets", 2, None)),
        ),
        passing={"subnets": ["subnet-1", "subnet-2"]},
        failing={"subnets": ["subnet-1"]},
    ),
    Rule(
        id="elbv2.name",
        types=(*BALANCER, *GROUP),
        property="name",
        statement="A name has at most 32 letters, digits and hyphens, a prefix 6; not internal-.",
        source="cdk-preflight",
        check=every(
            at_most_one("name", "namePrefix"), matches("name", NAME), matches("namePrefix", PREFIX)
        ),
        passing={"namePrefix": "api-"},
        failing={"namePrefix": "gateway-"},
    ),
    Rule(
        id="elbv2.timeouts",
        types=BALANCER,
        property="idleTimeout",
        statement="Silence ends a connection after 1 to 4000 s, age after 60 to 604800 s.",
        source="cdk-preflight",
        check=every(between("idleTimeout", 1, 4000), between("clientKeepAlive", 60, 604_800)),
        passing={"idleTimeout": 4000, "clientKeepAlive": 60},
        failing={"idleTimeout": 4001},
    ),
    Rule(
        id="elbv2.target-group",
        types=GROUP,
        property="protocol",
        statement="A group of addresses or instances names its protocol, port and network.",
        source="terraform-provider-aws",
        check=when(
            equals("targetType", None, "instance", "ip"), needs("protocol", "port", "vpcId")
        ),
        passing={"targetType": "ip", "protocol": "HTTP", "port": 4000, "vpcId": "vpc-1"},
        failing={"targetType": "ip", "protocol": "HTTP", "port": 4000},
    ),
    Rule(
        id="elbv2.deregistration",
        types=GROUP,
        property="deregistrationDelay",
        statement="A leaving target keeps its connections for at most 3600 s.",
        source="terraform-provider-aws",
        check=between("deregistrationDelay", 0, 3600),
        passing={"deregistrationDelay": 3600},
        failing={"deregistrationDelay": 3601},
    ),
    Rule(
        id="elbv2.slow-start",
        types=GROUP,
        property="slowStart",
        statement="A target starts slowly for 30 to 900 s, and only under round robin.",
        source="elb-target-attributes",
        check=_slow_start,
        passing={"slowStart": 60, "loadBalancingAlgorithmType": "round_robin"},
        failing={"slowStart": 60, "loadBalancingAlgorithmType": "least_outstanding_requests"},
    ),
    Rule(
        id="elbv2.algorithm",
        types=GROUP,
        property="loadBalancingAlgorithmType",
        statement="Targets are chosen by round robin, least outstanding requests or at random.",
        source="cdk-preflight",
        check=among(
            "loadBalancingAlgorithmType",
            ("round_robin", "least_outstanding_requests", "weighted_random"),
            absent_is="round_robin",
        ),
        passing={"loadBalancingAlgorithmType": "least_outstanding_requests"},
        failing={"loadBalancingAlgorithmType": "least_connections"},
    ),
    Rule(
        id="elbv2.health-check",
        types=GROUP,
        property="healthCheck",
        statement="A check ends before the next; its counts and seconds are within limits.",
        source="cdk-preflight",
        check=every(
            between("healthCheck.interval", 5, 300),
            between("healthCheck.timeout", 2, 120),
            between("healthCheck.healthyThreshold", 2, 10),
            between("healthCheck.unhealthyThreshold", 2, 10),
            ordered("healthCheck.timeout", "healthCheck.interval", strictly=True),
        ),
        passing={"healthCheck": {"interval": 10, "timeout": 5, "healthyThreshold": 2}},
        failing={"healthCheck": {"interval": 10, "timeout": 10, "healthyThreshold": 2}},
    ),
    Rule(
        id="elbv2.health-protocol",
        types=GROUP,
        property="healthCheck.protocol",
        statement="A group that speaks HTTP is checked by HTTP, at a path that begins with /.",
        source="terraform-provider-aws",
        check=every(_health_protocol, matches("healthCheck.path", r"/.{0,1023}")),
        passing={"protocol": "HTTP", "healthCheck": {"protocol": "HTTP", "path": "/health"}},
        failing={"protocol": "HTTP", "healthCheck": {"protocol": "TCP"}},
    ),
    Rule(
        id="elbv2.listener-certificate",
        types=LISTENER,
        property="certificateArn",
        statement="A listener has a certificate exactly where it ends TLS.",
        source="cdk-preflight",
        check=every(
            when(equals("protocol", "HTTPS", "TLS"), needs("certificateArn")),
            when(equals("protocol", "HTTP", "TCP", "UDP", "TCP_UDP"), refused("certificateArn")),
        ),
        passing={"protocol": "HTTPS", "certificateArn": "arn:aws:acm:us-east-1:1:certificate/1"},
        failing={"protocol": "HTTPS"},
    ),
    Rule(
        id="elbv2.fixed-response",
        types=(*LISTENER, *LISTENER_RULE),
        property="defaultActions",
        statement="A fixed answer has 2xx, 4xx or 5xx, a known type, and at most 1024 characters.",
        source="terraform-provider-aws",
        check=_fixed_response,
        passing={
            "defaultActions": [
                {"type": "fixed-response", "fixedResponse": {"contentType": "text/plain"}}
            ]
        },
        failing={
            "defaultActions": [
                {"type": "fixed-response", "fixedResponse": {"contentType": "text/markdown"}}
            ]
        },
    ),
    Rule(
        id="elbv2.redirect",
        types=LISTENER,
        property="defaultActions.redirect",
        statement="A redirect is permanent (HTTP_301) or not (HTTP_302).",
        source="terraform-provider-aws",
        check=each("defaultActions", among("redirect.statusCode", ("HTTP_301", "HTTP_302"))),
        passing={"defaultActions": [{"type": "redirect", "redirect": {"statusCode": "HTTP_301"}}]},
        failing={"defaultActions": [{"type": "redirect", "redirect": {"statusCode": "301"}}]},
    ),
    Rule(
        id="elbv2.rule",
        types=LISTENER_RULE,
        property="priority",
        statement="A rule has a priority of 1 to 50000, a condition and an action.",
        source="terraform-provider-aws",
        check=every(
            between("priority", 1, 50_000),
            counts("conditions", 1, None),
            counts("actions", 1, None),
        ),
        passing={"priority": 10, "conditions": [{}], "actions": [{"type": "forward"}]},
        failing={"priority": 0, "conditions": [{}], "actions": [{"type": "forward"}]},
    ),
    Rule(
        id="elbv2.rule-host",
        types=LISTENER_RULE,
        property="conditions.hostHeader",
        statement="A host that a rule asks for has at most 128 characters.",
        source="terraform-provider-aws",
        check=_hosts,
        passing={"conditions": [{"hostHeader": {"values": ["api.example.com"]}}]},
        failing={"conditions": [{"hostHeader": {"values": ["a" * 129]}}]},
    ),
)
