"""What runs in another stack's cluster, on controllers and engines that are its host's."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import pulumi

from components.generated import GeneratedSecret
from components.kubernetes.access import Pods
from components.kubernetes.guest import GuestStore, GuestStoreArgs, Passage, PassageArgs
from components.kubernetes.guest_reader import GuestReader, GuestReaderArgs
from components.kubernetes.namespace import Namespace, NamespaceArgs
from components.kubernetes.vllm_arguments import PORT as ENGINE_PORT
from components.kubernetes.vllm_router import PORT as ROUTER_PORT
from components.kubernetes.watched import Watched, WatchedArgs
from sizing.planning.environment import setting
from sizing.planning.homes import DATA, OBSERVABILITY, SERVING, SYSTEM, namespace
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

READS_SECRETS = DATA
"""Role of the namespace with the account as which a guest's secrets are read."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Lodging:
    """What a guest finds in its host's cluster.

    Attributes:
        readable: what its store of secrets waits for.
        routed: a router of the host stands before its engines.
        reader: service account of its own as which that store is read, "" where the cloud knows
            somebody for it.
    """

    readable: Sequence[pulumi.Resource]
    routed: bool
    reader: str = ""


def generated(config: StackConfig, plan: PlatformPlan) -> tuple[GeneratedSecret, ...]:
    """Return every secret that the cloud's store has to make for what a guest runs."""
    return (*databases.generated(plan), *gateways.generated(config, plan))


def hosts_namespaces(plan: PlatformPlan) -> dict[str, str]:
    """Return the host's namespaces that a guest speaks to, by role."""
    host = plan.request.host
    if host is None:
        return {}
    given = setting(host.request)
    return {role: namespace(given, role) for role in (OBSERVABILITY, SERVING, SYSTEM)}


def exports(
    config: StackConfig,
    plan: PlatformPlan,
    *,
    keys: Mapping[str, pulumi.Input[str]],
    buckets: Mapping[str, pulumi.Input[str]],
    secrets: Mapping[str, pulumi.Input[str]],
) -> dict[str, pulumi.Input[object]]:
    """Return a guest's exports by name: what is its own, and how it is reached.

    Args:
        config: the stack's.
        plan: likewise.
        keys: as the cloud calls them.
        buckets: names.
        secrets: names in the cloud's store.
    """
    home = next(one.name for one in plan.namespaces if one.role == "gateway")
    return {
        "stack": config.tags(),
        "host": config.shares or "",
        "keys": dict(keys),
        "namespaces": [one.name for one in plan.namespaces],
        "databases": [*plan.postgres.databases],
        "buckets": dict(buckets),
        "secrets": dict(secrets),
        "next_steps": [
            f"# {config.stack} runs in the cluster of {config.shares}, and is reached through it",
            f"kubectl get pods --namespace {home}",
            f"kubectl port-forward --namespace {home} service/litellm 4000:4000",
            "# what the stack is and costs",
            f"uv run aigw plan {config.stack}",
        ],
    }


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
    readable = [*lodging.readable, *_reader(site, lodging, made)]
    store = GuestStore(
        "secret-store",
        GuestStoreArgs(
            store=site.cluster.secret_store,
            source=site.cloud.secrets,
            namespaces=[one.name for one in site.plan.namespaces],
            after=readable,
        ),
        site.opts,
    )
    return Controllers(
        inside={
            role: replace(site.cluster, ready=[*ready, *store.ready])
            for role, ready in made.items()
        }
    )


def _reader(
    site: Site, lodging: Lodging, namespaces: Mapping[str, Sequence[pulumi.Resource]]
) -> Sequence[pulumi.Resource]:
    """Register the account as which the host's operator reads the store, where there is one."""
    if not lodging.reader:
        return ()
    return GuestReader(
        lodging.reader,
        GuestReaderArgs(
            namespace=site.cluster.namespaces[READS_SECRETS],
            operators=site.cluster.namespaces[SYSTEM],
            after=namespaces[READS_SECRETS],
        ),
        site.opts,
    ).ready


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
