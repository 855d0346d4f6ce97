"""Exporters: what speaks for stores that have no metrics of their own, or none that a scrape reads.

The databases' reader and the stores' tokens come from the cloud's store of secrets; a search domain
takes signed requests alone, which its exporter signs by its pod's own identity. The poolers' stands
beside each of them (`pgbouncer`): another would see whichever of them answers.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import pulumi

from components.base import PlatformComponent
from components.kubernetes import access, exporter
from components.kubernetes import controllers as shared
from components.kubernetes.access import Blocks
from components.kubernetes.container import Container, Files, Port, SecretKey, resources_of
from components.kubernetes.database_setup import AUTHORITY_FILE, AUTHORITY_FOLDER, AUTHORITY_KEY
from components.kubernetes.database_sql import MONITOR
from components.kubernetes.exporter import PORT_NAME, Surroundings
from components.kubernetes.litellm_stores import Store
from components.kubernetes.secrets import Remote, SecretNeed
from components.kubernetes.service import Metrics
from sizing.plans import ServicePlan

POSTGRES_PORT, REDIS_PORT, SEARCH_PORT = 9187, 9121, 9114
_PASSWORDS_FOLDER = "/etc/redis-exporter"
_PASSWORDS_KEY = "passwords.json"
# Read of every statistic that is on by itself, and of these: transactions that hold back vacuum,
# and checkpoints, which PostgreSQL 17 counts apart.
_COLLECTORS = ("long_running_transactions", "stat_checkpointer")


@dataclass(frozen=True, slots=True, kw_only=True)
class PostgresExporterArgs:
    """A server of PostgreSQL, and who may read its statistics.

    Attributes:
        host: as the server's certificate names it.
        authority: certificates, as PEM, of which one must have signed the server's.
        password: of `database_sql.MONITOR`.
        database: any that the login may enter; statistics are the whole server's.
    """

    plan: ServicePlan
    around: Surroundings
    host: pulumi.Input[str]
    port: int
    authority: pulumi.Input[str]
    password: Remote
    database: str = "postgres"


class PostgresExporter(PlatformComponent):
    """One exporter for the server, over TLS, with no right to a table."""

    def __init__(
        self, name: str, args: PostgresExporterArgs, opts: pulumi.ResourceOptions | None = None
    ) -> None:
        super().__init__("aigw:kubernetes:PostgresExporter", name, args.plan, opts)
        need = SecretNeed(secret=args.plan.name, entries={"password": args.password})
        secret = exporter.secret(self, name, need, args.around)
        container = Container(
            name="exporter",
            image="postgres-exporter",
            resources=resources_of(args.plan),
            arguments=(
                "--config.file=/dev/null",
                f"--web.listen-address=:{POSTGRES_PORT}",
                *(f"--collector.{one}" for one in _COLLECTORS),
            ),
            environment={
                "DATA_SOURCE_URI": pulumi.Output.concat(
                    args.host,
                    f":{args.port}/{args.database}?sslmode=verify-full&connect_timeout=5"
                    f"&application_name={args.plan.name}&sslrootcert={AUTHORITY_FILE}",
                ),
                "DATA_SOURCE_USER": MONITOR,
            },
            secret_environment={
                "DATA_SOURCE_PASS": SecretKey(secret=args.plan.name, key="password")
            },
            ports=(Port(name=PORT_NAME, number=POSTGRES_PORT),),
            probes=exporter.probes(),
            files=(Files(path=AUTHORITY_FOLDER, contents={AUTHORITY_KEY: args.authority}),),
        )
        exporter.service(
            self,
            name,
            args.plan,
            args.around,
            container,
            metrics=Metrics(port=PORT_NAME),
            calls=(Blocks(blocks=args.around.cluster.addresses, ports=(args.port,)),),
            need=need,
            after=[secret],
        )
        self.register_outputs({})


@dataclass(frozen=True, slots=True, kw_only=True)
class RedisExporterArgs:
    """The stores of Redis' protocol, by role; each is asked by TLS with its own token."""

    plan: ServicePlan
    around: Surroundings
    stores: Mapping[str, Store]


