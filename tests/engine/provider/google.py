"""Google Cloud as the stand-in plays it: names, ids, and what components read of a resource."""

from __future__ import annotations

import string
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from sizing.rules.values import SECRET, SIGNATURE, UNKNOWN_TEXT

PACKAGE: Final = "gcp"
DATABASE: Final = "gcp:sql/databaseInstance:DatabaseInstance"
ACCOUNT: Final = "gcp:serviceaccount/account:Account"
BACKUP_VAULT: Final = "gcp:backupdisasterrecovery/backupVault:BackupVault"
BACKUP_PLAN: Final = "gcp:backupdisasterrecovery/backupPlan:BackupPlan"
IDS: Final[Mapping[str, str]] = {
    **{
        f"gcp:compute/{kind[0].lower()}{kind[1:]}:{kind}": f"projects/$project/{place}/$name"
        for kind, place in {
            "Address": "regions/$region/addresses",
            "Firewall": "global/firewalls",
            "GlobalAddress": "global/addresses",
            "Network": "global/networks",
            "NetworkEndpointGroup": "zones/$zone/networkEndpointGroups",
            "RegionBackendService": "regions/$region/backendServices",
            "RegionHealthCheck": "regions/$region/healthChecks",
            "RegionSecurityPolicy": "regions/$region/securityPolicies",
            "RegionSslPolicy": "regions/$region/sslPolicies",
            "RegionTargetHttpProxy": "regions/$region/targetHttpProxies",
            "RegionTargetHttpsProxy": "regions/$region/targetHttpsProxies",
            "RegionUrlMap": "regions/$region/urlMaps",
            "Route": "global/routes",
            "Router": "regions/$region/routers",
            "Subnetwork": "regions/$region/subnetworks",
        }.items()
    },
    BACKUP_VAULT: "projects/$project/locations/$location/backupVaults/$backupVaultId",
    BACKUP_PLAN: "projects/$project/locations/$location/backupPlans/$backupPlanId",
    "gcp:certificatemanager/certificate:Certificate": (
        "projects/$project/locations/$location/certificates/$name"
    ),
    "gcp:certificatemanager/dnsAuthorization:DnsAuthorization": (
        "projects/$project/locations/$location/dnsAuthorizations/$name"
    ),
    "gcp:container/cluster:Cluster": "projects/$project/locations/$location/clusters/$name",
    "gcp:dns/managedZone:ManagedZone": "projects/$project/managedZones/$name",
    "gcp:filestore/instance:Instance": "projects/$project/locations/$location/instances/$name",
    "gcp:kms/cryptoKey:CryptoKey": "$keyRing/cryptoKeys/$name",
    "gcp:kms/keyRing:KeyRing": "projects/$project/locations/$location/keyRings/$name",
    "gcp:redis/cluster:Cluster": "projects/$project/locations/$region/clusters/$name",
    "gcp:redis/instance:Instance": "projects/$project/locations/$region/instances/$name",
    "gcp:secretmanager/secret:Secret": "projects/$project/secrets/$secretId",
    ACCOUNT: "projects/$project/serviceAccounts/$email",
    DATABASE: "$name",
    "gcp:storage/bucket:Bucket": "$name",
}
"""Ids of the resources whose id another one is made of (each type's "Import" in the SDK)."""
FULL_NAMES: Final = frozenset(
    {ACCOUNT, BACKUP_PLAN, BACKUP_VAULT, "gcp:secretmanager/secret:Secret"}
)
"""Types whose `name` is their id."""
PROTECTED_UNLESS_SAID: Final[Mapping[str, str]] = {
    "gcp:container/cluster:Cluster": "deletionProtection",
    DATABASE: "deletionProtection",
    "gcp:redis/cluster:Cluster": "deletionProtectionEnabled",
    "gcp:redis/instance:Instance": "deletionProtection",
}
"""Types that the provider deletes only after a false in this property (its SDK's docstrings)."""
KEPT_WHEN_UNSAID: Final[Mapping[str, frozenset[str]]] = {
    # container/resource_container_node_pool.go: optional and computed
    "gcp:container/nodePool:NodePool": frozenset({"initialNodeCount"}),
}
"""What keeps its value when nothing is said of it any longer: its absence is no change."""
SWITCHES: Final = ("deletionProtection", "deletionProtectionEnabled")


