"""Archestra by document 002: processes for a day's requests, and the database connections of each.

One process is one thread, so that CPU beyond it is never used: as much is requested, and the
autoscaler sees the thread fill. The documented CPU stays as the limit, and memory as it is written.
"""

from __future__ import annotations

from sizing.capacity import archestra as model
from sizing.capacity.ends import highest, lowest
from sizing.documents import archestra as document
from sizing.documents.archestra import ConfigurationRow
from sizing.planning.environment import Setting
from sizing.planning.notes import note
from sizing.planning.sizes import Size
from sizing.planning.wanted import Wanted
from sizing.plans import Adjustment
from sizing.plans.tools import ArchestraRequest
from sizing.tiers import HPA, PLANNING_FACTORS
from sizing.units import GIB, GIGA, MILLIS_PER_CPU, SECONDS_PER_DAY, format_cpu
from sizing.words import Direction, Tier

WEB, WORKER, MIGRATIONS = "archestra", "archestra-worker", "archestra-migrations"
# Document 002 names no worker. The vendor's chart has one of these; here one may be lost. It
# requests 2 vCPU for a process of one thread: half is requested. Source: archestra-chart.
WORKER_REPLICAS = 2
WORKER_SIZE = Size(
    cpu_millis=1000, cpu_limit_millis=2000, memory_bytes=GIB, memory_limit_bytes=2 * GIB
)


def archestra(setting: Setting) -> tuple[Wanted, ...]:
    """Return the web processes and the workers; nothing where the stack has no Archestra."""
    asked = setting.request.switches.archestra
    if asked is None:
        return ()
    documented = row(asked)
    needed = model.processes_needed(peak(setting, asked))
    count = documented.platform.count
    assert count is not None
    web = Wanted(
        name=WEB,
        pool_role="general",
        minimum=int(lowest(count)),
        needed=needed,
        peak=model.processes_needed(peak(setting, asked), zones=setting.survived_zones),
        maximum=int(highest(count)),
        watched=(HPA.cpu_percent, HPA.memory_percent),
        size=_size(setting, documented),
        reason=f"document 002, {documented.tier}: {documented.requests_per_day.written} requests "
        "a day",
        notes=_thread_note(setting, documented),
    )
    worker = Wanted(
        name=WORKER,
        pool_role="general",
        minimum=WORKER_REPLICAS,
        tabled=False,
        size=WORKER_SIZE,
        reason="the vendor's chart: background work, taken from a queue in PostgreSQL",
    )
    return (web, worker)


def row(asked: ArchestraRequest) -> ConfigurationRow:
    """Return the deployment of document 002: the stated one, else the smallest for the day."""
    if asked.tier is not None:
        return document.TIERS[asked.tier]
    day = asked.requests_per_day or 0
    fits = (one for one in document.CONFIGURATIONS if day <= highest(one.requests_per_day))
    return next(fits, document.TIERS[Tier.ENTERPRISE])


def peak(setting: Setting, asked: ArchestraRequest) -> float:
    """Return the requests a second at the peak of this environment's day."""
    day = asked.requests_per_day
    whole = highest(row(asked).requests_per_day) if day is None else day
    return setting.quantity(int(whole)) / SECONDS_PER_DAY * PLANNING_FACTORS.peak_factor.planned


def _size(setting: Setting, documented: ConfigurationRow) -> Size:
    cpu = int(highest(documented.platform.vcpu)) * MILLIS_PER_CPU
    memory = round(highest(documented.platform.memory) / GIGA) * GIB
    thread = model.THREADS_PER_PROCESS * MILLIS_PER_CPU
    return Size(
        cpu_millis=min(cpu, thread) if setting.proven else cpu,
        cpu_limit_millis=cpu,
        memory_bytes=memory,
        memory_limit_bytes=memory,
    )


def _thread_note(setting: Setting, documented: ConfigurationRow) -> tuple[Adjustment, ...]:
    if not setting.proven:
        return ()
    asked = int(highest(documented.platform.vcpu)) * MILLIS_PER_CPU
    return (
        note(
            f"services.{WEB}.cpu_request_millis",
            format_cpu(asked),
            format_cpu(model.THREADS_PER_PROCESS * MILLIS_PER_CPU),
            direction=Direction.REPLACED,
            rule="archestra-thread",
            reason="a process is one thread (document 002): a request that it cannot fill would "
            "keep the autoscaler from ever seeing it busy; the documented CPU is its limit",
        ),
    )
