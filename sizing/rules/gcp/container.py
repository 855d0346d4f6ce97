"""What GKE refuses of clusters, and what we refuse of them because everyone could come in."""

from __future__ import annotations

import re

from sizing.rules.conditions import among, equals, every, is_set, matches, needs, refused, when
from sizing.rules.rule import Inputs, Rule
from sizing.rules.values import absent, blocks, items, read, text

CLUSTER = ("gcp:container/cluster:Cluster",)

NAME = r"[a-z]([a-z0-9-]{0,38}[a-z0-9])?"
"""Of clusters and pools (terraform-provider-google)."""
_PLACE = re.compile(r"/locations/([a-z0-9-]+)/")
AUTOPILOT_REFUSES = (
    *("nodePools", "removeDefaultNodePool", "networkPolicy", "defaultMaxPodsPerNode"),
    *("enableShieldedNodes", "enableIntranodeVisibility", "addonsConfig.dnsCacheConfig"),
)
"""What the provider does not take beside Autopilot (cloud rule 48)."""


def _callers_listed(inputs: Inputs) -> str | None:
    by_address = read(inputs, "controlPlaneEndpointsConfig.ipEndpointsConfig.enabled")
    private = read(inputs, "privateClusterConfig.enablePrivateEndpoint")
    if by_address not in (None, True) or private not in (None, False):
        return None
    path = "masterAuthorizedNetworksConfig.cidrBlocks"
    if absent(inputs, path) or items(inputs, path) == []:
        return "no cidrBlocks: the whole internet may ask"
    listed = [one.get("cidrBlock") for one in blocks(inputs, path)]
    return "cidrBlocks holds 0.0.0.0/0" if "0.0.0.0/0" in listed else None


def _reachable(inputs: Inputs) -> str | None:
    by_address = read(inputs, "controlPlaneEndpointsConfig.ipEndpointsConfig.enabled")
    by_name = read(inputs, "controlPlaneEndpointsConfig.dnsEndpointConfig.allowExternalTraffic")
    return "both endpoints off" if by_address is False and by_name in (None, False) else None


def _own_policies(inputs: Inputs) -> str | None:
    return "networkPolicy.enabled" if read(inputs, "networkPolicy.enabled") is True else None


def _key_nearby(inputs: Inputs) -> str | None:
    key, location = text(inputs, "databaseEncryption.keyName"), text(inputs, "location")
    if key is None or location is None:
        return None
    place = _PLACE.search(key)
    region = "-".join(location.split("-")[:2])
    return None if place is None or place[1] == region else f"the key is in {place[1]}"


