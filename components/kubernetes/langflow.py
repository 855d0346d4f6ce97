"""Langflow (document 003), in which flows are drawn and run: several replicas over one database.

What it writes to files, uploads and its own store of avatars, is in a shared folder; its Langflow
tables are its own to change, under a lock of its session (`sizing.planning.direct`).
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import pulumi

from components.base import PlatformComponent
from components.generated import GeneratedKey, GeneratedSecret
from components.kubernetes.access import Peer, internet
from components.kubernetes.cluster import Cluster
from components.kubernetes.container import (
    Claim,
    Container,
    Port,
    Probe,
    Probes,
    Scratch,
    SecretKey,
    resources_of,
)
from components.kubernetes.secrets import Remote, SecretNeed, external_secret
from components.kubernetes.server_login import PASSWORD, ServerLogin, address, authority, road
from components.kubernetes.service import Metrics, Service, ServiceArgs
from components.kubernetes.shared_files import SharedFiles
from components.kubernetes.wiring import shown
from sizing.planning.direct import LANGFLOW_OVERFLOW, LANGFLOW_POOL
from sizing.plans import ServicePlan
from sizing.units import MIB

PORT, METRICS_PORT = 7860, 9090
STORED = "langflow"
"""Name of its secret in the cloud's store; in the cluster it is called alike."""
SECRET_KEY, SUPERUSER_KEY = "secret-key", "superuser-password"
KEYS: Mapping[str, str] = {
    "LANGFLOW_SECRET_KEY": SECRET_KEY,
    "LANGFLOW_SUPERUSER_PASSWORD": SUPERUSER_KEY,
}
"""Key in the cloud's store by variable."""
SUPERUSER = "admin"
FILES_PATH = "/app/langflow"
HOME = "/app/data"
"""As the image has it: caches, which may go with the pod."""
_DATABASE = "LANGFLOW_DATABASE_URL"
_KEY_LENGTH = 43  # as long as the Fernet key that it makes of it
_PASSWORD_LENGTH = 40
_POOL_SECONDS = 30
_RECYCLE_SECONDS = 1800  # its own
_LET_GO_SECONDS = 15
_STOP_SECONDS = 75
# It writes 46 tables and reads in every component before it first answers: minutes on half a core.
_STARTUP_FAILURES = 90
_SCRATCH_BYTES = 1024 * MIB


def generated(*, protect: bool) -> GeneratedSecret:
    """Return the secret that must be made: what it encrypts credentials with is kept."""
    return GeneratedSecret(
        name=STORED,
        keys=(
            GeneratedKey(name=SECRET_KEY, length=_KEY_LENGTH, permanent=protect),
            GeneratedKey(name=SUPERUSER_KEY, length=_PASSWORD_LENGTH),
        ),
        protect=protect,
    )


def environment(*, custom_components: bool) -> dict[str, str]:
    """Return its plain variables.

    Args:
        custom_components: every user may run Python on the server, not administrators alone.
    """
    pool = {
        "pool_size": LANGFLOW_POOL,
        "max_overflow": LANGFLOW_OVERFLOW,
        "pool_timeout": _POOL_SECONDS,
        "pool_pre_ping": True,
        "pool_recycle": _RECYCLE_SECONDS,
        "echo": False,
    }
    return {
        "DO_NOT_TRACK": "true",
        "HOME": HOME,
        "LANGFLOW_AUTO_LOGIN": "false",
        "LANGFLOW_CONFIG_DIR": FILES_PATH,
        "LANGFLOW_CUSTOM_COMPONENT_ADMIN_ONLY": str(not custom_components).lower(),
        "LANGFLOW_DB_CONNECTION_SETTINGS": json.dumps(pool),
        "LANGFLOW_DO_NOT_TRACK": "true",
        "LANGFLOW_ENABLE_SIGNUP": "false",
        "LANGFLOW_ENABLE_SUPERUSER_CLI": "false",
        # a build's events come with its own answer: another replica knows nothing of it
        "LANGFLOW_EVENT_DELIVERY": "direct",
        "LANGFLOW_HOST": "0.0.0.0",
        "LANGFLOW_NEW_USER_IS_ACTIVE": "false",
        "LANGFLOW_OPEN_BROWSER": "false",
        "LANGFLOW_PORT": str(PORT),
        "LANGFLOW_PROMETHEUS_ENABLED": "true",
        "LANGFLOW_PROMETHEUS_PORT": str(METRICS_PORT),
        "LANGFLOW_SUPERUSER": SUPERUSER,
        "LANGFLOW_WORKERS": "1",
    }


