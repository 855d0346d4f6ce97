"""The ground of a platform on Google Cloud, component by component; clusters: cluster_samples."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from components.gcp.keys import Keys, KeysArgs
from components.gcp.network import Network, NetworkArgs
from components.gcp.service_agents import ServiceAgents, ServiceAgentsArgs
from components.gcp.services import Services, ServicesArgs
from components.gcp.storage_class import StorageClass, StorageClassArgs
from sizing.plans import KeyPlan, NetworkPlan
from tests.components.gcp.samples import (
    KEY,
    LABELS,
    PROJECT,
    PROJECT_NUMBER,
    REGION,
    network_plan,
)
from tests.components.support import Recorder, record

KEYS = (
    KeyPlan(
        name="data",
        services=("file", "gkebackup", "redis", "secretmanager", "sqladmin"),
        deletion_window_days=30,
        rotation_days=365,
    ),
    KeyPlan(name="nodes", services=("compute",), deletion_window_days=7, rotation_days=365),
    KeyPlan(
        name="vault",
        services=("vault",),
        deletion_window_days=30,
        rotation_days=365,
        multi_region=True,
    ),
)
KEYS_ARGS = KeysArgs(
    plans=KEYS,
    project=PROJECT,
    project_number=PROJECT_NUMBER,
    region=REGION,
    labels=LABELS,
    protect=True,
)
NETWORK_ARGS = NetworkArgs(
    plan=network_plan(),
    service_cidr="172.20.0.0/16",
    project=PROJECT,
    region=REGION,
    logs_key_id=KEY,
    labels=LABELS,
    protect=True,
)


def network(plan: NetworkPlan | None = None, **changes: Any) -> Recorder:  # noqa: ANN401  (any argument)
    args = replace(NETWORK_ARGS, plan=plan or NETWORK_ARGS.plan, **changes)
    return record(lambda: Network("network", args))


def keys() -> Recorder:
    return record(lambda: Keys("keys", KEYS_ARGS))


def services() -> Recorder:
    return record(lambda: Services("services", ServicesArgs(project=PROJECT)))


def agents() -> Recorder:
    """Register the agents, and the APIs that they come with."""

    def program() -> None:
        on = Services("services", ServicesArgs(project=PROJECT))
        args = ServiceAgentsArgs(project=PROJECT, project_number=PROJECT_NUMBER, after=on.ready)
        ServiceAgents("agents", args)

    return record(program)


def storage_class() -> Recorder:
    def program() -> None:
        args = StorageClassArgs(volume_key=KEY, driver=(), labels=LABELS)
        assert StorageClass("volumes", args).name == "zonal"

    return record(program)
