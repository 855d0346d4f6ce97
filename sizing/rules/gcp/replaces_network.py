"""The same for networks, their firewall and their logs."""

from __future__ import annotations

from collections.abc import Mapping

NETWORK: Mapping[str, frozenset[str]] = {
    # compute/resource_compute_network.go, resource_compute_subnetwork.go; a subnet's range grows
    # in place, and a smaller one replaces it
    "gcp:compute/network:Network": frozenset(
        {
            *("autoCreateSubnetworks", "description", "internalIpv6Range", "name"),
            *("networkProfile", "params", "project"),
        }
    ),
    "gcp:compute/subnetwork:Subnetwork": frozenset(
        {
            *("description", "externalIpv6Prefix", "internalIpv6Prefix", "name", "network"),
            *("params", "project", "region", "reservedInternalRange", "resolveSubnetMask"),
        }
    ),
    # compute/resource_compute_route.go, resource_compute_firewall.go
    "gcp:compute/route:Route": frozenset(
        {
            *("description", "destRange", "name", "network", "nextHopGateway", "nextHopIlb"),
            *("nextHopInstance", "nextHopInstanceZone", "nextHopIp", "nextHopVpnTunnel"),
            *("params", "priority", "project", "tags"),
        }
    ),
    "gcp:compute/firewall:Firewall": frozenset({"direction", "name", "params", "project"}),
    # compute/resource_compute_router.go, resource_compute_router_nat.go
    "gcp:compute/router:Router": frozenset(
        {
            *("encryptedInterconnectRouter", "name", "nccGateway", "network", "params"),
            *("project", "region"),
        }
    ),
    "gcp:compute/routerNat:RouterNat": frozenset(
        {"endpointTypes", "initialNatIps", "name", "project", "region", "router", "type"}
    ),
    # compute/resource_compute_address.go, resource_compute_global_address.go
    "gcp:compute/address:Address": frozenset(
        {
            *("address", "addressType", "description", "ipCollection", "ipVersion"),
            *("ipv6EndpointType", "name", "network", "networkTier", "prefixLength", "project"),
            *("purpose", "region", "subnetwork"),
        }
    ),
    "gcp:compute/globalAddress:GlobalAddress": frozenset(
        {
            *("address", "addressType", "description", "ipVersion", "name", "network"),
            *("prefixLength", "project", "purpose"),
        }
    ),
    # servicenetworking/resource_service_networking_connection.go
    "gcp:servicenetworking/connection:Connection": frozenset({"network", "service"}),
    # logging/resource_logging_project_bucket_config.go, resource_logging_sink.go,
    # resource_logging_exclusion.go, logging_exclusion_project.go
    "gcp:logging/projectBucketConfig:ProjectBucketConfig": frozenset(
        {"bucketId", "location", "project"}
    ),
    "gcp:logging/projectSink:ProjectSink": frozenset({"name", "project"}),
    "gcp:logging/projectExclusion:ProjectExclusion": frozenset({"name", "project"}),
    # resourcemanager/resource_google_project_service.go
    "gcp:projects/service:Service": frozenset({"project", "service"}),
    # kms/iam_kms_crypto_key.go
    "gcp:kms/cryptoKeyIAMMember:CryptoKeyIAMMember": frozenset(
        {"condition", "cryptoKeyId", "member", "role"}
    ),
    # resourcemanager/resource_project_service_identity.go
    "gcp:projects/serviceIdentity:ServiceIdentity": frozenset({"project", "service"}),
}
