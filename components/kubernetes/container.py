"""A container as every one here runs: bounded, probed, without a right that it needs not."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

import pulumi
from pulumi_kubernetes import core

from components.kubernetes.images import facts, reference
from sizing.plans import HelperPlan, ServicePlan
from sizing.units import MIB

GPU = "nvidia.com/gpu"
TOKEN = "token"  # file in which a pod finds one of its account


@dataclass(frozen=True, slots=True, kw_only=True)
class SecretKey:
    """One entry of a Kubernetes secret."""

    secret: str
    key: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Port:
    """A port of a container; `exposed` is the Service's, the same number where it is 0."""

    name: str
    number: int
    exposed: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Probe:
    """How a container is asked: by HTTP path, by command, or whether its port opens.

    Attributes:
        port: name of the port; without a path, whether it can be connected to.
        failures: answers that must fail in a row.
    """

    port: str = ""
    path: str = ""
    command: tuple[str, ...] = ()
    period_seconds: int = 10
    timeout_seconds: int = 5
    failures: int = 3


@dataclass(frozen=True, slots=True, kw_only=True)
class Probes:
    """When a container has started, may be asked, and must be started again.

    Liveness never asks what another program answers for: a store's outage would restart everyone.
    """

    startup: Probe
    readiness: Probe
    liveness: Probe


@dataclass(frozen=True, slots=True, kw_only=True)
class Resources:
    """What a container asks for and may take, per container."""

    cpu_millis: int
    cpu_limit_millis: int
    memory_bytes: int
    memory_limit_bytes: int
    gpus: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Scratch:
    """A folder that may be written and is empty at each start; `memory` counts as the pod's own.

    Attributes:
        shared: containers of the pod that name the path see the same folder.
    """

    path: str
    size_bytes: int
    memory: bool = False
    shared: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Files:
    """A folder of files, read only.

    Attributes:
        contents: text by file name; no secret may stand in it.
        secret: name of a secret whose entries are the files, in place of `contents`.
        secret_keys: the entries to show, all of them where it is empty.
        audience: for whom the only file, `TOKEN`, is a token of the pod's account.
    """

    path: str
    contents: Mapping[str, pulumi.Input[str]] = field(default_factory=dict)
    secret: str = ""
    secret_keys: tuple[str, ...] = ()
    audience: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Claim:
    """A claim of storage that exists, mounted into the container."""

    path: str
    claim: pulumi.Input[str]
    read_only: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Container:
    """One container.

    Attributes:
        image: name in `sizing.versions.IMAGES`, or a whole reference where it has a slash.
        user: uid it runs as, None for the image's own; a stranger's image says its own.
        environment: variables without secrets; those with are in `secret_environment`.
        scratch: folders beyond the ones that the image is known to write.
        volume_path: where a stateful service's own volume is mounted, "" for none.
        probes: None for what runs to its end.
        stop_seconds: how long it answers on after it was told to stop, so that balancers let go.
        stop_command: what runs in it in place of that wait; the signal follows when it has ended.
    """

    name: str
    image: str
    resources: Resources
    command: tuple[str, ...] = ()
    arguments: tuple[pulumi.Input[str], ...] = ()
    environment: Mapping[str, pulumi.Input[str]] = field(default_factory=dict)
    secret_environment: Mapping[str, SecretKey] = field(default_factory=dict)
    ports: tuple[Port, ...] = ()
    probes: Probes | None = None
    scratch: tuple[Scratch, ...] = ()
    files: tuple[Files, ...] = ()
    claims: tuple[Claim, ...] = ()
    volume_path: str = ""
    user: int | None = None
    stop_seconds: int = 0
    stop_command: tuple[str, ...] = ()


def resources_of(plan: ServicePlan | HelperPlan) -> Resources:
    """Return what the plan gives one replica of a service, or one pod of a helper."""
    return Resources(
        cpu_millis=plan.cpu_request_millis,
        cpu_limit_millis=plan.cpu_limit_millis,
        memory_bytes=plan.memory_request_bytes,
        memory_limit_bytes=plan.memory_limit_bytes,
        gpus=plan.gpus if isinstance(plan, ServicePlan) else 0,
    )


def less(whole: Resources, *parts: Resources) -> Resources:
    """Return what is left of a pod for its own container, beside those that stand in it too."""
    return Resources(
        cpu_millis=whole.cpu_millis - sum(one.cpu_millis for one in parts),
        cpu_limit_millis=whole.cpu_limit_millis - sum(one.cpu_limit_millis for one in parts),
        memory_bytes=whole.memory_bytes - sum(one.memory_bytes for one in parts),
        memory_limit_bytes=whole.memory_limit_bytes - sum(one.memory_limit_bytes for one in parts),
        gpus=whole.gpus,
    )


