"""How each cloud makes the way in, and how the same facts of it are read there."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from components.gcp.ingress import PROBES
from sizing.plans.edge import IngressPlan
from sizing.words import Cloud
from tests.components.aws import edge_plans
from tests.components.aws import make_edge as aws
from tests.components.clouds.words import at
from tests.components.gcp import edge_samples, samples
from tests.components.gcp import make_edge as gcp
from tests.components.support import Recorder, Registered

HOSTS = {"api": "api.ai.example.com", "mcp": "mcp.ai.example.com"}
PORTS = {3000, 4000, 15021}


def listener(recorder: Recorder, port: int) -> Registered:
    (found,) = [one for one in recorder.all("Listener") if one.inputs["port"] == port]
    return found


def ruled_hosts(recorder: Recorder) -> dict[str, str]:
    return {
        at(one.inputs, "conditions.0.hostHeader.values.0"): one.inputs["actions"][0][
            "targetGroupArn"
        ].rpartition(":")[2]
        for one in recorder.all("ListenerRule")
    }


def mapped_hosts(recorder: Recorder) -> dict[str, str]:
    routes = recorder.one("RegionUrlMap", "routes").inputs
    services = {one["name"]: one["defaultService"] for one in routes["pathMatchers"]}
    return {
        host: services[rule["pathMatcher"]]
        for rule in routes["hostRules"]
        for host in rule["hosts"]
    }


def alb_refuses(recorder: Recorder) -> object:
    (other,) = listener(recorder, 443).inputs["defaultActions"]
    assert other["type"] == "fixed-response"
    return int(other["fixedResponse"]["statusCode"])


def url_map_refuses(recorder: Recorder) -> object:
    abort = at(
        recorder.one("RegionUrlMap", "routes").inputs,
        "defaultRouteAction.faultInjectionPolicy.abort",
    )
    assert abort["percentage"] == 100
    return abort["httpStatus"]


def alb_redirects(recorder: Recorder) -> bool:
    (sent,) = listener(recorder, 80).inputs["defaultActions"]
    return bool(sent["type"] == "redirect" and sent["redirect"]["protocol"] == "HTTPS")


def url_map_redirects(recorder: Recorder) -> bool:
    plain = recorder.one("RegionUrlMap", "to-https").inputs
    assert "defaultService" not in plain, "plain HTTP reaches no pod"
    assert recorder.one("RegionTargetHttpProxy").inputs["urlMap"] == "ingress-to-https-id"
    return bool(
        plain["defaultUrlRedirect"]
        == {
            "httpsRedirect": True,
            "stripQuery": False,
            "redirectResponseCode": "MOVED_PERMANENTLY_DEFAULT",
        }
    )


def alb_opens(recorder: Recorder) -> set[tuple[object, int]]:
    """Return who reaches pods, and at which port, after a look at what the balancer may send."""
    found = {
        (one.inputs.get("cidrIpv4") or one.inputs["referencedSecurityGroupId"], port)
        for one in recorder.all("SecurityGroupIngressRule")
        if one.inputs["securityGroupId"] == "sg-eks"
        for port in [one.inputs["fromPort"]]
        if port == one.inputs["toPort"]
    }
    out = recorder.all("SecurityGroupEgressRule")
    sent = {(one.inputs["referencedSecurityGroupId"], one.inputs["fromPort"]) for one in out}
    assert sent == {("sg-eks", port) for port in PORTS}
    return found


def firewall_opens(recorder: Recorder) -> set[tuple[object, int]]:
    rule = recorder.one("Firewall").inputs
    assert (rule["direction"], rule["targetServiceAccounts"]) == ("INGRESS", [gcp.NODES])
    (allowed,) = rule["allows"]
    assert allowed["protocol"] == "tcp"
    return {(block, int(port)) for block in rule["sourceRanges"] for port in allowed["ports"]}


def alb_world(recorder: Recorder) -> bool:
    return recorder.one("LoadBalancer").inputs["internal"] is False


def rules_world(recorder: Recorder) -> bool:
    """Say so where every part of the balancer does, the address included."""
    rules = recorder.all("ForwardingRule")
    schemes = {
        one.inputs["loadBalancingScheme"] for one in [*rules, *recorder.all("RegionBackendService")]
    }
    (scheme,) = schemes
    kind = recorder.one("Address").inputs["addressType"]
    assert scheme == f"{kind}_MANAGED"
    assert {one.inputs.get("subnetwork") for one in rules} == {
        gcp.SUBNET if kind == "INTERNAL" else None
    }
    assert {one.inputs["network"] for one in rules} == {samples.NETWORK}
    return bool(kind == "EXTERNAL")


@dataclass(frozen=True, slots=True, kw_only=True)
class Side:
    """How one cloud makes the way in, and how it is read there."""

    build: Callable[..., Recorder]
    plan: Callable[..., IngressPlan]
    waits: Mapping[tuple[str, str], object]
    target: tuple[str, Mapping[str, object]]
    hosts: Callable[[Recorder], Mapping[str, str]]
    led_to: str
    refuses: Callable[[Recorder], object]
    redirects: Callable[[Recorder], bool]
    opened: Callable[[Recorder], set[tuple[object, int]]]
    sources: set[object]
    world: Callable[[Recorder], bool]
    records: tuple[str, str, str]
    proof: str
    served: str
    logs: tuple[str, str]
    handles: str
    ready: set[str]


SIDES = {
    Cloud.AWS: Side(
        build=aws.ingress,
        plan=edge_plans.ingress,
        waits={("LoadBalancer", "idleTimeout"): 660, ("LoadBalancer", "clientKeepAlive"): 3600},
        target=(
            "TargetGroup",
            {
                "targetType": "ip",
                "protocol": "HTTP",
                "port": 3000,
                "loadBalancingAlgorithmType": "least_outstanding_requests",
                # AWS refuses to start slowly under that algorithm
                "slowStart": 0,
                "deregistrationDelay": 120,
                "healthCheck.path": "/healthz/ready",
                "healthCheck.port": "15021",
                "healthCheck.timeout": 5,
                "healthCheck.interval": 10,
            },
        ),
        hosts=ruled_hosts,
        led_to="ingress-{}-targets",
        refuses=alb_refuses,
        redirects=alb_redirects,
        opened=alb_opens,
        sources={"ingress-access-id"},
        world=alb_world,
        records=("Record", "", "aliases.0.name"),
        proof="CertificateValidation",
        served="Listener",
        logs=("LoadBalancer", "accessLogs.enabled"),
        handles="target_group_arns",
        ready={"ListenerRule", "SecurityGroupIngressRule"},
    ),
    Cloud.GCP: Side(
        build=gcp.ingress,
        plan=edge_samples.ingress,
        waits={
            ("RegionBackendService", "timeoutSec"): 3600,
            ("RegionTargetHttpsProxy", "httpKeepAliveTimeoutSec"): 600,
        },
        target=(
            "RegionHealthCheck",
            {
                "httpHealthCheck.requestPath": "/healthz/ready",
                "httpHealthCheck.port": 15021,
                "httpHealthCheck.portSpecification": "USE_FIXED_PORT",
                "timeoutSec": 5,
                "checkIntervalSec": 10,
                "healthyThreshold": 2,
                "unhealthyThreshold": 3,
            },
        ),
        hosts=mapped_hosts,
        led_to="ingress-{}-backend-id",
        refuses=url_map_refuses,
        redirects=url_map_redirects,
        opened=firewall_opens,
        sources={gcp.PROXIES, *PROBES},
        world=rules_world,
        records=("RecordSet", ".", "rrdatas.0"),
        proof="RecordSet",
        served="gcp:certificatemanager/certificate:Certificate",
        logs=("RegionBackendService", "logConfig.enable"),
        handles="groups",
        ready={"NetworkEndpointGroup", "Firewall"},
    ),
}
ADDRESS = {Cloud.AWS: "ingress-alb.elb.example", Cloud.GCP: "address-of-ingress-address"}
