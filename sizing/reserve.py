"""What a node keeps for itself: kubelet, system, eviction threshold and DaemonSets.

The vendors state their reserves as ranges ("6 % of the first core, 1 % of the second"); they stand
here as such, so that another shape needs no new figure.
"""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from functools import cache
from math import inf

from sizing.catalog import InstanceType
from sizing.model import Figure
from sizing.units import GIB, MIB, MILLIS_PER_CPU
from sizing.words import Cloud, Kind

# (upper end of the range in thousandths of a vCPU, share kept), lowest first; both clouds alike.
# Sources: amazon-eks-ami (nodeadm kubelet/config.go, 2026-07-23); gke (plan-node-sizes).
CPU_RANGES: tuple[tuple[float, Fraction], ...] = (
    (1000, Fraction("0.06")),
    (2000, Fraction("0.01")),
    (4000, Fraction("0.005")),
    (inf, Fraction("0.0025")),
)
# (upper end of the range in bytes, share kept), lowest first. Source: gke (plan-node-sizes).
GKE_MEMORY_RANGES: tuple[tuple[float, Fraction], ...] = (
    (4 * GIB, Fraction("0.25")),
    (8 * GIB, Fraction("0.20")),
    (16 * GIB, Fraction("0.10")),
    (128 * GIB, Fraction("0.06")),
    (inf, Fraction("0.02")),
)
EKS_MEMORY_PER_POD = Figure(
    value=11 * MIB,
    unit="bytes a pod that the node may run",
    source="amazon-eks-ami",
    date="2026-07-23",
    kind=Kind.VENDOR,
)
EKS_MEMORY_BASE = Figure(
    value=255 * MIB,
    unit="bytes a node",
    source="amazon-eks-ami",
    date="2026-07-23",
    kind=Kind.VENDOR,
)
EVICTION_MEMORY = Figure(
    value=100 * MIB,
    unit="bytes a node",
    source="amazon-eks-ami",
    date="2026-07-23",
    kind=Kind.VENDOR,
)
# What the hypervisor and the kernel take of the nominal size before the kubelet sees any of it.
EKS_VM_OVERHEAD = Figure(
    value=0.075,
    unit="share of nominal memory",
    source="sizing-decisions",
    date="2026-11",
    kind=Kind.ASSUMED,
)
DAEMON_MILLIS = Figure(
    value=350,
    unit="thousandths of a vCPU a node for DaemonSets",
    source="sizing-decisions",
    date="2026-11",
    kind=Kind.ASSUMED,
)
DAEMON_MEMORY = Figure(
    value=600 * MIB,
    unit="bytes a node for DaemonSets",
    source="sizing-decisions",
    date="2026-11",
    kind=Kind.ASSUMED,
)
# CNI, kube-proxy, Pod Identity agent, two CSI nodes, node exporter, log and trace agents.
DAEMON_PODS = Figure(
    value=8,
    unit="DaemonSet pods a node",
    source="sizing-decisions",
    date="2026-11",
    kind=Kind.ASSUMED,
)
# Device plugin and DCGM exporter.
GPU_DAEMON_MILLIS = Figure(
    value=150,
    unit="further thousandths of a vCPU a GPU node",
    source="sizing-decisions",
    date="2026-11",
    kind=Kind.ASSUMED,
)
GPU_DAEMON_MEMORY = Figure(
    value=400 * MIB,
    unit="further bytes a GPU node",
    source="sizing-decisions",
    date="2026-11",
    kind=Kind.ASSUMED,
)
GPU_DAEMON_PODS = Figure(
    value=2,
    unit="further DaemonSet pods a GPU node",
    source="sizing-decisions",
    date="2026-11",
    kind=Kind.ASSUMED,
)
# Managed groups without an own AMI id cap max pods, whatever the ENI tables say (cloud rule 12).
POD_CAP_VCPU = Figure(
    value=30, unit="vCPU", source="eks-managed-node-groups", date="2026", kind=Kind.VENDOR
)
SMALL_NODE_PODS = Figure(
    value=110, unit="pods a node", source="eks-managed-node-groups", date="2026", kind=Kind.VENDOR
)
LARGE_NODE_PODS = Figure(
    value=250, unit="pods a node", source="eks-managed-node-groups", date="2026", kind=Kind.VENDOR
)
GKE_NODE_PODS = Figure(
    value=110, unit="pods a node", source="gke-pods", date="2018", kind=Kind.VENDOR
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Room:
    """What one node offers to pods that are planned, DaemonSets already taken off."""

    millis: int
    memory_bytes: int
    pods: int
    gpus: int


def max_pods(machine: InstanceType) -> int:
    """Return the pods that the kubelet is told to accept (cloud rule 12)."""
    if machine.cloud is Cloud.GCP:
        return int(GKE_NODE_PODS)
    return int(SMALL_NODE_PODS if machine.vcpu < POD_CAP_VCPU.value else LARGE_NODE_PODS)


def allocatable(machine: InstanceType, pods: int) -> Room:
    """Return what Kubernetes reports as allocatable on a node that may run `pods` pods."""
    cpu = machine.vcpu * MILLIS_PER_CPU
    return Room(
        millis=cpu - _kept(cpu, CPU_RANGES),
        memory_bytes=_memory(machine.cloud, machine.memory_bytes, pods),
        pods=pods,
        gpus=machine.gpus,
    )


def daemon_pods(machine: InstanceType) -> int:
    """Return the DaemonSet pods of a node."""
    return int(DAEMON_PODS) + (int(GPU_DAEMON_PODS) if machine.gpus else 0)


def room(machine: InstanceType) -> Room:
    """Return what is left for planned pods: allocatable less the DaemonSets' share."""
    shape = (machine.cloud, machine.vcpu, machine.memory_bytes, machine.gpus)
    if shape not in _ROOMS:  # a plan asks for the same machine many times
        _ROOMS[shape] = _room(machine)
    return _ROOMS[shape]


def _room(machine: InstanceType) -> Room:
    node = allocatable(machine, max_pods(machine))
    millis, memory = int(DAEMON_MILLIS), int(DAEMON_MEMORY)
    if machine.gpus:
        millis, memory = millis + int(GPU_DAEMON_MILLIS), memory + int(GPU_DAEMON_MEMORY)
    return Room(
        millis=max(0, node.millis - millis),
        memory_bytes=max(0, node.memory_bytes - memory),
        pods=max(0, node.pods - daemon_pods(machine)),
        gpus=node.gpus,
    )


_ROOMS: dict[tuple[Cloud, int, int, int], Room] = {}


@cache
def _memory(cloud: Cloud, memory_bytes: int, pods: int) -> int:
    if cloud is Cloud.GCP:
        kept = _kept(memory_bytes, GKE_MEMORY_RANGES) + int(EVICTION_MEMORY)
        return max(0, memory_bytes - kept)
    seen = int(memory_bytes * (1 - EKS_VM_OVERHEAD.value))
    kept = int(EKS_MEMORY_PER_POD) * pods + int(EKS_MEMORY_BASE) + int(EVICTION_MEMORY)
    return max(0, seen - kept)


@cache  # exact fractions are slow, and the shapes are few
def _kept(amount: int, ranges: tuple[tuple[float, Fraction], ...]) -> int:
    """Return the sum over the ranges, rounded up: a reserve is never understated."""
    kept, start = Fraction(0), 0
    for end, share in ranges:
        if amount <= start:
            break
        top = amount if end == inf else min(amount, int(end))
        kept += (top - start) * share
        start = top
    return -(-kept.numerator // kept.denominator)
