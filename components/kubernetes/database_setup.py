"""The job that makes databases, roles and rights on the server, past the pooler.

It runs before whatever needs a database, again when its script or the server's version changes,
and never twice with another result: see `database_sql`.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import pulumi

from components.base import PlatformComponent
from components.kubernetes import database_issuer, database_sql
from components.kubernetes.access import Blocks
from components.kubernetes.cluster import Cluster
from components.kubernetes.container import Container, Files, SecretKey, resources_of
from components.kubernetes.database_issuer import ISSUER
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
_ISSUER_FOLDER, _ISSUER_KEY = "/etc/database-issuer", "issuer.sql"
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
        master: entries of the master's "username" and "password"; of the password alone where
            `user` says who it is.
        user: who runs the script, "" where the master's entry says so.
        guests: roles that other stacks set up their databases with (`database_sql.script`).
        secrets: each login's password, or better the proof of it, by role.
        monitor: make the login that measures the server, which only the server's owner does.
        issuer: make the login that makes short-lived ones (`database_issuer`).
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
    monitor: bool = True
    user: str = ""
    guests: tuple[str, ...] = ()
    issuer: bool = False
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
    own = [database_sql.MONITOR] if args.monitor else []
    return [*(role for need in args.needs for role in roles(need)), *own, *args.guests]


def _entries(args: DatabaseSetupArgs) -> dict[str, Remote]:
    asked = [*_logins(args), *((ISSUER,) if args.issuer else ())]
    missing = sorted({*asked} - {*args.secrets})
    if missing:
        raise ValueError(f"nothing says where the passwords of {', '.join(missing)} are kept")
    if {*args.master} != ({"password"} if args.user else {"username", "password"}):
        raise ValueError("a master has username and password")
    logins = {database_sql.password_variable(one): args.secrets[one] for one in asked}
    named = {} if args.user else {"PGUSER": args.master["username"]}
    return {**named, "PGPASSWORD": args.master["password"], **logins}


def _container(args: DatabaseSetupArgs) -> Container:
    script = f"{_SCRIPT_FOLDER}/{_SCRIPT_KEY}"
    return Container(
        name="psql",
        image="postgres-client",
        resources=resources_of(args.plan),
        command=("psql", "--no-psqlrc", "--quiet", "--file", script, *_issuing(args)),
        environment={
            "PGHOST": args.host,
            "PGPORT": str(args.port),
            **({"PGUSER": args.user} if args.user else {}),
            "PGDATABASE": args.database,
            "PGSSLMODE": "verify-full",
            "PGSSLROOTCERT": AUTHORITY_FILE,
            "PGCONNECT_TIMEOUT": "15",
            "PGAPPNAME": NAME,
        },
        secret_environment={key: SecretKey(secret=_SECRET, key=key) for key in _entries(args)},
        files=(
            Files(
                path=_SCRIPT_FOLDER,
                contents={
                    _SCRIPT_KEY: database_sql.script(
                        args.needs, monitor=args.monitor, guests=args.guests
                    )
                },
            ),
            Files(path=AUTHORITY_FOLDER, contents={AUTHORITY_KEY: args.authority}),
            *_issuer(args),
        ),
    )


def _issuing(args: DatabaseSetupArgs) -> tuple[str, ...]:
    # in the same session: it goes on where the other script ends
    return ("--file", f"{_ISSUER_FOLDER}/{_ISSUER_KEY}") if args.issuer else ()


def _issuer(args: DatabaseSetupArgs) -> tuple[Files, ...]:
    if not args.issuer:
        return ()
    script = database_issuer.script(args.needs, args.database)
    return (Files(path=_ISSUER_FOLDER, contents={_ISSUER_KEY: script}),)
