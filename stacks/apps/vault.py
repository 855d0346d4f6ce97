"""The secret store, with what it is made to hold."""

from __future__ import annotations

from collections.abc import Sequence

import pulumi

from components.generated import GeneratedKey, GeneratedSecret
from components.kubernetes import database_secrets
from components.kubernetes.access import Peer, Pods
from components.kubernetes.database_issuer import ISSUER, ISSUER_SECRET
from components.kubernetes.vault import Helpers, Kept, Vault, VaultArgs
from components.kubernetes.vault_config import NAME, PORT
from components.kubernetes.vault_jobs import Target
from components.kubernetes.vault_settings import Reader, Server, Wanted
from sizing.planning.observability import BLACKBOX_EXPORTER
from sizing.plans import PlatformPlan
from sizing.plans.workloads import VaultPlan
from stacks.apps.controllers import Controllers
from stacks.apps.databases import Databases
from stacks.apps.site import Site

ROLE = "vault"
RECOVERY, SESSION = "vault-recovery", "vault-session"
"""Secrets of the cloud's store that the set-up fills: recovery keys, and its first token."""
SERVER, AUTHORITY = "vault-tls", "vault-authority"
"""Likewise of certificates: the servers', which the cluster reads, and the key that signs it."""
SNAPSHOTS = "vault/"
# the namespaces whose workloads may ask it
_CALLERS = ("apps", "gateway")


def generated(plan: PlatformPlan) -> tuple[GeneratedSecret, ...]:
    """Return the secret of the login that makes others, where there is a store to make them."""
    if plan.vault is None:
        return ()
    key = GeneratedKey(
        name=ISSUER,
        length=database_secrets.PASSWORD_LENGTH,
        proof=database_secrets.proof_key(ISSUER),
    )
    return (GeneratedSecret(name=ISSUER_SECRET, keys=(key,), protect=plan.protect),)


def kept(plan: PlatformPlan) -> tuple[str, ...]:
    """Return the secrets that its jobs fill."""
    return () if plan.vault is None else (AUTHORITY, RECOVERY, SERVER, SESSION)


def build_vault(site: Site, around: Controllers, stored: Databases) -> Sequence[pulumi.Resource]:
    """Register Vault, nothing where the stack does without; returns what needs it waits for."""
    plan = site.plan.vault
    if plan is None:
        return ()
    return Vault(
        NAME,
        VaultArgs(
            cluster=around.inside[ROLE],
            namespace=site.cluster.namespaces[ROLE],
            plan=site.service(NAME),
            vault=plan,
            helpers=Helpers(
                care=site.helper("vault-care"),
                certificates=site.helper("vault-certificates"),
                setup=site.helper("vault-setup"),
                snapshots=site.helper("vault-snapshots"),
            ),
            seal=site.cloud.seal,
            wanted=_wanted(site, plan, stored),
            region=site.region,
            database=site.postgres.host,
            issuer=site.secret(ISSUER_SECRET, ISSUER),
            kept=Kept(
                recovery=site.kept[RECOVERY],
                session=site.kept[SESSION],
                server=site.kept[SERVER],
                authority=site.kept[AUTHORITY],
                entry=site.secrets[SERVER],
            ),
            targets=_targets(site),
            callers=_callers(site),
            after=stored.set_up,
        ),
        site.opts,
    ).ready


def _wanted(site: Site, plan: VaultPlan, stored: Databases) -> Wanted:
    readers = site.config.services.vault.readers if "apps" in site.cluster.namespaces else {}
    return Wanted(
        namespace=site.cluster.namespaces[ROLE],
        server=Server(port=site.postgres.port, authority=site.postgres.authority),
        needs=tuple(stored.needs.values()),
        readers=tuple(
            Reader(account=name, namespace=site.cluster.namespaces["apps"], databases=databases)
            for name, databases in sorted(readers.items())
        ),
        login_seconds=plan.login_seconds,
        login_maximum_seconds=plan.login_maximum_seconds,
    )


def _targets(site: Site) -> tuple[Target, ...]:
    here = _target(site, site.buckets["backups"], site.region)
    if site.recovery is None:
        return (here,)
    return (here, _target(site, site.recovery.bucket, site.recovery.region))


def _target(site: Site, bucket: pulumi.Input[str], region: str) -> Target:
    return Target(bucket=bucket, region=region, prefix=SNAPSHOTS, store=site.cloud.objects)


def _callers(site: Site) -> tuple[Peer, ...]:
    spaces = site.cluster.namespaces
    roles = [role for role in _CALLERS if role in spaces]
    callers = tuple(Pods(namespace=spaces[role], ports=(PORT,)) for role in roles)
    if not site.has(BLACKBOX_EXPORTER):
        return callers
    prober = Pods(namespace=spaces["observability"], name=BLACKBOX_EXPORTER, ports=(PORT,))
    return (*callers, prober)
