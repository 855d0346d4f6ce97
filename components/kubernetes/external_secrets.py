"""External Secrets: copies entries of the cloud's store into secrets of our namespaces alone."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import pulumi
from pulumi_kubernetes import apiextensions, meta

from components.base import PlatformComponent
from components.kubernetes import access
from components.kubernetes import controllers as shared
from components.kubernetes.access import Peer
from components.kubernetes.cluster import Cluster, labels
from components.kubernetes.helm import release
from components.kubernetes.secrets import API_VERSION
from components.sequel import Sequel
from sizing.plans import ServicePlan

CHART = "external-secrets"
# What the chart labels its pods with, and calls their service accounts.
OPERATOR = "external-secrets"
WEBHOOK = "external-secrets-webhook"
CERTIFICATES = "external-secrets-cert-controller"

WEBHOOK_PORT = 10250
METRICS_PORT = 8080
# Who needs no entry of the store: what opens it for a namespace opens all that the operator reads.
_WITHOUT_SECRETS = ("gpu", "node", "system")
_WAIT = {"pulumi.com/waitFor": "condition=Ready"}


@dataclass(frozen=True, slots=True, kw_only=True)
class SecretsManager:
    """The store of AWS, read as whoever the operator's service account is bound to.

    Attributes:
        role: ARN of a role that the operator assumes to read it, "" to read it as itself.
    """

    region: str
    role: pulumi.Input[str] = ""

    @property
    def provider(self) -> Mapping[str, Any]:
        """Return it as a store's provider: without `auth` the operator's own identity counts."""
        found: dict[str, Any] = {"service": "SecretsManager", "region": self.region}
        # an output is no text to compare, and never left out
        as_another = isinstance(self.role, pulumi.Output) or self.role != ""
        return {"aws": {**found, "role": self.role} if as_another else found}


@dataclass(frozen=True, slots=True, kw_only=True)
class GoogleReader:
    """A service account of Kubernetes as which a store is read, in a cluster of GKE."""

    account: str
    namespace: str
    cluster: str
    region: str


@dataclass(frozen=True, slots=True, kw_only=True)
class GoogleSecretManager:
    """The store of Google Cloud, read as a service account of Kubernetes.

    Attributes:
        reader: whose tokens the operator asks the cluster for, None to read it as itself.
    """

    project: str
    reader: GoogleReader | None = None

    @property
    def provider(self) -> Mapping[str, Any]:
        """Return it as a store's provider: without `auth` the operator's own identity counts."""
        found: dict[str, Any] = {"projectID": self.project}
        if self.reader is None:
            return {"gcpsm": found}
        reader = self.reader
        identity = {
            "serviceAccountRef": {"name": reader.account, "namespace": reader.namespace},
            # said, and not asked of the node's metadata
            "clusterProjectID": self.project,
            "clusterLocation": reader.region,
            "clusterName": reader.cluster,
        }
        return {"gcpsm": {**found, "auth": {"workloadIdentity": identity}}}


SecretSource = SecretsManager | GoogleSecretManager
"""A cloud's store of secrets."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ExternalSecretsOperatorArgs:
    """What External Secrets needs; how many of its pods and how large stands in the plans.

    Attributes:
        operator: reads the store and writes secrets.
        webhook: refuses objects that cannot be.
        certificates: makes and renews the webhook's certificate.
        store: the cloud's store.
        namespace: where it lives, which `cluster.ready` waits for.
        after: what must exist first: the definition of ServiceMonitor, which it makes.
    """

    operator: ServicePlan
    webhook: ServicePlan
    certificates: ServicePlan
    store: SecretSource
    cluster: Cluster
    namespace: pulumi.Input[str]
    after: Sequence[pulumi.Resource] = ()


