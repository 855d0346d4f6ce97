"""An application of any image, with every store of the platform wired in (document 000).

Which variable holds what stands in docs/application.md and `app_stores`.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import pulumi

from components.base import PlatformComponent
from components.kubernetes import peers
from components.kubernetes.access import Peer, credentials, internet
from components.kubernetes.app_stores import Stores, wired
from components.kubernetes.cluster import Cluster
from components.kubernetes.container import (
    Claim,
    Container,
    Files,
    Port,
    Probe,
    Probes,
    Scratch,
    SecretKey,
    resources_of,
)
from components.kubernetes.secrets import Remote, SecretNeed, external_secret
from components.kubernetes.service import Metrics, Service, ServiceArgs
from components.kubernetes.shared_files import SharedFiles
from components.kubernetes.wiring import AUTHORITIES, KEPT, Wiring, merged, shown
from sizing.plans import ServicePlan
from sizing.units import MIB

FILES_PATH = "/files"
USER = 1000
"""As whom the image runs where nobody says otherwise: the owner of the shared folder."""
PORT_VARIABLE = "PORT"
FILES_VARIABLE = "FILES_PATH"
# What it crawls, and object stores, which answer under public addresses.
_OUTSIDE = (80, 443)
_SCRATCH_BYTES = 1024 * MIB
_LET_GO_SECONDS = 15
"""A balancer needs so long to see that a pod is about to go."""
_ANSWER_SECONDS = 60


@dataclass(frozen=True, slots=True, kw_only=True)
class AppServiceArgs:
    """What the application needs; how many and how large stands in `plan`.

    Attributes:
        image: with its tag or digest.
        user: uid that it runs as, above 0.
        port: that it listens on.
        health_path: answers 200 once it can serve; it may ask stores, since it restarts nobody.
        metrics_path: of its metrics on the same port, "" where it has none.
        writable_paths: folders that it writes to; the rest of its root is read-only.
        stores: what it gets.
        files: the shared folder, mounted at /files; None for none.
        environment: plain variables of its own; they win over the platform's.
        secrets: variables of its own that hold a secret.
        called_by: the load balancer, and Prometheus.
        calls: whom it calls besides its stores and the internet.
        after: operator, store of secrets, databases, CRDs of what watches it.
    """

    plan: ServicePlan
    cluster: Cluster
    namespace: pulumi.Input[str]
    image: str
    user: int = USER
    port: int
    health_path: str = "/"
    metrics_path: str = ""
    writable_paths: tuple[str, ...] = ()
    stores: Stores
    files: SharedFiles | None = None
    environment: Mapping[str, pulumi.Input[str]] = field(default_factory=dict)
    secrets: Mapping[str, Remote] = field(default_factory=dict)
    called_by: tuple[Peer, ...]
    calls: tuple[Peer, ...] = ()
    after: Sequence[pulumi.Resource] = ()


class AppService(PlatformComponent):
    """The application's pods, its secret of all passwords, and the ways to its stores.

    It opens connections to its stores, and to the internet by HTTP and HTTPS; nobody opens one to
    it but who is named.
    """

    host: pulumi.Output[str]
    """Name within the cluster; it listens on `AppServiceArgs.port`."""
    variables: tuple[str, ...]
    """Names of the variables that the image finds, sorted."""
    ready: Sequence[pulumi.Resource]
    """What exists once it answers."""

    def __init__(
        self, name: str, args: AppServiceArgs, opts: pulumi.ResourceOptions | None = None
    ) -> None:
        super().__init__("aigw:kubernetes:AppService", name, args.plan, opts)
        wiring = merged((wired(args.stores), _own(args)))
        texts = {**wiring.texts, **wiring.kept}
        secret = SecretNeed(secret=args.plan.name, entries=wiring.entries, texts=texts)
        after: list[pulumi.Resource] = [*args.after]
        if texts:
            after.append(
                external_secret(
                    self,
                    f"{name}-secret",
                    secret,
                    cluster=args.cluster,
                    namespace=args.namespace,
                )
            )
        container = _container(args, wiring)
        service = Service(
            name,
            ServiceArgs(
                plan=args.plan,
                cluster=args.cluster,
                namespace=args.namespace,
                containers=(container,),
                stop_seconds=_LET_GO_SECONDS + _ANSWER_SECONDS,
                called_by=args.called_by,
                calls=(*_calls(args, wiring), *args.calls),
                metrics=Metrics(port="http", path=args.metrics_path) if args.metrics_path else None,
                secrets=(secret,) if texts else (),
                after=[*after, *(() if args.files is None else args.files.ready)],
            ),
            self.child,
        )
        self.host = service.host
        self.variables = tuple(sorted({*container.environment, *container.secret_environment}))
        self.ready = (service.workload,)
        self.register_outputs({"host": self.host})


def _own(args: AppServiceArgs) -> Wiring:
    """Return what the application brings itself; its names are its secret's keys, too."""
    files = {} if args.files is None else {FILES_VARIABLE: FILES_PATH}
    # a variable is one thing: a secret of its own takes the place of a plain one, and reversed
    return Wiring(
        environment={PORT_VARIABLE: str(args.port), **files, **args.environment},
        entries=dict(args.secrets),
        texts={name: shown(name) for name in args.secrets},
    )


def _container(args: AppServiceArgs, wiring: Wiring) -> Container:
    asked = Probe(port="http", path=args.health_path)
    return Container(
        name=args.plan.name,
        image=args.image,
        user=args.user,
        resources=resources_of(args.plan),
        environment={k: v for k, v in wiring.environment.items() if k not in args.secrets},
        secret_environment={
            name: SecretKey(secret=args.plan.name, key=name)
            for name in wiring.texts
            if name not in args.environment
        },
        ports=(Port(name="http", number=args.port),),
        probes=Probes(
            startup=Probe(port="http", path=args.health_path, period_seconds=5, failures=60),
            readiness=asked,
            # a path of health may ask its stores; an open port asks nobody
            liveness=Probe(port="http"),
        ),
        scratch=tuple(
            Scratch(path=path, size_bytes=_SCRATCH_BYTES)
            for path in sorted({"/tmp", *args.writable_paths})
        ),
        files=(
            *((Files(path=AUTHORITIES, contents=wiring.files),) if wiring.files else ()),
            *((_kept(args, wiring),) if wiring.kept else ()),
        ),
        claims=() if args.files is None else (Claim(path=FILES_PATH, claim=args.files.claim),),
        stop_seconds=_LET_GO_SECONDS,
    )


def _kept(args: AppServiceArgs, wiring: Wiring) -> Files:
    return Files(path=KEPT, secret=args.plan.name, secret_keys=tuple(sorted(wiring.kept)))


def _calls(args: AppServiceArgs, wiring: Wiring) -> tuple[Peer, ...]:
    cluster = args.cluster
    return (
        *peers.stores(wiring.places, cluster.addresses),
        internet(cluster.addresses, _OUTSIDE),
        *credentials(cluster),
    )
