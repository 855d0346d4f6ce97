"""The way in, the firewall, the registry and the backups of Google Cloud, built and taken down."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from sizing.words import Cloud
from tests.engine.harness import Engine, operations, replaced, types, write_program

pytestmark = [
    pytest.mark.engine,
    pytest.mark.one_cloud(Cloud.GCP, "the edge of Google Cloud; that of AWS is built in test_edge"),
]

PROGRAM = """
from dataclasses import replace

import pulumi
import pulumi_gcp as gcp
import pulumi_random as random

from components.gcp.armor import Armor, ArmorArgs
from components.gcp.backups import Backups, BackupsArgs
from components.gcp.ingress import Ingress, IngressArgs
from components.gcp.keys import Keys, KeysArgs
from components.gcp.objects import Objects, ObjectsArgs
from components.gcp.registry import Login, Registry, RegistryArgs
from sizing.plans import BackupPlan, BucketPlan, KeyPlan
from tests.components.gcp import edge_samples

PROJECT, NUMBER, REGION, FAR = "acme-aigw", "100000000009", "us-central1", "us-east4"
PLACE = f"projects/{PROJECT}/locations/{REGION}"
NODES = f"nodes@{PROJECT}.iam.gserviceaccount.com"
LABELS = {"stack": "probe"}
opts = pulumi.ResourceOptions(
    providers={
        "gcp": gcp.Provider("gcp", project=PROJECT, region=REGION),
        "random": random.Provider("random"),
    }
)


def key(name, service):
    return KeyPlan(name=name, services=(service,), deletion_window_days=7, rotation_days=365)


edge = replace(edge_samples.ingress(), idle_timeout_seconds=WHOLE)
place = {"project": PROJECT, "region": REGION}
keys = Keys(
    "keys",
    KeysArgs(
        plans=(key("data", "gkebackup"), replace(key("vault", "vault"), multi_region=True)),
        project_number=NUMBER,
        labels=LABELS,
        protect=False,
        **place,
    ),
    opts,
)
far = Keys(
    "far-keys",
    KeysArgs(
        plans=(key("objects", "storage"),),
        project=PROJECT,
        project_number=NUMBER,
        region=FAR,
        labels=LABELS,
        protect=False,
    ),
    opts,
)
Objects(
    "recovery",
    ObjectsArgs(
        plans=(
            BucketPlan(
                name="recovery",
                planning_gib=1,
                versioned=True,
                noncurrent_days=30,
                expire_days=90,
                transition_to_ia_days=None,
                force_destroy=True,
            ),
        ),
        stack="probe",
        region=FAR,
        objects_key=far.ids["objects"],
        key_ready=far.ready,
        labels=LABELS,
        protect=False,
    ),
    opts,
)
policy = Armor(
    "firewall", ArmorArgs(plan=edge, stack="probe", allow_list=CALLERS, **place), opts
).policy
proxies = gcp.compute.Subnetwork(
    "proxies",
    network="network",
    ip_cidr_range="10.64.96.0/20",
    purpose="REGIONAL_MANAGED_PROXY",
    role="ACTIVE",
    opts=pulumi.ResourceOptions(provider=opts.providers["gcp"]),
    **place,
)
ingress = Ingress(
    "ingress",
    IngressArgs(
        plan=edge,
        stack="probe",
        domain="ai.example.com",
        zone="ai-example-com",
        zones=["us-central1-a", "us-central1-b"],
        network=f"projects/{PROJECT}/global/networks/network",
        nodes_subnet=f"projects/{PROJECT}/regions/{REGION}/subnetworks/nodes",
        proxy_subnet=proxies.id,
        proxy_cidr="10.64.96.0/20",
        node_service_account=NODES,
        policy=policy,
        labels=LABELS,
        protect=KEPT,
        **place,
    ),
    opts,
)
registry = Registry(
    "registry",
    RegistryArgs(
        project_number=NUMBER,
        prefix="images",
        logins={
            "docker-hub": Login(
                username="pulls", password=f"projects/{PROJECT}/secrets/hub/versions/1"
            )
        },
        node_service_account=NODES,
        labels=LABELS,
        **place,
    ),
    opts,
)
backups = Backups(
    "backups",
    BackupsArgs(
        plan=BackupPlan(
            enabled=True,
            schedule="0 2 * * *",
            start_window_minutes=0,
            completion_window_minutes=0,
            retention_days=DAYS,
            mechanisms=(),
        ),
        stack="probe",
        cluster=f"{PLACE}/clusters/probe",
        files=f"{PLACE}/instances/files",
        data_key=keys.ids["data"],
        key_ready=keys.ready,
        labels=LABELS,
        protect=False,
        **place,
    ),
    opts,
)
pulumi.export("groups", ingress.groups)
pulumi.export("address", ingress.address)
pulumi.export("vault", backups.vault)
"""
PROXIES = "gcp:compute/subnetwork:Subnetwork"


def write(
    folder: Path, *, whole: int = 3600, callers: int = 1, days: int = 7, kept: bool = False
) -> Path:
    ranges = tuple(f"198.51.100.{one}/32" for one in range(callers))
    said = f"WHOLE, CALLERS, DAYS, KEPT = {whole}, {ranges!r}, {days}, {kept}"
    return write_program(folder, f"{said}\n{PROGRAM}")


@pytest.fixture
def project(built: Callable[[Callable[[Path], Path]], Engine]) -> Engine:
    return built(write)


def test_it_stands_changes_in_place_stays_where_kept_and_leaves_nothing_behind(
    project: Engine,
) -> None:
    outputs = project.run("stack", "output", "--stack", "probe", "--json").json()
    assert set(outputs["groups"]) == {"api", "mcp"}
    assert outputs["address"]
    assert outputs["vault"]
    assert operations(project.preview("probe")).keys() == {"same"}

    write(project.folder, whole=1800, callers=11, days=35, kept=True)
    changed = project.preview("probe")
    assert replaced(changed) == set()
    assert operations(changed).keys() == {"same", "update"}
    done = project.up("probe")
    assert done.code == 0, done.text

    # whoever keeps the way in keeps what it cannot do without: the subnet of its proxies
    done = project.destroy("probe")
    assert done.code != 0
    assert "protect" in done.text
    assert PROXIES in types(project.state("probe"))

    write(project.folder)
    assert project.up("probe").code == 0
    done = project.destroy("probe")
    assert done.code == 0, done.text
    assert not [one for one in types(project.state("probe")) if one.startswith("gcp:")]
