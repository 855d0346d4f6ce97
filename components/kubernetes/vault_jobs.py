"""The jobs around Vault: certificates before its servers, then set-up, and snapshots for ever.

Each is a Python program that stands beside this package; the image is chosen for what it holds,
boto3 and cryptography.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import pulumi

from components.base import PlatformComponent
from components.kubernetes import controllers as shared
from components.kubernetes.access import Pods
from components.kubernetes.cluster import Cluster
from components.kubernetes.container import (
    TOKEN,
    Container,
    Files,
    Scratch,
    SecretKey,
    resources_of,
)
from components.kubernetes.job import Job, JobArgs
from components.kubernetes.model_sync import PACKAGE, python, scripts
from components.kubernetes.scripts import secret_store, vault_api, vault_setup, vault_snapshot
from components.kubernetes.secrets import Remote, SecretNeed, external_secret
from components.kubernetes.vault_config import (
    AUTHORITY_KEY,
    NAME,
    PORT,
    TLS_FOLDER,
    TLS_SECRET,
    host,
    member_host,
    names,
)
from components.kubernetes.vault_settings import AUDIENCE, Wanted, settings
from components.kubernetes.workload import service_account
from components.sequel import Sequel
from sizing.plans import HelperPlan
from sizing.plans.workloads import VaultPlan
from sizing.units import GIB, MIB

CERTIFICATES, RENEWAL = "vault-certificates", "vault-renewal"
PASSWORD_KEY = "password"
_SERVER_KEYS = (AUTHORITY_KEY, "tls.crt", "tls.key")
_IMAGE = "model-sync"  # LiteLLM's own, see sizing.versions.images
_POOL = "general"
# programs that others are made of: whoever keeps secrets, and whoever speaks to Google
_GOOGLE = ("__init__.py", "google_cloud.py")
_KEEPS = (*_GOOGLE, "secret_store.py")
_TOKEN_FOLDER = "/var/run/secrets/vault"
_SETTINGS_FOLDER, _SETTINGS_KEY = "/etc/vault-setup", "settings.json"
_TEMPORARY = "/tmp"
# On Mondays: a certificate is renewed with half of its life left, six runs before it ends.
_RENEWAL_SCHEDULE = "40 3 * * 1"
_SHORT_SECONDS, _SETUP_SECONDS, _SNAPSHOT_SECONDS = 300, 1800, 3600


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """Where the jobs run."""

    cluster: Cluster
    namespace_name: str
    namespace: pulumi.Input[str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Target:
    """A folder of a bucket; `prefix` ends in "/", `store` is S3 or GCS of `vault_snapshot`."""

    bucket: pulumi.Input[str]
    region: str
    prefix: str
    store: str = vault_snapshot.S3


@dataclass(frozen=True, slots=True, kw_only=True)
class CertificateArgs:
    """What makes certificates: the cloud's secrets of servers and authority, which it may fill.

    Attributes:
        entry: how the operator of secrets calls `server`.
    """

    plan: HelperPlan
    region: str
    server: pulumi.Input[str]
    authority: pulumi.Input[str]
    entry: pulumi.Input[str]


@dataclass(frozen=True, slots=True, kw_only=True)
class SetupArgs:
    """What the set-up needs besides its place.

    Attributes:
        database: the database server's own name, "" where no logins are made.
        secret: secret of the namespace with the issuer's password, "" likewise.
        recovery: name of the cloud's secret for recovery keys, `session` of that for the first
            token.
    """

    plan: HelperPlan
    members: int
    wanted: Wanted
    region: str
    database: pulumi.Input[str]
    secret: str
    recovery: pulumi.Input[str]
    session: pulumi.Input[str]
    after: Sequence[pulumi.Resource]


def certificates(
    owner: PlatformComponent, name: str, place: Place, args: CertificateArgs
) -> Sequence[pulumi.Resource]:
    """Create the job that makes the certificates, and the one that renews them, with one account.

    Returns what the servers wait for: the secret of the namespace.
    """
    turn = Sequel(owner, place.cluster.ready)
    identity = place.cluster.identity(place.namespace_name, CERTIFICATES)
    service_account(turn, f"{name}-account", CERTIFICATES, place.namespace, identity)
    container = _container(
        args.plan,
        "vault_certificates",
        environment={
            **_runs(),
            secret_store.REGION: args.region,
            "AIGW_CERTIFICATE_NAMES": " ".join(names(place.namespace_name)),
            "AIGW_SERVER_SECRET": args.server,
            "AIGW_AUTHORITY_SECRET": args.authority,
        },
        files=(scripts((*_KEEPS, "vault_certificates.py")),),
    )
    once, _ = (
        Job(
            f"{name}-{job.removeprefix('vault-')}",
            JobArgs(
                job=job,
                account=CERTIFICATES,
                cluster=place.cluster,
                namespace_name=place.namespace_name,
                namespace=place.namespace,
                container=container,
                placement=place.cluster.placement_on(_POOL),
                calls=shared.cloud(place.cluster),
                version=" ".join(names(place.namespace_name)),
                deadline_seconds=_SHORT_SECONDS,
                schedule=schedule,
                after=turn.last,
            ),
            owner.child,
        )
        for job, schedule in ((CERTIFICATES, ""), (RENEWAL, _RENEWAL_SCHEDULE))
    )
    entries = {key: Remote(name=args.entry, property=key) for key in _SERVER_KEYS}
    secret = external_secret(
        owner,
        f"{name}-tls",
        SecretNeed(secret=TLS_SECRET, entries=entries),
        cluster=place.cluster,
        namespace=place.namespace,
        after=[once.done],
    )
    return [secret]


def setup(owner: PlatformComponent, name: str, place: Place, args: SetupArgs) -> pulumi.Resource:
    """Create the job that initialises Vault and lays down what it holds; returns its end."""
    wanted = settings(args.wanted)
    said = pulumi.Output.json_dumps(wanted, indent=1, sort_keys=True)
    secret = {vault_setup.DATABASE_PASSWORD: SecretKey(secret=args.secret, key=PASSWORD_KEY)}
    container = _container(
        args.plan,
        "vault_setup",
        environment={
            **_asks(place),
            vault_setup.MEMBERS: " ".join(_members(place, args.members)),
            secret_store.REGION: args.region,
            vault_setup.SETTINGS: f"{_SETTINGS_FOLDER}/{_SETTINGS_KEY}",
            vault_setup.RECOVERY_SECRET: args.recovery,
            vault_setup.SESSION_SECRET: args.session,
            vault_setup.DATABASE_HOST: args.database,
        },
        secrets=secret if args.secret else None,
        files=(
            *_trusted(),
            Files(path=_SETTINGS_FOLDER, contents={_SETTINGS_KEY: said}),
            scripts((*_KEEPS, "vault_api.py", "vault_setup.py")),
        ),
    )
    # what the cloud has yet to say is no change of what is wanted
    known = json.dumps(wanted, indent=1, sort_keys=True, default=lambda _: "")
    job = _asking(place, args.plan, container, str(len(known)), _SETUP_SECONDS, after=args.after)
    return Job(name, job, owner.child).done


def snapshots(
    owner: PlatformComponent,
    name: str,
    place: Place,
    plan: HelperPlan,
    vault: VaultPlan,
    targets: Sequence[Target],
    *,
    after: Sequence[pulumi.Resource],
) -> None:
    """Create the job that stores a snapshot again and again, whole or not at all."""
    fields = ("bucket", "region", "prefix", "store")
    said = [{name: getattr(one, name) for name in fields} for one in targets]
    container = _container(
        plan,
        "vault_snapshot",
        environment={
            **_asks(place),
            vault_snapshot.TARGETS: pulumi.Output.json_dumps(said),
        },
        files=(*_trusted(), scripts((*_GOOGLE, "vault_api.py", "vault_snapshot.py"))),
        # it holds no more than a server does
        temporary_bytes=vault.volume_gib * GIB,
    )
    when = vault.snapshot_schedule
    job = _asking(place, plan, container, when, _SNAPSHOT_SECONDS, schedule=when, after=after)
    Job(name, job, owner.child)


def _asking(
    place: Place,
    plan: HelperPlan,
    container: Container,
    version: str,
    deadline_seconds: int,
    *,
    schedule: str = "",
    after: Sequence[pulumi.Resource],
) -> JobArgs:
    """Return a job that asks Vault's servers, once or by its schedule."""
    servers = Pods(namespace=place.namespace_name, name=NAME, ports=(PORT,))
    return JobArgs(
        job=plan.name,
        cluster=place.cluster,
        namespace_name=place.namespace_name,
        namespace=place.namespace,
        container=container,
        placement=place.cluster.placement_on(_POOL),
        calls=(servers, *shared.cloud(place.cluster)),
        version=version,
        deadline_seconds=deadline_seconds,
        schedule=schedule,
        after=after,
    )


