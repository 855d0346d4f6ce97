"""The agent gateway: MCP servers and A2A agents behind one name, beside the model path."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

import pulumi

from components.base import PlatformComponent
from components.generated import GeneratedKey, GeneratedSecret
from components.kubernetes import agent_gateway_config as configs
from components.kubernetes import peers
from components.kubernetes.access import Peer, internet
from components.kubernetes.agent_gateway_settings import (
    AgentGatewayConfig,
    CallerTokens,
    addresses,
    endpoint,
)
from components.kubernetes.cluster import Cluster
from components.kubernetes.container import (
    Container,
    Files,
    Port,
    Probe,
    Probes,
    SecretKey,
    resources_of,
)
from components.kubernetes.otel_settings import attributes
from components.kubernetes.secrets import Remote, SecretNeed, external_secret
from components.kubernetes.service import Metrics, Service, ServiceArgs
from sizing.plans import ServicePlan
from sizing.units import MILLIS_PER_CPU

IMAGE = "agentgateway"
_FOLDER = "/config"
_FILE = "config.yaml"
_LET_GO_SECONDS = 15
"""A balancer needs so long to see that a pod is about to go."""
_LAST_SECONDS = 5
_SESSION_LENGTH = 64
_KEY_LENGTH = 48


@dataclass(frozen=True, slots=True, kw_only=True)
class AgentGatewayArgs:
    """What the gateway needs; how many and how large stands in `plan`.

    Attributes:
        session: any long secret text, the same for all replicas: the key that seals sessions is
            derived from it in the cluster. A new one ends every session once.
        keys: keys by `agent_gateway_config.secrets(config)`'s names, all of them.
        called_by: the load balancer, applications, and Prometheus on its port.
        calls: whom it calls besides its servers and agents: what collects traces.
        after: operator, store of secrets and CRDs of what watches it.
    """

    plan: ServicePlan
    cluster: Cluster
    namespace: pulumi.Input[str]
    config: AgentGatewayConfig
    session: Remote
    keys: Mapping[str, Remote] = field(default_factory=dict)
    called_by: tuple[Peer, ...]
    calls: tuple[Peer, ...] = ()
    after: Sequence[pulumi.Resource] = ()


class AgentGateway(PlatformComponent):
    """A stateless proxy with a file of its own; a change of the file rolls its pods.

    It runs standalone and reads no object of the cluster, so that it needs no CRDs of the Gateway
    API, whoever owns them (`Cluster.gateway_api`).
    """

    host: pulumi.Output[str]
    """Name within the cluster; it listens on `agent_gateway_config.PORT`."""
    ready: Sequence[pulumi.Resource]
    """What exists once it answers."""

    def __init__(
        self, name: str, args: AgentGatewayArgs, opts: pulumi.ResourceOptions | None = None
    ) -> None:
        _refuse_other_keys(args)
        super().__init__("aigw:kubernetes:AgentGateway", name, args.plan, opts)
        secret = external_secret(
            self,
            f"{name}-secret",
            _secret(args),
            cluster=args.cluster,
            namespace=args.namespace,
            after=args.after,
        )
        service = Service(
            name,
            ServiceArgs(
                plan=args.plan,
                cluster=args.cluster,
                namespace=args.namespace,
                containers=(_container(args),),
                stop_seconds=_LET_GO_SECONDS + configs.DRAIN_SECONDS + _LAST_SECONDS,
                called_by=args.called_by,
                calls=(*upstreams(args.config, args.cluster.addresses), *args.calls),
                metrics=Metrics(port="metrics", path=configs.METRICS_PATH),
                secrets=(_secret(args),),
                after=[*args.after, secret],
            ),
            self.child,
        )
        self.host = service.host
        self.ready = (service.workload,)
        self.register_outputs({"host": self.host})


def generated(secret: str, callers: Iterable[str], *, protect: bool) -> GeneratedSecret:
    """Return what a cloud's store has to make: the session's text, and a key for each caller.

    The keys of its JSON object are SESSION_KEY and `variable("CALLER", name)`.
    """
    keys = [
        GeneratedKey(name=configs.variable("CALLER", name), length=_KEY_LENGTH) for name in callers
    ]
    session = GeneratedKey(name=configs.SESSION_KEY, length=_SESSION_LENGTH)
    return GeneratedSecret(name=secret, keys=(*keys, session), protect=protect)


def upstreams(config: AgentGatewayConfig, network: Iterable[str]) -> tuple[Peer, ...]:
    """Return whom the gateway must reach: namespaces of the cluster, and the internet if need be.

    Args:
        config: what it serves.
        network: blocks of the cluster's network, where nothing but the cluster is asked.
    """
    urls = list(addresses(config))
    if isinstance(config.callers, CallerTokens):
        urls.append(config.callers.keys_url)
    places = [(to.host, to.port) for to in map(endpoint, urls)]
    outside = {port for host, port in places if not peers.is_inside(host)}
    far = (internet(network, tuple(sorted(outside))),) if outside else ()
    return (*peers.services(places), *far)


def threads(plan: ServicePlan) -> int:
    """Return how many threads a replica of that size can keep busy."""
    return max(1, -(-plan.cpu_limit_millis // MILLIS_PER_CPU))


def _secret(args: AgentGatewayArgs) -> SecretNeed:
    """Return the secret of the pods: the keys as they are, and 32 bytes of the session's text.

    The gateway takes 64 hexadecimal digits and nothing else; a digest of any text has them.
    """
    return SecretNeed(
        secret=args.plan.name,
        entries={**args.keys, configs.SESSION_KEY: args.session},
        texts={
            **{name: f"{{{{ .{name} }}}}" for name in sorted(args.keys)},
            configs.SESSION_KEY: f"{{{{ .{configs.SESSION_KEY} | sha256sum }}}}",
        },
    )


def _container(args: AgentGatewayArgs) -> Container:
    # it asks no other program, so that it starts anew only when it answers nobody
    answers = Probe(port="ready", path=configs.READY_PATH)
    variables = (*sorted(args.keys), configs.SESSION_KEY)
    return Container(
        name=args.plan.name,
        image=IMAGE,
        resources=resources_of(args.plan),
        arguments=("-f", f"{_FOLDER}/{_FILE}"),
        # of the program's own file this would be an expression
        environment=attributes(args.cluster.environment if args.config.traces else ""),
        secret_environment={name: SecretKey(secret=args.plan.name, key=name) for name in variables},
        ports=(
            Port(name="http", number=configs.PORT),
            Port(name="metrics", number=configs.METRICS_PORT),
            Port(name="ready", number=configs.READY_PORT),
        ),
        probes=Probes(
            startup=Probe(port="ready", path=configs.READY_PATH, period_seconds=1, failures=60),
            readiness=answers,
            liveness=Probe(port="ready"),
        ),
        files=(Files(path=_FOLDER, contents={_FILE: configs.render(args.config)}),),
        stop_seconds=_LET_GO_SECONDS,
    )


def _refuse_other_keys(args: AgentGatewayArgs) -> None:
    asked, given = set(configs.secrets(args.config)), set(args.keys)
    if asked != given:
        raise ValueError(
            f"keys of {args.plan.name}: missing {sorted(asked - given)}, "
            f"read by nobody {sorted(given - asked)}"
        )
