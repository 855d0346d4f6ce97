"""Qdrant: the vector database, a cluster from three members on, snapshots in the object store.

Settings are variables of Qdrant 1.19 ("QDRANT__<section>__<key>" of its config/config.yaml). To S3
it writes snapshots itself, with what its service account may do: the builder reads the credentials
of EKS' pod identity from the environment (https://github.com/qdrant/qdrant/pull/6757). Of Cloud
Storage it knows nothing but keys: there the scheduled job brings what members have written.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import pulumi

from components.base import PlatformComponent
from components.kubernetes.access import Peer, Pods, credentials, internet
from components.kubernetes.cluster import Cluster
from components.kubernetes.container import (
    Container,
    Port,
    Probe,
    Probes,
    SecretKey,
    resources_of,
)
from components.kubernetes.database_secrets import VECTORS_KEY, VECTORS_READ_KEY
from components.kubernetes.job import Job, JobArgs
from components.kubernetes.qdrant_snapshots import SnapshotBucket, brings, container
from components.kubernetes.secrets import Remote, SecretNeed, external_secret
from components.kubernetes.service import Metrics, Service, ServiceArgs
from components.object_stores import ObjectStore
from sizing.plans import ServicePlan
from sizing.plans.workloads import HelperPlan, VectorsPlan

HTTP_PORT = 6333
GRPC_PORT = 6334
MEMBERS_PORT = 6335
SECRET = "qdrant-keys"
SNAPSHOTS_PREFIX = "storage/snapshots/"
"""Below it snapshots stand in the bucket: "<prefix><collection>/<name>"."""
_VOLUME = "/qdrant/storage"
MEMBERS = "qdrant"
"""Name of the service, of its pods and of their service account."""
SNAPSHOTS_ACCOUNT = "vector-snapshots"
"""Name of the scheduled job, of its pods and of its service account."""
_JOB = SNAPSHOTS_ACCOUNT
_KEY_VARIABLE = "QDRANT__SERVICE__API_KEY"
_STOP_SECONDS = 60
# It answers when all collections are loaded, which a large one takes minutes for.
_STARTUP_FAILURES = 180
_SNAPSHOT_DEADLINE_SECONDS = 3 * 3600

# The first member founds the cluster and comes back to it by its own state; the others ask it to
# let them in. HOSTNAME is the pod's name.
_START = """\
ulimit -n "$(ulimit -Hn)"
first="http://$FIRST_MEMBER.$MEMBERS_DOMAIN:$MEMBERS_PORT"
own="http://$HOSTNAME.$MEMBERS_DOMAIN:$MEMBERS_PORT"
if [ "$own" = "$first" ]; then exec ./entrypoint.sh --uri "$own"; fi
exec ./entrypoint.sh --bootstrap "$first" --uri "$own"
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class QdrantArgs:
    """What the vector database needs.

    Attributes:
        plan: how many members, how large, with which volume.
        vectors: copies and snapshots.
        snapshots: what the pod of the scheduled job asks for.
        bucket: name of the bucket for snapshots; below `SNAPSHOTS_PREFIX` the account of
            `snapshots_account` must be allowed to read, write, list and delete.
        region: of the bucket.
        kind: how the bucket is spoken to.
        addresses: blocks at which it answers the job, where they are known.
        keys: entries of `database_secrets.VECTORS_KEY` and of `VECTORS_READ_KEY`.
        callers: who may ask it, at `HTTP_PORT` and `GRPC_PORT`; what scrapes it is among them.
        after: operator and store of secrets, definitions of monitors.
    """

    cluster: Cluster
    namespace: pulumi.Input[str]
    plan: ServicePlan
    vectors: VectorsPlan
    snapshots: HelperPlan
    bucket: pulumi.Input[str]
    region: str
    kind: ObjectStore = ObjectStore.S3
    addresses: tuple[str, ...] = ()
    keys: Mapping[str, Remote]
    callers: tuple[Peer, ...]
    after: Sequence[pulumi.Resource] = ()


def snapshots_account(kind: ObjectStore) -> str:
    """Return the service account that stores snapshots: the members' own, or the job's."""
    return MEMBERS if kind is ObjectStore.S3 else SNAPSHOTS_ACCOUNT


class Qdrant(PlatformComponent):
    """Members with a volume each, their keys, and the job that has them write snapshots.

    A member more joins by itself; one fewer must hand over its shards first (docs/databases.md).
    New collections get the planned copies, one that stands keeps what it was made with.

    Raises:
        ValueError: another number of members than is planned, or keys that are missing.
    """

    host: pulumi.Output[str]
    """Name that clients connect to: it answers with the addresses of all members."""
    port: int
    """Port of the HTTP API; gRPC is at `GRPC_PORT`."""
    ready: Sequence[pulumi.Resource]
    """What needs the database waits for these."""

    def __init__(
        self, name: str, args: QdrantArgs, opts: pulumi.ResourceOptions | None = None
    ) -> None:
        super().__init__("aigw:kubernetes:Qdrant", name, args.vectors, opts)
        _check(args)
        keys = external_secret(
            self,
            f"{name}-keys",
            SecretNeed(secret=SECRET, entries=args.keys),
            cluster=args.cluster,
            namespace=args.namespace,
        )
        service = Service(
            f"{name}-service",
            ServiceArgs(
                plan=args.plan,
                cluster=args.cluster,
                namespace=args.namespace,
                containers=(_member(args),),
                stop_seconds=_STOP_SECONDS,
                called_by=_callers(args),
                calls=_calls(args),
                stateful=True,
                metrics=Metrics(port="http", bearer=SecretKey(secret=SECRET, key=VECTORS_READ_KEY)),
                after=(keys, *args.after),
            ),
            self.child,
        )
        self._schedule(name, args, service.workload)
        self.host, self.port = service.host, HTTP_PORT
        self.ready = (service.workload,)
        self.register_outputs({"host": self.host, "port": self.port})

    def _schedule(self, name: str, args: QdrantArgs, members: pulumi.Resource) -> None:
        Job(
            f"{name}-snapshots",
            JobArgs(
                job=_JOB,
                cluster=args.cluster,
                namespace_name=args.snapshots.namespace,
                namespace=args.namespace,
                container=_snapshots(args),
                placement=args.cluster.placement_on("general"),
                calls=(
                    _pods(args, args.plan.name, HTTP_PORT),
                    *brings(args.cluster, args.kind, args.addresses),
                ),
                version=str(args.vectors.members),
                deadline_seconds=_SNAPSHOT_DEADLINE_SECONDS,
                schedule=args.vectors.snapshot_schedule,
                after=(members, *args.after),
            ),
            self.child,
        )


