"""What runs in another stack's cluster, on controllers and engines that are its host's."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import pulumi

from components.generated import GeneratedSecret
from components.kubernetes.access import Pods
from components.kubernetes.guest import GuestStore, GuestStoreArgs, Passage, PassageArgs
from components.kubernetes.namespace import Namespace, NamespaceArgs
from components.kubernetes.vllm_arguments import PORT as ENGINE_PORT
from components.kubernetes.vllm_router import PORT as ROUTER_PORT
from components.kubernetes.watched import Watched, WatchedArgs
from sizing.planning.homes import OBSERVABILITY
from sizing.plans import PlatformPlan
from stacks.apps import databases, gateways
from stacks.apps.alerts import build_alerts
from stacks.apps.application import build_application
from stacks.apps.controllers import Controllers
from stacks.apps.databases import build_databases
from stacks.apps.gateways import MODELS, build_gateways
from stacks.apps.models import ROUTER, Engines
from stacks.apps.site import Site
from stacks.config_model import StackConfig


@dataclass(frozen=True, slots=True, kw_only=True)
class Lodging:
    """What a guest finds in its host's cluster.

    Attributes:
        readable: what its store of secrets waits for.
        routed: a router of the host stands before its engines.
    """

    readable: Sequence[pulumi.Resource]
    routed: bool


def generated(config: StackConfig, plan: PlatformPlan) -> tuple[GeneratedSecret, ...]:
    """Return every secret that the cloud's store has to make for what a guest runs."""
    return (*databases.generated(plan), *gateways.generated(config, plan))


def build_guest(site: Site, lodging: Lodging) -> None:
    """Register whatever a guest runs in its host's cluster."""
    around = _namespaces(site, lodging)
    _watched(site, around)
    build_alerts(site, around)
    stored = build_databases(site, around)
    answering = build_gateways(site, around, stored, _engines(site, lodging, around))
    build_application(site, around, stored, answering)


def _namespaces(site: Site, lodging: Lodging) -> Controllers:
    """Register the namespaces, and the store that is open to them alone."""
    made = {
        plan.role: Namespace(
            f"namespace-{plan.role}", NamespaceArgs(plan=plan, ready=()), site.opts
        ).ready
        for plan in site.plan.namespaces
    }
    store = GuestStore(
        "secret-store",
        GuestStoreArgs(
            store=site.cluster.secret_store,
            source=site.cloud.secrets,
            namespaces=[one.name for one in site.plan.namespaces],
            after=lodging.readable,
        ),
        site.opts,
    )
    return Controllers(
        inside={
            role: replace(site.cluster, ready=[*ready, *store.ready])
            for role, ready in made.items()
        }
    )


def _watched(site: Site, around: Controllers) -> None:
    """Let the host's Prometheus find what the guest runs."""
    Watched(
        "watched",
        WatchedArgs(
            namespaces={role: site.cluster.namespaces[role] for role in around.inside},
            home=site.cluster.namespaces[OBSERVABILITY],
            after=[one for inside in around.inside.values() for one in inside.ready],
        ),
        site.opts,
    )


def _engines(site: Site, lodging: Lodging, around: Controllers) -> Engines:
    """Return the host's engines, and what must exist before they can be asked."""
    plan, on = site.plan, site.cluster
    if not plan.models:
        return Engines(router="", ready=())
    asked = (
        {ROUTER: ROUTER_PORT}
        if lodging.routed
        else {model.service: ENGINE_PORT for model in plan.models}
    )
    passage = Passage(
        "engines",
        PassageArgs(
            guest=str(site.config.environment),
            namespace=on.namespaces["serving"],
            engines=asked,
            caller=Pods(namespace=on.namespaces["gateway"], name=MODELS, ports=()),
            after=around.inside["gateway"].ready,
        ),
        site.opts,
    )
    return Engines(router=ROUTER if lodging.routed else "", ready=passage.ready)