@dataclass(frozen=True, slots=True, kw_only=True)
class LangflowArgs:
    """What Langflow needs.

    Attributes:
        login: to its database.
        keys: entries of the cloud's store by the keys of `generated`.
        files: its shared folder.
        custom_components: every user may run Python on the server.
        called_by: who may open a connection to it.
        calls: whom it calls besides its database and the internet.
        after: databases, operator of secrets.
    """

    plan: ServicePlan
    cluster: Cluster
    namespace: pulumi.Input[str]
    login: ServerLogin
    keys: Mapping[str, Remote]
    files: SharedFiles
    custom_components: bool = False
    called_by: tuple[Peer, ...]
    calls: tuple[Peer, ...] = ()
    after: Sequence[pulumi.Resource] = ()


class Langflow(PlatformComponent):
    """Its replicas, their secret and their way to the database."""

    host: pulumi.Output[str]
    """Name within the cluster; it listens on `PORT`."""
    ready: Sequence[pulumi.Resource]
    """What exists once it answers."""

    def __init__(
        self, name: str, args: LangflowArgs, opts: pulumi.ResourceOptions | None = None
    ) -> None:
        super().__init__("aigw:kubernetes:Langflow", name, args.plan, opts)
        need = _need(args)
        secret = external_secret(
            self,
            f"{name}-secret",
            need,
            cluster=args.cluster,
            namespace=args.namespace,
            after=args.after,
        )
        service = Service(
            name,
            ServiceArgs(
                plan=args.plan,
                cluster=args.cluster,
                namespace=args.namespace,
                containers=(_container(args),),
                stop_seconds=_STOP_SECONDS,
                called_by=args.called_by,
                calls=(
                    road(args.login, args.cluster.addresses),
                    internet(args.cluster.addresses),
                    *args.calls,
                ),
                metrics=Metrics(port="metrics"),
                secrets=(need,),
                after=[secret, *args.files.ready],
            ),
            self.child,
        )
        self.host = service.host
        self.ready = (service.workload,)
        self.register_outputs({"host": self.host})


def _need(args: LangflowArgs) -> SecretNeed:
    entries = {key.replace("-", "_"): args.keys[key] for key in KEYS.values()}
    texts = {name: shown(key.replace("-", "_")) for name, key in KEYS.items()}
    return SecretNeed(
        secret=STORED,
        entries={**entries, PASSWORD: args.login.password},
        texts={**texts, _DATABASE: address(args.login)},
    )


def _container(args: LangflowArgs) -> Container:
    return Container(
        name="langflow",
        image="langflow",
        resources=resources_of(args.plan),
        environment=environment(custom_components=args.custom_components),
        secret_environment={
            name: SecretKey(secret=STORED, key=name) for name in (*KEYS, _DATABASE)
        },
        ports=(Port(name="http", number=PORT), Port(name="metrics", number=METRICS_PORT)),
        probes=Probes(
            startup=Probe(port="http", path="/health_check", failures=_STARTUP_FAILURES),
            # asks its database, and restarts nobody
            readiness=Probe(port="http", path="/health_check"),
            liveness=Probe(port="http", path="/health", timeout_seconds=30, failures=6),
        ),
        scratch=(Scratch(path="/tmp", size_bytes=_SCRATCH_BYTES),),
        files=(authority(args.login),),
        claims=(Claim(path=FILES_PATH, claim=args.files.claim),),
        stop_seconds=_LET_GO_SECONDS,
    )
