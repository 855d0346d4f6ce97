"""What the workloads in the cluster are besides replicas and requests: how they scale, where they
live, what the engines serve, how connections are pooled.
"""

from __future__ import annotations

from dataclasses import dataclass

from sizing.plans.stores import BucketPlan, KeyPlan


@dataclass(frozen=True, slots=True, kw_only=True)
class ScalingPlan:
    """What an autoscaler watches; 0 is not watched.

    Attributes:
        cpu_percent: average CPU of the requests at which replicas are added, likewise memory.
        running_requests: requests that one engine answers at a time before another is asked for.
        waiting_requests: requests that may wait at one engine before another is asked for.
        fallback_replicas: replicas that stand while the metric cannot be read.
        cooldown_seconds: for how long nothing may have been asked before replicas go.
        up_percent: replicas added at most in `up_seconds`, of those that stand; likewise down.
        up_window_seconds: for how long a lower wish is remembered; likewise down.
    """

    cpu_percent: int = 0
    memory_percent: int = 0
    running_requests: int = 0
    waiting_requests: int = 0
    fallback_replicas: int = 0
    cooldown_seconds: int = 0
    up_percent: int
    up_seconds: int
    up_window_seconds: int
    down_percent: int
    down_seconds: int
    down_window_seconds: int


@dataclass(frozen=True, slots=True, kw_only=True)
class NamespacePlan:
    """A namespace: the level of Pod Security that it enforces, and what fits into it.

    Attributes:
        name: with the environment where it belongs to one ("prod-gateway"); controllers of the
            whole cluster have "platform-system", "gpu-system" and "node-system".
        role: gateway | serving | data | observability | vault | apps | system | gpu | node.
        pod_security: restricted | baseline | privileged.
        reason: why it is not restricted, "" where it is.
        pods: quota: every service at its maximum, rollouts and jobs; likewise the sums below.
        default_cpu_millis: what a container gets that states nothing; likewise memory.
        largest_cpu_millis: what one container may ask for; likewise memory.
    """

    name: str
    role: str
    pod_security: str
    reason: str
    pods: int
    cpu_request_millis: int
    cpu_limit_millis: int
    memory_request_bytes: int
    memory_limit_bytes: int
    gpus: int
    volumes: int
    volume_gib: int
    default_cpu_millis: int
    default_memory_bytes: int
    largest_cpu_millis: int
    largest_memory_bytes: int


@dataclass(frozen=True, slots=True, kw_only=True)
class HelperPlan:
    """What stands beside the services: jobs that end, DaemonSets, containers that operators add.

    Attributes:
        kind: job | daemon | sidecar.
        pods: at most at once; of a DaemonSet one for each node that it may run on, of a sidecar
            those of the service that it is added to.
    """

    name: str
    namespace: str
    kind: str
    pods: int
    cpu_request_millis: int
    cpu_limit_millis: int
    memory_request_bytes: int
    memory_limit_bytes: int


@dataclass(frozen=True, slots=True, kw_only=True)
class ModelPlan:
    """A self-hosted model as its engines serve it.

    Attributes:
        name: what callers name.
        service: name of its `ServicePlan` and of its Kubernetes Service ("vllm-llama-3-1-8b").
        repository: on Hugging Face; `revision` its pinned commit, "" where nobody has pinned one.
        quantization: how the engine narrows weights while it loads them ("fp8"); "" where it does
            not, or where the checkpoint itself says how it was narrowed.
        cache_dtype: of the key-value cache ("auto", "fp8").
        tensor_parallel: GPUs of one engine.
        context_tokens: longest prompt and answer together.
        max_sequences: requests that one engine computes at a time.
        gpu_memory_utilisation: share of a GPU's memory that the engine takes.
        shared_memory_bytes: of /dev/shm, through which the GPUs of an engine speak.
        weight_bytes: of one copy in the bucket.
        gated: a licence must be accepted and a token given before it can be fetched.
        share: part of the self-hosted requests that it answers.
    """

    name: str
    service: str
    repository: str
    revision: str
    precision: str
    quantization: str
    cache_dtype: str
    tensor_parallel: int
    context_tokens: int
    max_sequences: int
    gpu_memory_utilisation: float
    shared_memory_bytes: int
    weight_bytes: int
    gated: bool
    share: float


@dataclass(frozen=True, slots=True, kw_only=True)
class PoolerPlan:
    """How connections to PostgreSQL are pooled, in each of the poolers.

    Attributes:
        poolers: replicas that the sizes below are made for.
        pool_size: server connections of one database and user.
        reserve: further ones in need.
        databases: databases that are pooled, by name.
        client_pool: connections that one process of the proxy opens at most.
        max_clients: connections that one pooler takes.
        max_server_connections: of all poolers together, those of a rollout included.
        prefix: what the databases' names begin with on a server that is another stack's.
    """

    poolers: int
    pool_size: int
    reserve: int
    databases: tuple[str, ...]
    client_pool: int
    max_clients: int
    max_server_connections: int
    prefix: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class VaultPlan:
    """The secret store besides its replicas and requests.

    Attributes:
        members: that vote; 1 is a single server, which keeps what it knows as well.
        volume_gib: of each member's data, `audit_gib` of its record of who asked for what.
        seal: Vault's word for the kind of key that opens it at each start.
        snapshot_schedule: when snapshots go to the bucket, as cron writes it.
        snapshot_days: for how long they stay there.
        recovery_region: where a bucket gets each snapshot as well, "" for nowhere else; the bucket
            is `recovery_bucket`, its key `recovery_key`.
        login_seconds: life of a database login, `login_maximum_seconds` where it is renewed.
    """

    members: int
    volume_gib: int
    audit_gib: int
    seal: str
    snapshot_schedule: str
    snapshot_days: int
    recovery_region: str
    login_seconds: int
    login_maximum_seconds: int
    recovery_bucket: BucketPlan | None = None
    recovery_key: KeyPlan | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class VectorsPlan:
    """How the vector database keeps its collections.

    Attributes:
        members: of the cluster; 1 is no cluster.
        replication_factor: members that hold each shard.
        snapshot_schedule: when snapshots go to the bucket, as cron writes it.
        snapshot_days: for how long they stay there.
    """

    members: int
    replication_factor: int
    snapshot_schedule: str
    snapshot_days: int
