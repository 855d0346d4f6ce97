"""The engine of one self-hosted model: vLLM on GPUs, told by flags what the plan counted with."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import pulumi

from components.base import PlatformComponent
from components.kubernetes import vllm_arguments as vllm
from components.kubernetes.access import Peer, Pods, prometheus
from components.kubernetes.cluster import Cluster
from components.kubernetes.container import (
    Claim,
    Container,
    Port,
    Probe,
    Probes,
    Resources,
    Scratch,
    resources_of,
)
from components.kubernetes.model_store import ModelCache, ModelStore, folder
from components.kubernetes.model_sync import FETCH, python, scripts
from components.kubernetes.otlp import NOWHERE, Otlp
from components.kubernetes.scaling import Trigger
from components.kubernetes.service import Metrics, Service, ServiceArgs
from sizing.plans import ServicePlan
from sizing.plans.workloads import ModelPlan
from sizing.units import GIB, MIB

WEIGHTS = "/models"
"""Where copies of weights are mounted; nothing where they are streamed."""
# Until balancers and the proxy have let go of a pod that was told to stop.
LET_GO_SECONDS = 15
END_SECONDS = 15  # what an engine takes to end once it has answered
PERIOD_SECONDS = 10
# vLLM answers slowly, and rarely not at all, while it works at its limit; a restart costs a cold
# start, which is worse than the wait.
PATIENCE_SECONDS = 10
LIVENESS_FAILURES = 6
LEAST_START_SECONDS = 600  # where the plan knows no start: vLLM's own chart waits as long
# Compiled kernels and graphs of one model, and what is unpacked on the way; a node's disk holds
# them beside image and weights.
CACHE_BYTES = 16 * GIB
TEMPORARY_BYTES = 4 * GIB
# What a copy takes more than the weights: tokenizer, configuration.
BESIDE_WEIGHTS_BYTES = GIB
FETCH_RESOURCES = Resources(
    cpu_millis=1000,
    cpu_limit_millis=4000,
    memory_bytes=GIB,
    memory_limit_bytes=2 * GIB,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class VllmModelArgs:
    """What an engine needs.

    Attributes:
        model: what it serves, `plan` its replicas and their size.
        store: the bucket; its account may read it.
        cache: where weights are read from.
        files: name of a claim of the shared file system, for the cache "files".
        prometheus: URL of the server that autoscaling asks.
        router: whether the router stands before it.
        otlp: where traces go.
        after: what must exist first: `ModelSync.done`, autoscaler and monitoring's CRDs.
    """

    model: ModelPlan
    plan: ServicePlan
    cluster: Cluster
    namespace: pulumi.Input[str]
    store: ModelStore
    cache: ModelCache = "object-store"
    files: pulumi.Input[str] | None = None
    prometheus: str
    router: bool = False
    otlp: Otlp = NOWHERE
    after: Sequence[pulumi.Resource] = ()

    def __post_init__(self) -> None:
        if self.cache == "files" and self.files is None:
            raise ValueError(f"{self.model.name}: the cache in files needs a claim")
        if self.cache == "node" and not self.model.weight_bytes:
            raise ValueError(f"{self.model.name}: a copy on the node needs weights of known size")


class VllmModel(PlatformComponent):
    """A Deployment of engines that all serve one model, and everything that belongs to it.

    Any change rolls engine by engine: one ends before its successor takes its GPUs. Another
    commit of the model is read from its own folder, which must be whole before.
    """

    host: pulumi.Output[str]
    """Name of the Service within the cluster; it answers on port 8000."""
    url: pulumi.Output[str]
    """Where OpenAI's protocol is spoken."""
    ready: Sequence[pulumi.Resource]
    """Done when the planned engines answer."""

    def __init__(
        self, name: str, args: VllmModelArgs, opts: pulumi.ResourceOptions | None = None
    ) -> None:
        super().__init__("aigw:kubernetes:VllmModel", name, args.model, opts)
        copied = args.cache != "object-store"
        service = Service(
            name,
            ServiceArgs(
                plan=args.plan,
                cluster=args.cluster,
                namespace=args.namespace,
                containers=(_engine(args),),
                before=(_fetch(args),) if copied else (),
                stop_seconds=LET_GO_SECONDS + vllm.DRAIN_SECONDS + END_SECONDS,
                called_by=_callers(args),
                calls=(*args.store.peers(args.cluster), *args.otlp.peers),
                triggers=triggers(args.plan),
                prometheus=args.prometheus,
                metrics=Metrics(port="http", path=vllm.METRICS),
                after=args.after,
            ),
            self.child,
        )
        self.host = service.host
        self.url = pulumi.Output.concat("http://", service.host, f":{vllm.PORT}/v1")
        self.ready = (service.workload,)
        self.register_outputs({"host": self.host, "url": self.url})


