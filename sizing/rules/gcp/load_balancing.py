"""What Compute Engine and Certificate Manager refuse of the way in."""

from __future__ import annotations

from sizing.rules.conditions import (
    among,
    at_most_one,
    between,
    each,
    equals,
    every,
    exactly_one,
    is_set,
    matches,
    ordered,
    refused,
    when,
)
from sizing.rules.rule import Rule

ADDRESS = ("gcp:compute/address:Address",)
AUTHORIZATION = ("gcp:certificatemanager/dnsAuthorization:DnsAuthorization",)
BACKEND = ("gcp:compute/regionBackendService:RegionBackendService",)
GROUP = ("gcp:compute/networkEndpointGroup:NetworkEndpointGroup",)
HEALTH = ("gcp:compute/regionHealthCheck:RegionHealthCheck",)
HTTPS = ("gcp:compute/regionTargetHttpsProxy:RegionTargetHttpsProxy",)
RULE = ("gcp:compute/forwardingRule:ForwardingRule",)
TLS = ("gcp:compute/regionSslPolicy:RegionSslPolicy",)
URL_MAP = ("gcp:compute/regionUrlMap:RegionUrlMap",)

NAME = r"[a-z]([-a-z0-9]{0,61}[a-z0-9])?"
"""RFC 1035, as Compute Engine names things (pulumi-gcp)."""
KEEP_ALIVE_SECONDS = (5, 600)
TIMEOUT_MOST = 2_147_483_647
SCHEMES = ("EXTERNAL", "EXTERNAL_MANAGED", "INTERNAL", "INTERNAL_MANAGED")
ALGORITHMS = (
    *("LEAST_REQUEST", "MAGLEV", "ORIGINAL_DESTINATION", "RANDOM", "RING_HASH", "ROUND_ROBIN"),
    *("WEIGHTED_MAGLEV", "WEIGHTED_ROUND_ROBIN"),
)
GROUP_TYPES = (
    *("GCE_VM_IP", "GCE_VM_IP_DEDICATED_BACKEND", "GCE_VM_IP_PORT", "INTERNET_FQDN_PORT"),
    *("INTERNET_IP_PORT", "NON_GCP_PRIVATE_IP_PORT", "PRIVATE_SERVICE_CONNECT", "SERVERLESS"),
)
_ROUTED = "defaultRouteAction.weightedBackendServices"

