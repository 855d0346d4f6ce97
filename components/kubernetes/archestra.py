"""Archestra (document 002): web processes with their UI, workers, and the job before both."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import pulumi

from components.base import PlatformComponent
from components.generated import GeneratedKey, GeneratedSecret
from components.kubernetes import archestra_config as config
from components.kubernetes.access import Peer, internet
from components.kubernetes.archestra_config import Process
from components.kubernetes.cluster import Cluster
from components.kubernetes.container import (
    Container,
    Port,
    Probe,
    Probes,
    Resources,
    Scratch,
    SecretKey,
    resources_of,
)
from components.kubernetes.database_setup import AUTHORITY_FILE
from components.kubernetes.job import Job, JobArgs
from components.kubernetes.secrets import Remote, SecretNeed, external_secret
from components.kubernetes.server_login import PASSWORD, ServerLogin, address, authority, road
from components.kubernetes.service import Metrics, Service, ServiceArgs
from components.kubernetes.wiring import shown
from sizing.planning.direct import ARCHESTRA_QUERIES
from sizing.plans import HelperPlan, ServicePlan
from sizing.units import MIB
from sizing.versions import IMAGES

STORED = "archestra"
"""Name of its secret in the cloud's store; in the cluster it is called alike."""
AUTH_KEY, ADMIN_KEY = "auth-secret", "admin-password"
KEYS: Mapping[str, str] = {
    "ARCHESTRA_AUTH_SECRET": AUTH_KEY,
    "ARCHESTRA_AUTH_ADMIN_PASSWORD": ADMIN_KEY,
}
"""Key in the cloud's store by variable."""
_DATABASE = "ARCHESTRA_DATABASE_URL"
_MIGRATIONS_SECRET = "archestra-migrations"
_KEY_LENGTH = 64
_PASSWORD_LENGTH = 40
_IMAGE = "archestra"
_LET_GO_SECONDS = 15
_STOP_SECONDS = 75
_DEADLINE_SECONDS = 600  # the chart's own
_SCRATCH_BYTES = 512 * MIB
# The chart's: a pod that is stopped ends every answer that is being streamed.
_STARTUP = Probe(port="api", path=config.HEALTH, timeout_seconds=45, failures=30)
_LIVENESS = Probe(port="api", path=config.HEALTH, timeout_seconds=45, failures=5)
_READINESS = Probe(port="api", path=config.READY, timeout_seconds=45)


