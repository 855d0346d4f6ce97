"""Exporters: what speaks for stores that have no metrics of their own, or none that a scrape reads.

The databases' reader and the stores' tokens come from the cloud's store of secrets; the search
engine's signs in as `search_access` says. The poolers' stands beside each of them (`pgbouncer`):
another would see whichever of them answers.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import pulumi

from components.base import PlatformComponent
from components.kubernetes import exporter, search_access
from components.kubernetes.access import Blocks
from components.kubernetes.container import Container, Files, Port, SecretKey, resources_of
from components.kubernetes.database_setup import AUTHORITY_FILE, AUTHORITY_FOLDER, AUTHORITY_KEY
from components.kubernetes.database_sql import MONITOR
from components.kubernetes.exporter import PORT_NAME, Surroundings
from components.kubernetes.litellm_stores import Store
from components.kubernetes.search_access import Login, SignIn
from components.kubernetes.secrets import Remote, SecretNeed
from components.kubernetes.service import Metrics
from sizing.plans import ServicePlan

POSTGRES_PORT, REDIS_PORT, SEARCH_PORT = 9187, 9121, 9114
_PASSWORDS_FOLDER = "/etc/redis-exporter"
_PASSWORDS_KEY = "passwords.json"
_AUTHORITIES_FOLDER = "/etc/redis-authorities"
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
    """The stores of Redis' protocol, by role; each is asked by TLS with its own token.

    One that an account opens is left out: the exporter knows no tokens that end after an hour.
    """

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
        stores = {role: one for role, one in sorted(args.stores.items()) if one.token is not None}
        need = SecretNeed(
            secret=args.plan.name,
            entries={role: one.password for role, one in stores.items()},
            texts={_PASSWORDS_KEY: _passwords(stores)},
        )
        trusted = _authorities(stores)
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
                *(f"-tls-ca-cert-file={one.path}/{AUTHORITY_KEY}" for one in trusted),
            ),
            ports=(Port(name=PORT_NAME, number=REDIS_PORT),),
            probes=exporter.probes(),
            files=(
                Files(path=_PASSWORDS_FOLDER, secret=args.plan.name, secret_keys=(_PASSWORDS_KEY,)),
                *trusted,
            ),
        )
        ports = tuple(sorted({one.port for one in stores.values()}))
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
        asked = {role: {"target": (address(store),)} for role, store in stores.items()}
        exporter.targets(self, name, args.plan, args.around, made, "/scrape", asked)
        self.register_outputs({})


@dataclass(frozen=True, slots=True, kw_only=True)
class SearchExporterArgs:
    """OpenSearch, and how the exporter signs in there.

    Attributes:
        host: without a scheme; `port` that it answers at by TLS.
    """

    plan: ServicePlan
    around: Surroundings
    host: pulumi.Input[str]
    port: int = search_access.SIGNED_PORT
    sign_in: SignIn


class SearchExporter(PlatformComponent):
    """The exporter of Elasticsearch, which OpenSearch answers as well."""

    def __init__(
        self, name: str, args: SearchExporterArgs, opts: pulumi.ResourceOptions | None = None
    ) -> None:
        super().__init__("aigw:kubernetes:SearchExporter", name, args.plan, opts)
        way = args.sign_in
        login = way if isinstance(way, Login) else None
        container = Container(
            name="exporter",
            image="elasticsearch-exporter",
            resources=resources_of(args.plan),
            arguments=(
                pulumi.Output.concat("--es.uri=https://", args.host, f":{args.port}"),
                _way_in(way),
                "--es.all",
                f"--web.listen-address=:{SEARCH_PORT}",
            ),
            environment={"ES_USERNAME": login.user} if login else {},
            secret_environment={"ES_PASSWORD": login.password} if login else {},
            ports=(Port(name=PORT_NAME, number=SEARCH_PORT),),
            probes=exporter.probes(),
            files=search_access.files(way, password=False),
        )
        exporter.service(
            self,
            name,
            args.plan,
            args.around,
            container,
            metrics=Metrics(port=PORT_NAME),
            calls=search_access.calls(way, args.around.cluster),
        )
        self.register_outputs({})


def _way_in(way: SignIn) -> str:
    """Return what the exporter trusts, or signs for; a user and their password are variables."""
    return (
        f"--es.ca={way.authority_file}" if isinstance(way, Login) else f"--aws.region={way.region}"
    )


def address(store: Store) -> pulumi.Output[str]:
    """Return a store as the exporter names it: by TLS, and never with its token."""
    return pulumi.Output.concat("rediss://", store.host, f":{store.port}")


def _authorities(stores: Mapping[str, Store]) -> tuple[Files, ...]:
    """Return the file of those who vouch for the stores, nothing where the web's authorities do.

    Raises:
        ValueError: the web's for one store alone: they are trusted where no file is named.
    """
    own = [one.authority for _, one in sorted(stores.items()) if one.authority is not None]
    if not own:
        return ()
    if len(own) < len(stores):
        raise ValueError("the exporter trusts authorities of the stores, or the web's")
    together = pulumi.Output.all(*own).apply("".join)
    return (Files(path=_AUTHORITIES_FOLDER, contents={AUTHORITY_KEY: together}),)


def _passwords(stores: Mapping[str, Store]) -> pulumi.Output[str]:
    """Return the file of tokens by address, which the operator of secrets fills in."""
    lines = [
        pulumi.Output.concat('"', address(store), f'": {{{{ .{role} | toJson }}}}')
        for role, store in sorted(stores.items())
    ]
    return pulumi.Output.all(*lines).apply(_object)


def _object(lines: Sequence[str]) -> str:
    return "{" + ", ".join(lines) + "}"
