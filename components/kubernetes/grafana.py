"""Grafana by its own chart: dashboards as files, its state in PostgreSQL, nothing on a volume.

It goes to the database server itself, past the poolers (`sizing.planning.connections`). Its pods
can go at any time; dashboards that change reach them without a new pod.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import pulumi
from pulumi_kubernetes import core, meta

from components.base import PlatformComponent
from components.generated import GeneratedKey, GeneratedSecret
from components.kubernetes import access, images
from components.kubernetes import controllers as shared
from components.kubernetes import grafana_config as config
from components.kubernetes.access import Blocks, Peer
from components.kubernetes.cluster import Cluster, labels
from components.kubernetes.grafana_config import PORT, GrafanaConfig, Sources
from components.kubernetes.helm import release
from components.kubernetes.pod import CHECKSUM, checksum
from components.kubernetes.secrets import Remote, SecretNeed, external_secret, origins
from components.sequel import Sequel
from sizing.plans import ServicePlan

NAME = "grafana"
POSTGRES_PORT = 5432
ADMIN_KEY, SIGNING_KEY = "admin-password", "secret-key"
USER_KEY, DATABASE_KEY, CLIENT_KEY = "admin-user", "database-password", "oidc-client-secret"
SECRET_LENGTH = 40
_SECRET = "grafana-secrets"
_BOARDS = "grafana-dashboards"
_AUTHORITY = "grafana-authority"
# The first start writes the whole schema.
_START = {"periodSeconds": 5, "failureThreshold": 120}
_PORT_NAME = "grafana"


@dataclass(frozen=True, slots=True, kw_only=True)
class Login:
    """How Grafana reaches its database.

    Attributes:
        host: as the server's certificate names it.
        authority: certificates, as PEM, of which one must have signed the server's.
    """

    host: pulumi.Input[str]
    role: str
    password: Remote
    authority: pulumi.Input[str]


@dataclass(frozen=True, slots=True, kw_only=True)
class GrafanaArgs:
    """What Grafana needs; how many and how large stands in `plan`.

    Attributes:
        boards: files of dashboards by name.
        keys: secret of the cloud's store with the administrator's password and the signing key.
        client_secret: of single sign-on, None without it.
        called_by: who may open a connection to it, besides Prometheus.
        calls: whom it may ask.
        after: the database's set-up.
    """

    plan: ServicePlan
    cluster: Cluster
    namespace: pulumi.Input[str]
    config: GrafanaConfig
    sources: Sources
    boards: Mapping[str, str]
    database: Login
    keys: pulumi.Input[str]
    client_secret: Remote | None
    called_by: tuple[Peer, ...]
    calls: tuple[Peer, ...]
    after: Sequence[pulumi.Resource] = ()


def generated(*, protect: bool) -> GeneratedSecret:
    """Return what the cloud's store has to make: what the signing key sealed needs it for ever."""
    return GeneratedSecret(
        name=NAME,
        keys=(
            GeneratedKey(name=ADMIN_KEY, length=SECRET_LENGTH),
            GeneratedKey(name=SIGNING_KEY, length=SECRET_LENGTH, permanent=protect),
        ),
        protect=protect,
    )


class Grafana(PlatformComponent):
    """Grafana with its dashboards and data sources.

    Raises:
        ValueError: single sign-on without its client secret, or the reverse.
    """

    host: pulumi.Output[str]
    """Name of the Service within the cluster."""
    ready: Sequence[pulumi.Resource]
    """Done once its pods are ready."""

    def __init__(
        self, name: str, args: GrafanaArgs, opts: pulumi.ResourceOptions | None = None
    ) -> None:
        super().__init__("aigw:kubernetes:Grafana", name, args.plan, opts)
        need = _need(args)
        turn = Sequel(self, args.cluster.ready)
        access.closed(
            turn,
            f"{name}-peers",
            NAME,
            args.namespace,
            called_by=[*args.called_by, access.prometheus(args.cluster, PORT)],
            calls=[
                *args.calls,
                Blocks(blocks=args.cluster.addresses, ports=(POSTGRES_PORT,)),
                *_provider(args),
            ],
        )
        authority = {config.AUTHORITY_KEY: args.database.authority}
        for title, data in ((_BOARDS, args.boards), (_AUTHORITY, authority)):
            turn.add(
                core.v1.ConfigMap(
                    f"{name}-{title.removeprefix(f'{NAME}-')}",
                    metadata=_meta(title, args),
                    data=dict(data),
                    opts=turn.next,
                )
            )
        secret = external_secret(
            self, f"{name}-secret", need, cluster=args.cluster, namespace=args.namespace
        )
        made = release(
            self,
            f"{name}-chart",
            NAME,
            args.namespace,
            values(args),
            after=[*turn.last, secret, *args.after],
        )
        self.host = pulumi.Output.concat(NAME, ".", args.namespace, ".svc.cluster.local")
        self.ready = [made]
        self.register_outputs({"host": self.host})


