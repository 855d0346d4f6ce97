"""The stores that the LiteLLM proxy stands on, and how pods learn to reach them.

Passwords are put into addresses within the cluster, by the operator that keeps its secrets.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial

import pulumi

from components.kubernetes import pgbouncer_config
from components.kubernetes.container import Files
from components.kubernetes.database_setup import AUTHORITY_FILE, AUTHORITY_KEY
from components.kubernetes.dsn import Address, Dialect, TemplatePassword, migration_url, pooled_url
from components.kubernetes.litellm_config import DATABASE_URL
from components.kubernetes.litellm_secrets import DATABASE, MIGRATIONS
from components.kubernetes.litellm_settings import Redis
from components.kubernetes.secrets import Remote, SecretNeed

REDIS_PORT = 6379
_PASSWORD = "password"


@dataclass(frozen=True, slots=True, kw_only=True)
class Store:
    """A store of Redis' protocol, reached by TLS.

    Attributes:
        token: its whole text is what the store asks for; None where it asks for an account.
        account: Google service account that opens it by access tokens of an hour
            ("projects/-/serviceAccounts/<email>"); None where a token does.
        clustered: slots over shards, reached by the configuration endpoint.
        shard_ports: first and last port of its shards, where they are not its own.
        authority: certificates, as PEM, of the store's own authority; None where the web's
            authorities vouch for the host.

    Raises:
        ValueError: nothing opens it, or both do.
    """

    host: pulumi.Input[str]
    token: Remote | None = None
    account: pulumi.Input[str] | None = None
    clustered: bool = False
    port: int = REDIS_PORT
    shard_ports: tuple[int, int] | None = None
    authority: pulumi.Input[str] | None = None

    def __post_init__(self) -> None:
        if (self.token is None) is (self.account is None):
            raise ValueError("a store is opened by a token, or else by an account")

    @property
    def password(self) -> Remote:
        """Return what a program shows that knows nothing but passwords.

        Raises:
            ValueError: there is none, so that it would not get in.
        """
        if self.token is None:
            raise ValueError("an account opens this store, and no password does")
        return self.token

    def settings(self, role: str) -> Redis:
        """Return how the proxy's file names it."""
        return Redis(
            role=role,
            port=self.port,
            clustered=self.clustered,
            ca_file=self.authority_file(role),
            # whether it names the address nobody says for certain
            host_named=self.authority is None,
            by_account=self.account is not None,
        )

    def authority_file(self, role: str) -> str:
        """Return the file of `files`, "" where the web's authorities vouch for the host."""
        return "" if self.authority is None else f"{_trusted(role)}/{AUTHORITY_KEY}"

    def files(self, role: str) -> tuple[Files, ...]:
        """Return what pods trust it by, nothing where the web's authorities do."""
        if self.authority is None:
            return ()
        return (Files(path=_trusted(role), contents={AUTHORITY_KEY: self.authority}),)


@dataclass(frozen=True, slots=True, kw_only=True)
class Database:
    """LiteLLM's database by both roads.

    Attributes:
        pooler: host of the pooler's Service; the proxy's way, as `role`.
        pooler_port: of the Service and of its pods alike.
        server: host of PostgreSQL itself; the migrations' way, as `migrator`.
        authority: certificates that the server's chains to, as PEM.
    """

    name: str = "litellm"
    pooler: pulumi.Input[str]
    pooler_port: int = pgbouncer_config.PORT
    role: str
    password: Remote
    server: pulumi.Input[str]
    server_port: int = pgbouncer_config.SERVER_PORT
    migrator: str
    migrator_password: Remote
    authority: pulumi.Input[str]


def pooled_address(host: str, *, database: Database, client_pool: int) -> str:
    """Return the template of the proxy's way to the database, once the pooler's host is known."""
    address = Address(
        host=host,
        port=database.pooler_port,
        database=database.name,
        role=database.role,
        password=TemplatePassword(key=_PASSWORD),
        dialect=Dialect.PRISMA,
    )
    return pooled_url(address, connection_limit=client_pool)


def direct_address(host: str, *, database: Database) -> str:
    """Return the template of the migrations' way, once the server's host is known.

    In libpq's words: LiteLLM translates them for Prisma and picks, out of a bundle, the one
    authority that signed the server's certificate, where Prisma would read the first alone.
    """
    address = Address(
        host=host,
        port=database.server_port,
        database=database.name,
        role=database.migrator,
        password=TemplatePassword(key=_PASSWORD),
        authority=AUTHORITY_FILE,
    )
    return migration_url(address)


def pooled(database: Database, client_pool: int) -> SecretNeed:
    """Return the secret that the proxy's pods read the database's address from."""
    text = partial(pooled_address, database=database, client_pool=client_pool)
    return SecretNeed(
        secret=DATABASE,
        entries={_PASSWORD: database.password},
        texts={DATABASE_URL: pulumi.Output.from_input(database.pooler).apply(text)},
    )


def direct(database: Database) -> SecretNeed:
    """Return the secret that the migrations read it from."""
    text = partial(direct_address, database=database)
    return SecretNeed(
        secret=MIGRATIONS,
        entries={_PASSWORD: database.migrator_password},
        texts={DATABASE_URL: pulumi.Output.from_input(database.server).apply(text)},
    )


def _trusted(role: str) -> str:
    return f"/etc/redis/{role.lower()}"
