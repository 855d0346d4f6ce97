"""The namespaces: what each may hold, so that nothing planned is refused and nothing else fits."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from math import ceil
from types import MappingProxyType

from sizing.planning import sizes
from sizing.planning.environment import Setting
from sizing.planning.helpers import FILE_FOLDERS, SIDECAR
from sizing.planning.homes import (
    APPS,
    DATA,
    GATEWAY,
    GPU,
    NODE,
    OBSERVABILITY,
    SERVING,
    SYSTEM,
    VAULT,
    namespace,
)
from sizing.plans import HelperPlan, NamespacePlan, ServicePlan

ROLES = (APPS, DATA, GATEWAY, GPU, NODE, OBSERVABILITY, SERVING, SYSTEM, VAULT)
RESTRICTED, PRIVILEGED = "restricted", "privileged"
# role -> why its pods cannot be restricted
REASONS: Mapping[str, str] = MappingProxyType(
    {
        GPU: "the device plugin mounts the kubelet's socket directory, and the DCGM exporter reads "
        "the driver with SYS_ADMIN",
        NODE: "what ships logs and measures machines mounts folders of its node",
    }
)
# role -> claims of a shared folder by all of its pods together: the application's, and the engines'
# where they read weights from files. Source: sizing-decisions.
SHARED_CLAIMS: Mapping[str, int] = MappingProxyType({APPS: 1, SERVING: 1})
# Services that claim a folder of their own beside those. Source: document-003, 2024-11-18.
WITH_FOLDERS = frozenset({"langflow"})
# A claim must ask for some storage, though a shared file system has no size. Source: efs-api, 2026.
SHARED_CLAIM_GIB = 1


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """So many alike pods, and what each asks for.

    Attributes:
        copies: of what is asked; more than `pods` where containers are added to other pods.
    """

    pods: int
    copies: int
    cpu_request_millis: int
    cpu_limit_millis: int
    memory_request_bytes: int
    memory_limit_bytes: int
    gpus: int = 0
    volumes: int = 0
    volume_gib: int = 0


def namespaces(
    setting: Setting, services: Iterable[ServicePlan], helpers: Iterable[HelperPlan]
) -> tuple[NamespacePlan, ...]:
    """Return the namespaces that hold anything, by name; the cloud's own are not ours to limit."""
    standing, beside = tuple(services), tuple(helpers)
    found = []
    for role in ROLES:
        name = namespace(setting, role)
        held = asked(name, standing, beside)
        if held:
            found.append(_namespace(name, role, held))
    return tuple(sorted(found, key=lambda one: one.name))


def asked(
    name: str, services: Iterable[ServicePlan], helpers: Iterable[HelperPlan]
) -> tuple[Asked, ...]:
    """Return what a namespace must hold: services at their maximum with a rollout, and helpers."""
    return (
        *(_service(one) for one in services if one.namespace == name),
        *(_helper(one) for one in helpers if one.namespace == name),
    )


def at_most(service: ServicePlan) -> int:
    """Return the pods of a service at its maximum while a rollout adds to them.

    A replica with a volume or a GPU is replaced in its place.
    """
    most = service.scale.maximum
    in_place = bool(service.volume_gib or service.gpus)
    return most if in_place else most + ceil(most * sizes.ROLLOUT_SURGE.value)


def _service(one: ServicePlan) -> Asked:
    most, pods = one.scale.maximum, at_most(one)
    folders = 1 if one.name in WITH_FOLDERS else 0
    return Asked(
        pods=pods,
        copies=pods,
        cpu_request_millis=one.cpu_request_millis,
        cpu_limit_millis=one.cpu_limit_millis,
        memory_request_bytes=one.memory_request_bytes,
        memory_limit_bytes=one.memory_limit_bytes,
        gpus=one.gpus,
        volumes=most * one.volumes + folders,
        volume_gib=most * one.volumes_gib + folders * SHARED_CLAIM_GIB,
    )


def _helper(one: HelperPlan) -> Asked:
    # it mounts the share itself, to make the folders in it
    shares = 1 if one.name == FILE_FOLDERS else 0
    return Asked(
        pods=0 if one.kind == SIDECAR else one.pods,
        copies=one.pods,
        cpu_request_millis=one.cpu_request_millis,
        cpu_limit_millis=one.cpu_limit_millis,
        memory_request_bytes=one.memory_request_bytes,
        memory_limit_bytes=one.memory_limit_bytes,
        volumes=shares,
        volume_gib=shares * SHARED_CLAIM_GIB,
    )


def _namespace(name: str, role: str, held: tuple[Asked, ...]) -> NamespacePlan:
    reason, shared = REASONS.get(role, ""), SHARED_CLAIMS.get(role, 0)
    return NamespacePlan(
        name=name,
        role=role,
        pod_security=PRIVILEGED if reason else RESTRICTED,
        reason=reason,
        pods=sum(one.pods for one in held),
        cpu_request_millis=sum(one.copies * one.cpu_request_millis for one in held),
        cpu_limit_millis=sum(one.copies * one.cpu_limit_millis for one in held),
        memory_request_bytes=sum(one.copies * one.memory_request_bytes for one in held),
        memory_limit_bytes=sum(one.copies * one.memory_limit_bytes for one in held),
        gpus=sum(one.copies * one.gpus for one in held),
        volumes=sum(one.volumes for one in held) + shared,
        volume_gib=sum(one.volume_gib for one in held) + shared * SHARED_CLAIM_GIB,
        default_cpu_millis=sizes.UNSTATED.cpu_millis,
        default_memory_bytes=sizes.UNSTATED.memory_bytes,
        largest_cpu_millis=max(one.cpu_limit_millis for one in held),
        largest_memory_bytes=max(one.memory_limit_bytes for one in held),
    )
