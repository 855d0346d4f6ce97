"""PgBouncer before PostgreSQL: few connections of the server for many clients of the cluster."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import partial

import pulumi

from components.base import PlatformComponent
from components.kubernetes import pgbouncer_config as config
from components.kubernetes.access import Blocks, Peer, prometheus
from components.kubernetes.cluster import Cluster
from components.kubernetes.container import (
    Container,
    Files,
    Port,
    Probe,
    Probes,
    SecretKey,
    less,
    resources_of,
)
from components.kubernetes.database_setup import AUTHORITY_FILE, AUTHORITY_FOLDER, AUTHORITY_KEY
from components.kubernetes.database_sql import STATEMENT_SECONDS, DatabaseNeed
from components.kubernetes.pgbouncer_config import PORT, STATS_USER, ServerTls
from components.kubernetes.secrets import Remote, SecretNeed, external_secret
from components.kubernetes.service import Metrics, Service, ServiceArgs
from sizing.plans import HelperPlan, ServicePlan
from sizing.plans.workloads import PoolerPlan

_SECRET = "pgbouncer-users"
_PORT_NAME = "postgres"
EXPORTER_PORT = 9127
_METRICS_NAME = "metrics"
_PASSWORD = "STATS_PASSWORD"
# The longest statement, the Service's update before it, and some air.
_STOP_SECONDS = STATEMENT_SECONDS + 30


@dataclass(frozen=True, slots=True, kw_only=True)
class PgBouncerArgs:
    """What the poolers need.

    Attributes:
        plan: how many, how large.
        pooler: pools, clients and databases of each.
        needs: the databases with their users; those in `pooler.databases` and no other.
        host: the server's own name, as its certificate has it; it may not be known yet.
        authority: certificates, as PEM, of which one must have signed the server's.
        secrets: each application login's password, or better the proof of it, by role; likewise
            the reader of statistics' (`pgbouncer_config.STATS_USER`).
        exporter: what measures each pooler has of its pod, beside it.
        stats_password: of the reader of statistics, in clear: the exporter shows it.
        callers: who may connect.
        after: operator and store of secrets, and the databases' set-up.
    """

    cluster: Cluster
    namespace: pulumi.Input[str]
    plan: ServicePlan
    pooler: PoolerPlan
    needs: tuple[DatabaseNeed, ...]
    host: pulumi.Input[str]
    port: int = config.SERVER_PORT
    authority: pulumi.Input[str]
    secrets: Mapping[str, Remote]
    exporter: HelperPlan
    stats_password: Remote
    callers: tuple[Peer, ...]
    after: Sequence[pulumi.Resource] = ()


class PgBouncer(PlatformComponent):
    """Poolers in transaction mode behind one name; a change of their settings rolls them.

    Clients prove themselves by SCRAM without TLS, within what network policies let through; the
    server proves itself to the poolers by TLS (verify-full).

    Raises:
        ValueError: a database or login that is missing, or more connections than the plan counts.
    """

    host: pulumi.Output[str]
    """Name that clients connect to."""
    port: int
    """Port of it."""
    ready: Sequence[pulumi.Resource]
    """What needs a database waits for these."""

    def __init__(
        self, name: str, args: PgBouncerArgs, opts: pulumi.ResourceOptions | None = None
    ) -> None:
        super().__init__("aigw:kubernetes:PgBouncer", name, args.pooler, opts)
        users = external_secret(
            self,
            f"{name}-users",
            _users(args),
            cluster=args.cluster,
            namespace=args.namespace,
        )
        reader = external_secret(
            self, f"{name}-reader", _reader(args), cluster=args.cluster, namespace=args.namespace
        )
        service = Service(
            f"{name}-service",
            ServiceArgs(
                plan=args.plan,
                cluster=args.cluster,
                namespace=args.namespace,
                containers=(_container(args), _exporter(args)),
                stop_seconds=_STOP_SECONDS,
                called_by=(*args.callers, prometheus(args.cluster, EXPORTER_PORT)),
                metrics=Metrics(port=_METRICS_NAME),
                secrets=(_reader(args),),
                calls=(Blocks(blocks=args.cluster.addresses, ports=(args.port,)),),
                after=(users, reader, *args.after),
            ),
            self.child,
        )
        self.host, self.port = service.host, PORT
        self.ready = (service.workload,)
        self.register_outputs({"host": self.host, "port": self.port})


def _roles(args: PgBouncerArgs) -> list[str]:
    """Return who may log in through the poolers: applications; migrators go past them."""
    return sorted(login for need in args.needs for login in need.logins)


def _users(args: PgBouncerArgs) -> SecretNeed:
    named, pooled = {need.name for need in args.needs}, {*args.pooler.databases}
    if named != pooled:
        raise ValueError(f"databases of {sorted(named)} are pooled as {sorted(pooled)}")
    wanted = [*_roles(args), STATS_USER]
    missing = sorted({*wanted} - {*args.secrets})
    if missing:
        raise ValueError(f"nothing says where the passwords of {', '.join(missing)} are kept")
    return SecretNeed(
        secret=_SECRET,
        entries={config.users_key(role): args.secrets[role] for role in wanted},
        texts={config.USERS_KEY: config.userlist_template(_roles(args))},
    )


def _reader(args: PgBouncerArgs) -> SecretNeed:
    return SecretNeed(secret=args.exporter.name, entries={_PASSWORD: args.stats_password})


def _exporter(args: PgBouncerArgs) -> Container:
    """Return what tells of the pooler beside it, and of no other, by its console's statistics."""
    address = f"postgres://{STATS_USER}:$({_PASSWORD})@127.0.0.1:{PORT}/pgbouncer?sslmode=disable"
    answers = Probe(port=_METRICS_NAME, path="/")
    return Container(
        name="exporter",
        image="pgbouncer-exporter",
        resources=resources_of(args.exporter),
        arguments=(f"--web.listen-address=:{EXPORTER_PORT}", "--log.format=json"),
        environment={"PGBOUNCER_EXPORTER_CONNECTION_STRING": address},
        secret_environment={_PASSWORD: SecretKey(secret=args.exporter.name, key=_PASSWORD)},
        ports=(Port(name=_METRICS_NAME, number=EXPORTER_PORT),),
        # measured or not, the pooler beside it answers
        probes=Probes(startup=answers, readiness=Probe(port=_METRICS_NAME), liveness=answers),
    )


