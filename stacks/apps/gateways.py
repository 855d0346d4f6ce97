"""The model gateway and the agent gateways, and what joins them to the load balancer."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import pulumi

from components.generated import GeneratedSecret
from components.kubernetes import agent_gateway_config as agent_config
from components.kubernetes import litellm_secrets
from components.kubernetes.access import Blocks, Peer, Pods, prometheus
from components.kubernetes.agent_gateway import AgentGateway, AgentGatewayArgs
from components.kubernetes.agent_gateway import generated as agent_keys
from components.kubernetes.agent_router import AgentRouter, AgentRouterArgs, RouterPorts
from components.kubernetes.litellm import LiteLlm, LiteLlmArgs
from components.kubernetes.litellm_stores import Database
from components.kubernetes.pgbouncer_config import PORT as POOLER_PORT
from components.kubernetes.secrets import Remote
from sizing.planning.environment import setting
from sizing.plans import PlatformPlan
from stacks.apps import offer
from stacks.apps.controllers import Controllers
from stacks.apps.databases import Databases
from stacks.apps.models import Engines
from stacks.apps.site import Joined, Site
from stacks.apps.tracing import otlp
from stacks.config_model import StackConfig

MODELS, AGENTS, ROUTER = "litellm", "agent-gateway", "agent-router"
PROVIDER_KEY = "key-"
"""Begins the name of a provider's key among the stack's secrets."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Gateways:
    """What an application asks: hosts within the cluster, and what exists once they answer."""

    models: pulumi.Output[str]
    agents: pulumi.Output[str]
    ready: Sequence[pulumi.Resource]


def generated(config: StackConfig, plan: PlatformPlan) -> tuple[GeneratedSecret, ...]:
    """Return the secrets that the gateways need made."""
    return (
        *litellm_secrets.generated(protect=plan.protect),
        agent_keys(AGENTS, offer.callers(config), protect=plan.protect),
    )


def build_gateways(
    site: Site, around: Controllers, databases: Databases, engines: Engines
) -> Gateways:
    """Register the gateways, and join those with a host of their own to the load balancer."""
    models = _models(site, around, databases, engines)
    agents = _agents(site, around)
    _router(site, around)
    _join(site, {"api": (MODELS, models), "mcp": (AGENTS, agents)})
    return Gateways(models=models.host, agents=agents.host, ready=[*models.ready, *agents.ready])


def _models(site: Site, around: Controllers, databases: Databases, engines: Engines) -> LiteLlm:
    plan, on, need = site.plan, around.inside["gateway"], databases.needs["litellm"]
    role = need.logins[0]
    return LiteLlm(
        MODELS,
        LiteLlmArgs(
            plan=site.service(MODELS),
            migrations=site.helper("litellm-migrations"),
            models=plan.models,
            router=engines.router,
            pooler=plan.pooler,
            load=setting(plan.request).load,
            offer=offer.offer(site.config),
            cluster=on,
            namespace=site.cluster.namespaces["gateway"],
            keys=site.secrets[litellm_secrets.STORED],
            provider_keys={one: _provider_key(site, one) for one in _keyed(site.config)},
            database=Database(
                name=need.name,
                pooler=on.host("pgbouncer", "data"),
                pooler_port=POOLER_PORT,
                role=role,
                password=databases.passwords[role],
                server=site.postgres.host,
                server_port=site.postgres.port,
                migrator=need.migrator,
                migrator_password=databases.passwords[need.migrator],
                authority=site.postgres.authority,
            ),
            state=site.stores["state"],
            cache=site.stores.get("cache"),
            balancers=() if site.way_in is None else site.way_in.blocks,
            otlp=otlp(site),
            after=databases.served,
        ),
        site.opts,
    )


def _keyed(config: StackConfig) -> tuple[str, ...]:
    return tuple(str(one) for one in offer.keyed_providers(config))


