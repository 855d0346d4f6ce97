"""What GKE refuses of node pools, and IAM of accounts and members."""

from __future__ import annotations

from sizing.rules.conditions import (
    among,
    at_most_one,
    between,
    each,
    equals,
    every,
    is_set,
    matches,
    needs,
    ordered,
    refused,
    when,
)
from sizing.rules.gcp.container import NAME
from sizing.rules.rule import Inputs, Rule
from sizing.rules.values import number, read

POOL = ("gcp:container/nodePool:NodePool",)
ACCOUNT = ("gcp:serviceaccount/account:Account",)
MEMBER = (
    "gcp:kms/cryptoKeyIAMMember:CryptoKeyIAMMember",
    "gcp:projects/iAMMember:IAMMember",
    "gcp:secretmanager/secretIamMember:SecretIamMember",
    "gcp:storage/bucketIAMMember:BucketIAMMember",
)

PER_ZONE = ("autoscaling.minNodeCount", "autoscaling.maxNodeCount")
TOTAL = ("autoscaling.totalMinNodeCount", "autoscaling.totalMaxNodeCount")
EFFECTS = ("NO_EXECUTE", "NO_SCHEDULE", "PREFER_NO_SCHEDULE")
DRIVERS = ("DEFAULT", "INSTALLATION_DISABLED", "LATEST")
RESERVATIONS = (
    *("ANY_RESERVATION", "ANY_RESERVATION_THEN_FAIL", "NO_RESERVATION"),
    *("SPECIFIC_RESERVATION", "UNSPECIFIED"),
)
DISK_LEAST = 10
"""GB of a node's disk (pulumi-gcp)."""
OWNED = ("kubernetes.io", "k8s.io")
"""Domains whose labels a pool cannot set (cloud rule 49)."""


def _no_owned_labels(inputs: Inputs) -> str | None:
    labels = read(inputs, "nodeConfig.labels")
    for key in labels if isinstance(labels, dict) else ():
        domain, slash, _ = key.partition("/")
        if slash and any(domain == one or domain.endswith(f".{one}") for one in OWNED):
            return f"nodeConfig.labels has {key}"
    return None


def _moves(inputs: Inputs) -> str | None:
    surge = number(inputs, "upgradeSettings.maxSurge")
    away = number(inputs, "upgradeSettings.maxUnavailable")
    return "both are 0" if surge == 0 and away == 0 else None


