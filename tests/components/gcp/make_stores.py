"""The stores of a platform on Google Cloud, from plans made by hand."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pulumi

from components.gcp.backups import Backups, BackupsArgs
from components.gcp.cache import Cache, CacheArgs
from components.gcp.files import Files, FilesArgs
from components.gcp.objects import Objects, ObjectsArgs
from components.gcp.postgres import Postgres, PostgresArgs
from sizing.plans import BackupPlan, BucketPlan, CachePlan, FilesPlan, PostgresPlan
from tests.components.aws import store_plans
from tests.components.gcp import store_plans as known
from tests.components.gcp.edge_samples import Grant
from tests.components.gcp.samples import KEY, LABELS, NETWORK, PROJECT, REGION, ZONES
from tests.components.support import Recorder, Registered, record

SERVER = "gcp:sql/databaseInstance:DatabaseInstance"
REDIS = "gcp:redis/instance:Instance"
REDIS_CLUSTER = "gcp:redis/cluster:Cluster"
SHARE = "gcp:filestore/instance:Instance"
SUBNET = f"projects/{PROJECT}/regions/{REGION}/subnetworks/services"
NODES = ("10.64.0.0/18",)
CLUSTER = f"projects/{PROJECT}/locations/{REGION}/clusters/aigw"
SHARED_FILES = f"projects/{PROJECT}/locations/{REGION}/instances/files"
DAILY = replace(store_plans.backups(), schedule="0 2 * * *")
Seen = dict[str, object]
"""Where a component's outputs are written once they are known."""


def postgres(
    plan: PostgresPlan,
    *,
    protect: bool = True,
    stack: str = known.STACK,
    seen: Seen | None = None,
) -> Recorder:
    def build() -> None:
        made = Postgres(
            "postgres",
            PostgresArgs(
                plan=plan,
                stack=stack,
                region=REGION,
                network_id=NETWORK,
                private_services=known.peering(),
                data_key=KEY,
                labels=LABELS,
                protect=protect,
            ),
        )
        if seen is not None:
            outputs = {
                "host": made.host,
                "reader_host": made.reader_host,
                "port": made.port,
                "authority": made.authority,
                "secret_id": made.secret_id,
            }
            pulumi.Output.all(**outputs).apply(seen.update)

    return record(build)


def primary(recorder: Recorder) -> Registered:
    return recorder.one(SERVER, "postgres-server")


def server_settings(recorder: Recorder) -> dict[str, Any]:
    found = primary(recorder).inputs["settings"]
    assert isinstance(found, dict)
    return found


def cache(
    plan: CachePlan,
    *,
    protect: bool = True,
    stack: str = known.STACK,
    seen: Seen | None = None,
) -> Recorder:
    def build() -> None:
        made = Cache(
            f"cache-{plan.role.value}",
            CacheArgs(
                plan=plan,
                stack=stack,
                project=PROJECT,
                region=REGION,
                network_id=NETWORK,
                subnet_id=SUBNET,
                private_services=known.peering(),
                client_principals=known.CLIENTS,
                data_key=KEY,
                labels=LABELS,
                protect=protect,
            ),
        )
        if seen is not None:
            outputs = {
                "host": made.host,
                "port": made.port,
                "authority": made.authority,
                "secret_id": made.secret_id,
                "service_account": made.service_account,
            }
            pulumi.Output.all(**outputs).apply(seen.update)

    return record(build)


def files(plan: FilesPlan, *, protect: bool = True, seen: Seen | None = None) -> Recorder:
    def build() -> None:
        made = Files(
            "files",
            FilesArgs(
                plan=plan,
                stack=known.STACK,
                region=REGION,
                zone_ids=ZONES,
                network_id=NETWORK,
                private_services=known.peering(),
                client_ranges=NODES,
                data_key=KEY,
                labels=LABELS,
                protect=protect,
            ),
        )
        if seen is not None:
            outputs = {
                "host": made.host,
                "share": made.share,
                "instance": made.instance,
                "location": made.location,
            }
            pulumi.Output.all(**outputs).apply(seen.update)

    return record(build)


def objects(*plans: BucketPlan, protect: bool = True, stack: str = known.STACK) -> Recorder:
    def build() -> None:
        args = ObjectsArgs(
            plans=plans,
            stack=stack,
            region=REGION,
            objects_key=KEY,
            key_ready=(Grant(),),
            labels=LABELS,
            protect=protect,
        )
        Objects("objects", args)

    return record(build)


def backups(
    plan: BackupPlan = DAILY,
    *,
    files: str | None = SHARED_FILES,
    vault_key: str | None = None,
    protect: bool = True,
    stack: str = "prod-large-gcp",
) -> Recorder:
    def build() -> None:
        args = BackupsArgs(
            plan=plan,
            stack=stack,
            project=PROJECT,
            region=REGION,
            cluster=CLUSTER,
            files=files,
            data_key=KEY,
            key_ready=(Grant(),),
            vault_key=vault_key,
            labels=LABELS,
            protect=protect,
        )
        Backups("backups", args)

    return record(build)
