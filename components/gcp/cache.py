"""A Redis-protocol store on Memorystore, exactly as the plan of its role says.

An instance asks for a token that Memorystore makes, and shows a certificate of an authority of its
own. A cluster knows no token that a program of ours could set: Memorystore makes the tokens of its
users outside of what the provider manages, and the other way in is an access token of IAM, good
for an hour (https://docs.cloud.google.com/memorystore/docs/cluster/about-iam-auth). So a cluster
has a Google service account that may connect to it, and whoever connects borrows that account;
LiteLLM does so by itself (https://docs.litellm.ai/docs/proxy/gcp_memorystore_iam), a client that
knows only a password cannot. With neither a cluster would be open to the whole network.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import pulumi
from pulumi_gcp import networkconnectivity, projects, redis, serviceaccount

from components.base import PlatformComponent
from components.gcp import stores
from components.naming import service_account_id, store_name
from sizing.catalog.google import redis_shape
from sizing.plans import CachePlan

CLUSTER_PORT = 6379
# what an instance answers at once TLS is on (Memorystore for Redis, in-transit encryption)
INSTANCE_PORT = 6378
SHARD_PORTS = (11_000, 13_047)
"""First and last port of a cluster's shards (memorystore/docs/cluster/connect-cluster-instance)."""
CONNECT = "roles/redis.dbConnectionUser"
"""Connects to clusters, and does nothing else."""
BORROW = "roles/iam.workloadIdentityUser"
"""Makes access tokens of one account, and signs nothing in its name."""
SERVICE_CLASS = "gcp-memorystore-redis"
# characters of an instance's name (terraform-provider-google, resource_redis_instance.go)
_INSTANCE_MOST = 40
_LONGER_MOST = 63
_EVICTION = "maxmemory-policy"


@dataclass(frozen=True, slots=True, kw_only=True)
class CacheArgs:
    """What a cache needs from its surroundings; how large it is stands in `plan`.

    Attributes:
        stack: the platform's name, part of the store's and the secret's names.
        network_id: "projects/<project>/global/networks/<name>".
        subnet_id: where a cluster's addresses are taken from; its nodes stand at Google's.
        allocated_range: name of the range of an instance's address, None for any.
        private_services: what makes the network's private services reachable.
        client_principals: who may connect to a cluster, by name
            ("principal://iam.googleapis.com/..."); an instance is opened by its token.
        data_key: key of the store, its snapshots and its secret, in the same region.
    """

    plan: CachePlan
    stack: str
    project: str
    region: str
    network_id: pulumi.Input[str]
    subnet_id: pulumi.Input[str]
    allocated_range: pulumi.Input[str] | None = None
    private_services: Sequence[pulumi.Resource]
    client_principals: Mapping[str, pulumi.Input[str]]
    data_key: pulumi.Input[str]
    labels: Mapping[str, str]
    protect: bool


