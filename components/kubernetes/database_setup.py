"""The job that makes databases, roles and rights on the server, past the pooler.

It runs before whatever needs a database, again when its script or the server's version changes,
and never twice with another result: see `database_sql`.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import pulumi

from components.base import PlatformComponent
from components.kubernetes import database_sql
from components.kubernetes.access import Blocks
from components.kubernetes.cluster import Cluster
from components.kubernetes.container import Container, Files, SecretKey, resources_of
from components.kubernetes.database_secrets import roles
from components.kubernetes.database_sql import DatabaseNeed
from components.kubernetes.job import Job, JobArgs
from components.kubernetes.secrets import Remote, SecretNeed, external_secret
from sizing.plans.workloads import HelperPlan

NAME = "database-setup"
AUTHORITY_FOLDER = "/etc/database-authority"
AUTHORITY_KEY = "authority.pem"
AUTHORITY_FILE = f"{AUTHORITY_FOLDER}/{AUTHORITY_KEY}"
_SCRIPT_FOLDER = "/etc/database-setup"
_SCRIPT_KEY = "setup.sql"
_SECRET = "database-setup"
# A server that fails over while it runs answers again long before; statements take seconds.
_DEADLINE_SECONDS = 600


@dataclass(frozen=True, slots=True, kw_only=True)
class DatabaseSetupArgs:
    """What the job needs.

    Attributes:
        plan: what its pod asks for.
        needs: the databases with their users (`database_secrets.needs`).
        host: the server's own name, as its certificate has it.
        authority: certificates, as PEM, of which one must have signed the server's.
        master: entries of the master's "username" and "password".
        secrets: each login's password, or better the proof of it, by role.
        version: of the server, or of anything else whose change is to run the script again.
        after: operator and store of secrets, and the server.
    """

    cluster: Cluster
    namespace: pulumi.Input[str]
    plan: HelperPlan
    needs: tuple[DatabaseNeed, ...]
    host: pulumi.Input[str]
    port: int = 5432
    database: str = "postgres"
    authority: pulumi.Input[str]
    master: Mapping[str, Remote]
    secrets: Mapping[str, Remote]
    version: str
    after: Sequence[pulumi.Resource] = ()


class DatabaseSetup(PlatformComponent):
    """A job whose end others wait for; it leaves nothing behind but what it made on the server.

    Raises:
        ValueError: a login without a secret, or a master without name or password.
    """

    ready: Sequence[pulumi.Resource]
    """What needs a database waits for these."""

    def __init__(
        self, name: str, args: DatabaseSetupArgs, opts: pulumi.ResourceOptions | None = None
    ) -> None:
        super().__init__("aigw:kubernetes:DatabaseSetup", name, args.plan, opts)
        secret = external_secret(
            self,
            f"{name}-secret",
            SecretNeed(secret=_SECRET, entries=_entries(args)),
            cluster=args.cluster,
            namespace=args.namespace,
            after=args.after,
        )
        job = Job(
            f"{name}-run",
            JobArgs(
                job=NAME,
                cluster=args.cluster,
                namespace_name=args.plan.namespace,
                namespace=args.namespace,
                container=_container(args),
                placement=args.cluster.placement_on("general"),
                calls=(Blocks(blocks=args.cluster.addresses, ports=(args.port,)),),
                version=args.version,
                deadline_seconds=_DEADLINE_SECONDS,
                after=(secret, *args.after),
            ),
            self.child,
        )
        self.ready = (job.done,)
        self.register_outputs({})


def _logins(args: DatabaseSetupArgs) -> list[str]:
    return [role for need in args.needs for role in roles(need)]


def _entries(args: DatabaseSetupArgs) -> dict[str, Remote]:
    missing = sorted({*_logins(args)} - {*args.secrets})
    if missing:
        raise ValueError(f"nothing says where the passwords of {', '.join(missing)} are kept")
    if {*args.master} != {"username", "password"}:
        raise ValueError("a master has username and password")
    logins = {database_sql.password_variable(one): args.secrets[one] for one in _logins(args)}
    return {"PGUSER": args.master["username"], "PGPASSWORD": args.master["password"], **logins}


def _container(args: DatabaseSetupArgs) -> Container:
    script = f"{_SCRIPT_FOLDER}/{_SCRIPT_KEY}"
    return Container(
        name="psql",
        image="postgres-client",
        resources=resources_of(args.plan),
        command=("psql", "--no-psqlrc", "--quiet", "--file", script),
        environment={
            "PGHOST": args.host,
            "PGPORT": str(args.port),
            "PGDATABASE": args.database,
            "PGSSLMODE": "verify-full",
            "PGSSLROOTCERT": AUTHORITY_FILE,
            "PGCONNECT_TIMEOUT": "15",
            "PGAPPNAME": NAME,
        },
        secret_environment={key: SecretKey(secret=_SECRET, key=key) for key in _entries(args)},
        files=(
            Files(path=_SCRIPT_FOLDER, contents={_SCRIPT_KEY: database_sql.script(args.needs)}),
            Files(path=AUTHORITY_FOLDER, contents={AUTHORITY_KEY: args.authority}),
        ),
    )
