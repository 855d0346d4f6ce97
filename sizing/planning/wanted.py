"""A service before the environment's share: what the tables say of it, and what the peak takes."""

from __future__ import annotations

from dataclasses import dataclass, replace
from math import ceil

from sizing.planning import sizes
from sizing.planning.environment import Setting
from sizing.planning.homes import home
from sizing.planning.scaling import scaling
from sizing.planning.sizes import Size
from sizing.plans import Adjustment, Scale, ScalingPlan, ServicePlan
from sizing.tiers import HPA
from sizing.tiers.schema import ServiceRow


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """A service as it is asked for.

    Attributes:
        minimum: documented replicas in prod; `documented` where the plan's floor is another.
        fixed: replicas of this environment, decided already; None where the rules below decide.
        needed: replicas that carry this environment's peak, None where the floor does.
        peak: replicas that stand so that `needed` do with a zone lost; 0 where the floor rules.
        maximum: the autoscaler's ceiling in prod, None where nothing scales it.
        volume_needed_gib: what the load fills of each volume, whatever the document asks.
        log_volume_gib: a second volume of each, for what is logged; no environment makes it less.
        quorum: members vote, their number stays odd.
        by_hand: replicas that the stack file sets, over all of the above.
        tabled: the documents name it; what they do not name differs from nothing.
        watched: CPU and memory, in per cent of the requests, at which a document of its own adds
            replicas; zeros for the plan's own.
        notes: what is raised besides replicas.
    """

    name: str
    pool_role: str
    minimum: int
    size: Size
    reason: str
    documented: int | None = None
    fixed: int | None = None
    needed: int | None = None
    peak: int = 0
    maximum: int | None = None
    gpus: int = 0
    volume_gib: int = 0
    volume_needed_gib: int = 0
    log_volume_gib: int = 0
    quorum: bool = False
    by_hand: Scale | None = None
    tabled: bool = True
    watched: tuple[int, int] = (0, 0)
    pool: str = ""
    workers: int = 0
    model: str = ""
    slots: int = 0
    startup_seconds: int = 0
    cold_start_seconds: int = 0
    notes: tuple[Adjustment, ...] = ()

    def floor(self, setting: Setting) -> int:
        """Return the environment's share of the documented replicas."""
        documented = self.minimum if self.documented is None else self.documented
        return setting.count(documented, quorum=self.quorum)

    def planned(self, setting: Setting) -> int:
        """Return the replicas that stand at peak."""
        if self.by_hand is not None:
            return self.by_hand.planned
        if self.fixed is not None:
            return self.fixed
        return max(self.floor(setting), self.peak) if setting.proven else self.floor(setting)

    def least(self, setting: Setting) -> int:
        """Return the autoscaler's minimum."""
        if self.by_hand is not None:
            return self.by_hand.minimum
        planned = self.planned(setting)
        # GPU pods start in minutes: what the peak needs must stand before it comes.
        if self.gpus or self.maximum is None:
            return planned
        return min(planned, setting.count(self.minimum, quorum=self.quorum))

    def ceiling(self, setting: Setting) -> int:
        """Return the maximum: four times the minimum or plan and surge, whichever is more."""
        planned = self.planned(setting)
        if self.by_hand is not None:
            return self.by_hand.maximum
        if self.maximum is None:
            return planned
        if not setting.proven:
            return max(planned, setting.count(self.maximum))
        # GPU pools roll without surge (cloud rule 14), so an engine's rollout adds none.
        surge = 0 if self.gpus else ceil(planned * sizes.ROLLOUT_SURGE.value)
        return max(HPA.maximum_over_minimum * setting.count(self.minimum), planned + surge)

    def plan(self, setting: Setting) -> ServicePlan:
        """Return the finished service."""
        planned = self.planned(setting)
        scale = Scale(minimum=self.least(setting), planned=planned, maximum=self.ceiling(setting))
        return ServicePlan(
            name=self.name,
            namespace=home(setting, self.name),
            pool_role=self.pool_role,
            pool=self.pool,
            scale=scale,
            needed=planned if self.needed is None else self.needed,
            cpu_request_millis=self.size.cpu_millis,
            cpu_limit_millis=self.size.cpu_limit_millis,
            memory_request_bytes=self.size.memory_bytes,
            memory_limit_bytes=self.size.memory_limit_bytes,
            gpus=self.gpus,
            volume_gib=self._volume(setting),
            log_volume_gib=self.log_volume_gib,
            autoscaled=scale.minimum < scale.maximum,
            scaling=self._scaling(setting, scale),
            workers=self.workers,
            model=self.model,
            slots=self.slots,
            startup_seconds=self.startup_seconds,
            cold_start_seconds=self.cold_start_seconds,
            reason=self.reason,
        )

    def _scaling(self, setting: Setting, scale: Scale) -> ScalingPlan | None:
        found = scaling(setting, scale, self.slots, self.cold_start_seconds, self.gpus)
        if found is None or not any(self.watched):
            return found
        cpu, memory = self.watched
        return replace(found, cpu_percent=cpu, memory_percent=memory)

    def _volume(self, setting: Setting) -> int:
        share = setting.quantity(self.volume_gib) if self.volume_gib else 0
        return max(share, self.volume_needed_gib)


def row_size(row: ServiceRow) -> Size:
    """Return the request and limit of a table's row."""
    return Size(
        cpu_millis=row.cpu_request_millis,
        cpu_limit_millis=row.cpu_limit_millis,
        memory_bytes=row.memory_request_bytes,
        memory_limit_bytes=row.memory_limit_bytes,
    )


def cell_size(cpu_millis: int, memory_bytes: int) -> Size:
    """Read a cell with one figure each as request and limit: nothing is promised beyond it."""
    return Size(
        cpu_millis=cpu_millis,
        cpu_limit_millis=cpu_millis,
        memory_bytes=memory_bytes,
        memory_limit_bytes=memory_bytes,
    )