def _meta(name: str, args: GrafanaArgs) -> meta.v1.ObjectMetaArgs:
    return meta.v1.ObjectMetaArgs(name=name, namespace=args.namespace, labels=labels(NAME))


def _provider(args: GrafanaArgs) -> tuple[Peer, ...]:
    """Return the way to the identity provider, wherever it answers."""
    if args.config.oidc is None:
        return ()
    return (access.internet(args.cluster.addresses),)


def _need(args: GrafanaArgs) -> SecretNeed:
    if (args.config.oidc is None) != (args.client_secret is None):
        raise ValueError("single sign-on and its client secret come together")
    client = {} if args.client_secret is None else {CLIENT_KEY: args.client_secret}
    return SecretNeed(
        secret=_SECRET,
        entries={
            ADMIN_KEY: Remote(name=args.keys, property=ADMIN_KEY),
            SIGNING_KEY: Remote(name=args.keys, property=SIGNING_KEY),
            DATABASE_KEY: args.database.password,
            **client,
        },
        # a template leaves out what it does not name
        texts={
            USER_KEY: config.ADMIN,
            **{key: f'{{{{ index . "{key}" }}}}' for key in (ADMIN_KEY, SIGNING_KEY, DATABASE_KEY)},
            **{key: f'{{{{ index . "{key}" }}}}' for key in client},
        },
    )


def values(args: GrafanaArgs) -> dict[str, Any]:
    """Return what differs from the chart's own values; no secret is among them."""
    plan, on = args.plan, args.cluster
    runs_as = images.facts(NAME)
    user = {"runAsUser": runs_as.uid, "runAsGroup": runs_as.gid, "fsGroup": runs_as.gid}
    return {
        "replicas": plan.scale.planned,
        "image": shared.image_by_host(NAME, on),
        "resources": shared.resources(plan),
        **shared.placed(on, plan),
        "topologySpreadConstraints": shared.spread(NAME),
        "podDisruptionBudget": dict(shared.BUDGET),
        "securityContext": {**shared.POD_SECURITY, **user},
        "containerSecurityContext": dict(shared.CONTAINER_SECURITY),
        "extraEmptyDirMounts": [{"name": "sockets", "mountPath": "/tmp"}],
        "enableServiceLinks": False,
        # it asks nothing of Kubernetes
        "automountServiceAccountToken": False,
        "serviceAccount": {"automountServiceAccountToken": False},
        "rbac": {"create": False},
        "testFramework": {"enabled": False},
        "initChownData": {"enabled": False},
        "imageRenderer": {"enabled": False},
        "service": {"port": PORT, "targetPort": PORT},
        "serviceMonitor": {"enabled": True},
        "startupProbe": {"httpGet": {"path": "/api/health", "port": _PORT_NAME}, **_START},
        "admin": {
            "existingSecret": _SECRET,
            "userKey": USER_KEY,
            "passwordKey": ADMIN_KEY,
        },
        "env": {
            "GF_DATABASE_HOST": pulumi.Output.concat(args.database.host, f":{POSTGRES_PORT}"),
            "GF_DATABASE_USER": args.database.role,
            **config.login_variables(args.config.oidc),
        },
        "envValueFrom": _variables(args),
        # secrets and authority are read by new pods alone
        "podAnnotations": {CHECKSUM: checksum([], secrets=_read_once(args))},
        "extraConfigmapMounts": [
            {
                "name": _AUTHORITY,
                "mountPath": f"{config.AUTHORITY_FOLDER}/{config.AUTHORITY_KEY}",
                "subPath": config.AUTHORITY_KEY,
                "configMap": _AUTHORITY,
                "readOnly": True,
            }
        ],
        "grafana.ini": config.settings(args.config),
        "datasources": {"datasources.yaml": config.datasources(args.sources)},
        "dashboardProviders": {"dashboardproviders.yaml": config.providers()},
        "dashboardsConfigMaps": {config.PROVIDER: _BOARDS},
    }


def _read_once(args: GrafanaArgs) -> dict[str, object]:
    return {**origins([_need(args)]), _AUTHORITY: args.database.authority}


def _variables(args: GrafanaArgs) -> dict[str, Any]:
    """Return the variables whose values are in the secret."""
    named = {
        "GF_SECURITY_SECRET_KEY": SIGNING_KEY,
        "GF_DATABASE_PASSWORD": DATABASE_KEY,
    }
    if args.client_secret is not None:
        named["GF_AUTH_GENERIC_OAUTH_CLIENT_SECRET"] = CLIENT_KEY
    return {
        variable: {"secretKeyRef": {"name": _SECRET, "key": key}} for variable, key in named.items()
    }
