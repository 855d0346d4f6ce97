"""The platform's stores as an application is told of them: variables, secrets, and whom it calls.

One name a variable (docs/application.md). What holds a password is a secret of the namespace, put
together by the operator inside the cluster; what does not is plain.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import pulumi

from components.kubernetes.dsn import Address, TemplatePassword, pooled_url
from components.kubernetes.secrets import Remote
from components.kubernetes.wiring import AUTHORITIES, KEPT, Wiring, encoded, merged, shown

HTTPS = 443
AUTHORITIES_FILE = "bundle.pem"
SEARCH_AUTHORITY = "search-ca.crt"
# A session's own pool is the pooler's affair; drivers of libpq's kind are told of no limit.
_NO_LIMIT = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Login:
    """Who an application is to one database; `database` is its name on the server."""

    database: str
    role: str
    password: Remote


@dataclass(frozen=True, slots=True, kw_only=True)
class Postgres:
    """PostgreSQL through the pooler; logins by what a database is for ("users")."""

    host: str
    port: int
    logins: Mapping[str, Login]


@dataclass(frozen=True, slots=True, kw_only=True)
class Documents:
    """A MongoDB-compatible store.

    Attributes:
        databases: names on the server by what a database is for ("users").
        options: of the address: how this store differs from MongoDB.
        authorities: certificates (PEM) by which it proves itself, "" where images know them.
    """

    host: pulumi.Input[str]
    port: int
    user: Remote
    password: Remote
    databases: Mapping[str, str]
    options: str = "replicaSet=rs0&readPreference=secondaryPreferred&retryWrites=false"
    authorities: pulumi.Input[str] = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Redis:
    """A store of Redis' protocol, by TLS and with a token.

    Attributes:
        authority: certificates (PEM) of the store's own authority, None where images know it.
    """

    host: pulumi.Input[str]
    port: int
    token: Remote
    authority: pulumi.Input[str] | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Search:
    """OpenSearch by HTTPS: requests are signed for a region, or carry a user's password.

    Attributes:
        region: "" where requests are not signed.
        user: whose password it is, "" for nobody's.
        authority: who vouches for the store, None where images know.
    """

    host: pulumi.Input[str]
    port: int = HTTPS
    region: str = ""
    user: str = ""
    password: Remote | None = None
    authority: Remote | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Vectors:
    """Qdrant inside the cluster; the key is None where it asks for none."""

    host: pulumi.Input[str]
    port: int
    grpc_port: int
    key: Remote | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Objects:
    """A bucket; who may use it is the service account's affair, so that there is no key."""

    bucket: pulumi.Input[str]
    region: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Gateway:
    """Models or tools behind a gateway of the cluster; the key is a caller's own."""

    host: pulumi.Input[str]
    port: int
    key: Remote | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Stores:
    """What an application gets; None and nothing where the platform has none.

    Attributes:
        broker: keeps what is queued; `cache` may lose anything, `crawler` is the crawler's cache.
    """

    postgres: Postgres | None = None
    documents: Documents | None = None
    cache: Redis | None = None
    broker: Redis | None = None
    crawler: Redis | None = None
    search: Search | None = None
    vectors: Vectors | None = None
    objects: Objects | None = None
    models: Gateway | None = None
    tools: Gateway | None = None


def wired(stores: Stores) -> Wiring:
    """Return what all of an application's stores ask for."""
    return merged(
        (
            *(() if stores.postgres is None else (_postgres(stores.postgres),)),
            *(() if stores.documents is None else (_documents(stores.documents),)),
            *_redis("cache", stores.cache),
            *_redis("broker", stores.broker),
            *_redis("crawler", stores.crawler),
            *(() if stores.search is None else (_search(stores.search),)),
            *(() if stores.vectors is None else (_vectors(stores.vectors),)),
            *(() if stores.objects is None else (_objects(stores.objects),)),
            *_gateway("OPENAI", "/v1", stores.models),
            *_gateway("MCP", "/mcp", stores.tools),
        )
    )


