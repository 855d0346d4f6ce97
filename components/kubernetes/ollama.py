"""Ollama (document 003): local models on CPU or a GPU, fetched before it answers.

On CPU they are kept on a volume. On a GPU they are kept on its node's disk: a volume would bind it
to a zone, and GPUs are to be had in whichever zone has some.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import pulumi

from components.base import PlatformComponent
from components.kubernetes.access import Peer, internet
from components.kubernetes.cluster import Cluster
from components.kubernetes.container import Container, Port, Probe, Probes, Scratch, resources_of
from components.kubernetes.service import Service, ServiceArgs
from sizing.plans import ServicePlan
from sizing.units import GIB, MIB

PORT = 11434
VOLUME_PATH = "/models"
# A model that is there is not asked for again: a restart needs no registry.
_FETCH = """\
set -eu
ollama serve &
until ollama list >/dev/null 2>&1; do sleep 1; done
for model in "$@"; do
  ollama show "$model" >/dev/null 2>&1 || ollama pull "$model"
done
kill $!
"""
_STOP_SECONDS = 60
_SCRATCH_BYTES = 512 * MIB


def environment(*, gpu: bool = False) -> dict[str, str]:
    """Return its variables: everything that it writes is among its models or below /tmp.

    A GPU is paid for whether it computes or not: there a model stays loaded until another one
    needs its memory.
    """
    return {
        **({"OLLAMA_KEEP_ALIVE": "-1"} if gpu else {}),
        "HOME": "/tmp",
        "OLLAMA_HOST": f"0.0.0.0:{PORT}",
        "OLLAMA_MODELS": VOLUME_PATH,
        "OLLAMA_NO_CLOUD": "1",
        # what was not asked for is not unpacked again for its next question
        "OLLAMA_NOPRUNE": "1",
    }


@dataclass(frozen=True, slots=True, kw_only=True)
class OllamaArgs:
    """What Ollama needs.

    Attributes:
        models: by Ollama's names, fetched before it answers.
        disk_gib: of a GPU node's own disk for its models.
        called_by: who may open a connection to it; it asks nobody for a key.
        after: what must exist first: what offers GPUs.
    """

    plan: ServicePlan
    cluster: Cluster
    namespace: pulumi.Input[str]
    models: tuple[str, ...]
    disk_gib: int
    called_by: tuple[Peer, ...]
    after: Sequence[pulumi.Resource] = ()


class Ollama(PlatformComponent):
    """One replica, on CPU with its volume, which stays when the pod goes.

    From CPU to a GPU it becomes another kind of workload: the one with the volume goes first.
    """

    host: pulumi.Output[str]
    """Name within the cluster; it listens on `PORT`."""
    ready: Sequence[pulumi.Resource]
    """What exists once it answers."""

    def __init__(
        self, name: str, args: OllamaArgs, opts: pulumi.ResourceOptions | None = None
    ) -> None:
        super().__init__("aigw:kubernetes:Ollama", name, args.plan, opts)
        service = Service(
            name,
            ServiceArgs(
                plan=args.plan,
                cluster=args.cluster,
                namespace=args.namespace,
                containers=(_server(args),),
                before=(_fetch(args),) if args.models else (),
                stop_seconds=_STOP_SECONDS,
                called_by=args.called_by,
                # its registry, and the store behind that
                calls=(internet(args.cluster.addresses),),
                stateful=not args.plan.gpus,
                after=args.after,
            ),
            self.child,
        )
        self.host = service.host
        self.ready = (service.workload,)
        self.register_outputs({"host": self.host})


def _server(args: OllamaArgs) -> Container:
    return Container(
        name="ollama",
        image="ollama",
        resources=resources_of(args.plan),
        environment=environment(gpu=bool(args.plan.gpus)),
        ports=(Port(name="http", number=PORT),),
        probes=Probes(
            startup=Probe(port="http", path="/", failures=30),
            readiness=Probe(port="http", path="/"),
            liveness=Probe(port="http", path="/", timeout_seconds=30, failures=6),
        ),
        scratch=_scratch(args),
        volume_path="" if args.plan.gpus else VOLUME_PATH,
    )


def _fetch(args: OllamaArgs) -> Container:
    # it computes nothing; its image says that it is to see every GPU of the node
    blind = {"NVIDIA_VISIBLE_DEVICES": "void"} if args.plan.gpus else {}
    return Container(
        name="fetch",
        image="ollama",
        resources=replace(resources_of(args.plan), gpus=0),
        command=("/bin/sh", "-c", _FETCH, "fetch", *args.models),
        environment={**environment(gpu=bool(args.plan.gpus)), **blind},
        scratch=_scratch(args),
        volume_path="" if args.plan.gpus else VOLUME_PATH,
    )


def _scratch(args: OllamaArgs) -> tuple[Scratch, ...]:
    models = Scratch(path=VOLUME_PATH, size_bytes=args.disk_gib * GIB, shared=True)
    return (
        Scratch(path="/tmp", size_bytes=_SCRATCH_BYTES),
        *((models,) if args.plan.gpus else ()),
    )
