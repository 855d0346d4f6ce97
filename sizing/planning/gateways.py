"""The request path: proxy, agent gateway and connection pooler, as many as the peak takes.

The documented replicas are the floor. What the peak needs must stand with one zone lost; what is
planned above the document says which rule asked for it.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from math import ceil

from sizing.capacity import agent_gateway, litellm
from sizing.capacity.constraint import RATE_HEADROOM
from sizing.capacity.postgres import bouncers_needed, pods_at_once
from sizing.planning import sizes
from sizing.planning.connections import pool_size
from sizing.planning.environment import Setting
from sizing.planning.notes import note
from sizing.planning.sizes import Size
from sizing.planning.wanted import Wanted, row_size
from sizing.plans import Adjustment
from sizing.queueing.erlang import Crew
from sizing.queueing.staffing import at_most, with_zone_lost, workers
from sizing.tiers import HPA, PGBOUNCER
from sizing.words import Direction

PROXY = "litellm"
GATEWAY = "agent-gateway"
POOLER = "pgbouncer"


@dataclass(frozen=True, slots=True, kw_only=True)
class Peak:
    """Replicas that carry the peak, those planned so that they do with a zone lost, and why."""

    needed: int
    planned: int
    reason: str


def gateways(setting: Setting) -> tuple[Wanted, ...]:
    """Return proxy, agent gateway and pooler."""
    proxy = _proxy(setting)
    return (_gateway(setting), proxy, _pooler(setting, proxy))


def _proxy(setting: Setting) -> Wanted:
    row = setting.tables.litellm
    size, processes = row_size(row), 1
    if setting.proven:
        pod = litellm.pod(max(row.cpu_request_millis, int(litellm.WORKER_MILLIS)))
        processes = pod.workers
        size = Size(
            cpu_millis=pod.cpu_millis,
            cpu_limit_millis=max(pod.cpu_millis, row.cpu_limit_millis),
            # request and limit alike: a worker keeps what it once took
            memory_bytes=pod.memory_bytes,
            memory_limit_bytes=max(pod.memory_bytes, row.memory_limit_bytes),
        )
    peak = _proxy_peak(setting, processes)
    return Wanted(
        name=PROXY,
        pool_role="general",
        minimum=row.replicas.value,
        needed=peak.needed,
        peak=peak.planned,
        maximum=HPA.maximum,
        size=size,
        workers=processes,
        reason=f"table 2.1 and its autoscaler block; {peak.reason}",
    )


def _proxy_peak(setting: Setting, processes: int) -> Peak:
    rate = setting.load.requests_per_second_peak
    crew = Crew(service_rate_per_second=litellm.REQUESTS_PER_WORKER.value, per_queue=processes)
    staffed = workers(
        rate,
        crew,
        setting.load.objectives.proxy_queue_p99_ms.value,
        zones=setting.survived_zones,
        workers_per_replica=processes,
    )
    carrying = at_most(rate, crew.service_rate_per_second * processes * RATE_HEADROOM.value)
    # What a streamed chunk costs the proxy nobody published; its library's cost is planned for.
    streaming = -(-litellm.workers_needed_for_streams(setting.load) // processes)
    streams = with_zone_lost(streaming, setting.survived_zones)
    return Peak(
        needed=max(staffed.needed, carrying, streaming),
        planned=max(staffed.replicas, streams),
        reason=f"{rate:g} requests/s at peak bind on "
        + ("chunks" if streams > staffed.replicas else staffed.binding),
    )


def _gateway(setting: Setting) -> Wanted:
    row = setting.tables.agent_gateway
    needed = agent_gateway.replicas_needed(setting.load, row.cpu_request_millis)
    return Wanted(
        name=GATEWAY,
        pool_role="general",
        minimum=row.replicas.value,
        needed=needed,
        peak=with_zone_lost(needed, setting.survived_zones),
        maximum=HPA.maximum_over_minimum * row.replicas.value,
        size=row_size(row),
        reason="table 2.2",
    )


def _pooler(setting: Setting, proxy: Wanted) -> Wanted:
    pods = pods_at_once(proxy.ceiling(setting), sizes.ROLLOUT_SURGE.value)
    pool, most = int(litellm.WORKER_POOL), PGBOUNCER.max_client_connections
    clients = pool * proxy.workers
    # a lost zone is not asked of the autoscaler's maximum, which a peak never reaches
    needed = max(1, ceil(clients * proxy.planned(setting) / most))
    if setting.is_dev and clients * pods <= most:
        peak = 1  # an only one is not expected to be lost
    else:
        peak = bouncers_needed(
            pool=pool, workers_per_pod=proxy.workers, pods=pods, max_client_connections=most
        )
    pooler = Wanted(
        name=POOLER,
        pool_role="general",
        minimum=sizes.PGBOUNCER_REPLICAS,
        needed=needed,
        peak=max(peak, with_zone_lost(needed, setting.survived_zones)),
        size=sizes.PGBOUNCER,
        reason="connection pool of chapter 2.4; all clients fit with one replica lost, those of "
        "the planned proxies with a zone lost",
    )
    return replace(pooler, notes=_shared_pool(setting, pooler.planned(setting)))


def _shared_pool(setting: Setting, poolers: int) -> tuple[Adjustment, ...]:
    documented, planned = pool_size(setting, sizes.PGBOUNCER_REPLICAS), pool_size(setting, poolers)
    if planned == documented:
        return ()
    return (
        note(
            f"services.{POOLER}.pool_size",
            documented,
            planned,
            direction=Direction.LOWERED,
            rule="pool-shared",
            reason=f"{poolers} poolers share the connections of {sizes.PGBOUNCER_REPLICAS}: they "
            "are added for clients, and the server's work is the same",
        ),
    )
