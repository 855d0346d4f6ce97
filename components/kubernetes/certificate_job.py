"""Jobs that make the certificates of a workload's servers, at first and again and again.

The program stands beside this package (`scripts/certificates.py`); the image is chosen for what it
holds, boto3 and cryptography. What it makes is kept in the cloud's store of secrets, from where the
operator brings the servers' part into the namespace.
"""

from __future__ import annotations

from dataclasses import dataclass

import pulumi

from components.base import PlatformComponent
from components.kubernetes import controllers as shared
from components.kubernetes.cluster import Cluster
from components.kubernetes.container import Container, Scratch, resources_of
from components.kubernetes.job import Job, JobArgs
from components.kubernetes.model_sync import PACKAGE, python, scripts
from components.kubernetes.scripts import secret_store
from components.kubernetes.secrets import Remote, SecretNeed, external_secret
from components.kubernetes.workload import service_account
from components.sequel import Sequel
from sizing.plans import HelperPlan
from sizing.units import MIB

SERVER, CLIENT = "server", "client"
"""Who may show a certificate, in the words of `scripts/certificates.py`."""
AUTHORITY_KEY, CERTIFICATE_KEY, KEY_KEY = "ca.crt", "tls.crt", "tls.key"
KEYS = (AUTHORITY_KEY, CERTIFICATE_KEY, KEY_KEY)
"""Entries of the servers' secret: whom to trust, the certificate, and its key."""
KEEPS = ("__init__.py", "google_cloud.py", "secret_store.py")
"""Programs that another is made of which keeps secrets in the cloud's store."""
IMAGE = "model-sync"  # LiteLLM's own, see sizing.versions.images
POOL = "general"
TEMPORARY = "/tmp"
_TEMPORARY_BYTES = 16 * MIB
_SECONDS = 300
# On Mondays: a certificate is renewed with half of its life left, six runs before it ends.
_RENEWAL_SCHEDULE = "40 3 * * 1"


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """Where jobs run."""

    cluster: Cluster
    namespace_name: str
    namespace: pulumi.Input[str]


@dataclass(frozen=True, slots=True, kw_only=True)
class CertificateArgs:
    """What makes certificates: the cloud's secrets of servers and authority, which it may fill.

    Attributes:
        entry: how the operator of secrets calls `server`.
        trusted: secret of the authorities alone, for those who ask and must see no key; None
            for none.
    """

    plan: HelperPlan
    region: str
    server: pulumi.Input[str]
    authority: pulumi.Input[str]
    entry: pulumi.Input[str]
    trusted: pulumi.Input[str] | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Certified:
    """Whose certificate it is, and what it says.

    Attributes:
        job: name of the job that makes it at first, and of the account of both jobs.
        renewal: name of the one that makes it again and again.
        secret: of the namespace, which gets `KEYS`.
        names: host names and addresses of the servers.
        subject: its own name, as `signed_by` is its authority's.
        usages: who may show it, of `SERVER` and `CLIENT`.
    """

    job: str
    renewal: str
    secret: str
    names: tuple[str, ...]
    subject: str
    signed_by: str
    usages: tuple[str, ...] = (SERVER,)


def certificates(
    owner: PlatformComponent, name: str, place: Place, args: CertificateArgs, of: Certified
) -> pulumi.Resource:
    """Create the jobs, with one account, and the namespace's secret; returns that.

    Args:
        owner: the component whose servers these are.
        name: first part of the resources' names.
        place: where the jobs run, and the servers.
        args: what the cloud keeps.
        of: what the certificate says.
    """
    turn = Sequel(owner, place.cluster.ready)
    identity = place.cluster.identity(place.namespace_name, of.job)
    service_account(turn, f"{name}-account", of.job, place.namespace, identity)
    container = _container(args, of)
    once, _ = (
        Job(
            f"{name}-{job.rpartition('-')[2]}",
            JobArgs(
                job=job,
                account=of.job,
                cluster=place.cluster,
                namespace_name=place.namespace_name,
                namespace=place.namespace,
                container=container,
                placement=place.cluster.placement_on(POOL),
                calls=shared.cloud(place.cluster),
                version=" ".join(of.names),
                deadline_seconds=_SECONDS,
                schedule=schedule,
                after=turn.last,
            ),
            owner.child,
        )
        for job, schedule in ((of.job, ""), (of.renewal, _RENEWAL_SCHEDULE))
    )
    return external_secret(
        owner,
        f"{name}-tls",
        SecretNeed(secret=of.secret, entries=remotes(args.entry)),
        cluster=place.cluster,
        namespace=place.namespace,
        after=[once.done],
    )


def remotes(entry: pulumi.Input[str]) -> dict[str, Remote]:
    """Return the entries of the servers' secret in the cloud's store, by its name there."""
    return {key: Remote(name=entry, property=key) for key in KEYS}


def runs() -> dict[str, pulumi.Input[str]]:
    """Return the variables of a program in a container that may write to `TEMPORARY` alone."""
    return {**python(), "HOME": TEMPORARY}


def _container(args: CertificateArgs, of: Certified) -> Container:
    return Container(
        name=of.job.rpartition("-")[2],
        image=IMAGE,
        resources=resources_of(args.plan),
        command=("python", "-m", f"{PACKAGE}.certificates"),
        environment={
            **runs(),
            secret_store.REGION: args.region,
            # as scripts/certificates.py names them: what it imports is in its image alone
            "AIGW_CERTIFICATE_NAMES": " ".join(of.names),
            "AIGW_CERTIFICATE_SUBJECT": of.subject,
            "AIGW_CERTIFICATE_USAGES": " ".join(of.usages),
            "AIGW_AUTHORITY_SUBJECT": of.signed_by,
            "AIGW_SERVER_SECRET": args.server,
            "AIGW_AUTHORITY_SECRET": args.authority,
            **({} if args.trusted is None else {"AIGW_TRUSTED_SECRET": args.trusted}),
        },
        files=(scripts((*KEEPS, "certificates.py")),),
        scratch=(Scratch(path=TEMPORARY, size_bytes=_TEMPORARY_BYTES),),
    )
