"""What a plan says of traces and log lines, in the components' words.

Pure: what keeps them, for how long, and who may write or read them in the search domain.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from components.kubernetes import jaeger_config, search_rules
from components.kubernetes.jaeger_config import Role, TraceStore
from components.kubernetes.otel_collector import SEARCH_URL
from components.kubernetes.otel_settings import (
    AGENT,
    GATEWAY,
    GRPC_PORT,
    MEMBERS,
    AgentConfig,
    GatewayConfig,
    LogStore,
    Memory,
    Sampling,
)
from components.kubernetes.search_access import SignIn
from components.kubernetes.search_rules import Lifetime, Right, Rules, Shape
from sizing.plan import guests
from sizing.planning.attached import search_prefix
from sizing.planning.environment import setting
from sizing.planning.lodging import lodgers, namespaces_of
from sizing.planning.needs import search_copies, searched
from sizing.plans import PlatformPlan
from sizing.plans.request import Neighbour

READER = "grafana"
APPLICATION = "application"
EXPORTER = "opensearch-exporter"
ACCOUNTS = (*(str(one) for one in Role), GATEWAY, APPLICATION, EXPORTER)
"""Service accounts that the search domain knows."""
_SEARCH = f"${{env:{SEARCH_URL}}}"


def gateway_config(plan: PlatformPlan, sign_in: SignIn) -> GatewayConfig:
    """Return what the collectors of a plan do.

    Args:
        plan: the stack's.
        sign_in: how they show the store who they are.
    """
    collectors = next(one for one in plan.services if one.name == GATEWAY)
    namespace, several = collectors.namespace, collectors.scale.planned > 1
    switches = plan.request.switches
    return GatewayConfig(
        memory=Memory.of(collectors),
        sampling=Sampling.of(
            setting(plan.request).load,
            collectors=collectors.scale.planned,
            beside=sum(
                setting(one.request).load.requests_per_second_peak for one in lodgers(plan.request)
            ),
        ),
        members=f"{MEMBERS}.{namespace}.svc.cluster.local" if several else "",
        jaeger=_address(plan, namespace) if switches.tracing else "",
        logs=LogStore(endpoint=_SEARCH, sign_in=sign_in, index=logs_index(plan))
        if switches.logs
        else None,
    )


def agent_config(plan: PlatformPlan, *, cluster: str) -> AgentConfig:
    """Return what the collectors of nodes do."""
    agent = next(one for one in plan.helpers if one.name == AGENT)
    collectors = next(one for one in plan.services if one.name == GATEWAY)
    host = f"{GATEWAY}.{collectors.namespace}.svc.cluster.local"
    return AgentConfig(
        memory=Memory.of(agent),
        gateway=f"{host}:{GRPC_PORT}",
        cluster=cluster,
        own=(f"{agent.namespace}_{AGENT}", f"{collectors.namespace}_{GATEWAY}"),
        environment=str(plan.request.environment),
        guests=tuple(
            (str(one.request.environment), tuple(sorted(namespaces_of(one.request).values())))
            for one in lodgers(plan.request)
        ),
    )


def trace_store(plan: PlatformPlan, sign_in: SignIn) -> TraceStore:
    """Return where the traces of a plan are kept, in as many shards as a day of them fills.

    Args:
        plan: the stack's.
        sign_in: how who keeps or shows them signs in there.
    """
    load = setting(plan.request).load
    return TraceStore(
        endpoint=_SEARCH,
        sign_in=sign_in,
        prefix=search_prefix(plan.request),
        shards=max(1, searched(load).active),
        copies=search_copies(plan.search.instance_count),
        days=max(1, round(load.retention_days)),
    )


def logs_index(plan: PlatformPlan) -> str:
    """Return how every day's index of log lines begins."""
    return f"{search_prefix(plan.request)}-logs"


def rules(plan: PlatformPlan) -> Rules:
    """Return who may do what in a stack's search domain, its guests among them."""
    own = _rules(plan, variable)
    told = [own, *(_rules(one, guests_variable) for one in domain_guests(plan))]
    return Rules(
        rights=(*(right for one in told for right in one.rights), *_lodgers(plan)),
        lifetimes=tuple(lifetime for one in told for lifetime in one.lifetimes),
        shapes=tuple(shape for one in told for shape in one.shapes),
    )


def _lodgers(plan: PlatformPlan) -> tuple[Right, ...]:
    """Return what the applications of a cluster's guests may do: all, under their own prefix."""
    return tuple(
        replace(
            _owner(account, guests_variable(account)), indices=(f"{search_prefix(one.request)}-*",)
        )
        for account, one in applications_of_lodgers(plan).items()
    )


