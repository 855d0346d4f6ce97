"""What the cluster's components register, GKE and IAM take, by the table of refusals."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from components.gcp.workload_policies import (
    secret_store_rights,
    vault_server_rights,
    vault_snapshot_rights,
)
from sizing.model import Json
from sizing.plans import Scale
from sizing.rules import REPLACES, RULES_BY_TYPE, refusals
from sizing.words import Access, CapacityType
from tests.components.gcp import test_workload_identity
from tests.components.gcp.cluster_samples import (
    build_cluster,
    build_pools,
    cluster_plan,
    gke_args,
    gpu_pool,
    pool,
)
from tests.components.gcp.samples import KEY, PROJECT
from tests.components.support import Recorder

WEEK = ("MO", "TU", "WE", "TH", "FR", "SA", "SU")
BUILDERS: dict[str, Callable[[], Recorder]] = {
    "control plane": build_cluster,
    "private control plane": lambda: build_cluster(gke_args(cluster_plan(access=Access.PRIVATE))),
    "node pools": lambda: build_pools(
        pool(), gpu_pool(), pool("s", capacity_type=CapacityType.SPOT), pool("r", reservation="r-1")
    ),
    "rights": lambda: test_workload_identity.build(
        vault=[*vault_server_rights(KEY), *vault_snapshot_rights({"here": "backups"})],
        secrets=secret_store_rights({"a": "projects/p/secrets/a"}, [], project=PROJECT),
    ),
}


@pytest.mark.parametrize("part", list(BUILDERS))
def test_nothing_registered_is_refused(part: str) -> None:
    custom = [one for one in BUILDERS[part]().resources if one.custom]
    assert custom
    found = {one.name: refusals(one.type, one.inputs) for one in custom}
    assert {name: [str(r) for r in said] for name, said in found.items() if said} == {}


@pytest.mark.parametrize("part", list(BUILDERS))
def test_it_is_known_of_every_type_what_replaces_it(part: str) -> None:
    assert {one.type for one in BUILDERS[part]().resources if one.custom} <= REPLACES.keys()


def test_the_table_knows_clusters_pools_accounts_and_rights() -> None:
    made = {
        one.type for part in BUILDERS.values() for one in part().resources if one.custom
    } & RULES_BY_TYPE.keys()
    assert {one.rsplit(":", 1)[-1] for one in made} >= {
        *("Account", "BucketIAMMember", "Cluster", "CryptoKeyIAMMember", "IAMMember", "NodePool"),
        "SecretIamMember",
    }


def test_the_table_sees_a_pool_whose_minimum_is_above_its_maximum() -> None:
    scale = Scale(minimum=7, planned=7, maximum=6)
    made = build_pools(pool(scale=scale)).one("NodePool")
    assert [one.rule for one in refusals(made.type, made.inputs)] == [
        "gcp.pool.minimum-below-maximum"
    ]


def test_the_table_sees_a_label_of_kubernetes_own() -> None:
    labelled = replace(pool(), labels=(("node.kubernetes.io/role", "x"),))
    made = build_pools(labelled).one("NodePool")
    assert [one.rule for one in refusals(made.type, made.inputs)] == ["gcp.pool.labels"]


def test_the_table_sees_a_key_of_another_region() -> None:
    args = replace(
        gke_args(), secrets_key_id=f"projects/{PROJECT}/locations/global/keyRings/r/cryptoKeys/k"
    )
    made = build_cluster(args).one("gcp:container/cluster:Cluster")
    assert [one.rule for one in refusals(made.type, made.inputs)] == ["gcp.gke.encryption"]


@given(hours=st.integers(1, 23), days=st.sets(st.sampled_from(WEEK), min_size=1))
def test_a_window_is_taken_exactly_when_maintenance_has_its_hours(
    hours: int, days: set[str]
) -> None:
    window: Json = {
        "startTime": "2026-01-03T00:00:00Z",
        "endTime": f"2026-01-03T{hours:02}:00:00Z",
        "recurrence": f"FREQ=WEEKLY;BYDAY={','.join(sorted(days))}",
    }
    said = refusals(
        "gcp:container/cluster:Cluster",
        {
            "maintenancePolicy": {"recurringWindow": window},
            "masterAuthorizedNetworksConfig": {"cidrBlocks": [{"cidrBlock": "192.0.2.0/24"}]},
        },
    )
    # four whole weeks of the 32 days, whichever day they begin on
    assert (said == ()) == (hours >= 4 and hours * len(days) * 4 >= 48)
