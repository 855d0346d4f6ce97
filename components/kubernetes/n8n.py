"""n8n in queue mode (document 003): one main process, and workers that take executions.

The main keeps schedules, webhooks and the editor; a second one beside it would fire every schedule
again, so that it is replaced in its place and never doubled. Executions wait in the store that
evicts nothing, and everything else is in its database.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import pulumi

from components.base import PlatformComponent
from components.generated import GeneratedKey, GeneratedSecret
from components.kubernetes.access import Blocks, Peer, internet
from components.kubernetes.cluster import Cluster
from components.kubernetes.container import (
    Container,
    Port,
    Probe,
    Probes,
    Scratch,
    SecretKey,
    resources_of,
)
from components.kubernetes.database_setup import AUTHORITY_FILE
from components.kubernetes.litellm_stores import Store
from components.kubernetes.secrets import Remote, SecretNeed, external_secret
from components.kubernetes.server_login import ServerLogin, authority, road
from components.kubernetes.service import Metrics, Service, ServiceArgs
from sizing.planning.direct import N8N_POOL
from sizing.plans import ServicePlan
from sizing.units import MIB

PORT = 5678
STORED = "n8n"
"""Name of its secret in the cloud's store; in the cluster it is called alike."""
ENCRYPTION_KEY, OWNER_KEY = "encryption-key", "owner-password"
KEYS = (ENCRYPTION_KEY, OWNER_KEY)
"""Keys of its secret in the cloud's store."""
OWNER_EMAIL = "admin@example.com"
_KEY_LENGTH, _PASSWORD_LENGTH = 32, 40
# What the operator makes of the entries: of the owner's password n8n is told a hash alone.
_TEXTS: Mapping[str, str] = {
    "N8N_ENCRYPTION_KEY": "{{ .encryption_key }}",
    "N8N_INSTANCE_OWNER_PASSWORD_HASH": "{{ .owner_password | bcrypt }}",
    "DB_POSTGRESDB_PASSWORD": "{{ .database_password }}",
    "QUEUE_BULL_REDIS_PASSWORD": "{{ .queue_password }}",
}
QUEUE = "queue"
_HOME = "/home/node"
_SCRATCH_BYTES = 512 * MIB
_FINISH_SECONDS = 60
"""What an execution gets to end when its pod is told to stop; another worker takes the rest."""
_STOP_SECONDS = _FINISH_SECONDS + 15
_READY = "/healthz/readiness"


def generated(*, protect: bool) -> GeneratedSecret:
    """Return the secret that must be made: without this key no stored credential can be read."""
    return GeneratedSecret(
        name=STORED,
        keys=(
            GeneratedKey(name=ENCRYPTION_KEY, length=_KEY_LENGTH, permanent=protect),
            GeneratedKey(name=OWNER_KEY, length=_PASSWORD_LENGTH),
        ),
        protect=protect,
    )


def environment(
    login: ServerLogin, queue: Store, *, concurrency: int
) -> dict[str, pulumi.Input[str]]:
    """Return the plain variables that main and workers share.

    Args:
        login: to its database.
        queue: the store that evicts nothing.
        concurrency: executions of one worker at a time.

    Raises:
        ValueError: the store has its slots on several nodes, whose queues n8n would not find.
    """
    if queue.clustered:
        raise ValueError("n8n's queue needs a store that is no cluster")
    return {
        "DB_TYPE": "postgresdb",
        "DB_POSTGRESDB_DATABASE": login.database,
        "DB_POSTGRESDB_HOST": login.host,
        "DB_POSTGRESDB_PORT": str(login.port),
        "DB_POSTGRESDB_USER": login.role,
        "DB_POSTGRESDB_POOL_SIZE": str(N8N_POOL),
        "DB_POSTGRESDB_SSL_ENABLED": "true",
        "DB_POSTGRESDB_SSL_CA_FILE": AUTHORITY_FILE,
        "DB_POSTGRESDB_SSL_REJECT_UNAUTHORIZED": "true",
        "EXECUTIONS_MODE": "queue",
        "OFFLOAD_MANUAL_EXECUTIONS_TO_WORKERS": "true",
        "QUEUE_BULL_REDIS_HOST": queue.host,
        "QUEUE_BULL_REDIS_PORT": str(queue.port),
        "QUEUE_BULL_REDIS_TLS": "true",
        # the proxy's state is in the same store
        "QUEUE_BULL_PREFIX": "n8n",
        "QUEUE_HEALTH_CHECK_ACTIVE": "true",
        "QUEUE_HEALTH_CHECK_PORT": str(PORT),
        # packages of its community would be installed while it runs
        "N8N_COMMUNITY_PACKAGES_ENABLED": "false",
        "N8N_CONCURRENCY_PRODUCTION_LIMIT": str(concurrency),
        # pods share no folder, and its own S3 needs a licence
        "N8N_DEFAULT_BINARY_DATA_MODE": "database",
        "N8N_DIAGNOSTICS_ENABLED": "false",
        "N8N_GRACEFUL_SHUTDOWN_TIMEOUT": str(_FINISH_SECONDS),
        # otherwise whoever comes first makes themselves the owner
        "N8N_INSTANCE_OWNER_MANAGED_BY_ENV": "true",
        "N8N_INSTANCE_OWNER_EMAIL": OWNER_EMAIL,
        "N8N_INSTANCE_OWNER_FIRST_NAME": "Platform",
        "N8N_INSTANCE_OWNER_LAST_NAME": "Owner",
        "N8N_LISTEN_ADDRESS": "0.0.0.0",
        "N8N_METRICS": "true",
        "N8N_METRICS_INCLUDE_QUEUE_METRICS": "true",
        "N8N_PERSONALIZATION_ENABLED": "false",
        "N8N_PORT": str(PORT),
        "N8N_USER_FOLDER": _HOME,
        "N8N_VERSION_NOTIFICATIONS_ENABLED": "false",
        "N8N_WORKER_SERVER_ADDRESS": "0.0.0.0",
        **_trusted(queue),
    }