@dataclass(frozen=True, slots=True, kw_only=True)
class Known:
    """What is known of a new resource before anything is made up of it."""

    token: str
    project: str
    region: str
    name: str
    inputs: Mapping[str, Any]

    def filled(self, template: str) -> str:
        """Return a template with what the resource, or else its provider, says."""
        texts = {key: one for key, one in self.inputs.items() if isinstance(one, str)}
        around = {"project": self.project, "region": self.region, "location": self.region}
        email = f"{texts.get('accountId')}@{self.project}.iam.gserviceaccount.com"
        own = {**around, **texts, "name": self.name, "email": email}
        return string.Template(template).substitute(own)


def is_google(token: str) -> bool:
    """Say whether a type is Google Cloud's."""
    return token.startswith(f"{PACKAGE}:")


def identity(known: Known) -> str | None:
    """Return a resource's id, None where nothing is made of it."""
    return known.filled(IDS[known.token]) if known.token in IDS else None


def certificate(name: str) -> str:
    """Return what stands for an authority's certificate."""
    return f"-----BEGIN CERTIFICATE-----\n{name}\n-----END CERTIFICATE-----\n"


def promised(known: Known, identifier: str) -> dict[str, Any]:
    """Return where a resource is and what it is called, for whatever it does not say itself."""
    service = known.token.removeprefix(f"{PACKAGE}:").partition("/")[0]
    return {
        "project": known.project,
        "region": known.region,
        "location": known.region,
        "name": identifier if known.token in FULL_NAMES else known.name,
        "selfLink": f"https://www.googleapis.com/{service}/v1/{identifier}",
    }


def protected(token: str, properties: Mapping[str, Any]) -> bool:
    """Say whether a resource is kept from deletion, by what was asked for or by default."""
    if token in PROTECTED_UNLESS_SAID:
        return properties.get(PROTECTED_UNLESS_SAID[token]) is not False
    return any(properties.get(one) is True for one in SWITCHES)


def unknown(answer: object) -> object:
    """Return an answer of Google's as a preview has it: in the same shape, and not known yet."""
    if not isinstance(answer, dict):
        return UNKNOWN_TEXT
    if SIGNATURE in answer:
        return {**answer, "value": UNKNOWN_TEXT}
    return {key: unknown(one) for key, one in answer.items()}


def answers(known: Known, drawn: str) -> dict[str, Any]:
    """Return what Google adds to what was asked for, wherever a component reads it.

    Args:
        drawn: hexadecimal text that is this resource's alone.
    """
    address = f"10.64.{int(drawn[:2], 16)}.{int(drawn[2:4], 16)}"
    match known.token:
        case "gcp:compute/address:Address":
            return {"address": f"203.0.113.{int(drawn[:2], 16)}"}
        case "gcp:certificatemanager/dnsAuthorization:DnsAuthorization":
            proof = {
                "name": f"_acme-challenge_{drawn}.{known.inputs['domain']}.",
                "type": "CNAME",
                "data": f"{drawn}.authorize.certificatemanager.goog.",
            }
            return {"dnsResourceRecords": [proof]}
        case "gcp:container/cluster:Cluster":
            return {
                "endpoint": "203.0.113.10",
                "masterAuth": {"clusterCaCertificate": "YSBjZXJ0aWZpY2F0ZQ=="},
            }
        case "gcp:filestore/instance:Instance":
            asked = known.inputs["networks"][0]
            return {"networks": [{**asked, "ipAddresses": [address]}]}
        case "gcp:redis/cluster:Cluster":
            return {
                "discoveryEndpoints": [{"address": address, "port": 6379}],
                "managedServerCas": [{"caCerts": [{"certificates": [certificate(drawn)]}]}],
            }
        case "gcp:redis/instance:Instance":
            return {
                "host": address,
                "port": 6378,
                "authString": {SIGNATURE: SECRET, "value": f"token-{drawn}"},
                "serverCaCerts": [{"cert": certificate(drawn)}],
            }
        case "gcp:serviceaccount/account:Account":
            email = known.filled("$email")
            return {"email": email, "member": f"serviceAccount:{email}"}
        case "gcp:sql/databaseInstance:DatabaseInstance":
            return {
                "privateIpAddress": address,
                "serverCaCerts": [{"cert": certificate(known.region)}],
                "dnsNames": [
                    {
                        "name": f"{drawn}.{known.region}.sql-psa.goog.",
                        "connectionType": "PRIVATE_SERVICES_ACCESS",
                        "dnsScope": "INSTANCE",
                    }
                ],
            }
    return {}
