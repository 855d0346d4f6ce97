"""Jobs, DaemonSets and sidecars: what stands beside the services and their namespaces must hold."""

from __future__ import annotations

from collections.abc import Iterable

from sizing.loadtest.generator import parts as generators
from sizing.planning import archestra, sizes
from sizing.planning.environment import Setting
from sizing.planning.gcp.search import SERVICE as SEARCH
from sizing.planning.homes import home
from sizing.planning.needs import named
from sizing.planning.observability import (
    NODE_EXPORTER,
    PGBOUNCER_EXPORTER,
    PROMETHEUS,
    THANOS_SIDECAR,
    has_objects,
    node_exporters,
)
from sizing.planning.sizes import Size
from sizing.planning.tracing import AGENT, SEARCH_SETUP, agents, sets_search_up
from sizing.planning.vault import VAULT
from sizing.plans import HelperPlan, NodePoolPlan, ServicePlan
from sizing.words import Cloud

FILE_FOLDERS = "file-folders"
"""The job that makes the folders of a share that nobody else makes."""
# Services that mount a folder of the shared files. Source: document-000 and document-003, 2024-11.
MOUNTING = frozenset({"application", "langflow"})
SEARCH_CERTIFICATES = "opensearch-certificates"
"""What makes the certificate of the search engine's members, where the cluster runs them."""
CERTIFICATE_JOBS = 2  # one that makes them at first, and one that renews them
JOB, DAEMON, SIDECAR = "job", "daemon", "sidecar"


def helpers(
    setting: Setting, services: Iterable[ServicePlan], pools: Iterable[NodePoolPlan]
) -> tuple[HelperPlan, ...]:
    """Return the jobs, our own DaemonSets and what operators add to pods, by name.

    Args:
        setting: the request's setting.
        services: the workloads; each Prometheus server has a sidecar.
        pools: the node pools; each node at their maximum runs the DaemonSets, GPU nodes
            those of GPUs as well.
    """
    servers = named(services, PROMETHEUS).scale.maximum
    members = next((one.scale.maximum for one in services if one.name == VAULT), 0)
    made = [
        _helper(setting, "database-setup", JOB, 1, sizes.STATEMENTS),
        _helper(setting, "litellm-migrations", JOB, 1, sizes.MIGRATIONS),
        _helper(setting, "vector-snapshots", JOB, 1, sizes.STATEMENTS),
        _helper(setting, "prometheus-config-reloader", SIDECAR, servers, sizes.CONFIG_RELOADER),
    ]
    if members:
        made += _vault(setting, members)
    if sets_search_up(setting):
        made.append(_helper(setting, SEARCH_SETUP, JOB, 1, sizes.STATEMENTS))
    if any(one.name == SEARCH for one in services):
        made.append(_helper(setting, SEARCH_CERTIFICATES, JOB, CERTIFICATE_JOBS, sizes.STATEMENTS))
    standing = tuple(pools)
    if has_objects(setting):
        made.append(_helper(setting, THANOS_SIDECAR, SIDECAR, servers, sizes.THANOS_SIDECAR))
    poolers = named(services, "pgbouncer").scale.maximum
    made.append(_helper(setting, PGBOUNCER_EXPORTER, SIDECAR, poolers, sizes.PGBOUNCER_EXPORTER))
    measured = node_exporters(standing)
    made.append(_helper(setting, NODE_EXPORTER, DAEMON, measured, sizes.NODE_EXPORTER))
    reading = agents(setting, standing)
    if reading:
        made.append(_helper(setting, AGENT, DAEMON, reading, sizes.OTEL_AGENT))
    if setting.load.self_hosted_share:
        syncs = len(setting.load.models)  # each model by a job of its own
        made.append(_helper(setting, "model-sync", JOB, syncs, sizes.MODEL_SYNC))
    if setting.request.switches.load_test:
        made.append(_helper(setting, "load-test", JOB, generators(setting.load), sizes.LOAD_TEST))
    if setting.request.switches.archestra is not None:
        made.append(_helper(setting, archestra.MIGRATIONS, JOB, 1, sizes.MIGRATIONS))
    if makes_folders(setting, services):
        made.append(_helper(setting, FILE_FOLDERS, JOB, 1, sizes.STATEMENTS))
    made += _on_gpu_nodes(setting, standing)
    return tuple(sorted(made, key=lambda one: one.name))


def _on_gpu_nodes(setting: Setting, pools: tuple[NodePoolPlan, ...]) -> tuple[HelperPlan, ...]:
    nodes = sum(pool.scale.maximum for pool in pools if pool.gpus_per_node)
    if not nodes:
        return ()
    exporter = _helper(setting, "dcgm-exporter", DAEMON, nodes, sizes.DCGM_EXPORTER)
    # GKE offers GPUs to pods by a plugin of its own
    if setting.request.cloud is Cloud.GCP:
        return (exporter,)
    return (exporter, _helper(setting, "nvidia-device-plugin", DAEMON, nodes, sizes.DEVICE_PLUGIN))


def makes_folders(setting: Setting, services: Iterable[ServicePlan]) -> bool:
    """Say whether pods mount folders that a job has to make: EFS makes its own, NFS none."""
    if setting.request.cloud is Cloud.AWS:
        return False
    engines = setting.load.self_hosted_share and setting.request.switches.weights_on_files
    return bool(engines) or any(one.name in MOUNTING for one in services)


def _vault(setting: Setting, members: int) -> tuple[HelperPlan, ...]:
    return (
        _helper(setting, "vault-care", SIDECAR, members, sizes.VAULT_CARE),
        _helper(setting, "vault-certificates", JOB, CERTIFICATE_JOBS, sizes.STATEMENTS),
        _helper(setting, "vault-setup", JOB, 1, sizes.STATEMENTS),
        _helper(setting, "vault-snapshots", JOB, 1, sizes.STATEMENTS),
    )


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
