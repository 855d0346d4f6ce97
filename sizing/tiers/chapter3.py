"""Document 001, chapter 3: cluster, network and storage.

Source: document-001, version 1.0, 2026-02.
"""

from __future__ import annotations

from sizing.tiers.schema import ClusterRow, NetworkRow, Pool, StorageColumn
from sizing.tiers.vocabulary import ControlPlane, EndpointNeed
from sizing.words import Tier

CLUSTER_ROWS = (
    ClusterRow(
        section="3.1",
        tier=Tier.SMALL,
        control_plane=ControlPlane.MANAGED,
        control_plane_nodes=3,
        cpu_pool=Pool(count=3, instance_type="m5.xlarge"),
        gpu_pool=Pool(count=1, instance_type="g4dn.xlarge"),
    ),
    ClusterRow(
        section="3.1",
        tier=Tier.MEDIUM,
        control_plane=ControlPlane.MANAGED,
        control_plane_nodes=3,
        cpu_pool=Pool(count=5, instance_type="m5.2xlarge"),
        gpu_pool=Pool(count=2, instance_type="g4dn.2xlarge"),
    ),
    ClusterRow(
        section="3.1",
        tier=Tier.LARGE,
        control_plane=ControlPlane.MANAGED,
        control_plane_nodes=5,
        cpu_pool=Pool(count=10, instance_type="m5.4xlarge"),
        gpu_pool=Pool(count=4, instance_type="g5.4xlarge"),
    ),
    ClusterRow(
        section="3.1",
        tier=Tier.ENTERPRISE,
        control_plane=ControlPlane.DEDICATED,
        control_plane_nodes=5,
        cpu_pool=Pool(count=20, instance_type="m5.8xlarge"),
        gpu_pool=Pool(count=8, instance_type="p4d.24xlarge"),
    ),
)

NETWORK_ROWS = (
    NetworkRow(
        section="3.2",
        tier=Tier.SMALL,
        ingress_mbps=100,
        internal_mbps=1000,
        vpc_endpoints=EndpointNeed.OPTIONAL,
    ),
    NetworkRow(
        section="3.2",
        tier=Tier.MEDIUM,
        ingress_mbps=500,
        internal_mbps=10000,
        vpc_endpoints=EndpointNeed.RECOMMENDED,
    ),
    NetworkRow(
        section="3.2",
        tier=Tier.LARGE,
        ingress_mbps=1000,
        internal_mbps=25000,
        vpc_endpoints=EndpointNeed.REQUIRED,
    ),
    NetworkRow(
        section="3.2",
        tier=Tier.ENTERPRISE,
        ingress_mbps=10000,
        internal_mbps=100000,
        vpc_endpoints=EndpointNeed.REQUIRED,
    ),
)

STORAGE_COLUMNS = (
    StorageColumn(
        section="3.3",
        tier=Tier.SMALL,
        postgres_gb=50,
        redis_gb=5,
        prometheus_gb=50,
        model_cache_gb=100,
    ),
    StorageColumn(
        section="3.3",
        tier=Tier.MEDIUM,
        postgres_gb=200,
        redis_gb=20,
        prometheus_gb=200,
        model_cache_gb=500,
    ),
    StorageColumn(
        section="3.3",
        tier=Tier.LARGE,
        postgres_gb=1000,
        redis_gb=50,
        prometheus_gb=1000,
        model_cache_gb=2000,
    ),
    StorageColumn(
        section="3.3",
        tier=Tier.ENTERPRISE,
        postgres_gb=5000,
        redis_gb=200,
        prometheus_gb=5000,
        model_cache_gb=10000,
    ),
)