RULES = (
    Rule(
        id="gcp.gke.name",
        types=CLUSTER,
        property="name",
        statement="A cluster's name has lower-case letters, digits and -, at most 40.",
        source="terraform-provider-google",
        check=matches("name", NAME),
        passing={"name": "aigw-prod-large"},
        failing={"name": "aigw_prod_large"},
    ),
    Rule(
        id="gcp.gke.public-endpoint-callers",
        types=CLUSTER,
        property="masterAuthorizedNetworksConfig.cidrBlocks",
        statement="A public endpoint lists its callers; GKE's default is the whole internet.",
        source="terraform-provider-google",
        check=_callers_listed,
        passing={"masterAuthorizedNetworksConfig": {"cidrBlocks": [{"cidrBlock": "192.0.2.0/24"}]}},
        failing={"masterAuthorizedNetworksConfig": {"cidrBlocks": [{"cidrBlock": "0.0.0.0/0"}]}},
    ),
    Rule(
        id="gcp.gke.endpoint-reachable",
        types=CLUSTER,
        property="controlPlaneEndpointsConfig",
        statement="A cluster answers at its addresses, at its name, or both.",
        source="terraform-provider-google",
        check=_reachable,
        passing={
            "controlPlaneEndpointsConfig": {
                "ipEndpointsConfig": {"enabled": False},
                "dnsEndpointConfig": {"allowExternalTraffic": True},
            }
        },
        failing={"controlPlaneEndpointsConfig": {"ipEndpointsConfig": {"enabled": False}}},
    ),
    Rule(
        id="gcp.gke.policies-of-dataplane-v2",
        types=CLUSTER,
        property="networkPolicy.enabled",
        statement="Dataplane V2 enforces policies by itself and takes no other that does.",
        source="terraform-google-gke",
        check=when(equals("datapathProvider", "ADVANCED_DATAPATH"), _own_policies),
        passing={"datapathProvider": "ADVANCED_DATAPATH"},
        failing={"datapathProvider": "ADVANCED_DATAPATH", "networkPolicy": {"enabled": True}},
    ),
    Rule(
        id="gcp.gke.autopilot",
        types=CLUSTER,
        property="enableAutopilot",
        statement="Autopilot has no pools, policies and node settings of one's own.",
        source="terraform-provider-google",
        check=when(equals("enableAutopilot", True), refused(*AUTOPILOT_REFUSES)),
        passing={"enableAutopilot": True},
        failing={"enableAutopilot": True, "removeDefaultNodePool": True},
    ),
    Rule(
        id="gcp.gke.one-kind-of-range",
        types=CLUSTER,
        property="ipAllocationPolicy",
        statement="Ranges of pods and services are named or written out, never both.",
        source="terraform-provider-google",
        check=every(
            when(is_set("ipAllocationPolicy"), refused("clusterIpv4Cidr")),
            when(
                is_set("ipAllocationPolicy.clusterSecondaryRangeName"),
                refused("ipAllocationPolicy.clusterIpv4CidrBlock"),
            ),
            when(
                is_set("ipAllocationPolicy.servicesSecondaryRangeName"),
                refused("ipAllocationPolicy.servicesIpv4CidrBlock"),
            ),
        ),
        passing={"ipAllocationPolicy": {"clusterSecondaryRangeName": "pods"}},
        failing={"ipAllocationPolicy": {}, "clusterIpv4Cidr": "10.96.0.0/14"},
    ),
    Rule(
        id="gcp.gke.private-range",
        types=CLUSTER,
        property="privateClusterConfig.masterIpv4CidrBlock",
        statement="A range for the control plane is a /28.",
        source="terraform-provider-google",
        check=matches("privateClusterConfig.masterIpv4CidrBlock", r"(\d+\.){3}\d+/28|"),
        passing={"privateClusterConfig": {"masterIpv4CidrBlock": "172.16.0.0/28"}},
        failing={"privateClusterConfig": {"masterIpv4CidrBlock": "172.16.0.0/27"}},
    ),
    Rule(
        id="gcp.gke.encryption",
        types=CLUSTER,
        property="databaseEncryption.keyName",
        statement="Encryption of what Kubernetes keeps names a key of the cluster's region.",
        source="terraform-provider-google",
        check=when(
            is_set("databaseEncryption"),
            every(
                among(
                    "databaseEncryption.state",
                    ("ALL_OBJECTS_ENCRYPTION_ENABLED", "DECRYPTED", "ENCRYPTED"),
                ),
                when(
                    equals("databaseEncryption.state", "ENCRYPTED"),
                    every(needs("databaseEncryption.keyName"), _key_nearby),
                ),
            ),
        ),
        passing={
            "location": "us-central1",
            "databaseEncryption": {
                "state": "ENCRYPTED",
                "keyName": "projects/p/locations/us-central1/keyRings/r/cryptoKeys/k",
            },
        },
        failing={
            "location": "us-central1",
            "databaseEncryption": {
                "state": "ENCRYPTED",
                "keyName": "projects/p/locations/global/keyRings/r/cryptoKeys/k",
            },
        },
    ),
    Rule(
        id="gcp.gke.workload-pool",
        types=CLUSTER,
        property="workloadIdentityConfig.workloadPool",
        statement="The pool of a cluster's identities is its project's.",
        source="pulumi-gcp",
        check=matches("workloadIdentityConfig.workloadPool", r"[a-z0-9:.-]+\.svc\.id\.goog|"),
        passing={"workloadIdentityConfig": {"workloadPool": "project.svc.id.goog"}},
        failing={"workloadIdentityConfig": {"workloadPool": "project"}},
    ),
)
