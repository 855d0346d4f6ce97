"""Alerts of the engines and their GPUs; none where everything is asked of outside models."""

from __future__ import annotations

from sizing.alerts import lines
from sizing.alerts.lines import FILLED
from sizing.alerts.model import AlertPlan, Shown
from sizing.alerts.words import Severity
from sizing.plans import PlatformPlan, ServicePlan
from sizing.triggers import ruling

FAMILY = "serving"
# A router before the engines exports names of theirs, without a model's name.
_ENGINES = '{model_name!=""}'


def serving(plan: PlatformPlan) -> tuple[AlertPlan, ...]:
    """Return the alerts of every model that the platform serves itself."""
    engines = [one for one in plan.services if one.model]
    if not engines:
        return ()
    scaled = [
        _waits(one, one.scaling.waiting_requests)
        for one in engines
        if one.scaling is not None and one.scaling.waiting_requests
    ]
    return (_queue(), *scaled, _cache(), _preempting(), _busy(), _broken())


def _queue() -> AlertPlan:
    rule = ruling("queue")
    return AlertPlan(
        name="EngineQueueDepth",
        family=FAMILY,
        summary="requests wait before the engines",
        query=rule.query,
        lines=lines.of(rule),
        shown=Shown.COUNT,
        planned=f"table 5.2: {rule.action.lower()}",
        source=rule.source,
    )


def _waits(engine: ServicePlan, waiting: int) -> AlertPlan:
    """Return the alert of a queue that another engine has not ended by the time it is there."""
    return AlertPlan(
        name="EngineWaiting",
        family=FAMILY,
        summary=f"requests for {engine.model} wait for longer than an engine takes to start",
        query=f'avg(vllm:num_requests_waiting{{model_name="{engine.model}"}})',
        lines=lines.warning(waiting, minutes=lines.at_least_minutes(engine.cold_start_seconds)),
        shown=Shown.COUNT,
        planned=f"above {waiting} waiting at each engine another is asked for, "
        f"up to its autoscaler's maximum; one starts in {engine.cold_start_seconds} s",
        source=lines.DECIDED,
        labels=(("service", engine.name),),
    )


def _cache() -> AlertPlan:
    return AlertPlan(
        name="EngineCacheFull",
        family=FAMILY,
        summary="the key-value cache of an engine of {{ $labels.model_name }} is full",
        query=f"max by (model_name, pod) (vllm:kv_cache_usage_perc{_ENGINES})",
        # it works best when it is well filled: the warning line says nothing of it
        lines=lines.warning(FILLED[Severity.CRITICAL]),
        shown=Shown.SHARE,
        planned="table 5.2's critical line of memory; further requests wait or are put back",
        source=lines.TABLE,
    )


def _preempting() -> AlertPlan:
    return AlertPlan(
        name="EnginePreempting",
        family=FAMILY,
        summary="an engine of {{ $labels.model_name }} throws out requests that it has begun",
        query=f"sum by (model_name, pod) (rate(vllm:num_preemptions_total{_ENGINES}[15m]))",
        lines=lines.warning(0),
        shown=Shown.COUNT,
        planned="the plan lets no more requests in than the cache holds",
        source=lines.DECIDED,
    )


def _busy() -> AlertPlan:
    rule = ruling("gpu")
    return AlertPlan(
        name="GpuUtilization",
        family=FAMILY,
        summary="GPU {{ $labels.gpu }} of {{ $labels.Hostname }} is busy",
        query=rule.query,
        lines=lines.of(rule),
        shown=Shown.SHARE,
        planned=f"table 5.2: {rule.action.lower()}; a single stream keeps a GPU busy as well, so "
        "look at the queue first",
        source=rule.source,
    )


def _broken() -> AlertPlan:
    return AlertPlan(
        name="GpuError",
        family=FAMILY,
        summary="GPU {{ $labels.gpu }} of {{ $labels.Hostname }} reports an error (Xid)",
        # the last error's number stays until the driver starts again: what is new counts
        query="max by (Hostname, gpu) (changes(DCGM_FI_DEV_XID_ERRORS[15m])) "
        "and max by (Hostname, gpu) (DCGM_FI_DEV_XID_ERRORS) > 0",
        lines=lines.critical(0, minutes=0),
        shown=Shown.COUNT,
        planned="no Xid error; a lost GPU is one engine less",
        source="dcgm-exporter",
    )
