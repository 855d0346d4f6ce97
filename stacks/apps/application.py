"""The application of a stack, with every store of the platform wired in."""

from __future__ import annotations

from components.kubernetes import agent_gateway_config, app_stores, database_secrets
from components.kubernetes.access import Peer, Pods, prometheus
from components.kubernetes.agent_gateway_settings import endpoint
from components.kubernetes.app_service import AppService, AppServiceArgs
from components.kubernetes.litellm_runtime import PORT as MODELS_PORT
from components.kubernetes.litellm_stores import Store
from components.kubernetes.pgbouncer_config import PORT as POOLER_PORT
from components.kubernetes.qdrant import GRPC_PORT, HTTP_PORT
from components.kubernetes.secrets import Remote
from components.kubernetes.shared_files import SharedFiles, SharedFilesArgs, SharedFilesPlan
from stacks.apps import offer, search
from stacks.apps.controllers import Controllers
from stacks.apps.databases import Databases
from stacks.apps.gateways import AGENTS, MODELS, Gateways
from stacks.apps.site import Site
from stacks.apps.tracing import otlp
from stacks.config_apps import ApplicationConfig

NAME = offer.APPLICATION
_FOLDER = "shared"
# its own and document 000's; what others keep is theirs
_DATABASES = frozenset({NAME, "collections", "permissions", "users"})


def build_application(
    site: Site, around: Controllers, databases: Databases, gateways: Gateways
) -> None:
    """Register the stack's application; nothing where it has none."""
    stated = site.config.services.application
    if stated is None:
        return
    files = SharedFiles(
        "application-files",
        SharedFilesArgs(
            plan=SharedFilesPlan(
                name=_FOLDER, namespace=site.cluster.namespaces["apps"], read_only=False
            ),
            cluster=around.inside["apps"],
            namespace=site.cluster.namespaces["apps"],
            folder=site.files.folders[_FOLDER],
            ready=site.files.ready,
        ),
        site.opts,
    )
    _service(site, stated, around, databases, gateways, files)


def _service(
    site: Site,
    stated: ApplicationConfig,
    around: Controllers,
    databases: Databases,
    gateways: Gateways,
    files: SharedFiles,
) -> None:
    sent = otlp(site)
    AppService(
        NAME,
        AppServiceArgs(
            plan=site.service(NAME),
            cluster=around.inside["apps"],
            namespace=site.cluster.namespaces["apps"],
            image=stated.image,
            port=stated.port,
            health_path=stated.health_path,
            writable_paths=stated.writable_paths,
            user=stated.user,
            environment={**sent.environment(NAME), **stated.environment},
            secrets={name: Remote(name=one) for name, one in stated.secrets.items()},
            stores=_stores(site, databases),
            files=files,
            called_by=_callers(site, stated.port),
            calls=sent.peers,
            # the gateways stand on the databases
            after=[*databases.vectors, *gateways.ready],
        ),
        site.opts,
    )


def _callers(site: Site, port: int) -> tuple[Peer, ...]:
    """Return who asks it: the monitoring, and the agent gateway where it serves tools or agents."""
    host, served = site.cluster.host(NAME, "apps"), site.config.agents
    urls = [one.url for one in served.servers.values()]
    urls += [one.url for one in served.agents.values()]
    asks = any(endpoint(one).host == host for one in urls)
    gateway = Pods(namespace=site.cluster.namespaces["gateway"], name=AGENTS, ports=(port,))
    return (prometheus(site.cluster, port), *([gateway] if asks else []))


def _stores(site: Site, databases: Databases) -> app_stores.Stores:
    on = site.cluster
    logins = {
        name: app_stores.Login(
            database=need.name, role=need.logins[0], password=databases.passwords[need.logins[0]]
        )
        for name, need in databases.needs.items()
        if name in _DATABASES
    }
    return app_stores.Stores(
        postgres=app_stores.Postgres(
            host=on.host("pgbouncer", "data"), port=POOLER_PORT, logins=logins
        ),
        documents=_documents(site),
        cache=redis(site.stores["cache"]),
        # what evicts nothing keeps what is queued
        broker=redis(site.stores["state"]),
        crawler=redis(site.stores["crawler"]),
        search=_search(site),
        vectors=app_stores.Vectors(
            host=on.host("qdrant", "data"),
            port=HTTP_PORT,
            grpc_port=GRPC_PORT,
            key=site.secret(database_secrets.VECTORS_SECRET, database_secrets.VECTORS_KEY),
        ),
        objects=app_stores.Objects(bucket=site.buckets["data"], region=site.region),
        models=app_stores.Gateway(host=on.host(MODELS, "gateway"), port=MODELS_PORT),
        tools=_tools(site),
    )


def _search(site: Site) -> app_stores.Search:
    engine, user = site.search, search.application(site.plan)
    if engine.server is None:
        return app_stores.Search(host=engine.host, region=engine.region)
    return app_stores.Search(
        host=engine.host,
        port=engine.port,
        user=user,
        password=site.secret(search.secret(user), search.PASSWORD),
        authority=search.authority(site),
    )


def _tools(site: Site) -> app_stores.Gateway:
    """Return the agent gateway; where callers show tokens, the application brings its own."""
    caller = agent_gateway_config.variable("CALLER", NAME)
    return app_stores.Gateway(
        host=site.cluster.host(AGENTS, "gateway"),
        port=agent_gateway_config.PORT,
        key=site.secret(AGENTS, caller) if NAME in offer.callers(site.config) else None,
    )


def redis(store: Store) -> app_stores.Redis:
    """Return a store as an application is told of it.

    Raises:
        ValueError: no password opens it; a finding has refused that plan.
    """
    return app_stores.Redis(
        host=store.host, port=store.port, token=store.password, authority=store.authority
    )


def _documents(site: Site) -> app_stores.Documents | None:
    server, plan = site.documents, site.plan.document_database
    if server is None or plan is None:
        return None
    return app_stores.Documents(
        host=server.host,
        port=server.port,
        user=server.master["username"],
        password=server.master["password"],
        databases={name: name for name in plan.databases},
        authorities=server.authority,
    )