RULES = (
    Rule(
        id="gcp.lb.group",
        types=GROUP,
        property="networkEndpointType",
        statement="A group is named as RFC 1035 has it, and of a known type.",
        source="terraform-provider-google",
        check=every(matches("name", NAME), among("networkEndpointType", GROUP_TYPES)),
        passing={"name": "aigw-prod-large-api", "networkEndpointType": "GCE_VM_IP_PORT"},
        failing={"name": "aigw.api", "networkEndpointType": "GCE_VM_IP_PORT"},
    ),
    Rule(
        id="gcp.lb.algorithm",
        types=BACKEND,
        property="localityLbPolicy",
        statement="A balancer chooses among pods by one of its own policies.",
        source="terraform-provider-google",
        check=among("localityLbPolicy", ALGORITHMS),
        passing={"localityLbPolicy": "LEAST_REQUEST"},
        failing={"localityLbPolicy": "least_outstanding_requests"},
    ),
    Rule(
        id="gcp.lb.scheme",
        types=(*RULE, *BACKEND),
        property="loadBalancingScheme",
        statement="A balancer is external or internal, managed or not.",
        source="terraform-provider-google",
        check=among("loadBalancingScheme", (*SCHEMES, "INTERNAL_SELF_MANAGED")),
        passing={"loadBalancingScheme": "EXTERNAL_MANAGED"},
        failing={"loadBalancingScheme": "PUBLIC"},
    ),
    Rule(
        id="gcp.lb.timeout",
        types=BACKEND,
        property="timeoutSec",
        statement=f"A backend answers within 1 to {TIMEOUT_MOST} seconds.",
        source="pulumi-gcp",
        check=between("timeoutSec", 1, TIMEOUT_MOST),
        passing={"timeoutSec": 3600},
        failing={"timeoutSec": 0},
    ),
    Rule(
        id="gcp.lb.rate",
        types=BACKEND,
        property="backends",
        statement="A backend that is balanced by rate says one, for the whole or for each member.",
        source="pulumi-gcp",
        check=each(
            "backends",
            when(
                equals("balancingMode", "RATE"),
                exactly_one("maxRate", "maxRatePerEndpoint", "maxRatePerInstance"),
            ),
        ),
        passing={"backends": [{"group": "g", "balancingMode": "RATE", "maxRatePerEndpoint": 100}]},
        failing={"backends": [{"group": "g", "balancingMode": "RATE"}]},
    ),
    Rule(
        id="gcp.lb.health",
        types=HEALTH,
        property="timeoutSec",
        statement="A health check is not awaited for longer than until the next one.",
        source="pulumi-gcp",
        check=ordered("timeoutSec", "checkIntervalSec"),
        passing={"timeoutSec": 5, "checkIntervalSec": 10},
        failing={"timeoutSec": 15, "checkIntervalSec": 10},
    ),
    Rule(
        id="gcp.lb.keep-alive",
        types=HTTPS,
        property="httpKeepAliveTimeoutSec",
        statement="A regional proxy keeps a client's idle connection for 5 to 600 seconds.",
        source="pulumi-gcp",
        check=between("httpKeepAliveTimeoutSec", *KEEP_ALIVE_SECONDS),
        passing={"httpKeepAliveTimeoutSec": 600},
        failing={"httpKeepAliveTimeoutSec": 3600},
    ),
    Rule(
        id="gcp.lb.certificates",
        types=HTTPS,
        property="certificateManagerCertificates",
        statement="Certificates are Certificate Manager's or Compute Engine's, not both.",
        source="terraform-provider-google",
        check=at_most_one("certificateManagerCertificates", "sslCertificates"),
        passing={"certificateManagerCertificates": ["c"]},
        failing={"certificateManagerCertificates": ["c"], "sslCertificates": ["d"]},
    ),
    Rule(
        id="gcp.lb.default",
        types=URL_MAP,
        property="defaultService",
        statement="A map leads unknown hosts to a service, to several, or elsewhere: one of them.",
        source="terraform-provider-google",
        check=every(
            exactly_one("defaultService", "defaultUrlRedirect", _ROUTED),
            at_most_one("defaultRouteAction", "defaultUrlRedirect"),
        ),
        passing={"defaultService": "s"},
        failing={"defaultService": "s", "defaultUrlRedirect": {"stripQuery": False}},
    ),
    Rule(
        id="gcp.lb.tls",
        types=TLS,
        property="minTlsVersion",
        statement="TLS 1.3 alone needs the profile RESTRICTED; only CUSTOM lists features.",
        source="pulumi-gcp",
        check=every(
            among("minTlsVersion", ("TLS_1_0", "TLS_1_1", "TLS_1_2", "TLS_1_3")),
            when(equals("minTlsVersion", "TLS_1_3"), among("profile", ("RESTRICTED",))),
            when(
                equals("profile", None, "COMPATIBLE", "MODERN", "RESTRICTED"),
                refused("customFeatures"),
            ),
        ),
        passing={"minTlsVersion": "TLS_1_2", "profile": "RESTRICTED"},
        failing={"minTlsVersion": "TLS_1_3", "profile": "MODERN"},
    ),
    Rule(
        id="gcp.lb.address",
        types=ADDRESS,
        property="networkTier",
        statement="An address is EXTERNAL or INTERNAL; only an external one has a network tier.",
        source="pulumi-gcp",
        check=every(
            among("addressType", ("EXTERNAL", "INTERNAL")),
            when(equals("addressType", "INTERNAL"), refused("networkTier")),
            when(is_set("purpose"), among("addressType", ("INTERNAL",), absent_is="EXTERNAL")),
        ),
        passing={"addressType": "INTERNAL", "purpose": "SHARED_LOADBALANCER_VIP"},
        failing={"addressType": "INTERNAL", "networkTier": "PREMIUM"},
    ),
    Rule(
        id="gcp.lb.authorization",
        types=AUTHORIZATION,
        property="type",
        statement="A proof is FIXED_RECORD or PER_PROJECT_RECORD.",
        source="pulumi-gcp",
        check=among("type", ("FIXED_RECORD", "PER_PROJECT_RECORD")),
        passing={"type": "PER_PROJECT_RECORD"},
        failing={"type": "DNS"},
    ),
)
