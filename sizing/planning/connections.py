"""What the poolers and those who go past them open on the relational store, on any cloud."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from math import ceil

from sizing.capacity.postgres import pods_at_once
from sizing.model import Figure
from sizing.planning import direct
from sizing.planning.environment import Setting
from sizing.planning.sizes import PGBOUNCER_REPLICAS, ROLLOUT_SURGE
from sizing.plans import ServicePlan
from sizing.plans.request import Switches
from sizing.tiers import PGBOUNCER
from sizing.words import Kind

# Superusers', replication's and the managed service's own, and those of the jobs that write schema
# and roles past the poolers: one each.
RESERVED_CONNECTIONS = Figure(
    value=20,
    unit="connections kept back",
    source="sizing-decisions",
    date="2026-11",
    kind=Kind.ASSUMED,
)
# Grafana holds a lock of its session while it writes its schema, and prepares statements by itself:
# a pooler that hands out connections by transaction carries neither. Source: grafana-database.
GRAFANA = "grafana"
VAULT = "vault"
UNPOOLED = frozenset({GRAFANA, *direct.DATABASES})
"""Databases whose users go to the server itself."""
GRAFANA_POOL = 5  # connections of each pool that a replica opens. Source: sizing-decisions.
GRAFANA_POOLS = 2  # its own tables and its unified storage. Source: grafana-database.


def pooled(databases: Iterable[str]) -> tuple[str, ...]:
    """Return the databases that are reached through the poolers, in the same order."""
    return tuple(one for one in databases if one not in UNPOOLED)


def direct_connections(services: Iterable[ServicePlan], switches: Switches) -> int:
    """Return the connections that are opened past the poolers, in a rollout."""
    each = {**direct.CONNECTIONS, GRAFANA: GRAFANA_POOLS * GRAFANA_POOL}
    pods = {one.name: pods_at_once(one.scale.maximum, ROLLOUT_SURGE.value) for one in services}
    own = sum(pods[name] * of_pod for name, of_pod in each.items() if name in pods)
    return own + (_vaults(pods, switches) if VAULT in pods else 0)


def _vaults(pods: Mapping[str, int], switches: Switches) -> int:
    """Return the issuer's connections and those of the logins that each reader's pods get.

    A reader that is no service of the plan is one pod: nobody says how many it has.
    """
    logins = sum(pods.get(name, 1) * databases for name, databases in switches.vault_logins)
    return direct.ISSUER_CONNECTIONS + logins * direct.LOGIN_CONNECTIONS


def pool_size(setting: Setting, poolers: int) -> int:
    """Return the pool of one PgBouncer: chapter 2.4's, for Enterprise the largest that it gives.

    More poolers than the usual share its connections: they are added for clients, not for the
    server, whose work is the same.
    """
    documented = setting.tables.pgbouncer_pool_size
    largest = max(size for _, size in PGBOUNCER.default_pool_size)
    whole = setting.quantity(documented or largest) * PGBOUNCER_REPLICAS
    return ceil(whole / max(PGBOUNCER_REPLICAS, poolers))


def server_connections(setting: Setting, poolers: int, databases: int) -> int:
    """Return the connections that poolers may open, a role of its own each database.

    A rollout starts poolers beside those that stand: they are counted.
    """
    each = pool_size(setting, poolers) + PGBOUNCER.reserve_pool_size
    return each * poolers_at_once(poolers) * databases


def poolers_at_once(poolers: int) -> int:
    """Return the poolers that stand together while a rollout replaces them."""
    return pods_at_once(poolers, ROLLOUT_SURGE.value)


def asked_connections(setting: Setting, poolers: int, databases: int) -> int:
    """Return the max_connections that surely holds them: the reserve twice, since it is assumed."""
    reserve = int(RESERVED_CONNECTIONS)
    return server_connections(setting, poolers, databases) + reserve + reserve