def _container(
    plan: HelperPlan,
    program: str,
    *,
    environment: Mapping[str, pulumi.Input[str]],
    files: tuple[Files, ...],
    secrets: Mapping[str, SecretKey] | None = None,
    temporary_bytes: int = 16 * MIB,
) -> Container:
    """Return what runs a program of the package; it is called as its job is."""
    return Container(
        name=plan.name.removeprefix(f"{NAME}-"),
        image=_IMAGE,
        resources=resources_of(plan),
        command=("python", "-m", f"{PACKAGE}.{program}"),
        environment=environment,
        secret_environment=secrets or {},
        files=files,
        scratch=(Scratch(path=_TEMPORARY, size_bytes=temporary_bytes),),
    )


def _runs() -> dict[str, pulumi.Input[str]]:
    return {**python(), "HOME": _TEMPORARY}


def _members(place: Place, members: int) -> list[str]:
    hosts = (member_host(place.namespace_name, f"{NAME}-{index}") for index in range(members))
    return [f"https://{one}:{PORT}" for one in hosts]


def _asks(place: Place) -> dict[str, pulumi.Input[str]]:
    """Return what a program needs that asks Vault's leader.

    A standby would send it on by another name, and a member that has lost its volume knows nothing.
    """
    return {
        **_runs(),
        vault_api.ADDRESS: f"https://{host(place.namespace_name)}:{PORT}",
        vault_api.AUTHORITY: f"{TLS_FOLDER}/{AUTHORITY_KEY}",
        vault_api.TOKEN_FILE: f"{_TOKEN_FOLDER}/{TOKEN}",
    }


def _trusted() -> tuple[Files, ...]:
    authority = Files(path=TLS_FOLDER, secret=TLS_SECRET, secret_keys=(AUTHORITY_KEY,))
    return (authority, Files(path=_TOKEN_FOLDER, audience=AUDIENCE))
