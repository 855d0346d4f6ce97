"""Archestra and the OsMEN services of a stack; nothing where none is switched on."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import pulumi

from components.generated import GeneratedSecret
from components.kubernetes import (
    agent_gateway_config,
    app_stores,
    archestra,
    archestra_config,
    database_secrets,
    langflow,
    n8n,
    ollama,
)
from components.kubernetes.access import Peer, Pods, prometheus
from components.kubernetes.app_service import AppService, AppServiceArgs
from components.kubernetes.archestra import Archestra, ArchestraArgs
from components.kubernetes.langflow import Langflow, LangflowArgs
from components.kubernetes.litellm_runtime import PORT as MODELS_PORT
from components.kubernetes.n8n import N8n, N8nArgs
from components.kubernetes.ollama import Ollama, OllamaArgs
from components.kubernetes.pgbouncer_config import PORT as POOLER_PORT
from components.kubernetes.qdrant import GRPC_PORT, HTTP_PORT
from components.kubernetes.secrets import Remote
from components.kubernetes.server_login import ServerLogin
from components.kubernetes.shared_files import SharedFiles, SharedFilesArgs, SharedFilesPlan
from sizing.planning import archestra as archestra_plan
from sizing.planning import osmen
from sizing.plans import PlatformPlan
from stacks.apps.application import redis
from stacks.apps.controllers import Controllers
from stacks.apps.databases import Databases
from stacks.apps.gateways import AGENTS, MODELS, Gateways
from stacks.apps.site import Site
from stacks.config_model import StackConfig

COLLECTOR, OTLP_HTTP = "otel-collector", 4318
# document 000's, which a gateway of the stack's own reads and writes
_GATEWAY_DATABASES = ("collections", "permissions", "users")


def generated(config: StackConfig, plan: PlatformPlan) -> tuple[GeneratedSecret, ...]:
    """Return the secrets that have to be made for what is switched on."""
    stated = config.services
    made = (
        (stated.archestra, archestra.generated),
        (stated.langflow, langflow.generated),
        (stated.n8n, n8n.generated),
    )
    return tuple(make(protect=plan.protect) for one, make in made if one is not None)


def build_tools(
    site: Site,
    around: Controllers,
    databases: Databases,
    gateways: Gateways,
    gpus: Sequence[pulumi.Resource],
) -> None:
    """Register whatever of them is switched on; `gpus` is what offers GPUs to pods."""
    _archestra(site, around, databases)
    _langflow(site, around, databases)
    _n8n(site, around, databases)
    _ollama(site, around, gpus)
    _gateway(site, around, databases, gateways)


def _archestra(site: Site, around: Controllers, databases: Databases) -> None:
    if site.config.services.archestra is None:
        return
    need, watched = (
        databases.needs["archestra"],
        prometheus(site.cluster, archestra_config.API_PORT),
    )
    traced = site.has(COLLECTOR)
    Archestra(
        archestra_plan.WEB,
        ArchestraArgs(
            web=site.service(archestra_plan.WEB),
            worker=site.service(archestra_plan.WORKER),
            migrations=site.helper(archestra_plan.MIGRATIONS),
            cluster=around.inside["apps"],
            namespace=site.cluster.namespaces["apps"],
            login=_login(site, databases, need.name, need.logins[0]),
            migrator=_login(site, databases, need.name, need.migrator),
            keys={key: site.secret(archestra.STORED, key) for key in archestra.KEYS.values()},
            telemetry=(
                f"http://{site.cluster.host(COLLECTOR, 'observability')}:{OTLP_HTTP}"
                if traced
                else ""
            ),
            called_by=(
                _apps(site, archestra_config.API_PORT, archestra_config.UI_PORT),
                prometheus(site.cluster, archestra_config.METRICS_PORT),
            ),
            watched_by=(watched,),
            calls=(
                *_inside(site),
                *((_pods(site, "observability", COLLECTOR, OTLP_HTTP),) if traced else ()),
            ),
            after=databases.set_up,
        ),
        site.opts,
    )


def _langflow(site: Site, around: Controllers, databases: Databases) -> None:
    stated = site.config.services.langflow
    if stated is None:
        return
    home = site.cluster.namespaces["apps"]
    files = SharedFiles(
        "langflow-files",
        SharedFilesArgs(
            plan=SharedFilesPlan(name=osmen.LANGFLOW, namespace=home, read_only=False),
            cluster=around.inside["apps"],
            namespace=home,
            folder=site.files.folders[osmen.LANGFLOW],
            ready=site.files.ready,
        ),
        site.opts,
    )
    need = databases.needs["langflow"]
    Langflow(
        osmen.LANGFLOW,
        LangflowArgs(
            plan=site.service(osmen.LANGFLOW),
            cluster=around.inside["apps"],
            namespace=home,
            login=_login(site, databases, need.name, need.logins[0]),
            keys={key: site.secret(langflow.STORED, key) for key in langflow.KEYS.values()},
            files=files,
            custom_components=stated.custom_components,
            called_by=(_apps(site, langflow.PORT), prometheus(site.cluster, langflow.METRICS_PORT)),
            calls=_inside(site),
            after=databases.set_up,
        ),
        site.opts,
    )


def _n8n(site: Site, around: Controllers, databases: Databases) -> None:
    stated = site.config.services.n8n
    if stated is None:
        return
    need, watched = databases.needs["n8n"], prometheus(site.cluster, n8n.PORT)
    N8n(
        osmen.N8N,
        N8nArgs(
            main=site.service(osmen.N8N),
            worker=site.service(osmen.N8N_WORKER),
            cluster=around.inside["apps"],
            namespace=site.cluster.namespaces["apps"],
            login=_login(site, databases, need.name, need.logins[0]),
            # what evicts nothing keeps what is queued
            queue=site.stores["state"],
            keys={key: site.secret(n8n.STORED, key) for key in n8n.KEYS},
            concurrency=stated.concurrency,
            called_by=(_apps(site, n8n.PORT), watched),
            watched_by=(watched,),
            calls=_inside(site),
            after=databases.set_up,
        ),
        site.opts,
    )


def _ollama(site: Site, around: Controllers, gpus: Sequence[pulumi.Resource]) -> None:
    stated = site.config.services.ollama
    if stated is None:
        return
    plan = site.service(osmen.OLLAMA)
    Ollama(
        osmen.OLLAMA,
        OllamaArgs(
            plan=plan,
            cluster=around.inside["apps"],
            namespace=site.cluster.namespaces["apps"],
            models=stated.models,
            disk_gib=stated.volume_gib,
            called_by=(_apps(site, ollama.PORT),),
            after=gpus if plan.gpus else (),
        ),
        site.opts,
    )


def _gateway(site: Site, around: Controllers, databases: Databases, gateways: Gateways) -> None:
    stated = site.config.services.osmen_gateway
    if stated is None:
        return
    secrets = {name: Remote(name=one) for name, one in stated.secrets.items()}
    AppService(
        osmen.GATEWAY,
        AppServiceArgs(
            plan=site.service(osmen.GATEWAY),
            cluster=around.inside["apps"],
            namespace=site.cluster.namespaces["apps"],
            image=stated.image,
            port=stated.port,
            health_path=stated.health_path,
            metrics_path="/metrics",
            writable_paths=stated.writable_paths,
            user=stated.user,
            # as document 003 calls its cache; POSTGRES_HOST comes with the databases
            environment={"REDIS_HOST": site.stores["cache"].host, **stated.environment},
            secrets=secrets,
            stores=_stores(site, databases),
            called_by=(_apps(site, stated.port), prometheus(site.cluster, stated.port)),
            calls=_services(site),
            after=[*databases.vectors, *gateways.ready],
        ),
        site.opts,
    )


def _stores(site: Site, databases: Databases) -> app_stores.Stores:
    """Return what document 003's gateway stands on; what asks AWS for rights is not of it."""
    on = site.cluster
    logins = {name: databases.needs[name].logins[0] for name in _GATEWAY_DATABASES}
    return app_stores.Stores(
        postgres=app_stores.Postgres(
            host=on.host("pgbouncer", "data"),
            port=POOLER_PORT,
            logins={
                name: app_stores.Login(database=name, role=role, password=databases.passwords[role])
                for name, role in logins.items()
            },
        ),
        cache=redis(site.stores["cache"]),
        vectors=app_stores.Vectors(
            host=on.host("qdrant", "data"),
            port=HTTP_PORT,
            grpc_port=GRPC_PORT,
            key=site.secret(database_secrets.VECTORS_SECRET, database_secrets.VECTORS_KEY),
        ),
        models=app_stores.Gateway(host=on.host(MODELS, "gateway"), port=MODELS_PORT),
    )