def _trusted(queue: Store) -> dict[str, str]:
    """Return what makes Node trust a queue of its own authority, beside the web's.

    The certificate has to name the address as well: n8n checks all of it, or nothing at all.
    """
    file = queue.authority_file(QUEUE)
    return {"NODE_EXTRA_CA_CERTS": file} if file else {}


@dataclass(frozen=True, slots=True, kw_only=True)
class N8nArgs:
    """What n8n needs.

    Attributes:
        main: plan of the main process, likewise `worker`.
        login: to its database.
        queue: where executions wait; it evicts nothing.
        keys: entries of the cloud's store by the keys of `generated`.
        concurrency: executions of one worker at a time.
        called_by: who may open a connection to the main process.
        watched_by: who asks a worker for its metrics.
        calls: whom executions call besides the internet.
        after: databases, operator of secrets.
    """

    main: ServicePlan
    worker: ServicePlan
    cluster: Cluster
    namespace: pulumi.Input[str]
    login: ServerLogin
    queue: Store
    keys: Mapping[str, Remote]
    concurrency: int
    called_by: tuple[Peer, ...]
    watched_by: tuple[Peer, ...]
    calls: tuple[Peer, ...] = ()
    after: Sequence[pulumi.Resource] = ()


class N8n(PlatformComponent):
    """The main process, its workers and their secret.

    The main writes the schema as it starts: workers wait for it.
    """

    host: pulumi.Output[str]
    """Name of the main process within the cluster; it listens on `PORT`."""
    ready: Sequence[pulumi.Resource]
    """What exists once it answers."""

    def __init__(
        self, name: str, args: N8nArgs, opts: pulumi.ResourceOptions | None = None
    ) -> None:
        super().__init__("aigw:kubernetes:N8n", name, args.main, opts)
        self._args, self._need = args, _need(args)
        secret = external_secret(
            self,
            f"{name}-secret",
            self._need,
            cluster=args.cluster,
            namespace=args.namespace,
            after=args.after,
        )
        main = self._service(args.main, (), called_by=args.called_by, after=(secret,))
        workers = self._service(
            args.worker,
            ("worker", f"--concurrency={args.concurrency}"),
            called_by=args.watched_by,
            after=(secret, main.workload),
        )
        self.host = main.host
        self.ready = (main.workload, workers.workload)
        self.register_outputs({"host": self.host})

    def _service(
        self,
        plan: ServicePlan,
        arguments: tuple[str, ...],
        *,
        called_by: tuple[Peer, ...],
        after: Sequence[pulumi.Resource],
    ) -> Service:
        args = self._args
        network = args.cluster.addresses
        return Service(
            plan.name,
            ServiceArgs(
                plan=plan,
                cluster=args.cluster,
                namespace=args.namespace,
                containers=(_container(args, plan, arguments),),
                stop_seconds=_STOP_SECONDS,
                called_by=called_by,
                calls=(
                    road(args.login, network),
                    Blocks(blocks=network, ports=(args.queue.port,)),
                    internet(network, (80, 443)),
                    *args.calls,
                ),
                # the old main goes before the new one comes
                stateful=plan is args.main,
                metrics=Metrics(port="http"),
                secrets=(self._need,),
                after=after,
            ),
            self.child,
        )


def _need(args: N8nArgs) -> SecretNeed:
    return SecretNeed(
        secret=STORED,
        entries={
            "encryption_key": args.keys[ENCRYPTION_KEY],
            "owner_password": args.keys[OWNER_KEY],
            "database_password": args.login.password,
            "queue_password": args.queue.password,
        },
        texts=_TEXTS,
    )


def _container(args: N8nArgs, plan: ServicePlan, arguments: tuple[str, ...]) -> Container:
    return Container(
        name="n8n",
        image="n8n",
        resources=resources_of(plan),
        arguments=arguments,
        environment=environment(args.login, args.queue, concurrency=args.concurrency),
        secret_environment={name: SecretKey(secret=STORED, key=name) for name in _TEXTS},
        ports=(Port(name="http", number=PORT),),
        probes=Probes(
            startup=Probe(port="http", path="/healthz", failures=60),
            # asks database and queue, and restarts nobody
            readiness=Probe(port="http", path=_READY),
            liveness=Probe(port="http", path="/healthz", timeout_seconds=30, failures=6),
        ),
        scratch=(
            Scratch(path=_HOME, size_bytes=_SCRATCH_BYTES),
            Scratch(path="/tmp", size_bytes=_SCRATCH_BYTES),
        ),
        files=(authority(args.login), *args.queue.files(QUEUE)),
    )
