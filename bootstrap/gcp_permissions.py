"""What a deployer may do on Google Cloud: the least that stacks take, one permission at a time.

Pure. Names are those of https://docs.cloud.google.com/iam/docs/permissions-reference. A custom
role holds for a whole project; a platform therefore has a project of its own.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

_KEPT: Final = ("create", "delete", "get", "list", "update")
_RIGHTS: Final = ("getIamPolicy", "setIamPolicy")

NETWORK: Final = {
    "compute.addresses": (
        *("create", "createInternal", "delete", "deleteInternal", "get", "list"),
        *("setLabels", "use", "useInternal"),
    ),
    "compute.firewalls": _KEPT,
    "compute.globalAddresses": ("createInternal", "deleteInternal", "get", "list", "setLabels"),
    "compute.globalOperations": ("get",),
    "compute.networks": (
        *_KEPT,
        *("addPeering", "removePeering", "updatePeering", "updatePolicy", "use"),
    ),
    "compute.projects": ("get",),
    "compute.regionOperations": ("get",),
    "compute.regions": ("get", "list"),
    "compute.routers": (*_KEPT, "use"),
    "compute.routes": ("create", "delete", "get", "list"),
    "compute.subnetworks": (*_KEPT, "expandIpCidrRange", "setPrivateIpGoogleAccess", "use"),
    "compute.zones": ("get", "list"),
    "dns.changes": ("create", "get", "list"),
    "dns.managedZones": _KEPT,
    "dns.networks": ("bindPrivateDNSZone",),
    "dns.resourceRecordSets": _KEPT,
    "networkconnectivity.operations": ("get",),
    "networkconnectivity.serviceConnectionPolicies": _KEPT,
    "servicenetworking.operations": ("get",),
    "servicenetworking.services": ("addPeering", "deleteConnection", "get", "use"),
}
EDGE: Final = {
    "certificatemanager.certs": (*_KEPT, "use"),
    "certificatemanager.dnsauthorizations": (*_KEPT, "use"),
    "certificatemanager.operations": ("get",),
    "compute.forwardingRules": (
        *("create", "delete", "get", "list", "setLabels", "setTarget", "update", "use"),
    ),
    "compute.networkEndpointGroups": ("create", "delete", "get", "list", "use"),
    "compute.regionBackendServices": (*_KEPT, "setSecurityPolicy", "use"),
    "compute.regionHealthChecks": (*_KEPT, "useReadOnly"),
    "compute.regionSecurityPolicies": (*_KEPT, "use"),
    "compute.regionSslPolicies": (*_KEPT, "use"),
    "compute.regionTargetHttpProxies": ("create", "delete", "get", "list", "setUrlMap", "use"),
    "compute.regionTargetHttpsProxies": (*_KEPT, "setSslCertificates", "setUrlMap", "use"),
    "compute.regionUrlMaps": (*_KEPT, "use"),
}
CLUSTER: Final = {
    "artifactregistry.repositories": (*_KEPT, *_RIGHTS),
    "cloudkms.cryptoKeyVersions": ("destroy", "get", "list"),
    "cloudkms.cryptoKeys": ("create", "get", "list", "update", *_RIGHTS),
    "cloudkms.keyRings": ("create", "get", "list"),
    # what it does inside a cluster, it does as one of the cluster's administrators
    "container.clusters": _KEPT,
    "container.operations": ("get", "list"),
    "gkebackup.backupPlans": _KEPT,
    "gkebackup.operations": ("get",),
    "iam.serviceAccounts": (*_KEPT, "actAs", *_RIGHTS),
    "logging.buckets": _KEPT,
    "logging.exclusions": _KEPT,
    "logging.operations": ("get",),
    "logging.sinks": _KEPT,
    "resourcemanager.projects": ("get", "getIamPolicy"),
    "serviceusage.services": ("get", "list", "use"),
}
DATA: Final = {
    "backupdr.backupPlanAssociations": (
        *("createForFilestoreInstance", "deleteForFilestoreInstance"),
        *("getForFilestoreInstance", "list", "updateForFilestoreInstance"),
    ),
    "backupdr.backupPlans": (*_KEPT, "useForFilestoreInstance"),
    "backupdr.backupVaults": (*_KEPT, "associate"),
    "backupdr.operations": ("get",),
    "cloudsql.instances": _KEPT,
    "cloudsql.users": _KEPT,
    # a share is joined to its plan of copies by the share's own right, too
    "file.instances": (*_KEPT, "updateBackupDrConfig"),
    "file.operations": ("get",),
    "redis.clusters": _KEPT,
    "redis.instances": (*_KEPT, "getAuthString", "updateAuth", "upgrade"),
    "redis.operations": ("get",),
    "secretmanager.secrets": (*_KEPT, *_RIGHTS),
    "secretmanager.versions": ("access", "add", "destroy", "disable", "enable", "get", "list"),
    "storage.buckets": (*_KEPT, *_RIGHTS),
    # a bucket that may go goes with what is in it
    "storage.objects": ("delete", "list"),
}

GRANTED: Final = (
    "roles/container.admin",
    "roles/container.defaultNodeServiceAccount",
    "roles/redis.dbConnectionUser",
)
"""Roles on the project that stacks give, to administrators, nodes and clients of a cache.

No policy of a narrower resource takes them. Beside them the project's own `MODEL_CALLER`.
"""


def permissions() -> tuple[str, ...]:
    """Return every permission of the deployer, sorted."""
    tables = (NETWORK, EDGE, CLUSTER, DATA)
    return tuple(
        sorted(f"{kind}.{verb}" for one in tables for kind, verbs in one.items() for verb in verbs)
    )


def grants_only(roles: Sequence[str]) -> str:
    """Return the condition under which someone may give these roles on a project, and no other.

    Without it whoever may give roles could give itself any
    (https://docs.cloud.google.com/iam/docs/setting-limits-on-granting-roles).
    """
    listed = ", ".join(f"'{role}'" for role in sorted(roles))
    return f"api.getAttribute('iam.googleapis.com/modifiedGrantsByRole', []).hasOnly([{listed}])"


def subjects_only(subjects: Sequence[str]) -> str:
    """Return the condition under which an issuer's token is taken: its subject is one of these."""
    listed = ", ".join(f"'{one}'" for one in subjects)
    return f"assertion.sub in [{listed}]"