def triggers(plan: ServicePlan) -> tuple[Trigger, ...]:
    """Return the queries that an engine's replicas follow: what it answers, and what waits.

    Both sum over the engines: the autoscaler divides by the threshold, so that each engine is
    given as many as it may have.
    """
    scaling = plan.scaling
    if scaling is None:
        return ()
    watched = (
        ("vllm:num_requests_running", scaling.running_requests),
        ("vllm:num_requests_waiting", scaling.waiting_requests),
    )
    series = f'{{namespace="{plan.namespace}",service="{plan.name}"}}'
    return tuple(
        Trigger(query=f"sum({metric}{series})", threshold=limit)
        for metric, limit in watched
        if limit
    )


def probes(plan: ServicePlan) -> Probes:
    """Return how an engine is asked: it answers nothing before its weights are loaded."""
    asked = Probe(
        port="http",
        path=vllm.HEALTH,
        period_seconds=PERIOD_SECONDS,
        timeout_seconds=PATIENCE_SECONDS,
    )
    budget = max(LEAST_START_SECONDS, plan.startup_seconds, plan.cold_start_seconds)
    return Probes(
        startup=_failing(asked, -(-budget // PERIOD_SECONDS)),
        readiness=asked,
        liveness=_failing(asked, LIVENESS_FAILURES),
    )


def _failing(probe: Probe, failures: int) -> Probe:
    return Probe(
        port=probe.port,
        path=probe.path,
        period_seconds=probe.period_seconds,
        timeout_seconds=probe.timeout_seconds,
        failures=failures,
    )


def _callers(args: VllmModelArgs) -> tuple[Peer, ...]:
    homes, ports = args.cluster.namespaces, (vllm.PORT,)
    router = (Pods(namespace=homes["serving"], name="vllm-router", ports=ports),)
    return (
        Pods(namespace=homes["gateway"], name="litellm", ports=ports),
        prometheus(args.cluster, *ports),
        *(router if args.router else ()),
    )


def _engine(args: VllmModelArgs) -> Container:
    copy = f"{WEIGHTS}/{folder(args.model)}"
    source = args.store.url(args.model) if args.cache == "object-store" else copy
    return Container(
        name="vllm",
        image="vllm",
        resources=resources_of(args.plan),
        command=("vllm", "serve"),
        arguments=(
            source,
            *vllm.flags(args.model, args.plan.memory_request_bytes, traces=args.otlp.grpc),
        ),
        environment=_environment(args),
        ports=(Port(name="http", number=vllm.PORT),),
        probes=probes(args.plan),
        scratch=(
            Scratch(
                path=vllm.SHARED_MEMORY, size_bytes=args.model.shared_memory_bytes, memory=True
            ),
            Scratch(path=vllm.HOME, size_bytes=CACHE_BYTES),
            Scratch(path=vllm.TEMPORARY, size_bytes=TEMPORARY_BYTES),
            *_disk(args),
        ),
        claims=_claims(args, read_only=True),
        stop_seconds=LET_GO_SECONDS,
    )


def _fetch(args: VllmModelArgs) -> Container:
    """Return what copies the weights before the engine starts; the image is on the node anyway."""
    program = FETCH[args.store.kind]
    return Container(
        name="fetch",
        image="vllm",
        resources=FETCH_RESOURCES,
        command=program.command("python3"),
        arguments=("--from", args.store.url(args.model), "--to", f"{WEIGHTS}/{folder(args.model)}"),
        environment={**_environment(args), **python()},
        files=(scripts(program.files),),
        scratch=(
            Scratch(path=vllm.HOME, size_bytes=64 * MIB),
            Scratch(path=vllm.TEMPORARY, size_bytes=64 * MIB),
            *_disk(args),
        ),
        claims=_claims(args, read_only=False),
    )


def _environment(args: VllmModelArgs) -> Mapping[str, str]:
    # which name a span has is the program's own variable, whatever its flags say
    sent = args.otlp
    named = {"OTEL_SERVICE_NAME": args.plan.name, **sent.attributes} if sent.host else {}
    return {**vllm.environment(), **args.store.environment(), **named}


def _disk(args: VllmModelArgs) -> tuple[Scratch, ...]:
    if args.cache != "node":
        return ()
    size = args.model.weight_bytes + BESIDE_WEIGHTS_BYTES
    return (Scratch(path=WEIGHTS, size_bytes=size, shared=True),)


def _claims(args: VllmModelArgs, *, read_only: bool) -> tuple[Claim, ...]:
    if args.cache != "files" or args.files is None:
        return ()
    return (Claim(path=WEIGHTS, claim=args.files, read_only=read_only),)