def _provider_key(site: Site, provider: str) -> Remote:
    stated = {str(name): one for name, one in site.config.models.providers.items()}.get(provider)
    if stated is not None and stated.existing_secret:
        return Remote(name=stated.existing_secret)
    return site.secret(f"{PROVIDER_KEY}{provider}")


def _agents(site: Site, around: Controllers) -> AgentGateway:
    plan, ingress = site.service(AGENTS), site.config.ingress
    host = ingress.mcp_host if ingress else site.cluster.host(AGENTS, "gateway")
    sent = otlp(site)
    config = offer.agents(site.config, plan, host, traces=sent.address)
    return AgentGateway(
        AGENTS,
        AgentGatewayArgs(
            plan=plan,
            cluster=around.inside["gateway"],
            namespace=site.cluster.namespaces["gateway"],
            config=config,
            session=site.secret(AGENTS, agent_config.SESSION_KEY),
            keys=_agent_keys(site),
            called_by=(
                *_balancer(site, (agent_config.PORT, agent_config.READY_PORT)),
                *_applications(site, agent_config.PORT),
                prometheus(site.cluster, agent_config.METRICS_PORT),
            ),
            calls=sent.peers,
        ),
        site.opts,
    )


def _agent_keys(site: Site) -> dict[str, Remote]:
    """Return the keys of callers, which the stack makes, and of servers and agents."""
    stated = site.config.agents
    own = {
        key: site.secret(AGENTS, key)
        for key in (agent_config.variable("CALLER", one) for one in offer.callers(site.config))
    }
    asked = [
        *(("SERVER", name, one.existing_secret) for name, one in stated.servers.items()),
        *(("AGENT", name, one.existing_secret) for name, one in stated.agents.items()),
    ]
    return own | {
        agent_config.variable(kind, name): Remote(name=secret)
        for kind, name, secret in asked
        if secret
    }


def _router(site: Site, around: Controllers) -> None:
    stated = site.config.services.agent_router
    if stated is None:
        return
    ports, sent = RouterPorts(), otlp(site)
    AgentRouter(
        ROUTER,
        AgentRouterArgs(
            plan=site.service(ROUTER),
            controller_plan=site.service(f"{ROUTER}-controller"),
            cluster=around.inside["gateway"],
            namespace=site.cluster.namespaces["gateway"],
            image=stated.image,
            controller_image=stated.controller_image,
            config=offer.router(site.config, setting(site.plan.request).load, traces=sent.grpc),
            credentials=_router_credentials(site),
            ports=ports,
            called_by=(
                *_applications(site, ports.traffic),
                prometheus(site.cluster, ports.stats),
            ),
            calls=sent.peers,
        ),
        site.opts,
    )


def _router_credentials(site: Site) -> dict[str, Remote]:
    """Return the vendor's variables by name: those of the stack's file, or one for all of them."""
    stated = site.config.services.agent_router
    if stated is not None and stated.existing_secret:
        return {"AGENT_ROUTER_CREDENTIALS": Remote(name=stated.existing_secret)}
    prefix = f"{ROUTER}-"
    return {
        name.removeprefix(prefix).upper().replace("-", "_"): site.secret(name)
        for name in site.secrets
        if name.startswith(prefix)
    }


def _join(site: Site, answering: dict[str, tuple[str, LiteLlm | AgentGateway]]) -> None:
    ports = {one.name: one.port for one in site.plan.ingress.targets}
    for target, (service, behind) in answering.items():
        joined = Joined(service=service, port=ports[target], target=target)
        site.join(behind, joined, role="gateway", after=behind.ready)


def _balancer(site: Site, ports: tuple[int, ...]) -> tuple[Peer, ...]:
    if site.way_in is None:
        return ()
    return (Blocks(blocks=site.way_in.blocks, ports=ports),)


def _applications(site: Site, port: int) -> tuple[Peer, ...]:
    apps = site.cluster.namespaces.get("apps")
    return (Pods(namespace=apps, ports=(port,)),) if apps else ()
