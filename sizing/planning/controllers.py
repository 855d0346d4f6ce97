"""The cluster's own controllers: what autoscales, brings secrets, volumes, names and balancers.

Requests are those of the pinned charts and add-ons where these state any. Where a chart leaves
them open, as External Secrets and the EFS driver do, they are ours: assumed, as `sizes` says.
"""

from __future__ import annotations

from dataclasses import dataclass

from sizing.planning.environment import Setting
from sizing.planning.homes import CLOUD, role
from sizing.planning.sizes import Size
from sizing.planning.wanted import Wanted
from sizing.units import MIB
from sizing.words import Cloud


@dataclass(frozen=True, slots=True, kw_only=True)
class Controller:
    """A controller of the cluster.

    Attributes:
        replicas: in prod; one leads where the program elects a leader, the others wait.
        clouds: where it is installed; elsewhere the cloud runs its own, out of sight.
        why: what it does, and whose the figures are.
    """

    name: str
    size: Size
    replicas: int
    clouds: tuple[Cloud, ...]
    why: str


BOTH = (Cloud.AWS, Cloud.GCP)
AWS = (Cloud.AWS,)
GCP = (Cloud.GCP,)


def _size(millis: int, limit_millis: int, mib: int, limit_mib: int) -> Size:
    return Size(
        cpu_millis=millis,
        cpu_limit_millis=limit_millis,
        memory_bytes=mib * MIB,
        memory_limit_bytes=limit_mib * MIB,
    )


# Source: keda-chart, 2026-08-13: operator, metrics server and webhooks alike.
KEDA = _size(100, 1000, 100, 1000)
# Add-ons limit no CPU: the limit stands in at the request. Where a manifest limits no memory, ours
# is twice the request.
CONTROLLERS = (
    # Source: aws-load-balancer-controller, 2026-08-17 (the project's manifest; its chart: none).
    Controller(
        name="aws-load-balancer-controller",
        size=_size(100, 200, 200, 500),
        replicas=2,
        clouds=AWS,
        why="binds pods to target groups; requests of the project's manifest",
    ),
    # Source: cluster-autoscaler-aws (its manifest for AWS, of request and limit alike).
    Controller(
        name="cluster-autoscaler",
        size=_size(100, 100, 600, 600),
        replicas=2,
        clouds=AWS,
        why="moves node groups between minimum and maximum; requests of the project's manifest",
    ),
    # Source: coredns-manifest (100m and 70Mi); EKS limits memory to 170Mi.
    Controller(
        name="coredns",
        size=_size(100, 100, 70, 170),
        replicas=2,
        clouds=AWS,
        why="names in the cluster; requests of the add-on",
    ),
    # Source: ebs-csi-chart, 2026-08-19: 10m, 40Mi and at most 256Mi for each of six containers.
    Controller(
        name="ebs-csi-controller",
        size=_size(6 * 10, 6 * 10, 6 * 40, 6 * 256),
        replicas=2,
        clouds=AWS,
        why="volumes of pods; requests of the add-on, six containers",
    ),
    # Its chart requests nothing: as much as the EBS driver for each of three containers.
    Controller(
        name="efs-csi-controller",
        size=_size(3 * 10, 3 * 10, 3 * 40, 3 * 256),
        replicas=2,
        clouds=AWS,
        why="shared files of pods; the add-on requests nothing: assumed as the EBS driver's",
    ),
    Controller(
        name="external-secrets",
        size=_size(50, 200, 128, 256),
        replicas=2,
        clouds=BOTH,
        why="copies secrets from the cloud's store; its chart requests nothing: assumed",
    ),
    Controller(
        name="external-secrets-cert-controller",
        size=_size(25, 100, 128, 256),
        replicas=1,
        clouds=BOTH,
        why="certificates of the webhook; its chart requests nothing: assumed",
    ),
    Controller(
        name="external-secrets-webhook",
        size=_size(25, 100, 64, 128),
        replicas=2,
        clouds=BOTH,
        why="refuses secrets that cannot be; its chart requests nothing: assumed",
    ),
    Controller(
        name="keda-admission",
        size=KEDA,
        replicas=1,
        clouds=BOTH,
        why="refuses scalers that cannot be; requests of its chart",
    ),
    Controller(
        name="keda-metrics-apiserver",
        size=KEDA,
        replicas=2,
        clouds=BOTH,
        why="metrics that engines scale on; requests of its chart",
    ),
    Controller(
        name="keda-operator",
        size=KEDA,
        replicas=2,
        clouds=BOTH,
        why="scales engines on requests; requests of its chart",
    ),
    # Source: coredns-manifest, the directory's kube-dns: 100 + 150 + 10m, 70 + 20 + 20Mi.
    Controller(
        name="kube-dns",
        size=_size(260, 260, 110, 210),
        replicas=2,
        clouds=GCP,
        why="names in the cluster; requests of the project's manifest",
    ),
    # Source: metrics-server-chart, 100m and 200Mi.
    Controller(
        name="metrics-server",
        size=_size(100, 100, 200, 400),
        replicas=2,
        clouds=BOTH,
        why="CPU and memory that autoscalers read; requests of the project's chart",
    ),
    # Source: prometheus-operator-manifest, 2026-08-08. A second one would write beside the first.
    Controller(
        name="prometheus-operator",
        size=_size(100, 200, 100, 200),
        replicas=1,
        clouds=BOTH,
        why="runs Prometheus; requests of the project's manifest",
    ),
)


def controllers(setting: Setting) -> tuple[Wanted, ...]:
    """Return the controllers of the cluster on the request's cloud, by name."""
    return tuple(_wanted(one) for one in CONTROLLERS if setting.request.cloud in one.clouds)


def _wanted(one: Controller) -> Wanted:
    return Wanted(
        name=one.name,
        pool_role="system",
        minimum=one.replicas,
        # the cloud's add-ons stand as often in dev as in prod
        fixed=one.replicas if role(one.name) == CLOUD else None,
        tabled=False,
        size=one.size,
        reason=one.why,
    )