def image_reference(image: str, registry: str) -> str:
    """Return what a node pulls; a reference that the config gives is taken as it stands."""
    return image if "/" in image else reference(image, registry)


def scratch_of(container: Container) -> tuple[Scratch, ...]:
    """Return every folder that the container may write: its own, then what its image needs."""
    own = {one.path for one in container.scratch}
    known = () if "/" in container.image else facts(container.image).writable
    extra = tuple(Scratch(path=p, size_bytes=256 * MIB) for p in known if p not in own)
    return (*container.scratch, *extra)


def render(
    container: Container, registry: str, mounts: list[core.v1.VolumeMountArgs]
) -> core.v1.ContainerArgs:
    """Return the container as Kubernetes takes it.

    Args:
        mounts: its folders, made with the pod's volumes.
    """
    probes = container.probes
    return core.v1.ContainerArgs(
        name=container.name,
        image=image_reference(container.image, registry),
        image_pull_policy="IfNotPresent",
        command=list(container.command) or None,
        args=list(container.arguments) or None,
        env=_environment(container) or None,
        ports=[
            core.v1.ContainerPortArgs(name=p.name, container_port=p.number) for p in container.ports
        ]
        or None,
        resources=_resources(container.resources),
        startup_probe=None if probes is None else _probe(probes.startup),
        readiness_probe=None if probes is None else _probe(probes.readiness),
        liveness_probe=None if probes is None else _probe(probes.liveness),
        lifecycle=_lifecycle(container),
        security_context=_security(container),
        volume_mounts=mounts or None,
        termination_message_policy="FallbackToLogsOnError",
    )


def _environment(container: Container) -> list[core.v1.EnvVarArgs]:
    plain = [
        core.v1.EnvVarArgs(name=name, value=value)
        for name, value in sorted(container.environment.items())
    ]
    # secrets first: a plain value may then name one by $(NAME)
    secret = [
        core.v1.EnvVarArgs(
            name=name,
            value_from=core.v1.EnvVarSourceArgs(
                secret_key_ref=core.v1.SecretKeySelectorArgs(name=ref.secret, key=ref.key)
            ),
        )
        for name, ref in sorted(container.secret_environment.items())
    ]
    return [*secret, *plain]


def _resources(asked: Resources) -> core.v1.ResourceRequirementsArgs:
    gpus = {GPU: str(asked.gpus)} if asked.gpus else {}
    return core.v1.ResourceRequirementsArgs(
        requests={"cpu": f"{asked.cpu_millis}m", "memory": str(asked.memory_bytes), **gpus},
        limits={
            "cpu": f"{asked.cpu_limit_millis}m",
            "memory": str(asked.memory_limit_bytes),
            **gpus,
        },
    )


def _probe(probe: Probe) -> core.v1.ProbeArgs:
    run = core.v1.ExecActionArgs(command=list(probe.command)) if probe.command else None
    by_path, by_port = not run and probe.path, not run and not probe.path
    return core.v1.ProbeArgs(
        exec_=run,
        http_get=core.v1.HTTPGetActionArgs(path=probe.path, port=probe.port) if by_path else None,
        tcp_socket=core.v1.TCPSocketActionArgs(port=probe.port) if by_port else None,
        period_seconds=probe.period_seconds,
        timeout_seconds=probe.timeout_seconds,
        failure_threshold=probe.failures,
    )


def _lifecycle(container: Container) -> core.v1.LifecycleArgs | None:
    if container.stop_command:
        run = core.v1.ExecActionArgs(command=list(container.stop_command))
        return core.v1.LifecycleArgs(pre_stop=core.v1.LifecycleHandlerArgs(exec_=run))
    if not container.stop_seconds:
        return None
    # the kubelet itself waits: not every image has a shell
    wait = core.v1.SleepActionArgs(seconds=container.stop_seconds)
    return core.v1.LifecycleArgs(pre_stop=core.v1.LifecycleHandlerArgs(sleep=wait))


def user_of(container: Container) -> int:
    """Return the uid that a container runs as.

    Raises:
        ValueError: an image of the config comes without one; root would be refused at admission.
    """
    if container.user is not None:
        return container.user
    if "/" in container.image:
        raise ValueError(f"{container.name}: {container.image} needs a uid above 0 to run as")
    return facts(container.image).uid


def group_of(container: Container) -> int:
    """Return the group that a container runs with."""
    return user_of(container) if "/" in container.image else facts(container.image).gid


def _security(container: Container) -> core.v1.SecurityContextArgs:
    return core.v1.SecurityContextArgs(
        run_as_non_root=True,
        run_as_user=user_of(container),
        run_as_group=group_of(container),
        read_only_root_filesystem=True,
        allow_privilege_escalation=False,
        capabilities=core.v1.CapabilitiesArgs(drop=["ALL"]),
        seccomp_profile=core.v1.SeccompProfileArgs(type="RuntimeDefault"),
    )
