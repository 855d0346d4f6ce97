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
from components.kubernetes import certificate_job
from components.kubernetes import controllers as shared
from components.kubernetes.access import Pods
from components.kubernetes.certificate_job import (
    IMAGE,
    KEEPS,
    POOL,
    TEMPORARY,
    CertificateArgs,
    Certified,
    Place,
    runs,
)
from components.kubernetes.container import (
    TOKEN,
    Container,
    Files,
    Scratch,
    SecretKey,
    resources_of,
)
from components.kubernetes.job import Job, JobArgs
from components.kubernetes.model_sync import PACKAGE, scripts
from components.kubernetes.scripts import secret_store, vault_api, vault_setup, vault_snapshot
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
from components.object_stores import ObjectStore
from sizing.plans import HelperPlan
from sizing.plans.workloads import VaultPlan
from sizing.units import GIB, MIB

CERTIFICATES, RENEWAL = "vault-certificates", "vault-renewal"
PASSWORD_KEY = "password"
# programs that whoever speaks to Google is made of
_GOOGLE = ("__init__.py", "google_cloud.py")
_TOKEN_FOLDER = "/var/run/secrets/vault"
_SETTINGS_FOLDER, _SETTINGS_KEY = "/etc/vault-setup", "settings.json"
_SETUP_SECONDS, _SNAPSHOT_SECONDS = 1800, 3600


@dataclass(frozen=True, slots=True, kw_only=True)
class Target:
    """A folder of a bucket; `prefix` ends in "/", `store` says how the bucket is spoken to."""

    bucket: pulumi.Input[str]
    region: str
    prefix: str
    store: ObjectStore = ObjectStore.S3


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
    """Create the jobs of the servers' certificates; returns what the servers wait for."""
    called = names(place.namespace_name)
    of = Certified(
        job=CERTIFICATES,
        renewal=RENEWAL,
        secret=TLS_SECRET,
        names=called,
        subject=called[0],
        signed_by="Vault authority",
    )
    return [certificate_job.certificates(owner, name, place, args, of)]


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
            scripts((*KEEPS, "vault_api.py", "vault_setup.py")),
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
        placement=place.cluster.placement_on(POOL),
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
        image=IMAGE,
        resources=resources_of(plan),
        command=("python", "-m", f"{PACKAGE}.{program}"),
        environment=environment,
        secret_environment=secrets or {},
        files=files,
        scratch=(Scratch(path=TEMPORARY, size_bytes=temporary_bytes),),
    )


def _members(place: Place, members: int) -> list[str]:
    hosts = (member_host(place.namespace_name, f"{NAME}-{index}") for index in range(members))
    return [f"https://{one}:{PORT}" for one in hosts]


def _asks(place: Place) -> dict[str, pulumi.Input[str]]:
    """Return what a program needs that asks Vault's leader.

    A standby would send it on by another name, and a member that has lost its volume knows nothing.
    """
    return {
        **runs(),
        vault_api.ADDRESS: f"https://{host(place.namespace_name)}:{PORT}",
        vault_api.AUTHORITY: f"{TLS_FOLDER}/{AUTHORITY_KEY}",
        vault_api.TOKEN_FILE: f"{_TOKEN_FOLDER}/{TOKEN}",
    }


def _trusted() -> tuple[Files, ...]:
    authority = Files(path=TLS_FOLDER, secret=TLS_SECRET, secret_keys=(AUTHORITY_KEY,))
    return (authority, Files(path=_TOKEN_FOLDER, audience=AUDIENCE))
