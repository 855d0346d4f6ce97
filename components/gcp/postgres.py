"""PostgreSQL on Cloud SQL in the form that its plan names: private, encrypted and restorable.

Who connects shows a password and checks the server (verify-full). For that its certificate must
name the host: with the regional authority that Google keeps (GOOGLE_MANAGED_CAS_CA) it names the
server's own DNS name, and only a record in the network says where that is. An authority of the
server's own would put no name of a host into the certificate at all. Client certificates are not
asked for: PgBouncer and the applications have passwords, which change without a restart.

Databases and their roles are made inside the server by whoever owns them.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import pulumi
import pulumi_random as random
from pulumi_gcp import dns, sql

from components.base import PlatformComponent
from components.gcp import stores
from components.gcp.postgres_settings import server_settings
from components.naming import store_name
from sizing.plans import PostgresPlan

PORT = 5432
MASTER = "platform"
"""Whose password the secret holds; Cloud SQL keeps "postgres" for itself."""
PRIVATE_ACCESS = "PRIVATE_SERVICES_ACCESS"
# "<project>:<name>" has at most 98 characters, a project at most 30; a hyphen and eight characters
# follow (cloud.google.com/sql/docs/postgres/instance-settings)
_NAME_MOST = 54
_PASSWORD_LENGTH = 40
_STANDBY_NODES = 2
_ADDRESS_SECONDS = 300


@dataclass(frozen=True, slots=True, kw_only=True)
class PostgresArgs:
    """What the server needs from its surroundings; how large it is stands in `plan`.

    Attributes:
        stack: the platform's name, part of the server's and the secret's names.
        network_id: "projects/<project>/global/networks/<name>".
        allocated_range: name of the range that its address is taken from, None for any.
        private_services: what makes the network's private services reachable; no value links it
            to the server, which is refused without it.
        data_key: key of storage, backups and the secret, in the same region.
    """

    plan: PostgresPlan
    stack: str
    region: str
    network_id: pulumi.Input[str]
    allocated_range: pulumi.Input[str] | None = None
    private_services: Sequence[pulumi.Resource]
    data_key: pulumi.Input[str]
    labels: Mapping[str, str]
    protect: bool


class Postgres(PlatformComponent):
    """A server with or without a standby in another zone, and its read replicas.

    Tier, storage, standby and replicas change in place, storage upwards only; a change of the
    region or of the key makes a new server, which protection refuses.
    """

    host: pulumi.Output[str]
    """Name to connect to for reading and writing, as the certificate has it."""
    reader_host: pulumi.Output[str]
    """Name to connect to for reading: the first replica, else the server itself."""
    port: pulumi.Output[int]
    """Port of both."""
    authority: pulumi.Output[str]
    """Certificates that the servers' own chain to, as PEM."""
    secret_id: pulumi.Output[str]
    """Name of the secret with the master's "username" and "password", as JSON."""

    def __init__(
        self, name: str, args: PostgresArgs, opts: pulumi.ResourceOptions | None = None
    ) -> None:
        super().__init__("aigw:gcp:Postgres", name, args.plan, opts)
        self._args = args
        self._suffix = stores.suffix(self, name, {"key": args.data_key, "region": args.region})
        primary = self._primary(name)
        self.host = self._named(name, primary)
        hosts = [self._replica(f"{name}-{one}", primary) for one in _replica_names(args.plan)]
        self.reader_host = hosts[0] if hosts else self.host
        self.port = pulumi.Output.from_input(PORT)
        # no secret, whatever the provider takes it for: every client is shown it
        self.authority = pulumi.Output.unsecret(primary.server_ca_certs.apply(_authority))
        self.secret_id = self._master(name, primary)
        self.register_outputs(
            {
                "host": self.host,
                "reader_host": self.reader_host,
                "port": self.port,
                "authority": self.authority,
                "secret_id": self.secret_id,
            }
        )

    def _primary(self, name: str) -> sql.DatabaseInstance:
        plan = self._args.plan
        return sql.DatabaseInstance(
            f"{name}-server",
            name=pulumi.Output.concat(
                store_name(self._args.stack, name, _NAME_MOST), "-", self._suffix
            ),
            region=self._args.region,
            database_version=plan.engine_version,
            encryption_key_name=self._args.data_key,
            settings=self._settings(primary=True),
            final_backup_description=f"The last of {name}" if plan.final_snapshot else None,
            deletion_protection=plan.deletion_protection,
            opts=self.child_with(
                protect=self._args.protect, depends_on=self._args.private_services
            ),
        )

    def _replica(self, name: str, primary: sql.DatabaseInstance) -> pulumi.Output[str]:
        plan = self._args.plan
        replica = sql.DatabaseInstance(
            f"{name}-server",
            name=pulumi.Output.concat(
                store_name(self._args.stack, name, _NAME_MOST), "-", self._suffix
            ),
            region=self._args.region,
            database_version=plan.engine_version,
            # the key is its primary's
            master_instance_name=primary.name,
            settings=self._settings(primary=False),
            deletion_protection=plan.deletion_protection,
            opts=self.child_with(protect=self._args.protect),
        )
        return self._named(name, replica)

    def _settings(self, *, primary: bool) -> sql.DatabaseInstanceSettingsArgs:
        return server_settings(
            self._args.plan,
            region=self._args.region,
            network_id=self._args.network_id,
            allocated_range=self._args.allocated_range,
            labels=self.tags(self._args.labels),
            primary=primary,
        )

    def _named(self, name: str, server: sql.DatabaseInstance) -> pulumi.Output[str]:
        """Say in the network where the name in a server's certificate is; return that name."""
        host = server.dns_names.apply(private_name)
        zone = dns.ManagedZone(
            f"{name}-zone",
            dns_name=host,
            description=f"Where {name} is, by the name in its certificate",
            visibility="private",
            private_visibility_config=dns.ManagedZonePrivateVisibilityConfigArgs(
                networks=[
                    dns.ManagedZonePrivateVisibilityConfigNetworkArgs(
                        network_url=self._args.network_id
                    )
                ]
            ),
            labels=self.tags(self._args.labels),
            opts=self.child,
        )
        record = dns.RecordSet(
            f"{name}-address",
            managed_zone=zone.name,
            name=host,
            type="A",
            ttl=_ADDRESS_SECONDS,
            rrdatas=[server.private_ip_address],
            opts=self.child,
        )
        return record.name.apply(_without_dot)

    def _master(self, name: str, primary: sql.DatabaseInstance) -> pulumi.Output[str]:
        args = self._args
        generated = random.RandomPassword(
            f"{name}-password", length=_PASSWORD_LENGTH, special=False, opts=self.child
        )
        password: pulumi.Output[str] = pulumi.Output.secret(generated.result)
        sql.User(
            f"{name}-master",
            instance=primary.name,
            name=MASTER,
            type="BUILT_IN",
            password=password,
            # what owns something in a database cannot be deleted; it goes with its server
            deletion_policy="ABANDON",
            opts=self.child,
        )
        return stores.kept_secret(
            self,
            name,
            stack=args.stack,
            region=args.region,
            data_key=args.data_key,
            value=pulumi.Output.json_dumps({"username": MASTER, "password": password}),
            labels=args.labels,
            protect=args.protect,
        )


def private_name(names: Sequence[sql.outputs.DatabaseInstanceDnsName] | None) -> str:
    """Return a server's own name on the private network, with its final dot.

    Raises:
        ValueError: it has none, so that no client could check its certificate.
    """
    if names is None:
        return ""
    for one in names:
        if one.connection_type == PRIVATE_ACCESS and one.dns_scope == "INSTANCE" and one.name:
            return f"{_without_dot(one.name)}."
    raise ValueError("the server has no DNS name on the private network")


def _replica_names(plan: PostgresPlan) -> tuple[str, ...]:
    """Return the read replicas: what a plan has beyond a primary and its standby."""
    return tuple(f"replica-{one}" for one in range(1, plan.nodes - _STANDBY_NODES + 1))


def _authority(certificates: Sequence[sql.outputs.DatabaseInstanceServerCaCert] | None) -> str:
    return stores.bundle([one.cert for one in certificates or ()])


def _without_dot(name: str) -> str:
    return name.removesuffix(".")