RULES = (
    Rule(
        id="gcp.pool.name",
        types=POOL,
        property="name",
        statement="A pool's name has at most 40 characters, its prefix at most 31.",
        source="terraform-provider-google",
        check=every(
            at_most_one("name", "namePrefix"),
            matches("name", NAME),
            matches("namePrefix", r".{0,31}"),
        ),
        passing={"name": "general-1a2b3c4"},
        failing={"name": "g" * 41},
    ),
    Rule(
        id="gcp.pool.one-kind-of-bounds",
        types=POOL,
        property="autoscaling",
        statement="Bounds are those of each zone or those of the whole pool, never both.",
        source="pulumi-gcp",
        check=every(*(at_most_one(zone, total) for zone in PER_ZONE for total in TOTAL)),
        passing={"autoscaling": {"totalMinNodeCount": 3, "totalMaxNodeCount": 6}},
        failing={"autoscaling": {"minNodeCount": 1, "totalMaxNodeCount": 6}},
    ),
    Rule(
        id="gcp.pool.minimum-below-maximum",
        types=POOL,
        property="autoscaling",
        statement="The minimum is not above the maximum.",
        source="pulumi-gcp",
        check=every(ordered(*PER_ZONE), ordered(*TOTAL)),
        passing={"autoscaling": {"totalMinNodeCount": 3, "totalMaxNodeCount": 3}},
        failing={"autoscaling": {"totalMinNodeCount": 7, "totalMaxNodeCount": 6}},
    ),
    Rule(
        id="gcp.pool.location-policy",
        types=POOL,
        property="autoscaling.locationPolicy",
        statement="Nodes are balanced over zones, or come from any.",
        source="terraform-provider-google",
        check=among("autoscaling.locationPolicy", ("ANY", "BALANCED")),
        passing={"autoscaling": {"locationPolicy": "ANY"}},
        failing={"autoscaling": {"locationPolicy": "SPREAD"}},
    ),
    Rule(
        id="gcp.pool.one-count",
        types=POOL,
        property="nodeCount",
        statement="A pool is made with a first count or with a count, never with both.",
        source="terraform-provider-google",
        check=at_most_one("initialNodeCount", "nodeCount"),
        passing={"initialNodeCount": 1},
        failing={"initialNodeCount": 1, "nodeCount": 2},
    ),
    Rule(
        id="gcp.pool.upgrade-moves",
        types=POOL,
        property="upgradeSettings",
        statement="An upgrade brings a node more or takes one away; only a surge counts them.",
        source="pulumi-gcp",
        check=every(
            among("upgradeSettings.strategy", ("BLUE_GREEN", "SURGE")),
            when(
                equals("upgradeSettings.strategy", "BLUE_GREEN"),
                refused("upgradeSettings.maxSurge", "upgradeSettings.maxUnavailable"),
            ),
            _moves,
        ),
        passing={"upgradeSettings": {"strategy": "SURGE", "maxSurge": 0, "maxUnavailable": 1}},
        failing={"upgradeSettings": {"strategy": "SURGE", "maxSurge": 0, "maxUnavailable": 0}},
    ),
    Rule(
        id="gcp.pool.labels",
        types=POOL,
        property="nodeConfig.labels",
        statement="Labels of Kubernetes' own domains are set by nobody else.",
        source="terraform-provider-google",
        check=_no_owned_labels,
        passing={"nodeConfig": {"labels": {"aigw.io/role": "general"}}},
        failing={"nodeConfig": {"labels": {"node-role.kubernetes.io/gpu": "true"}}},
    ),
    Rule(
        id="gcp.pool.taints",
        types=POOL,
        property="nodeConfig.taints",
        statement="A taint's effect is written NO_SCHEDULE, PREFER_NO_SCHEDULE or NO_EXECUTE.",
        source="terraform-provider-google",
        check=each("nodeConfig.taints", every(needs("key", "value"), among("effect", EFFECTS))),
        passing={"nodeConfig": {"taints": [{"key": "a", "value": "b", "effect": "NO_SCHEDULE"}]}},
        failing={"nodeConfig": {"taints": [{"key": "a", "value": "b", "effect": "NoSchedule"}]}},
    ),
    Rule(
        id="gcp.pool.gpu-driver",
        types=POOL,
        property="nodeConfig.guestAccelerators",
        statement="GKE installs its default driver, its latest, or none.",
        source="terraform-provider-google",
        check=each(
            "nodeConfig.guestAccelerators",
            every(
                needs("type", "count"),
                among("gpuDriverInstallationConfig.gpuDriverVersion", DRIVERS),
            ),
        ),
        passing={"nodeConfig": {"guestAccelerators": [{"type": "nvidia-l4", "count": 1}]}},
        failing={"nodeConfig": {"guestAccelerators": [{"type": "nvidia-l4"}]}},
    ),
    Rule(
        id="gcp.pool.reservation",
        types=POOL,
        property="nodeConfig.reservationAffinity",
        statement="A reservation of one's choice is named by key and value.",
        source="terraform-provider-google",
        check=every(
            among("nodeConfig.reservationAffinity.consumeReservationType", RESERVATIONS),
            when(
                equals(
                    "nodeConfig.reservationAffinity.consumeReservationType", "SPECIFIC_RESERVATION"
                ),
                needs(
                    "nodeConfig.reservationAffinity.key", "nodeConfig.reservationAffinity.values"
                ),
            ),
        ),
        passing={
            "nodeConfig": {"reservationAffinity": {"consumeReservationType": "NO_RESERVATION"}}
        },
        failing={
            "nodeConfig": {
                "reservationAffinity": {"consumeReservationType": "SPECIFIC_RESERVATION"}
            }
        },
    ),
    Rule(
        id="gcp.pool.metadata",
        types=POOL,
        property="nodeConfig.workloadMetadataConfig.mode",
        statement="Pods see GKE's metadata; the node's own would give them its account.",
        source="terraform-provider-google",
        check=when(
            is_set("nodeConfig"),
            among("nodeConfig.workloadMetadataConfig.mode", ("GKE_METADATA",)),
        ),
        passing={"nodeConfig": {"workloadMetadataConfig": {"mode": "GKE_METADATA"}}},
        failing={"nodeConfig": {"workloadMetadataConfig": {"mode": "GCE_METADATA"}}},
    ),
    Rule(
        id="gcp.pool.disk",
        types=POOL,
        property="nodeConfig.diskSizeGb",
        statement="A node's disk has at least 10 GB.",
        source="pulumi-gcp",
        check=between("nodeConfig.diskSizeGb", DISK_LEAST, None),
        passing={"nodeConfig": {"diskSizeGb": 100}},
        failing={"nodeConfig": {"diskSizeGb": 8}},
    ),
    Rule(
        id="gcp.pool.placement",
        types=POOL,
        property="placementPolicy.type",
        statement="A placement is compact.",
        source="pulumi-gcp",
        check=among("placementPolicy.type", ("COMPACT",)),
        passing={"placementPolicy": {"type": "COMPACT"}},
        failing={"placementPolicy": {"type": "SPREAD"}},
    ),
    Rule(
        id="gcp.iam.account-id",
        types=ACCOUNT,
        property="accountId",
        statement="An account's id has lower-case letters, digits and -, from 6 to 30.",
        source="pulumi-gcp",
        check=matches("accountId", r"[a-z][-a-z0-9]{4,28}[a-z0-9]"),
        passing={"accountId": "aigw-prod-large-nodes"},
        failing={"accountId": "nodes"},
    ),
    Rule(
        id="gcp.iam.member",
        types=MEMBER,
        property="member",
        statement="A right is somebody's by kind and name, never everyone's.",
        source="terraform-provider-google",
        check=matches("member", r"(?!allUsers|allAuthenticatedUsers)[A-Za-z]+:.+"),
        passing={"member": "serviceAccount:nodes@project.iam.gserviceaccount.com"},
        failing={"member": "allUsers"},
    ),
)
