"""The databases' users, the poolers before the server, and the vector database."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import pulumi

from components.generated import GeneratedSecret
from components.kubernetes import database_secrets
from components.kubernetes.access import Peer, Pods, prometheus
from components.kubernetes.database_issuer import ISSUER, ISSUER_SECRET
from components.kubernetes.database_setup import DatabaseSetup, DatabaseSetupArgs
from components.kubernetes.database_sql import DatabaseNeed
from components.kubernetes.pgbouncer import PgBouncer, PgBouncerArgs
from components.kubernetes.pgbouncer_config import PORT, STATS_USER
from components.kubernetes.qdrant import GRPC_PORT, HTTP_PORT, Qdrant, QdrantArgs
from components.kubernetes.secrets import Remote
from sizing.planning.attached import administrator
from sizing.plans import PlatformPlan
from stacks.apps.controllers import Controllers
from stacks.apps.site import Site


@dataclass(frozen=True, slots=True, kw_only=True)
class Databases:
    """What speaks to the databases needs these.

    Attributes:
        passwords: entries of every login's password, by role.
        served: what waits for the pooler waits for these.
        set_up: what speaks to the server itself waits for these.
    """

    needs: Mapping[str, DatabaseNeed]
    passwords: Mapping[str, Remote]
    served: Sequence[pulumi.Resource]
    set_up: Sequence[pulumi.Resource]
    vectors: Sequence[pulumi.Resource]


def generated(plan: PlatformPlan) -> tuple[GeneratedSecret, ...]:
    """Return the secrets that the databases need made."""
    return database_secrets.generated(
        _needs(plan),
        protect=plan.protect,
        guests=_guests(plan),
        monitor=plan.request.host is None,
    )


def _needs(plan: PlatformPlan) -> tuple[DatabaseNeed, ...]:
    return database_secrets.needs(plan.postgres.databases, plan.pooler.prefix)


def _guests(plan: PlatformPlan) -> tuple[str, ...]:
    """Return the roles by which other stacks set up databases of their own on the server."""
    return tuple(sorted({administrator(one.request) for one in plan.request.guests}))


def build_databases(site: Site, around: Controllers) -> Databases:
    """Register the set-up, the poolers and the vector database."""
    plan, on = site.plan, around.inside["data"]
    inside = on.namespaces["data"]
    needs, guests = _needs(plan), _guests(plan)
    pooled = tuple(need for need in needs if need.name in plan.pooler.databases)
    homes = database_secrets.home(needs, monitor=plan.request.host is None)
    proofs = {
        role: site.secret(secret, database_secrets.proof_key(role))
        for role, secret in (
            *homes.items(),
            *((r, database_secrets.guest_secret(r)) for r in guests),
        )
    }
    if plan.vault is not None:
        proofs[ISSUER] = site.secret(ISSUER_SECRET, database_secrets.proof_key(ISSUER))
    set_up = DatabaseSetup(
        "database-setup",
        DatabaseSetupArgs(
            cluster=on,
            namespace=inside,
            plan=site.helper("database-setup"),
            needs=needs,
            host=site.postgres.host,
            port=site.postgres.port,
            authority=site.postgres.authority,
            master=site.postgres.master,
            secrets=proofs,
            user=site.postgres.user,
            guests=guests,
            monitor=plan.request.host is None,
            issuer=plan.vault is not None,
            version=plan.postgres.engine_version,
        ),
        site.opts,
    )
    pooler = PgBouncer(
        "pgbouncer",
        PgBouncerArgs(
            cluster=on,
            namespace=inside,
            plan=site.service("pgbouncer"),
            pooler=plan.pooler,
            needs=pooled,
            host=site.postgres.host,
            port=site.postgres.port,
            authority=site.postgres.authority,
            secrets=proofs,
            exporter=site.helper("pgbouncer-exporter"),
            stats_password=site.secret(database_secrets.POOLER_SECRET, STATS_USER),
            callers=_callers(site, (PORT,)),
            after=set_up.ready,
        ),
        site.opts,
    )
    return Databases(
        needs={need.name.removeprefix(plan.pooler.prefix): need for need in needs},
        passwords={role: site.secret(secret, role) for role, secret in homes.items()},
        served=pooler.ready,
        set_up=set_up.ready,
        vectors=_vectors(site, around),
    )


def _vectors(site: Site, around: Controllers) -> Sequence[pulumi.Resource]:
    stored = database_secrets.VECTORS_SECRET
    return Qdrant(
        "qdrant",
        QdrantArgs(
            cluster=around.inside["data"],
            namespace=site.cluster.namespaces["data"],
            plan=site.service("qdrant"),
            vectors=site.plan.vectors,
            snapshots=site.helper("vector-snapshots"),
            bucket=site.buckets["backups"],
            region=site.region,
            kind=site.cloud.objects,
            addresses=site.cloud.object_addresses,
            keys={
                key: site.secret(stored, key)
                for key in (database_secrets.VECTORS_KEY, database_secrets.VECTORS_READ_KEY)
            },
            callers=(
                *_callers(site, (HTTP_PORT, GRPC_PORT)),
                prometheus(site.cluster, HTTP_PORT),
            ),
        ),
        site.opts,
    ).ready


def _callers(site: Site, ports: tuple[int, ...]) -> tuple[Peer, ...]:
    """Return who may ask a database: the gateways, and an application where there is one."""
    roles = [role for role in ("apps", "gateway") if role in site.cluster.namespaces]
    return tuple(Pods(namespace=site.cluster.namespaces[role], ports=ports) for role in roles)
