"""Grafana of a stack: its dashboards by the plan, its sources by what the stack has."""

from __future__ import annotations

from components.generated import GeneratedSecret
from components.kubernetes import alertmanager_peers, dashboards, jaeger_config, thanos
from components.kubernetes.access import Blocks, Peer, Pods
from components.kubernetes.access import prometheus as prometheus_at
from components.kubernetes.grafana import NAME, Grafana, GrafanaArgs, Login
from components.kubernetes.grafana import generated as generated_keys
from components.kubernetes.grafana_config import PORT, GrafanaConfig, Oidc, Sources
from components.kubernetes.prometheus import PORT as PROMETHEUS_PORT
from components.kubernetes.secrets import Remote
from sizing.planning.connections import GRAFANA_POOL
from sizing.planning.edge import DASHBOARDS
from sizing.plans import PlatformPlan
from stacks.apps.controllers import Controllers
from stacks.apps.databases import Databases
from stacks.apps.site import Joined, Site
from stacks.config_secrets import GRAFANA_OIDC, NAMESPACE

HOME = "observability"
JAEGERS = ("jaeger", "jaeger-query")
"""What shows traces, by the plan's names of it."""


def generated(plan: PlatformPlan) -> tuple[GeneratedSecret, ...]:
    """Return the secrets that Grafana needs made; none where there is none."""
    there = any(one.name == NAME for one in plan.services)
    return (generated_keys(protect=plan.protect),) if there else ()


def build_dashboards(site: Site, around: Controllers, databases: Databases) -> None:
    """Register Grafana, and join it to the load balancer where it has a host."""
    if not site.has(NAME):
        return
    role = databases.needs[NAME].logins[0]
    made = Grafana(
        NAME,
        GrafanaArgs(
            plan=site.service(NAME),
            cluster=around.inside[HOME],
            namespace=site.cluster.namespaces[HOME],
            config=GrafanaConfig(host=_host(site), pool=GRAFANA_POOL, oidc=_oidc(site)),
            sources=_sources(site),
            boards=dashboards.files(dashboards.dashboards(site.plan)),
            database=Login(
                host=site.postgres.host,
                role=role,
                password=databases.passwords[role],
                authority=site.postgres.authority,
            ),
            keys=site.secrets[NAME],
            client_secret=_client_secret(site),
            called_by=_balancer(site),
            calls=_asked(site),
            after=databases.set_up,
        ),
        site.opts,
    )
    if _host(site):
        joined = Joined(service=NAME, port=PORT, target=DASHBOARDS.name)
        site.join(made, joined, role=HOME, after=made.ready)


def _host(site: Site) -> str:
    ingress = site.config.ingress
    if ingress is None or not site.config.services.grafana.host:
        return ""
    return f"{DASHBOARDS.host}.{ingress.domain}"


def _balancer(site: Site) -> tuple[Peer, ...]:
    if site.way_in is None or not _host(site):
        return ()
    return (Blocks(blocks=site.way_in.blocks, ports=(PORT,)),)


def _oidc(site: Site) -> Oidc | None:
    stated = site.config.services.grafana.oidc
    if stated is None:
        return None
    return Oidc(
        auth_url=stated.auth_url,
        token_url=stated.token_url,
        api_url=stated.api_url,
        client_id=stated.client_id,
        scopes=stated.scopes,
        role_path=stated.role_attribute_path or "",
        domains=stated.allowed_domains,
    )


def _client_secret(site: Site) -> Remote | None:
    stated = site.config.services.grafana.oidc
    if stated is None:
        return None
    if stated.existing_secret:
        return Remote(name=stated.existing_secret)
    return site.secret(GRAFANA_OIDC.removeprefix(NAMESPACE))


def _sources(site: Site) -> Sources:
    on = site.cluster
    queried = site.has(thanos.QUERY)
    shown = [name for name in JAEGERS if site.has(name)]
    return Sources(
        prometheus=f"http://{on.host(thanos.QUERY, HOME)}:{thanos.PORT}"
        if queried
        else f"http://{on.host('prometheus', HOME)}:{PROMETHEUS_PORT}",
        thanos=queried,
        alertmanager=f"http://{on.host(alertmanager_peers.NAME, HOME)}:{alertmanager_peers.PORT}"
        if site.has(alertmanager_peers.NAME)
        else "",
        jaeger=f"http://{on.host(shown[0], HOME)}:{jaeger_config.QUERY_PORT}" if shown else "",
    )


def _asked(site: Site) -> tuple[Peer, ...]:
    """Return whom its data sources are."""
    home = site.cluster.namespaces[HOME]
    queried = site.has(thanos.QUERY)
    return (
        Pods(namespace=home, name=thanos.CHART, ports=(thanos.PORT,))
        if queried
        else prometheus_at(site.cluster, PROMETHEUS_PORT),
        *(
            Pods(namespace=home, name=name, ports=(port,))
            for name, port in (
                (alertmanager_peers.NAME, alertmanager_peers.PORT),
                *((one, jaeger_config.QUERY_PORT) for one in JAEGERS),
            )
            if site.has(name)
        ),
    )