def _postgres(store: Postgres) -> Wiring:
    keys = {name: f"postgres_{name}" for name in store.logins}
    return Wiring(
        environment={"POSTGRES_HOST": store.host, "POSTGRES_PORT": str(store.port)},
        entries={keys[name]: login.password for name, login in store.logins.items()},
        texts={
            f"POSTGRES_{name.upper()}_URL": pooled_url(
                Address(
                    host=store.host,
                    port=store.port,
                    database=login.database,
                    role=login.role,
                    password=TemplatePassword(key=keys[name]),
                ),
                connection_limit=_NO_LIMIT,
            )
            for name, login in store.logins.items()
        },
        places=((store.host, store.port),),
    )


def _documents(store: Documents) -> Wiring:
    user, password = "documents_user", "documents_password"
    trusted = f"&tlsCAFile={AUTHORITIES}/{AUTHORITIES_FILE}" if store.authorities else ""
    server = (f"mongodb://{encoded(user)}:{encoded(password)}@", store.host, f":{store.port}/")
    query = f"?tls=true{trusted}&authSource=admin&{store.options}"
    urls = {"": "MONGODB_URL"} | {
        database: f"MONGODB_{name.upper()}_URL" for name, database in store.databases.items()
    }
    return Wiring(
        entries={user: store.user, password: store.password},
        texts={
            variable: pulumi.Output.concat(*server, database, query)
            for database, variable in urls.items()
        },
        places=((store.host, store.port),),
        files={AUTHORITIES_FILE: store.authorities} if store.authorities else {},
    )


def _redis(role: str, store: Redis | None) -> tuple[Wiring, ...]:
    if store is None:
        return ()
    key = f"redis_{role}"
    url = pulumi.Output.concat(f"rediss://:{encoded(key)}@", store.host, f":{store.port}/0")
    file, own = f"redis-{role}.pem", store.authority
    return (
        Wiring(
            environment={}
            if own is None
            else {f"REDIS_{role.upper()}_CA_FILE": f"{AUTHORITIES}/{file}"},
            entries={key: store.token},
            texts={f"REDIS_{role.upper()}_URL": url},
            places=((store.host, store.port),),
            files={} if own is None else {file: own},
        ),
    )


def _search(store: Search) -> Wiring:
    asked = {"search_password": store.password, "search_authority": store.authority}
    entries = {name: remote for name, remote in asked.items() if remote is not None}
    plain = {
        "OPENSEARCH_REGION": store.region,
        "OPENSEARCH_USERNAME": store.user,
        "OPENSEARCH_CA_FILE": f"{KEPT}/{SEARCH_AUTHORITY}" if store.authority else "",
    }
    return Wiring(
        environment={
            "OPENSEARCH_URL": _url("https", store.host, store.port),
            **{name: value for name, value in plain.items() if value},
        },
        entries=entries,
        texts={"OPENSEARCH_PASSWORD": shown("search_password")} if store.password else {},
        places=((store.host, store.port),),
        kept={SEARCH_AUTHORITY: shown("search_authority")} if store.authority else {},
    )


def _vectors(store: Vectors) -> Wiring:
    key = {} if store.key is None else {"vectors_key": store.key}
    return Wiring(
        environment={
            "QDRANT_URL": _url("http", store.host, store.port),
            "QDRANT_GRPC_PORT": str(store.grpc_port),
        },
        entries=key,
        texts={"QDRANT_API_KEY": shown("vectors_key")} if key else {},
        places=((store.host, store.port), (store.host, store.grpc_port)),
    )


def _objects(store: Objects) -> Wiring:
    return Wiring(
        environment={"OBJECTS_BUCKET": store.bucket, "OBJECTS_REGION": store.region},
    )


def _gateway(prefix: str, path: str, store: Gateway | None) -> tuple[Wiring, ...]:
    if store is None:
        return ()
    key = {} if store.key is None else {f"{prefix.lower()}_key": store.key}
    return (
        Wiring(
            environment={
                f"{prefix}_BASE_URL": _url("http", store.host, store.port, path),
            },
            entries=key,
            texts={f"{prefix}_API_KEY": shown(f"{prefix.lower()}_key")} if key else {},
            places=((store.host, store.port),),
        ),
    )


def _url(scheme: str, host: pulumi.Input[str], port: int, path: str = "") -> pulumi.Output[str]:
    return pulumi.Output.concat(scheme, "://", host, f":{port}{path}")
