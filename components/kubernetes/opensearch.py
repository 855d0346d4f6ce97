"""OpenSearch in the cluster, where the cloud sells none: members that vote, with a volume each.

Settings are those of OpenSearch 3.5 and of its security plugin. The image's own start script is not
run: it would lay down the demo's certificates and users, and start an agent beside the server.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import pulumi

from components.base import PlatformComponent
from components.kubernetes import certificate_job
from components.kubernetes.access import Peer, Pods
from components.kubernetes.certificate_job import (
    CLIENT,
    SERVER,
    CertificateArgs,
    Certified,
    Place,
)
from components.kubernetes.cluster import Cluster
from components.kubernetes.container import (
    Container,
    Files,
    Port,
    Probe,
    Probes,
    Scratch,
    SecretKey,
    resources_of,
)
from components.kubernetes.opensearch_config import (
    AUTHORITY,
    CONFIG_FOLDER,
    DATA_FOLDER,
    HEALTH,
    HTTP_PORT,
    MEMBERS_PORT,
    PASSWORD_KEY,
    PASSWORD_VARIABLE,
    SETTINGS_FILE,
    TLS,
    USERS_FILE,
    MembersConfig,
    java_options,
    settings,
    users,
)
from components.kubernetes.secrets import Remote, SecretNeed, external_secret
from components.kubernetes.service import Service, ServiceArgs
from sizing.plans import ServicePlan
from sizing.units import MIB

IMAGE = "opensearch"
CERTIFICATES, RENEWAL = "opensearch-certificates", "opensearch-renewal"
COMMON_NAME = "opensearch"
"""Of the members' certificate: who shows it is a member."""
PASSWORD_SECRET, TLS_SECRET = "opensearch-administrator", "opensearch-tls"
_GIVEN_FOLDER = "/etc/opensearch-given"
_TLS_FOLDER = f"{CONFIG_FOLDER}/{TLS}"
_STOP_SECONDS = 120
# Half an hour: it opens its port when it has found a cluster and read what indices it holds.
_STARTUP_FAILURES = 180
_CONFIG_BYTES = 64 * MIB

# The image's configuration is copied to where it may be written, as the server makes its keystore
# there; then ours takes the place of the demo's.
_PREPARE = f"""\
set -eu
cp -R /usr/share/opensearch/config/. {CONFIG_FOLDER}/
cp {_GIVEN_FOLDER}/{SETTINGS_FILE} {CONFIG_FOLDER}/{SETTINGS_FILE}
cp {_GIVEN_FOLDER}/{USERS_FILE} {CONFIG_FOLDER}/opensearch-security/{USERS_FILE}
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class OpenSearchArgs:
    """What the members need.

    Attributes:
        plan: how many members, how large, with which volume.
        name: of the cluster, which members ask each other for.
        password: the administrator's, of `opensearch_config.PASSWORD`.
        certificates: where their certificate is kept, and how large the jobs are that make it; the
            account "opensearch-certificates" may read and fill those secrets.
        callers: who may ask it, at `HTTP_PORT`.

    Raises:
        ValueError: members have no volume.
    """

    cluster: Cluster
    namespace: pulumi.Input[str]
    plan: ServicePlan
    name: str
    password: Remote
    certificates: CertificateArgs
    callers: tuple[Peer, ...]

    def __post_init__(self) -> None:
        if not self.plan.volume_gib:
            raise ValueError("members keep what they hold on a volume, none is planned")


class OpenSearch(PlatformComponent):
    """Members, their certificate, their service and who may speak to them.

    One certificate serves all members at both ports. The administrator is the only user; others
    are laid down by a job (`search_setup`). Neither snapshots nor a member fewer are seen to here.
    """

    host: pulumi.Output[str]
    """Name that clients connect to: it answers with the addresses of all members."""
    port: int
    """Of the HTTP interface, by TLS; clients trust `AUTHORITY` of the certificate."""
    ready: Sequence[pulumi.Resource]
    """What needs the search engine waits for these."""

    def __init__(
        self, name: str, args: OpenSearchArgs, opts: pulumi.ResourceOptions | None = None
    ) -> None:
        super().__init__("aigw:kubernetes:OpenSearch", name, args.plan, opts)
        place = Place(
            cluster=args.cluster, namespace_name=args.plan.namespace, namespace=args.namespace
        )
        certificate = certificate_job.certificates(
            self, name, place, args.certificates, certified(args.plan)
        )
        need = SecretNeed(secret=PASSWORD_SECRET, entries={PASSWORD_KEY: args.password})
        password = external_secret(
            self, f"{name}-password", need, cluster=args.cluster, namespace=args.namespace
        )
        service = Service(
            f"{name}-service",
            ServiceArgs(
                plan=args.plan,
                cluster=args.cluster,
                namespace=args.namespace,
                containers=(_member(args.plan),),
                before=(_prepare(args),),
                stop_seconds=_STOP_SECONDS,
                called_by=(*args.callers, *_members(args.plan)),
                calls=_members(args.plan),
                stateful=True,
                secrets=(need,),
                after=(certificate, password),
            ),
            self.child,
        )
        self.host, self.port = service.host, HTTP_PORT
        self.ready = (service.workload,)
        self.register_outputs({"host": self.host, "port": self.port})


def host(plan: ServicePlan) -> str:
    """Return the name that answers with the addresses of all members."""
    return f"{plan.name}.{plan.namespace}.svc.cluster.local"


def names(plan: ServicePlan) -> tuple[str, ...]:
    """Return what the members' certificate must name: them all, each one, and a pod for itself."""
    return (host(plan), f"*.{host(plan)}", "localhost")


