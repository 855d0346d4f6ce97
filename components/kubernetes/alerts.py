"""The stack's alerting rules as an object that the Prometheus operator reads."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import pulumi
from pulumi_kubernetes import apiextensions, meta

from components.base import PlatformComponent
from components.kubernetes import alert_rules
from components.kubernetes.cluster import Cluster, labels
from components.sequel import Sequel
from sizing.alerts import AlertPlan, Recording

NAME = "alerts"
API_VERSION = "monitoring.coreos.com/v1"


@dataclass(frozen=True, slots=True, kw_only=True)
class AlertsArgs:
    """What the rules are made of.

    Attributes:
        alerts: of the stack's plan.
        recordings: series that some of them look at.
        runbooks: where the pages on them are: a folder of the repository, or an address.
        namespace: where the objects live, which `cluster.ready` waits for.
        after: what must exist first: the definition of PrometheusRule.
    """

    alerts: tuple[AlertPlan, ...]
    recordings: tuple[Recording, ...]
    runbooks: str
    cluster: Cluster
    namespace: pulumi.Input[str]
    after: Sequence[pulumi.Resource] = ()


class Alerts(PlatformComponent):
    """One object for each family of alerts, so that a change shows where it is."""

    def __init__(
        self, name: str, args: AlertsArgs, opts: pulumi.ResourceOptions | None = None
    ) -> None:
        found = alert_rules.groups(args.alerts, args.recordings, runbooks=args.runbooks)
        super().__init__("aigw:kubernetes:Alerts", name, found, opts)
        turn = Sequel(self, [*args.cluster.ready, *args.after])
        for group in found:
            turn.add(
                apiextensions.CustomResource(
                    f"{name}-{group.name}",
                    api_version=API_VERSION,
                    kind="PrometheusRule",
                    metadata=meta.v1.ObjectMetaArgs(
                        name=f"aigw-{group.name}",
                        namespace=args.namespace,
                        labels=labels(NAME),
                    ),
                    spec=alert_rules.spec([group]),
                    opts=turn.next,
                )
            )
        self.register_outputs({})
