"""Traces and log lines: who keeps them, who shows them, and where everybody else sends them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import pulumi

from components.kubernetes import jaeger_config
from components.kubernetes.access import Peer, Pods
from components.kubernetes.jaeger import Jaeger, JaegerArgs, asking
from components.kubernetes.jaeger_config import Role
from components.kubernetes.otel_collector import AgentArgs, Agents, Collector, CollectorArgs
from components.kubernetes.otel_settings import AGENT, GATEWAY, GRPC_PORT, HTTP_PORT
from components.kubernetes.otlp import NOWHERE, Otlp
from sizing.planning.lodging import lodgers, namespaces_of
from stacks.apps import tracing_rules
from stacks.apps.controllers import Controllers
from stacks.apps.site import Site
from stacks.apps.tracing_rules import READER

HOME, NODES = "observability", "node"
# Whose pods send what they do; "node" reads what the others wrote.
SENDERS = ("apps", "gateway", "serving", NODES)


def build_tracing(site: Site, around: Controllers, allowed: Sequence[pulumi.Resource]) -> None:
    """Register who keeps traces and log lines.

    What sends them waits for nobody: `otlp` says where.

    Args:
        site: the plan and its surroundings.
        around: the cluster.
        allowed: what gives everybody their rights in the search engine.
    """
    switches = site.config.services
    kept = _jaeger(site, around, allowed) if switches.tracing.enabled else ()
    if not site.has(GATEWAY):
        return
    collectors = Collector(
        GATEWAY,
        CollectorArgs(
            plan=site.service(GATEWAY),
            cluster=around.inside[HOME],
            namespace=site.cluster.namespaces[HOME],
            config=tracing_rules.gateway_config(site.plan, site.search.sign_in(GATEWAY)),
            search=site.search.url,
            senders=_senders(site),
            stores=_takers(site),
            after=[*allowed, *kept],
        ),
        site.opts,
    )
    if switches.logs.enabled:
        _agents(site, around, collectors)


def _senders(site: Site) -> tuple[str, ...]:
    """Return the namespaces that may speak to the collectors, those of guests among them."""
    spaces = [
        site.cluster.namespaces,
        *(namespaces_of(one.request) for one in lodgers(site.plan.request)),
    ]
    return tuple(one[role] for one in spaces for role in SENDERS if role in one)


def _roles(site: Site) -> list[Role]:
    return [one for one in Role if site.has(one)]


def _takers(site: Site) -> tuple[Peer, ...]:
    """Return what the collectors hand traces to."""
    home = site.cluster.namespaces[HOME]
    return tuple(
        Pods(namespace=home, name=one, ports=(jaeger_config.GRPC_PORT,))
        for one in _roles(site)
        if one is not Role.QUERY
    )


def _jaeger(
    site: Site,
    around: Controllers,
    allowed: Sequence[pulumi.Resource],
) -> list[pulumi.Resource]:
    home = site.cluster.namespaces[HOME]
    made: list[pulumi.Resource] = []
    for role in _roles(site):
        sent = Pods(namespace=home, name=GATEWAY, ports=(jaeger_config.GRPC_PORT,))
        callers = (
            *((sent,) if role is not Role.QUERY else ()),
            *((asking(home, READER),) if role is not Role.COLLECTOR else ()),
        )
        made += Jaeger(
            role,
            JaegerArgs(
                plan=site.service(role),
                cluster=around.inside[HOME],
                namespace=home,
                store=tracing_rules.trace_store(site.plan, site.search.sign_in(role)),
                search=site.search.url,
                called_by=callers,
                after=allowed,
            ),
            site.opts,
        ).ready
    return made


def _agents(site: Site, around: Controllers, collectors: Collector) -> None:
    on = around.inside[NODES]
    Agents(
        AGENT,
        AgentArgs(
            plan=site.helper(AGENT),
            cluster=replace(on, namespaces=site.cluster.namespaces),
            namespace=site.cluster.namespaces[NODES],
            config=tracing_rules.agent_config(site.plan, cluster=site.cluster_name),
            after=collectors.ready,
        ),
        site.opts,
    )


def otlp(site: Site) -> Otlp:
    """Return where programs of a stack send what they do; nowhere where nobody keeps traces.

    What lodges in a host's cluster sends it to its host's collectors.
    """
    lodges = site.plan.request.in_hosts_cluster
    keeper = site.config.host if lodges and site.config.host else site.config
    if not keeper.services.tracing.enabled or not (lodges or site.has(GATEWAY)):
        return NOWHERE
    home = site.cluster.namespaces[HOME]
    return Otlp(
        host=site.cluster.host(GATEWAY, HOME),
        peers=(Pods(namespace=home, name=GATEWAY, ports=(GRPC_PORT, HTTP_PORT)),),
        deployment=site.cluster.environment,
    )