def certified(plan: ServicePlan) -> Certified:
    """Return what the members' certificate says: members show it as servers and as clients."""
    return Certified(
        job=CERTIFICATES,
        renewal=RENEWAL,
        secret=TLS_SECRET,
        names=names(plan),
        subject=COMMON_NAME,
        signed_by="OpenSearch authority",
        usages=(SERVER, CLIENT),
    )


def configuration(args: OpenSearchArgs) -> MembersConfig:
    """Return what the members are told of each other."""
    plan = args.plan
    return MembersConfig(
        cluster=args.name,
        host=host(plan),
        members=tuple(f"{plan.name}-{index}" for index in range(plan.scale.planned)),
        subject=f"CN={COMMON_NAME}",
    )


def _members(plan: ServicePlan) -> tuple[Peer, ...]:
    """Return the members as peers of each other, nobody where there is but one."""
    if plan.scale.planned == 1:
        return ()
    return (Pods(namespace=plan.namespace, name=plan.name, ports=(MEMBERS_PORT,)),)


def _config() -> Scratch:
    return Scratch(path=CONFIG_FOLDER, size_bytes=_CONFIG_BYTES, shared=True)


def _prepare(args: OpenSearchArgs) -> Container:
    """Return what puts the configuration together before a member starts."""
    given = {SETTINGS_FILE: settings(configuration(args)), USERS_FILE: users()}
    return Container(
        name="configuration",
        image=IMAGE,
        resources=resources_of(args.plan),
        command=("/bin/bash", "-c", _PREPARE),
        files=(Files(path=_GIVEN_FOLDER, contents=given),),
        scratch=(_config(),),
    )


def _member(plan: ServicePlan) -> Container:
    opened = Probe(port="http", failures=_STARTUP_FAILURES)
    return Container(
        name="opensearch",
        image=IMAGE,
        resources=resources_of(plan),
        command=("/usr/share/opensearch/bin/opensearch",),
        environment={
            "OPENSEARCH_PATH_CONF": CONFIG_FOLDER,
            "OPENSEARCH_JAVA_OPTS": java_options(plan.memory_limit_bytes),
            # nothing of the demo, whoever should start the image's own script
            "DISABLE_INSTALL_DEMO_CONFIG": "true",
        },
        secret_environment={PASSWORD_VARIABLE: SecretKey(secret=PASSWORD_SECRET, key=PASSWORD_KEY)},
        ports=(
            Port(name="http", number=HTTP_PORT),
            Port(name="members", number=MEMBERS_PORT),
        ),
        probes=Probes(
            startup=opened,
            readiness=Probe(command=_healthy()),
            liveness=Probe(port="http", failures=6),
        ),
        files=(Files(path=_TLS_FOLDER, secret=TLS_SECRET, secret_keys=certificate_job.KEYS),),
        scratch=(_config(),),
        volume_path=DATA_FOLDER,
    )


def _healthy() -> tuple[str, ...]:
    """Return what asks a member whether it knows its users; that takes no password."""
    return (
        "curl",
        "--silent",
        "--fail",
        "--output",
        "/dev/null",
        "--cacert",
        f"{_TLS_FOLDER}/{AUTHORITY}",
        f"https://localhost:{HTTP_PORT}/{HEALTH}",
    )