def settings(host: str, *, pooler: PoolerPlan, port: int) -> str:
    """Return pgbouncer.ini for a server once its name is known."""
    tls = ServerTls(authority_file=AUTHORITY_FILE)
    return config.render(config.from_plan(pooler, host=host, port=port, server_tls=tls))


def _container(args: PgBouncerArgs) -> Container:
    render = partial(settings, pooler=args.pooler, port=args.port)
    render("to-be-known")  # what the plan gets wrong is said before anything is made
    answers = Probe(port=_PORT_NAME)
    return Container(
        name="pgbouncer",
        image="pgbouncer",
        resources=less(resources_of(args.plan), resources_of(args.exporter)),
        # past the image's entrypoint, which would write a configuration of its own
        command=("pgbouncer", config.CONFIG_FILE),
        ports=(Port(name=_PORT_NAME, number=PORT),),
        probes=Probes(startup=answers, readiness=answers, liveness=answers),
        stop_command=config.DRAIN_COMMAND,
        files=(
            Files(
                path=config.FOLDER,
                contents={config.CONFIG_KEY: pulumi.Output.from_input(args.host).apply(render)},
            ),
            Files(path=AUTHORITY_FOLDER, contents={AUTHORITY_KEY: args.authority}),
            Files(
                path=config.USERS_FOLDER,
                secret=_SECRET,
                secret_keys=(config.USERS_KEY,),
            ),
        ),
    )