def generated(*, protect: bool) -> GeneratedSecret:
    """Return the secret that must be made: what it encrypts its own secrets with is kept."""
    return GeneratedSecret(
        name=STORED,
        keys=(
            GeneratedKey(name=AUTH_KEY, length=_KEY_LENGTH, permanent=protect),
            GeneratedKey(name=ADMIN_KEY, length=_PASSWORD_LENGTH),
        ),
        protect=protect,
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class ArchestraArgs:
    """What Archestra needs.

    Attributes:
        web: plan of the processes that answer, likewise `worker` of those that work in background.
        migrations: what the job's pod asks for.
        login: to its database; it listens there, which no pooler carries.
        migrator: login of the job.
        keys: entries of the cloud's store by the keys of `generated`.
        telemetry: base URL of a collector, "" for none.
        called_by: who may open a connection to API, UI and metrics.
        calls: whom it calls besides its database and the internet.
        after: databases, operator of secrets.
    """

    web: ServicePlan
    worker: ServicePlan
    migrations: HelperPlan
    cluster: Cluster
    namespace: pulumi.Input[str]
    login: ServerLogin
    migrator: ServerLogin
    keys: Mapping[str, Remote]
    telemetry: str = ""
    called_by: tuple[Peer, ...]
    watched_by: tuple[Peer, ...]
    calls: tuple[Peer, ...] = ()
    after: Sequence[pulumi.Resource] = ()


class Archestra(PlatformComponent):
    """Web processes, workers, and the job that changes the tables before either starts.

    Another image runs the job first: replicas never race for the schema. Its pods have no right in
    the cluster, so that it starts no MCP servers there.
    """

    host: pulumi.Output[str]
    """Name within the cluster; API at 9000, UI at 3000."""
    ready: Sequence[pulumi.Resource]
    """What exists once it answers."""

    def __init__(
        self, name: str, args: ArchestraArgs, opts: pulumi.ResourceOptions | None = None
    ) -> None:
        super().__init__("aigw:kubernetes:Archestra", name, args.web, opts)
        self._name, self._args = name, args
        need = _need(args)
        secret = self._secret(f"{name}-secret", need)
        changed = self._migrations()
        after = [secret, changed]
        web = self._service(args.web, need, _web(args), called_by=args.called_by, after=after)
        worker = self._service(
            args.worker, need, _worker(args), called_by=args.watched_by, after=after
        )
        self.host = web.host
        self.ready = (web.workload, worker.workload)
        self.register_outputs({"host": self.host})

    def _secret(self, name: str, need: SecretNeed) -> pulumi.Resource:
        args = self._args
        return external_secret(
            self, name, need, cluster=args.cluster, namespace=args.namespace, after=args.after
        )

    def _migrations(self) -> pulumi.Resource:
        args, name = self._args, f"{self._name}-migrations"
        need = SecretNeed(
            secret=_MIGRATIONS_SECRET,
            entries={PASSWORD: args.migrator.password},
            texts={_DATABASE: address(args.migrator)},
        )
        secret = self._secret(f"{name}-secret", need)
        container = Container(
            name="migrations",
            image=_IMAGE,
            resources=resources_of(args.migrations),
            command=config.MIGRATE_COMMAND,
            environment={"NODE_EXTRA_CA_CERTS": AUTHORITY_FILE},
            secret_environment={_DATABASE: SecretKey(secret=_MIGRATIONS_SECRET, key=_DATABASE)},
            scratch=_scratch("/tmp"),
            files=(authority(args.migrator),),
        )
        job = Job(
            name,
            JobArgs(
                job=args.migrations.name,
                cluster=args.cluster,
                namespace_name=args.migrations.namespace,
                namespace=args.namespace,
                container=container,
                placement=args.cluster.placement_on("general"),
                calls=(road(args.migrator, args.cluster.addresses),),
                version=IMAGES[_IMAGE].tag,
                deadline_seconds=_DEADLINE_SECONDS,
                after=(secret, *args.after),
            ),
            self.child,
        )
        return job.done

    def _service(
        self,
        plan: ServicePlan,
        need: SecretNeed,
        containers: tuple[Container, ...],
        *,
        called_by: tuple[Peer, ...],
        after: Sequence[pulumi.Resource],
    ) -> Service:
        args = self._args
        is_web = plan is args.web
        return Service(
            plan.name,
            ServiceArgs(
                plan=plan,
                cluster=args.cluster,
                namespace=args.namespace,
                containers=containers,
                stop_seconds=_STOP_SECONDS,
                called_by=called_by,
                calls=(
                    road(args.login, args.cluster.addresses),
                    internet(args.cluster.addresses),
                    *args.calls,
                ),
                # the workers' own are where their probes are
                metrics=Metrics(port="metrics" if is_web else "api"),
                secrets=(need,),
                after=after,
            ),
            self.child,
        )


def _need(args: ArchestraArgs) -> SecretNeed:
    entries = {key.replace("-", "_"): args.keys[key] for key in KEYS.values()}
    texts = {name: shown(key.replace("-", "_")) for name, key in KEYS.items()}
    return SecretNeed(
        secret=STORED,
        entries={**entries, PASSWORD: args.login.password},
        texts={**texts, _DATABASE: address(args.login)},
    )


def _web(args: ArchestraArgs) -> tuple[Container, ...]:
    api, ui = config.shares(resources_of(args.web))
    ports = (
        Port(name="api", number=config.API_PORT),
        Port(name="metrics", number=config.METRICS_PORT),
    )
    return (_backend(args, Process.WEB, api, ports), _ui(ui))


def _worker(args: ArchestraArgs) -> tuple[Container, ...]:
    ports = (Port(name="api", number=config.API_PORT),)
    return (_backend(args, Process.WORKER, resources_of(args.worker), ports),)


def _backend(
    args: ArchestraArgs, process: Process, resources: Resources, ports: tuple[Port, ...]
) -> Container:
    return Container(
        name=str(process),
        image=_IMAGE,
        resources=resources,
        command=config.API_COMMAND,
        environment=config.environment(
            process, queries=ARCHESTRA_QUERIES, telemetry=args.telemetry
        ),
        secret_environment={
            name: SecretKey(secret=STORED, key=name) for name in (*KEYS, _DATABASE)
        },
        ports=ports,
        probes=Probes(startup=_STARTUP, readiness=_READINESS, liveness=_LIVENESS),
        scratch=_scratch(config.DATA, "/tmp"),
        files=(authority(args.login),),
        stop_seconds=_LET_GO_SECONDS,
    )


def _ui(resources: Resources) -> Container:
    return Container(
        name="ui",
        image=_IMAGE,
        resources=resources,
        command=config.UI_COMMAND,
        environment=config.ui_environment(),
        ports=(Port(name="ui", number=config.UI_PORT),),
        probes=Probes(
            startup=Probe(port="ui", failures=30),
            readiness=Probe(port="ui"),
            liveness=Probe(port="ui", failures=6),
        ),
        scratch=_scratch(config.UI_CACHE, "/tmp"),
        stop_seconds=_LET_GO_SECONDS,
    )


def _scratch(*paths: str) -> tuple[Scratch, ...]:
    return tuple(Scratch(path=path, size_bytes=_SCRATCH_BYTES) for path in paths)