class Cache(PlatformComponent):
    """An instance with or without a standby, or a cluster, with TLS and a way in of its own.

    Size and replicas change in place; tier, key, network and encryption make a new store and lose
    the data, which protection refuses.
    """

    host: pulumi.Output[str]
    """Address to connect to, which is no name: the store's own authority vouches for it."""
    port: pulumi.Output[int]
    """Port, TLS only."""
    authority: pulumi.Output[str]
    """Certificates that the store's own chain to, as PEM."""
    secret_id: pulumi.Output[str] | None
    """Name of the secret whose text is the token; a cluster has none."""
    service_account: pulumi.Output[str] | None
    """Whom a cluster lets in ("projects/-/serviceAccounts/<email>"); None where a token does."""

    def __init__(
        self, name: str, args: CacheArgs, opts: pulumi.ResourceOptions | None = None
    ) -> None:
        super().__init__("aigw:gcp:Cache", name, args.plan, opts)
        self._args = args
        self.secret_id = self.service_account = None
        if args.plan.cluster_mode:
            self._open_cluster(name)
        else:
            self._open_instance(name)
        self.register_outputs(
            {
                "host": self.host,
                "port": self.port,
                "authority": self.authority,
                "secret_id": self.secret_id,
                "service_account": self.service_account,
            }
        )

    def _open_instance(self, name: str) -> None:
        args, made = self._args, self._instance(name)
        self.host, self.port = made.host, made.port
        self.authority = pulumi.Output.unsecret(made.server_ca_certs.apply(_instance_authority))
        self.secret_id = stores.kept_secret(
            self,
            name,
            stack=args.stack,
            region=args.region,
            data_key=args.data_key,
            value=pulumi.Output.secret(made.auth_string),
            labels=args.labels,
            protect=args.protect,
        )

    def _open_cluster(self, name: str) -> None:
        made = self._cluster(name)
        self.host = made.discovery_endpoints.apply(_first_address)
        self.port = pulumi.Output.from_input(CLUSTER_PORT)
        self.authority = made.managed_server_cas.apply(_cluster_authority)
        self.service_account = self._account(name, made)

    def _instance(self, name: str) -> redis.Instance:
        args, plan = self._args, self._args.plan
        shape = redis_shape(plan.node_type)
        many = plan.replicas_per_shard > 1
        return redis.Instance(
            f"{name}-instance",
            name=store_name(args.stack, name, _INSTANCE_MOST),
            display_name=f"{name} of {args.stack}",
            region=args.region,
            tier=shape.tier,
            memory_size_gb=shape.capacity_gib,
            replica_count=plan.replicas_per_shard,
            read_replicas_mode="READ_REPLICAS_ENABLED" if many else "READ_REPLICAS_DISABLED",
            redis_version=plan.engine_version,
            redis_configs=_settings(plan),
            authorized_network=args.network_id,
            connect_mode="PRIVATE_SERVICE_ACCESS",
            reserved_ip_range=args.allocated_range,
            auth_enabled=True,
            transit_encryption_mode="SERVER_AUTHENTICATION",
            customer_managed_key=args.data_key,
            persistence_config=_instance_snapshots(plan),
            maintenance_policy=_instance_window(plan),
            deletion_protection=args.protect,
            labels=self.tags(args.labels),
            opts=self.child_with(
                protect=args.protect,
                depends_on=args.private_services,
                # its name is taken as long as it exists
                delete_before_replace=True,
            ),
        )

    def _cluster(self, name: str) -> redis.Cluster:
        args, plan = self._args, self._args.plan
        return redis.Cluster(
            f"{name}-cluster",
            name=store_name(args.stack, name, _LONGER_MOST),
            region=args.region,
            node_type=redis_shape(plan.node_type).name.replace("-", "_").upper(),
            shard_count=plan.shards,
            replica_count=plan.replicas_per_shard,
            redis_configs=_settings(plan),
            psc_configs=[redis.ClusterPscConfigArgs(network=args.network_id)],
            authorization_mode="AUTH_MODE_IAM_AUTH",
            transit_encryption_mode="TRANSIT_ENCRYPTION_MODE_SERVER_AUTHENTICATION",
            server_ca_mode="SERVER_CA_MODE_GOOGLE_MANAGED_PER_INSTANCE_CA",
            kms_key=args.data_key,
            zone_distribution_config=redis.ClusterZoneDistributionConfigArgs(mode="MULTI_ZONE"),
            persistence_config=_cluster_snapshots(plan),
            maintenance_policy=_cluster_window(plan),
            deletion_protection_enabled=args.protect,
            labels=self.tags(args.labels),
            opts=self.child_with(
                protect=args.protect,
                depends_on=[self._connections(name)],
                delete_before_replace=True,
            ),
        )

    def _connections(self, name: str) -> networkconnectivity.ServiceConnectionPolicy:
        """Let Memorystore put a cluster's addresses into the network.

        A network has one such policy a region and service: one cache alone may be a cluster.
        """
        args = self._args
        return networkconnectivity.ServiceConnectionPolicy(
            f"{name}-connections",
            name=store_name(args.stack, f"{name}-connections", _LONGER_MOST),
            location=args.region,
            network=args.network_id,
            service_class=SERVICE_CLASS,
            description=f"Addresses of {name}",
            psc_config=networkconnectivity.ServiceConnectionPolicyPscConfigArgs(
                subnetworks=[args.subnet_id]
            ),
            labels=self.tags(args.labels),
            opts=self.child,
        )

    def _account(self, name: str, cluster: redis.Cluster) -> pulumi.Output[str]:
        """Make the account that may connect to this cluster, and let the clients borrow it."""
        args = self._args
        account = serviceaccount.Account(
            f"{name}-client",
            account_id=service_account_id(args.stack, name),
            display_name=f"Connects to {name} of {args.stack}",
            opts=self.child,
        )
        projects.IAMMember(
            f"{name}-client-connects",
            project=args.project,
            role=CONNECT,
            member=pulumi.Output.concat("serviceAccount:", account.email),
            condition=projects.IAMMemberConditionArgs(
                title=f"{name} alone",
                # a cluster has no policy of its own
                expression=pulumi.Output.concat('resource.name == "', cluster.id, '"'),
            ),
            opts=self.child,
        )
        for client, principal in args.client_principals.items():
            serviceaccount.IAMMember(
                f"{name}-client-of-{client}",
                service_account_id=account.name,
                role=BORROW,
                member=principal,
                opts=self.child,
            )
        return pulumi.Output.concat("projects/-/serviceAccounts/", account.email)


