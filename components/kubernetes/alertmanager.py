"""Alertmanager: who is told of an alert once, however many servers raise it."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import pulumi
from pulumi_kubernetes import apiextensions, core, meta, networking

from components.base import PlatformComponent
from components.kubernetes import access, images
from components.kubernetes import alertmanager_config as config
from components.kubernetes import controllers as shared
from components.kubernetes.access import Peer, Pods
from components.kubernetes.alertmanager_peers import GOSSIP_PORT, NAME, PORT, PORT_NAME
from components.kubernetes.cluster import Cluster, labels, selector
from components.kubernetes.monitors import service_monitor
from components.kubernetes.pod import HOST, ZONE
from components.kubernetes.prometheus_operator import RELOADER
from components.kubernetes.secrets import Remote, SecretNeed, external_secret
from components.kubernetes.service import NO_WAIT
from components.kubernetes.workload import budget
from components.sequel import Sequel
from sizing.plans import ServicePlan

CONFIG_SECRET = "alertmanager-config"
# Longer than any alert is repeated after: what was told is known for so long (the program's own).
RETENTION = "120h"
_WAIT = {"pulumi.com/waitFor": "condition=Available"}
_BRACES = re.compile(r"\{\{|\}\}")


@dataclass(frozen=True, slots=True, kw_only=True)
class AlertmanagerArgs:
    """What Alertmanager needs; how many of it and how large stands in `plan`.

    Attributes:
        config: `alertmanager_config.text`: no value of a secret stands in it.
        secrets: what receivers read from files, by `alertmanager_config.secret_keys`.
        anything: any entry of the store: a text is filled in only beside something fetched.
        ports: of the internet, by which receivers are told; none where nobody is.
        called_by: who may look at it, besides Prometheus.
        after: what must exist first: the operator.
    """

    plan: ServicePlan
    cluster: Cluster
    namespace: pulumi.Input[str]
    config: str
    secrets: Mapping[str, Remote] = field(default_factory=dict)
    anything: Remote
    ports: tuple[int, ...] = ()
    called_by: tuple[Peer, ...] = ()
    after: Sequence[pulumi.Resource] = ()


class Alertmanager(PlatformComponent):
    """As many as the plan has, which tell each other what is told already."""

    ready: Sequence[pulumi.Resource]
    """What waits for somebody who listens to alerts waits for these."""

    def __init__(
        self, name: str, args: AlertmanagerArgs, opts: pulumi.ResourceOptions | None = None
    ) -> None:
        super().__init__("aigw:kubernetes:Alertmanager", name, args.plan, opts)
        self._name, self._args = name, args
        secrets = [self._secret(need) for need in _needs(args)]
        self._turn = Sequel(self, [*args.cluster.ready, *args.after])
        self._turn.add(self._account())
        service = self._service()
        self._turn.add(service)
        self._rules()
        server = apiextensions.CustomResource(
            f"{name}-server",
            api_version="monitoring.coreos.com/v1",
            kind="Alertmanager",
            metadata=self._meta(_WAIT),
            spec=spec(args),
            # grown in place, as Prometheus' (docs/operations.md)
            opts=self.child_with(
                depends_on=[*self._turn.last, *secrets], ignore_changes=["spec.storage"]
            ),
        )
        self._budget()
        service_monitor(
            f"{name}-metrics",
            self._meta(),
            labels(NAME),
            PORT_NAME,
            "/metrics",
            self.child_with(depends_on=[service, *args.after]),
        )
        self.ready = [server]
        self.register_outputs({})

    def _meta(self, annotations: Mapping[str, str] | None = None) -> meta.v1.ObjectMetaArgs:
        return meta.v1.ObjectMetaArgs(
            name=NAME,
            namespace=self._args.namespace,
            labels=labels(NAME),
            annotations=dict(annotations) if annotations else None,
        )

    def _secret(self, need: SecretNeed) -> pulumi.Resource:
        args = self._args
        return external_secret(
            self,
            f"{self._name}-{need.secret.removeprefix(f'{NAME}-')}",
            need,
            cluster=args.cluster,
            namespace=args.namespace,
            after=args.after,
        )

    def _account(self) -> core.v1.ServiceAccount:
        return core.v1.ServiceAccount(
            f"{self._name}-account",
            metadata=self._meta(),
            automount_service_account_token=False,
            opts=self._turn.next,
        )

    def _service(self) -> core.v1.Service:
        return core.v1.Service(
            f"{self._name}-service",
            metadata=self._meta(NO_WAIT),
            spec=core.v1.ServiceSpecArgs(
                type="ClusterIP",
                selector=selector(NAME),
                ports=[core.v1.ServicePortArgs(name=PORT_NAME, port=PORT, target_port=PORT_NAME)],
            ),
            opts=self._turn.next,
        )

    def _rules(self) -> None:
        args, on = self._args, self._args.cluster
        own = Pods(namespace=on.namespaces["observability"], name=NAME, ports=(GOSSIP_PORT,))
        told = [access.internet(on.addresses, args.ports)] if args.ports else []
        access.closed(
            self._turn,
            f"{self._name}-peers",
            NAME,
            args.namespace,
            called_by=[own, access.prometheus(on, PORT), *args.called_by],
            calls=[own, *told],
        )
        if args.plan.scale.planned > 1:
            self._turn.add(self._gossip())

    def _gossip(self) -> networking.v1.NetworkPolicy:
        """Let them ask each other by UDP as well, which is how they notice that one has gone."""
        found = meta.v1.LabelSelectorArgs(match_labels=selector(NAME))
        peers = [networking.v1.NetworkPolicyPeerArgs(pod_selector=found)]
        ports = [networking.v1.NetworkPolicyPortArgs(port=GOSSIP_PORT, protocol="UDP")]
        metadata = self._meta()
        metadata.name = f"{NAME}-gossip"
        return networking.v1.NetworkPolicy(
            f"{self._name}-gossip",
            metadata=metadata,
            spec=networking.v1.NetworkPolicySpecArgs(
                pod_selector=found,
                policy_types=["Ingress", "Egress"],
                ingress=[networking.v1.NetworkPolicyIngressRuleArgs(from_=peers, ports=ports)],
                egress=[networking.v1.NetworkPolicyEgressRuleArgs(to=peers, ports=ports)],
            ),
            opts=self._turn.next,
        )

    def _budget(self) -> None:
        opts = self.child_with(depends_on=[*self._args.cluster.ready])
        budget(f"{self._name}-budget", self._meta(), NAME, 1, opts)


def spec(args: AlertmanagerArgs) -> dict[str, Any]:
    """Return what the operator is told of them."""
    on, plan = args.cluster, args.plan
    return {
        "image": images.reference("alertmanager", on.registry),
        "version": images.parts("alertmanager", on.registry).tag,
        "imagePullPolicy": "IfNotPresent",
        "replicas": plan.scale.planned,
        "podMetadata": {"labels": selector(NAME)},
        "serviceAccountName": NAME,
        "automountServiceAccountToken": False,
        "enableServiceLinks": False,
        "portName": PORT_NAME,
        "configSecret": CONFIG_SECRET,
        "secrets": [config.SECRET] if args.secrets else [],
        "retention": RETENTION,
        "logFormat": "json",
        "resources": _resources(plan),
        "storage": _storage(on, plan),
        "persistentVolumeClaimRetentionPolicy": {"whenDeleted": "Delete", "whenScaled": "Delete"},
        **shared.placed(on, plan),
        "topologySpreadConstraints": [
            {
                "topologyKey": key,
                "maxSkew": 1,
                "whenUnsatisfiable": "ScheduleAnyway",
                "labelSelector": {"matchLabels": selector(NAME)},
            }
            for key in (ZONE, HOST)
        ],
        "securityContext": shared.pod_security("alertmanager"),
    }


def escaped(text: str) -> str:
    """Return a text as the operator of secrets fills it in unchanged, whatever braces it has."""
    return _BRACES.sub(lambda found: f'{{{{ "{found[0]}" }}}}', text)


def _needs(args: AlertmanagerArgs) -> list[SecretNeed]:
    whole = SecretNeed(
        secret=CONFIG_SECRET,
        entries={"anything": args.anything},
        texts={config.CONFIG_KEY: escaped(args.config)},
    )
    if not args.secrets:
        return [whole]
    return [whole, SecretNeed(secret=config.SECRET, entries=dict(args.secrets))]


def _resources(plan: ServicePlan) -> dict[str, dict[str, str]]:
    """Return what is left of the plan's pod beside the container that reloads the config."""
    return {
        "requests": {
            "cpu": f"{plan.cpu_request_millis - RELOADER.cpu_millis}m",
            "memory": str(plan.memory_request_bytes - RELOADER.memory_bytes),
        },
        "limits": {
            "cpu": f"{plan.cpu_limit_millis - RELOADER.cpu_limit_millis}m",
            "memory": str(plan.memory_limit_bytes - RELOADER.memory_limit_bytes),
        },
    }


def _storage(on: Cluster, plan: ServicePlan) -> dict[str, Any]:
    return {
        "volumeClaimTemplate": {
            "metadata": {"labels": selector(NAME)},
            "spec": {
                "accessModes": ["ReadWriteOnce"],
                "storageClassName": on.storage_class,
                "resources": {"requests": {"storage": f"{plan.volume_gib}Gi"}},
            },
        }
    }
