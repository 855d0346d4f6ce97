"""Vault: servers that keep secrets by Raft and open themselves by a key of the cloud.

The servers come by HashiCorp's chart; certificates, set-up and snapshots are jobs of ours around
them (`vault_jobs`). Order: certificates, servers, set-up, snapshots. A server counts as ready
before it is initialised, or the chart would wait for what comes after it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import pulumi

from components.base import PlatformComponent
from components.kubernetes import access, vault_jobs
from components.kubernetes import controllers as shared
from components.kubernetes.access import Blocks, Peer, Pods
from components.kubernetes.certificate_job import CertificateArgs, Place
from components.kubernetes.cluster import Cluster
from components.kubernetes.helm import release
from components.kubernetes.secrets import Remote, SecretNeed, external_secret
from components.kubernetes.vault_config import MEMBERS_PORT, NAME, PORT, Seal
from components.kubernetes.vault_jobs import Target
from components.kubernetes.vault_settings import Wanted
from components.kubernetes.vault_values import ValuesArgs, values
from components.sequel import Sequel
from sizing.plans import HelperPlan, ServicePlan
from sizing.plans.workloads import VaultPlan

CHART = "vault"
DATABASE_SECRET = "vault-database"
"""Secret of the namespace with the issuer's password."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Helpers:
    """What stands beside the servers, as the plan sizes it."""

    care: HelperPlan
    certificates: HelperPlan
    setup: HelperPlan
    snapshots: HelperPlan


@dataclass(frozen=True, slots=True, kw_only=True)
class Kept:
    """Names of the cloud's secrets that the jobs fill, each by its account's rights.

    Attributes:
        recovery: takes the recovery keys, `session` the first token while it is needed; the
            account is "vault-setup".
        server: the servers' certificate, `authority` the key that signs it; the account is
            "vault-certificates".
        entry: how the operator of secrets calls `server`.
    """

    recovery: pulumi.Input[str]
    session: pulumi.Input[str]
    server: pulumi.Input[str]
    authority: pulumi.Input[str]
    entry: pulumi.Input[str]


@dataclass(frozen=True, slots=True, kw_only=True)
class VaultArgs:
    """What Vault needs.

    Attributes:
        plan: how many servers, how large; `vault` what they are besides.
        seal: the key that opens them; the account "vault" must be allowed to use it.
        wanted: what it is made to hold.
        database: the database server's own name, "" where it makes no logins.
        issuer: entry of the issuer's password, None where it makes no logins.
        kept: the cloud's secrets that the jobs fill.
        targets: where snapshots go; the account "vault-snapshots" may write there.
        callers: who may ask it, at `PORT`.
        after: the databases' users, where it makes logins.
    """

    cluster: Cluster
    namespace: pulumi.Input[str]
    plan: ServicePlan
    vault: VaultPlan
    helpers: Helpers
    seal: Seal
    wanted: Wanted
    region: str
    database: pulumi.Input[str] = ""
    issuer: Remote | None
    kept: Kept
    targets: tuple[Target, ...]
    callers: tuple[Peer, ...]
    after: Sequence[pulumi.Resource] = ()


class Vault(PlatformComponent):
    """Servers with certificates of their own, set up, and copied on a schedule.

    Servers change only when their pods are deleted, standbys before the leader (docs/vault.md).

    Raises:
        ValueError: another number of members than is planned.
    """

    ready: Sequence[pulumi.Resource]
    """What needs a secret of it waits for these."""

    def __init__(
        self, name: str, args: VaultArgs, opts: pulumi.ResourceOptions | None = None
    ) -> None:
        super().__init__("aigw:kubernetes:Vault", name, args.vault, opts)
        if args.vault.members != args.plan.scale.planned:
            raise ValueError(
                f"{args.vault.members} members vote, {args.plan.scale.planned} pods are planned"
            )
        place = Place(
            cluster=args.cluster, namespace_name=args.plan.namespace, namespace=args.namespace
        )
        certificates = vault_jobs.certificates(
            self,
            name,
            place,
            CertificateArgs(
                plan=args.helpers.certificates,
                region=args.region,
                server=args.kept.server,
                authority=args.kept.authority,
                entry=args.kept.entry,
            ),
        )
        servers = self._servers(name, args, certificates)
        done = self._setup(name, args, place, servers)
        vault_jobs.snapshots(
            self,
            f"{name}-snapshots",
            place,
            args.helpers.snapshots,
            args.vault,
            args.targets,
            after=[done],
        )
        self.ready = [done]
        self.register_outputs({})

    def _servers(
        self, name: str, args: VaultArgs, after: Sequence[pulumi.Resource]
    ) -> pulumi.Resource:
        turn = Sequel(self, after)
        access.closed(
            turn,
            f"{name}-peers",
            NAME,
            args.namespace,
            called_by=_callers(args),
            calls=_calls(args),
        )
        identity = args.cluster.identity(args.plan.namespace, NAME)
        shown = ValuesArgs(
            plan=args.plan,
            vault=args.vault,
            care=args.helpers.care,
            seal=args.seal,
            cluster=args.cluster,
        )
        return release(
            self,
            f"{name}-chart",
            CHART,
            args.namespace,
            values(shown),
            after=[*turn.last, *identity.ready],
        )

    def _setup(
        self, name: str, args: VaultArgs, place: Place, servers: pulumi.Resource
    ) -> pulumi.Resource:
        before: list[pulumi.Resource] = [servers, *args.after]
        if args.issuer is not None:
            need = SecretNeed(
                secret=DATABASE_SECRET, entries={vault_jobs.PASSWORD_KEY: args.issuer}
            )
            before.append(
                external_secret(
                    self,
                    f"{name}-database",
                    need,
                    cluster=args.cluster,
                    namespace=args.namespace,
                )
            )
        return vault_jobs.setup(
            self,
            f"{name}-setup",
            place,
            vault_jobs.SetupArgs(
                plan=args.helpers.setup,
                members=args.vault.members,
                wanted=args.wanted,
                region=args.region,
                database=args.database,
                secret=DATABASE_SECRET if args.issuer is not None else "",
                recovery=args.kept.recovery,
                session=args.kept.session,
                after=before,
            ),
        )


def _inside(args: VaultArgs, name: str, *ports: int) -> Pods:
    return Pods(namespace=args.plan.namespace, name=name, ports=ports)


def _callers(args: VaultArgs) -> tuple[Peer, ...]:
    """Return who may come: callers, the jobs, who measures, and members among themselves."""
    jobs = (_inside(args, "vault-setup", PORT), _inside(args, "vault-snapshots", PORT))
    return (
        *args.callers,
        *jobs,
        access.prometheus(args.cluster, PORT),
        _inside(args, NAME, PORT, MEMBERS_PORT),
    )


def _calls(args: VaultArgs) -> tuple[Peer, ...]:
    """Return whom a server asks: its like, the API for tokens, the cloud's key, the database."""
    server = args.wanted.server
    stores = (Blocks(blocks=args.cluster.addresses, ports=(server.port,)),) if server else ()
    own = _inside(args, NAME, PORT, MEMBERS_PORT)
    return (own, shared.api(), *shared.cloud(args.cluster), *stores)