def applications_of_lodgers(plan: PlatformPlan) -> dict[str, Neighbour]:
    """Return the guests of a cluster that have an application, by what that is called."""
    return {
        lodgers_account(search_prefix(one.request)): one
        for one in lodgers(plan.request)
        if one.request.switches.application
    }


def lodgers_account(environment: str) -> str:
    """Return what the application of a cluster's guest is called among those that are let in."""
    return f"{environment}-{APPLICATION}"


def domain_guests(plan: PlatformPlan) -> tuple[PlatformPlan, ...]:
    """Return the plans of the stacks that keep their indices in this one's domain."""
    return tuple(
        replace(one.plan, search=plan.search) for one in guests(plan.request) if not one.lodges
    )


def _rules(plan: PlatformPlan, variable: Callable[[str], str]) -> Rules:
    """Return what a stack asks of a domain; its rights and indices all begin with its prefix."""
    switches, environment = plan.request.switches, search_prefix(plan.request)
    traces, logs = f"{environment}-jaeger-*", f"{logs_index(plan)}-*"
    load, names = setting(plan.request).load, {one.name for one in plan.services}
    keepers = [one for one in (Role.ALL, Role.COLLECTOR) if one in names]
    own = f"{environment}-{APPLICATION}"
    return Rules(
        rights=(
            *(_writer(f"{environment}-traces", variable(one), traces) for one in keepers),
            *(
                [_reader(f"{environment}-query", (variable(Role.QUERY),), (traces,))]
                if Role.QUERY in names
                else []
            ),
            *([_writer(f"{environment}-logs", variable(GATEWAY), logs)] if switches.logs else []),
            *([_owner(own, variable(APPLICATION))] if switches.application else []),
            *(
                [_watcher(f"{environment}-metrics", variable(EXPORTER))]
                if EXPORTER in names
                else []
            ),
        ),
        lifetimes=(
            *(
                [_lifetime(f"{environment}-traces", traces, load.retention_days)]
                if switches.tracing
                else []
            ),
            *(
                [_lifetime(logs_index(plan), logs, switches.log_days or load.retention_days)]
                if switches.logs
                else []
            ),
        ),
        shapes=(
            Shape(
                name=logs_index(plan),
                indices=(logs,),
                shards=1,
                copies=search_copies(plan.search.instance_count),
            ),
        )
        if switches.logs
        else (),
    )


def accounts(plan: PlatformPlan) -> tuple[str, ...]:
    """Return the service accounts of a stack itself that have rights in the search engine."""
    held = {one for right in _rules(plan, str).rights for one in right.holders}
    return tuple(one for one in ACCOUNTS if one in held)


def variable(account: str) -> str:
    """Return the variable that names the role of a service account."""
    return f"ROLE_{account.upper().replace('-', '_')}"


def guests_variable(account: str) -> str:
    """Return the variable that names the role of a guest's service account."""
    return variable(f"guest-{account}")


def _writer(name: str, holder: str, indices: str) -> Right:
    return Right(
        name=name,
        holders=(holder,),
        cluster=(*search_rules.LOOK, search_rules.BULK, search_rules.TEMPLATES),
        indices=(indices,),
        actions=("create_index", "manage_aliases", "read", "write", "indices:admin/mapping/put"),
    )


def _reader(name: str, holders: tuple[str, ...], indices: tuple[str, ...]) -> Right:
    return Right(
        name=name,
        holders=holders,
        cluster=(*search_rules.LOOK, "cluster_composite_ops_ro"),
        indices=indices,
        actions=("read", "indices:admin/get", "indices:admin/aliases/get"),
    )


def _watcher(name: str, holder: str) -> Right:
    """Let the exporter read how nodes and indices are, and nothing that is in them."""
    return Right(
        name=name,
        holders=(holder,),
        cluster=(*search_rules.LOOK, "cluster_monitor"),
        indices=("*",),
        actions=("indices_monitor",),
    )


def _owner(name: str, holder: str) -> Right:
    return Right(
        name=name,
        holders=(holder,),
        cluster=(*search_rules.LOOK, "cluster_composite_ops"),
        indices=(f"{name}-*", name),
        actions=("indices_all",),
    )


def _lifetime(name: str, indices: str, days: float) -> Lifetime:
    return Lifetime(name=name, indices=(indices,), days=max(1, round(days)))


def _address(plan: PlatformPlan, namespace: str) -> str:
    names = {one.name for one in plan.services}
    taker = Role.ALL if Role.ALL in names else Role.COLLECTOR
    return f"{taker}.{namespace}.svc.cluster.local:{jaeger_config.GRPC_PORT}"
