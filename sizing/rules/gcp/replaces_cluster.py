"""Which changed properties make the provider replace clusters, pools, accounts and rights."""

from __future__ import annotations

from collections.abc import Mapping

_RIGHT = ("condition", "member", "role")

CLUSTER: Mapping[str, frozenset[str]] = {
    # container/resource_container_cluster.go, node_config.go; of the first node's settings those
    # of a pool, since they are the same block
    "gcp:container/cluster:Cluster": frozenset(
        {
            *("clusterIpv4Cidr", "confidentialNodes", "datapathProvider", "description"),
            *("dataplaneOptimizationMode", "defaultMaxPodsPerNode", "enableAutopilot"),
            *("enableKubernetesAlpha", "enableTpu", "initialNodeCount"),
            "ipAllocationPolicy.clusterIpv4CidrBlock",
            "ipAllocationPolicy.clusterSecondaryRangeName",
            "ipAllocationPolicy.servicesIpv4CidrBlock",
            "ipAllocationPolicy.servicesSecondaryRangeName",
            *("location", "masterAuth.clientCertificateConfig", "name", "network"),
            *("networkingMode", "nodePools"),
            "nodeConfig.bootDiskKmsKey",
            "nodeConfig.metadata",
            "nodeConfig.oauthScopes",
            "nodeConfig.serviceAccount",
            "nodeConfig.shieldedInstanceConfig",
            "privateClusterConfig.masterIpv4CidrBlock",
            "privateClusterConfig.privateEndpointSubnetwork",
            *("project", "subnetwork"),
        }
    ),
    # container/resource_container_node_pool.go, node_config.go
    "gcp:container/nodePool:NodePool": frozenset(
        {
            *("cluster", "initialNodeCount", "location", "maxPodsPerNode", "name", "namePrefix"),
            "networkConfig.createPodRange",
            "networkConfig.podIpv4CidrBlock",
            "networkConfig.podRange",
            "networkConfig.subnetwork",
            "nodeConfig.bootDiskKmsKey",
            "nodeConfig.ephemeralStorageLocalSsdConfig",
            "nodeConfig.guestAccelerators",
            "nodeConfig.localSsdCount",
            "nodeConfig.metadata",
            "nodeConfig.minCpuPlatform",
            "nodeConfig.oauthScopes",
            "nodeConfig.preemptible",
            "nodeConfig.reservationAffinity",
            "nodeConfig.serviceAccount",
            "nodeConfig.shieldedInstanceConfig",
            "nodeConfig.spot",
            *("placementPolicy", "project", "queuedProvisioning"),
        }
    ),
    # resourcemanager/resource_google_service_account.go
    "gcp:serviceaccount/account:Account": frozenset({"accountId", "project"}),
    # tpgiamresource: a right is replaced as a whole, as nothing of it can change
    "gcp:projects/iAMMember:IAMMember": frozenset({*_RIGHT, "project"}),
    "gcp:serviceaccount/iAMMember:IAMMember": frozenset({*_RIGHT, "serviceAccountId"}),
    "gcp:storage/bucketIAMMember:BucketIAMMember": frozenset({*_RIGHT, "bucket"}),
}