class RedisExporter(PlatformComponent):
    """One exporter for all stores: each scrape names the one that it is about.

    Of a store in shards the node is asked that its one address leads to.
    """

    def __init__(
        self, name: str, args: RedisExporterArgs, opts: pulumi.ResourceOptions | None = None
    ) -> None:
        super().__init__("aigw:kubernetes:RedisExporter", name, args.plan, opts)
        need = SecretNeed(
            secret=args.plan.name,
            entries={role: one.token for role, one in sorted(args.stores.items())},
            texts={_PASSWORDS_KEY: _passwords(args.stores)},
        )
        secret = exporter.secret(self, name, need, args.around)
        container = Container(
            name="exporter",
            image="redis-exporter",
            resources=resources_of(args.plan),
            arguments=(
                # no store of its own beside those that a scrape names
                "-redis.addr=",
                f"-redis.password-file={_PASSWORDS_FOLDER}/{_PASSWORDS_KEY}",
                f"-web.listen-address=:{REDIS_PORT}",
                "-log-format=json",
                # managed stores refuse CONFIG
                "-config-command=-",
            ),
            ports=(Port(name=PORT_NAME, number=REDIS_PORT),),
            probes=exporter.probes(),
            files=(
                Files(path=_PASSWORDS_FOLDER, secret=args.plan.name, secret_keys=(_PASSWORDS_KEY,)),
            ),
        )
        ports = tuple(sorted({one.port for one in args.stores.values()}))
        made = exporter.service(
            self,
            name,
            args.plan,
            args.around,
            container,
            metrics=None,
            calls=(Blocks(blocks=args.around.cluster.addresses, ports=ports),),
            need=need,
            after=[secret],
        )
        asked = {role: {"target": (address(store),)} for role, store in args.stores.items()}
        exporter.targets(self, name, args.plan, args.around, made, "/scrape", asked)
        self.register_outputs({})


@dataclass(frozen=True, slots=True, kw_only=True)
class SearchExporterArgs:
    """A domain of OpenSearch that takes signed requests alone.

    Attributes:
        host: of the domain, without a scheme.
    """

    plan: ServicePlan
    around: Surroundings
    host: pulumi.Input[str]
    region: str


class SearchExporter(PlatformComponent):
    """The exporter of Elasticsearch, which OpenSearch answers as well, signing what it asks."""

    def __init__(
        self, name: str, args: SearchExporterArgs, opts: pulumi.ResourceOptions | None = None
    ) -> None:
        super().__init__("aigw:kubernetes:SearchExporter", name, args.plan, opts)
        container = Container(
            name="exporter",
            image="elasticsearch-exporter",
            resources=resources_of(args.plan),
            arguments=(
                pulumi.Output.concat("--es.uri=https://", args.host, ":443"),
                f"--aws.region={args.region}",
                "--es.all",
                f"--web.listen-address=:{SEARCH_PORT}",
            ),
            ports=(Port(name=PORT_NAME, number=SEARCH_PORT),),
            probes=exporter.probes(),
        )
        on = args.around.cluster
        exporter.service(
            self,
            name,
            args.plan,
            args.around,
            container,
            metrics=Metrics(port=PORT_NAME),
            calls=(
                Blocks(blocks=on.addresses, ports=(shared.HTTPS,)),
                *access.credentials(on),
            ),
        )
        self.register_outputs({})


def address(store: Store) -> pulumi.Output[str]:
    """Return a store as the exporter names it: by TLS, and never with its token."""
    return pulumi.Output.concat("rediss://", store.host, f":{store.port}")


def _passwords(stores: Mapping[str, Store]) -> pulumi.Output[str]:
    """Return the file of tokens by address, which the operator of secrets fills in."""
    lines = [
        pulumi.Output.concat('"', address(store), f'": {{{{ .{role} | toJson }}}}')
        for role, store in sorted(stores.items())
    ]
    return pulumi.Output.all(*lines).apply(_object)


def _object(lines: Sequence[str]) -> str:
    return "{" + ", ".join(lines) + "}"