def _settings(plan: CachePlan) -> dict[str, str]:
    return {
        **{one.name: one.value for one in plan.parameters},
        _EVICTION: plan.eviction.value,
    }


def _instance_snapshots(plan: CachePlan) -> redis.InstancePersistenceConfigArgs:
    if not plan.snapshot_days:
        return redis.InstancePersistenceConfigArgs(persistence_mode="DISABLED")
    return redis.InstancePersistenceConfigArgs(
        persistence_mode="RDB", rdb_snapshot_period="ONE_HOUR"
    )


def _cluster_snapshots(plan: CachePlan) -> redis.ClusterPersistenceConfigArgs:
    if not plan.snapshot_days:
        return redis.ClusterPersistenceConfigArgs(mode="DISABLED")
    return redis.ClusterPersistenceConfigArgs(
        mode="RDB",
        rdb_config=redis.ClusterPersistenceConfigRdbConfigArgs(rdb_snapshot_period="ONE_HOUR"),
    )


def _instance_window(plan: CachePlan) -> redis.InstanceMaintenancePolicyArgs:
    start = stores.window(plan.maintenance_window)
    hour = redis.InstanceMaintenancePolicyWeeklyMaintenanceWindowStartTimeArgs(
        hours=start.hour, minutes=0, seconds=0, nanos=0
    )
    weekly = redis.InstanceMaintenancePolicyWeeklyMaintenanceWindowArgs(
        day=start.day, start_time=hour
    )
    return redis.InstanceMaintenancePolicyArgs(weekly_maintenance_windows=[weekly])


def _cluster_window(plan: CachePlan) -> redis.ClusterMaintenancePolicyArgs:
    start = stores.window(plan.maintenance_window)
    hour = redis.ClusterMaintenancePolicyWeeklyMaintenanceWindowStartTimeArgs(
        hours=start.hour, minutes=0, seconds=0, nanos=0
    )
    weekly = redis.ClusterMaintenancePolicyWeeklyMaintenanceWindowArgs(
        day=start.day, start_time=hour
    )
    return redis.ClusterMaintenancePolicyArgs(weekly_maintenance_windows=[weekly])


def _instance_authority(
    certificates: Sequence[redis.outputs.InstanceServerCaCert] | None,
) -> str:
    return stores.bundle([one.cert for one in certificates or ()])


def _cluster_authority(authorities: Sequence[redis.outputs.ClusterManagedServerCa] | None) -> str:
    chains = [chain for one in authorities or () for chain in one.ca_certs or ()]
    return stores.bundle([one for chain in chains for one in chain.certificates or ()])


def _first_address(endpoints: Sequence[redis.outputs.ClusterDiscoveryEndpoint] | None) -> str:
    """Return where a cluster tells its clients of its shards; there is one a network."""
    return (endpoints[0].address or "") if endpoints else ""
