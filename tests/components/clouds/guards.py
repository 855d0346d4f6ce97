"""What keeps strangers out of a store that already stands in the network, on either cloud.

`GUARDS` says by type where it stands in the inputs and what must stand there: who connects proves
who they are, no word goes in clear, and the store is in the platform's own network.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from ipaddress import ip_network
from typing import Final

from tests.components.clouds.words import at
from tests.components.support import Registered

GIVEN: Final = "whatever is given"
NOTHING: Final = "nothing"
RANGES: Final = "private ranges"
_RDS: Mapping[str, object] = {
    "storageEncrypted": True,
    "publiclyAccessible": False,
    "manageMasterUserPassword": True,
    "dbSubnetGroupName": GIVEN,
    "vpcSecurityGroupIds": GIVEN,
    "password": NOTHING,
    "masterPassword": NOTHING,
}
_DOMAIN, _ADDRESS = "domainEndpointOptions", "settings.ipConfiguration"
GUARDS: Mapping[str, Mapping[str, object]] = {
    "aws:rds/instance:Instance": _RDS,
    "aws:rds/cluster:Cluster": _RDS,
    "aws:elasticache/replicationGroup:ReplicationGroup": {
        "transitEncryptionEnabled": True,
        "transitEncryptionMode": "required",
        "atRestEncryptionEnabled": True,
        "authToken": GIVEN,
        "subnetGroupName": GIVEN,
        "userGroupIds": NOTHING,
    },
    "aws:efs/fileSystem:FileSystem": {"encrypted": True},
    "aws:opensearch/domain:Domain": {
        "encryptAtRest.enabled": True,
        "nodeToNodeEncryption.enabled": True,
        f"{_DOMAIN}.enforceHttps": True,
        f"{_DOMAIN}.tlsSecurityPolicy": "Policy-Min-TLS-1-2-PFS-2023-10",
        "advancedSecurityOptions.enabled": True,
        "advancedSecurityOptions.anonymousAuthEnabled": False,
        "advancedSecurityOptions.internalUserDatabaseEnabled": False,
        "advancedSecurityOptions.masterUserOptions.masterUserArn": GIVEN,
        "vpcOptions.subnetIds": GIVEN,
    },
    "aws:docdb/cluster:Cluster": {
        "storageEncrypted": True,
        "manageMasterUserPassword": True,
        "dbSubnetGroupName": GIVEN,
        "masterPassword": NOTHING,
        "masterPasswordWo": NOTHING,
    },
    "gcp:sql/databaseInstance:DatabaseInstance": {
        f"{_ADDRESS}.ipv4Enabled": False,
        f"{_ADDRESS}.privateNetwork": GIVEN,
        f"{_ADDRESS}.sslMode": "ENCRYPTED_ONLY",
        f"{_ADDRESS}.serverCaMode": "GOOGLE_MANAGED_CAS_CA",
        f"{_ADDRESS}.authorizedNetworks": NOTHING,
    },
    "gcp:redis/instance:Instance": {
        "authEnabled": True,
        "transitEncryptionMode": "SERVER_AUTHENTICATION",
        "authorizedNetwork": GIVEN,
        "connectMode": "PRIVATE_SERVICE_ACCESS",
    },
    "gcp:redis/cluster:Cluster": {
        "authorizationMode": "AUTH_MODE_IAM_AUTH",
        "transitEncryptionMode": "TRANSIT_ENCRYPTION_MODE_SERVER_AUTHENTICATION",
        "pscConfigs": GIVEN,
        "kmsKey": GIVEN,
    },
    "gcp:filestore/instance:Instance": {
        "networks.0.network": GIVEN,
        "networks.0.connectMode": "PRIVATE_SERVICE_ACCESS",
        # without ranges everybody in the network may mount
        "fileShares.nfsExportOptions.0.ipRanges": RANGES,
    },
}


def unguarded(resources: Sequence[Registered]) -> Iterator[str]:
    """Yield each guard of a store that is not as it must be."""
    for one in resources:
        for path, wanted in GUARDS.get(one.type, {}).items():
            if not stands(at(one.inputs, path), wanted):
                yield f"{one.name}: {path} is {at(one.inputs, path)}"


def stands(found: object, wanted: object) -> bool:
    """Say whether what was found is what must stand there."""
    if wanted == RANGES:
        return (
            isinstance(found, list) and bool(found) and all(ip_network(r).is_private for r in found)
        )
    if wanted in (GIVEN, NOTHING):
        return bool(found) is (wanted == GIVEN)
    return found == wanted
