"""Jobs and DaemonSets: pods beside the services, which their namespaces must hold as well."""

from __future__ import annotations

from collections.abc import Iterable

from sizing.planning import sizes
from sizing.planning.environment import Setting
from sizing.planning.homes import home
from sizing.planning.sizes import Size
from sizing.plans import HelperPlan, NodePoolPlan
from sizing.words import Cloud

JOB, DAEMON = "job", "daemon"


def helpers(setting: Setting, pools: Iterable[NodePoolPlan]) -> tuple[HelperPlan, ...]:
    """Return the jobs and our own DaemonSets, by name.

    Args:
        setting: the request's setting.
        pools: the node pools; each GPU node at their maximum runs the DaemonSets of GPUs.
    """
    made = [
        _helper(setting, "database-setup", JOB, 1, sizes.STATEMENTS),
        _helper(setting, "litellm-migrations", JOB, 1, sizes.MIGRATIONS),
        _helper(setting, "vector-snapshots", JOB, 1, sizes.STATEMENTS),
    ]
    if setting.load.self_hosted_share:
        syncs = len(setting.load.models)  # each model by a job of its own
        made.append(_helper(setting, "model-sync", JOB, syncs, sizes.MODEL_SYNC))
    nodes = sum(pool.scale.maximum for pool in pools if pool.gpus_per_node)
    # GKE brings the plugin, and its monitoring reads the GPUs
    if nodes and setting.request.cloud is Cloud.AWS:
        made += [
            _helper(setting, "dcgm-exporter", DAEMON, nodes, sizes.DCGM_EXPORTER),
            _helper(setting, "nvidia-device-plugin", DAEMON, nodes, sizes.DEVICE_PLUGIN),
        ]
    return tuple(sorted(made, key=lambda one: one.name))


def _helper(setting: Setting, name: str, kind: str, pods: int, size: Size) -> HelperPlan:
    return HelperPlan(
        name=name,
        namespace=home(setting, name),
        kind=kind,
        pods=pods,
        cpu_request_millis=size.cpu_millis,
        cpu_limit_millis=size.cpu_limit_millis,
        memory_request_bytes=size.memory_bytes,
        memory_limit_bytes=size.memory_limit_bytes,
    )