def _login(site: Site, databases: Databases, database: str, role: str) -> ServerLogin:
    return ServerLogin(
        database=database,
        role=role,
        password=databases.passwords[role],
        host=site.postgres.host,
        port=site.postgres.port,
        authority=site.postgres.authority,
    )


def _inside(site: Site) -> tuple[Peer, ...]:
    """Return what tools ask within the cluster: models, tools, vectors, and one another."""
    return (
        _pods(site, "gateway", MODELS, MODELS_PORT),
        _pods(site, "gateway", AGENTS, agent_gateway_config.PORT),
        _pods(site, "data", "qdrant", HTTP_PORT, GRPC_PORT),
        *_services(site),
    )


def _services(site: Site) -> tuple[Peer, ...]:
    ports: Mapping[str, Sequence[int]] = {
        archestra_plan.WEB: (archestra_config.API_PORT,),
        osmen.LANGFLOW: (langflow.PORT,),
        osmen.N8N: (n8n.PORT,),
        osmen.OLLAMA: (ollama.PORT,),
    }
    return tuple(
        _pods(site, "apps", name, *numbers) for name, numbers in ports.items() if site.has(name)
    )


def _apps(site: Site, *ports: int) -> Pods:
    """Return whatever runs beside them."""
    return Pods(namespace=site.cluster.namespaces["apps"], ports=ports)


def _pods(site: Site, role: str, name: str, *ports: int) -> Pods:
    return Pods(namespace=site.cluster.namespaces[role], name=name, ports=ports)