class ExternalSecretsOperator(PlatformComponent):
    """The operator with its webhook, the definitions of its objects, and the store for all of us.

    The definitions stay when the rest is deleted. Secrets that it has made go with the objects
    that ask for them, which must go before.
    """

    ready: Sequence[pulumi.Resource]
    """What every ExternalSecret waits for: the operator, and the store that it could read."""

    def __init__(
        self,
        name: str,
        args: ExternalSecretsOperatorArgs,
        opts: pulumi.ResourceOptions | None = None,
    ) -> None:
        plans = (args.operator, args.webhook, args.certificates)
        super().__init__("aigw:kubernetes:ExternalSecretsOperator", name, plans, opts)
        turn = Sequel(self, [*args.cluster.ready, *args.after])
        for pods, (called_by, calls) in _peers(args).items():
            access.closed(
                turn,
                f"{name}-{pods}-peers",
                pods,
                args.namespace,
                called_by=called_by,
                calls=calls,
            )
        identity = args.cluster.identity(args.operator.namespace, OPERATOR)
        operator = release(
            self,
            f"{name}-chart",
            CHART,
            args.namespace,
            values(args),
            after=[*turn.last, *identity.ready],
        )
        # the store stands on the operator
        self.ready = [self._store(name, args, operator)]
        self.register_outputs({})

    def _store(
        self, name: str, args: ExternalSecretsOperatorArgs, operator: pulumi.Resource
    ) -> apiextensions.CustomResource:
        cluster = args.cluster
        readers = {
            role: one for role, one in cluster.namespaces.items() if role not in _WITHOUT_SECRETS
        }
        return secret_store(
            self,
            f"{name}-store",
            cluster.secret_store,
            args.store,
            [*readers.values()],
            after=[operator],
        )


def secret_store(
    owner: PlatformComponent,
    name: str,
    store: str,
    source: SecretSource,
    namespaces: Sequence[str],
    *,
    after: Sequence[pulumi.Resource],
) -> apiextensions.CustomResource:
    """Create the object that opens a store of the cloud to some namespaces.

    Args:
        owner: the component whose child it is.
        name: of the resource, unique in the stack.
        store: its name in the cluster.
        source: what it opens.
        namespaces: by name; an object anywhere else is refused, whoever made it.
        after: the operator, and the rights to read.
    """
    return apiextensions.CustomResource(
        name,
        api_version=API_VERSION,
        kind="ClusterSecretStore",
        metadata=meta.v1.ObjectMetaArgs(name=store, labels=labels(store), annotations=dict(_WAIT)),
        spec={
            "provider": dict(source.provider),
            "conditions": [{"namespaces": sorted(namespaces)}],
        },
        opts=owner.child_with(depends_on=[*after]),
    )


def _peers(args: ExternalSecretsOperatorArgs) -> dict[str, tuple[list[Peer], list[Peer]]]:
    """Return who may call each part, and whom it may call, by its pods' name."""
    on = args.cluster
    scraped = access.prometheus(on, METRICS_PORT)
    return {
        OPERATOR: ([scraped], [shared.api(), *shared.cloud(on)]),
        WEBHOOK: ([shared.api_calls(on, WEBHOOK_PORT), scraped], [shared.api()]),
        CERTIFICATES: ([scraped], [shared.api()]),
    }


def values(args: ExternalSecretsOperatorArgs) -> dict[str, Any]:
    """Return what differs from the chart's own values."""
    annotations = dict(args.cluster.identity(args.operator.namespace, OPERATOR).annotations)
    return {
        "installCRDs": True,
        "crds": {"annotations": dict(shared.KEEP)},
        **_part(args, args.operator, OPERATOR),
        "readinessProbe": {"enabled": True},
        "leaderElect": args.operator.scale.maximum > 1,
        "serviceAccount": {"create": True, "name": OPERATOR, "annotations": annotations},
        # nobody pushes secrets, or makes the same one in many namespaces
        "processPushSecret": False,
        "processClusterPushSecret": False,
        "processClusterExternalSecret": False,
        # the store is read as the operator itself, never as somebody else's account
        "rbac": {"serviceAccountTokenCreate": False},
        # a metric is about a secret of some namespace, and not about the operator's own
        "serviceMonitor": {"enabled": True, "renderMode": "alwaysRender", "honorLabels": True},
        "webhook": _part(args, args.webhook, WEBHOOK),
        "certController": _part(args, args.certificates, CERTIFICATES),
    }


def _part(args: ExternalSecretsOperatorArgs, plan: ServicePlan, pods: str) -> dict[str, Any]:
    return {
        "replicaCount": plan.scale.planned,
        "image": shared.image("external-secrets", args.cluster),
        "resources": shared.resources(plan),
        **shared.placed(args.cluster, plan),
        "topologySpreadConstraints": shared.spread(pods),
        "podDisruptionBudget": {"enabled": True, **shared.BUDGET},
        "livenessProbe": {"enabled": True},
    }