def _check(args: QdrantArgs) -> None:
    planned = args.plan.scale.planned
    if args.vectors.members != planned:
        raise ValueError(f"{args.vectors.members} members vote, {planned} pods are planned")
    if {*args.keys} != {VECTORS_KEY, VECTORS_READ_KEY}:
        raise ValueError(f"the keys are {VECTORS_KEY} and {VECTORS_READ_KEY}")


def _pods(args: QdrantArgs, name: str, port: int) -> Pods:
    return Pods(namespace=args.plan.namespace, name=name, ports=(port,))


def _callers(args: QdrantArgs) -> tuple[Peer, ...]:
    """Return who may come: callers, the scheduled job, and members among themselves alone."""
    job = _pods(args, _JOB, HTTP_PORT)
    return (*args.callers, job, *_members(args))


def _members(args: QdrantArgs) -> tuple[Peer, ...]:
    if args.vectors.members == 1:
        return ()
    return (_pods(args, args.plan.name, MEMBERS_PORT),)


def _calls(args: QdrantArgs) -> tuple[Peer, ...]:
    """Return whom a member asks: its like, and the bucket where it writes there itself."""
    on = args.cluster
    itself = (internet(on.addresses), *credentials(on)) if args.kind is ObjectStore.S3 else ()
    return (*_members(args), *itself)


def environment(args: QdrantArgs) -> dict[str, pulumi.Input[str]]:
    """Return the settings of a member, without its keys."""
    plain: dict[str, pulumi.Input[str]] = {
        "QDRANT_INIT_FILE_PATH": "/qdrant/init/.qdrant-initialized",
        "QDRANT__TELEMETRY_DISABLED": "true",
        "QDRANT__SERVICE__ENABLE_CORS": "false",
        "QDRANT__STORAGE__SNAPSHOTS_PATH": f"./{SNAPSHOTS_PREFIX.rstrip('/')}",
        **_storage(args),
    }
    if args.vectors.members == 1:
        return plain
    return {
        **plain,
        "QDRANT__CLUSTER__ENABLED": "true",
        "QDRANT__CLUSTER__P2P__PORT": str(MEMBERS_PORT),
        "QDRANT__STORAGE__COLLECTION__REPLICATION_FACTOR": str(args.vectors.replication_factor),
        "FIRST_MEMBER": f"{args.plan.name}-0",
        "MEMBERS_DOMAIN": _domain(args),
        "MEMBERS_PORT": str(MEMBERS_PORT),
    }


def _storage(args: QdrantArgs) -> dict[str, pulumi.Input[str]]:
    snapshots = "QDRANT__STORAGE__SNAPSHOTS_CONFIG"
    if args.kind is not ObjectStore.S3:
        return {f"{snapshots}__SNAPSHOTS_STORAGE": "local"}
    return {
        f"{snapshots}__SNAPSHOTS_STORAGE": "s3",
        f"{snapshots}__S3_CONFIG__BUCKET": args.bucket,
        f"{snapshots}__S3_CONFIG__REGION": args.region,
    }


def _domain(args: QdrantArgs) -> str:
    return f"{args.plan.name}.{args.plan.namespace}.svc.cluster.local"


def _member(args: QdrantArgs) -> Container:
    ports = [Port(name="http", number=HTTP_PORT), Port(name="grpc", number=GRPC_PORT)]
    clustered = args.vectors.members > 1
    if clustered:
        ports.append(Port(name="members", number=MEMBERS_PORT))
    return Container(
        name="qdrant",
        image="qdrant",
        resources=resources_of(args.plan),
        command=("/bin/bash", "-c", _START) if clustered else (),
        environment=environment(args),
        secret_environment={
            _KEY_VARIABLE: SecretKey(secret=SECRET, key=VECTORS_KEY),
            "QDRANT__SERVICE__READ_ONLY_API_KEY": SecretKey(secret=SECRET, key=VECTORS_READ_KEY),
        },
        ports=tuple(ports),
        probes=Probes(
            startup=Probe(port="http", path="/livez", failures=_STARTUP_FAILURES),
            readiness=Probe(port="http", path="/readyz"),
            liveness=Probe(port="http", path="/livez", failures=6),
        ),
        volume_path=_VOLUME,
        stop_seconds=5,
    )


def _snapshots(args: QdrantArgs) -> Container:
    members = [f"{args.plan.name}-{index}" for index in range(args.vectors.members)]
    return container(
        args.snapshots,
        SnapshotBucket(bucket=args.bucket, prefix=SNAPSHOTS_PREFIX, kind=args.kind),
        members=[f"http://{one}.{_domain(args)}:{HTTP_PORT}" for one in members],
        days=args.vectors.snapshot_days,
        key=SecretKey(secret=SECRET, key=VECTORS_KEY),
    )
