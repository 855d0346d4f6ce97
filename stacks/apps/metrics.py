"""What measures a stack: Prometheus, Thanos behind it, Alertmanager, and exporters."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import pulumi

from components.kubernetes import alertmanager_config, database_secrets
from components.kubernetes.access import Peer, Pods
from components.kubernetes.alertmanager import Alertmanager, AlertmanagerArgs
from components.kubernetes.alertmanager_peers import PORT as ALERTMANAGER_PORT
from components.kubernetes.cluster_metrics import ClusterMetrics, ClusterMetricsArgs
from components.kubernetes.database_sql import MONITOR
from components.kubernetes.exporter import Surroundings
from components.kubernetes.exporters import (
    PostgresExporter,
    PostgresExporterArgs,
    RedisExporter,
    RedisExporterArgs,
    SearchExporter,
    SearchExporterArgs,
)
from components.kubernetes.pgbouncer_config import STATS_USER
from components.kubernetes.prometheus import PORT, Objects, Prometheus, PrometheusArgs
from components.kubernetes.thanos import PORT as THANOS_PORT
from components.kubernetes.thanos import Thanos, ThanosArgs
from sizing.capacity.prometheus import RETENTION_DAYS
from sizing.planning.lodging import namespaces_of_guests
from sizing.planning.observability import (
    ALERTMANAGER,
    KUBE_STATE,
    METRICS_DAYS,
    NODE_EXPORTER,
    POSTGRES_EXPORTER,
    PROMETHEUS,
    REDIS_EXPORTER,
    SEARCH_EXPORTER,
    THANOS_COMPACT,
    THANOS_QUERY,
    THANOS_SIDECAR,
    THANOS_STORE,
)
from stacks.apps.alerts import receiver_ports, receiver_secrets, receivers
from stacks.apps.controllers import SYSTEM, Controllers
from stacks.apps.databases import Databases
from stacks.apps.site import Site

HOME, NODES = "observability", "node"
_READER = "grafana"


@dataclass(frozen=True, slots=True, kw_only=True)
class Measured:
    """Where metrics are asked for.

    Attributes:
        url: answers queries as Prometheus does, from all that is kept.
        ready: what asks waits for these.
    """

    url: pulumi.Output[str]
    ready: Sequence[pulumi.Resource]


def build_metrics(site: Site, around: Controllers) -> Measured:
    """Register what scrapes, keeps and tells, and what the cluster says of itself."""
    on, home = around.inside[HOME], site.cluster.namespaces[HOME]
    # every namespace is watched, so that each is there before the rights in it
    after = [one for inside in around.inside.values() for one in inside.ready]
    kept = _objects(site)
    servers = Prometheus(
        PROMETHEUS,
        PrometheusArgs(
            plan=site.service(PROMETHEUS),
            cluster=on,
            namespace=home,
            watched={role: on.namespaces[role] for role in (SYSTEM, *around.inside)},
            guests=namespaces_of_guests(site.plan.request),
            retention_days=int(RETENTION_DAYS),
            objects=kept,
            alerts=site.has(ALERTMANAGER),
            called_by=_readers(site, PORT),
            after=after,
        ),
        site.opts,
    )
    if site.has(ALERTMANAGER):
        _alertmanager(site, around)
    ClusterMetrics(
        "cluster-metrics",
        ClusterMetricsArgs(
            state=site.service(KUBE_STATE),
            node=site.helper(NODE_EXPORTER),
            cluster=on,
            namespace=home,
            nodes=site.cluster.namespaces[NODES],
            after=around.inside[NODES].ready,
        ),
        site.opts,
    )
    if kept is None:
        return Measured(url=servers.url, ready=servers.ready)
    return Measured(url=_thanos(site, around, kept).url, ready=servers.ready)


def build_exporters(
    site: Site, around: Controllers, stored: Databases, logins: Sequence[pulumi.Resource]
) -> None:
    """Register what speaks for the stores; `logins` makes what the search engine is asked with."""
    home = site.cluster.namespaces[HOME]
    here = Surroundings(cluster=around.inside[HOME], namespace=home)
    # a server that is the host's, its host measures
    if site.has(POSTGRES_EXPORTER):
        PostgresExporter(
            POSTGRES_EXPORTER,
            PostgresExporterArgs(
                plan=site.service(POSTGRES_EXPORTER),
                around=Surroundings(cluster=here.cluster, namespace=home, after=stored.set_up),
                host=site.postgres.host,
                port=site.postgres.port,
                authority=site.postgres.authority,
                password=site.secret(database_secrets.MONITOR_SECRET, MONITOR),
            ),
            site.opts,
        )
    RedisExporter(
        REDIS_EXPORTER,
        RedisExporterArgs(plan=site.service(REDIS_EXPORTER), around=here, stores=site.stores),
        site.opts,
    )
    if site.has(SEARCH_EXPORTER):
        SearchExporter(
            SEARCH_EXPORTER,
            SearchExporterArgs(
                plan=site.service(SEARCH_EXPORTER),
                around=Surroundings(cluster=here.cluster, namespace=home, after=logins),
                host=site.search.host,
                port=site.search.port,
                sign_in=site.search.sign_in(SEARCH_EXPORTER),
            ),
            site.opts,
        )


def _objects(site: Site) -> Objects | None:
    if not site.has(THANOS_QUERY):
        return None
    return Objects(plan=site.helper(THANOS_SIDECAR), config=_bucket(site))


def _bucket(site: Site) -> pulumi.Output[str]:
    named = pulumi.Output.from_input(site.buckets["metrics"])
    return named.apply(site.cloud.metrics_bucket)


def _readers(site: Site, port: int) -> tuple[Peer, ...]:
    home = site.cluster.namespaces[HOME]
    return (Pods(namespace=home, name=_READER, ports=(port,)),) if site.has(_READER) else ()


def _thanos(site: Site, around: Controllers, kept: Objects) -> Thanos:
    return Thanos(
        "thanos",
        ThanosArgs(
            query=site.service(THANOS_QUERY),
            store=site.service(THANOS_STORE),
            compact=site.service(THANOS_COMPACT),
            cluster=around.inside[HOME],
            namespace=site.cluster.namespaces[HOME],
            config=kept.config,
            days=METRICS_DAYS,
            called_by=_readers(site, THANOS_PORT),
        ),
        site.opts,
    )


def _alertmanager(site: Site, around: Controllers) -> None:
    stated = site.config.services.alerts
    Alertmanager(
        ALERTMANAGER,
        AlertmanagerArgs(
            plan=site.service(ALERTMANAGER),
            cluster=around.inside[HOME],
            namespace=site.cluster.namespaces[HOME],
            config=alertmanager_config.text(receivers(stated)),
            secrets=receiver_secrets(site),
            anything=site.secret(database_secrets.POOLER_SECRET, STATS_USER),
            ports=receiver_ports(stated),
            called_by=_readers(site, ALERTMANAGER_PORT),
        ),
        site.opts,
    )
