"""Every store that an application can get, as tests hand them in."""

from __future__ import annotations

from components.kubernetes.app_stores import (
    Documents,
    Gateway,
    Login,
    Objects,
    Postgres,
    Redis,
    Stores,
    Vectors,
)
from components.kubernetes.secrets import Remote
from tests.components.kubernetes.search_samples import search
from tests.components.kubernetes.surroundings import here

NAMES = ("collections", "permissions", "users")


def remote(name: str) -> Remote:
    return Remote(name=f"aigw/prod/{name}")


POSTGRES = Postgres(
    host="pgbouncer.prod-data.svc.cluster.local",
    port=6432,
    logins={
        name: Login(database=name, role=f"{name}_app_a", password=remote(f"postgres-{name}"))
        for name in NAMES
    },
)


def stores() -> Stores:
    """Return all that an application can get, with ports and regions as this cloud has them."""
    return Stores(
        postgres=POSTGRES,
        cache=Redis(host="cache.example", port=here().cache_port, token=remote("cache")),
        broker=Redis(host="state.example", port=here().cache_port, token=remote("state")),
        crawler=Redis(host="crawler.example", port=6380, token=remote("crawler")),
        search=search(),
        vectors=Vectors(
            host="qdrant.prod-data.svc.cluster.local",
            port=6333,
            grpc_port=6334,
            key=remote("qdrant"),
        ),
        objects=Objects(bucket="aigw-prod-data", region=here().region),
        models=Gateway(
            host="litellm.prod-gateway.svc.cluster.local", port=4000, key=remote("model-key")
        ),
        tools=Gateway(host="agent-gateway.prod-gateway.svc.cluster.local", port=3000),
    )


DOCUMENTS = Documents(
    host="documents.example",
    port=27017,
    user=Remote(name="aigw/prod/documents", property="username"),
    password=Remote(name="aigw/prod/documents", property="password"),
    databases={name: name for name in NAMES},
)
