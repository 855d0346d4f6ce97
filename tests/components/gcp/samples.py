"""What tests of components on Google Cloud share: one project, its region, labels, a network."""

from __future__ import annotations

import importlib
import inspect
from collections.abc import Mapping

from sizing.plans import NetworkPlan, SubnetPlan
from sizing.words import SubnetKind
from tests.components.support import TAGS, Recorder, children_of

PROJECT = "aigw-samples"
PROJECT_NUMBER = "123456789012"
REGION = "us-central1"
ZONES = ("us-central1-a", "us-central1-b", "us-central1-c")
LABELS = TAGS
NETWORK = f"projects/{PROJECT}/global/networks/network-vpc"
KEY = f"projects/{PROJECT}/locations/{REGION}/keyRings/keys/cryptoKeys/data"
LONGEST_STACK = f"staging-{'a' * 10}-{'b' * 10}"
"""A platform's name of the most characters that the config allows."""


def network_plan(*, nat_zone_ids: tuple[str, ...] = ZONES) -> NetworkPlan:
    rows = (
        ("nodes", SubnetKind.PRIVATE, "10.64.0.0/18", "10.64.128.0/17"),
        ("proxies", SubnetKind.PUBLIC, "10.64.96.0/20", None),
        ("services", SubnetKind.ISOLATED, "10.64.64.0/19", None),
    )
    return NetworkPlan(
        vpc_cidr="10.64.0.0/16",
        zone_ids=ZONES,
        subnets=tuple(
            SubnetPlan(
                name=f"{name}-{REGION}",
                kind=kind,
                zone_id=REGION,
                cidr=cidr,
                pod_reservation_cidr=pods,
            )
            for name, kind, cidr, pods in rows
        ),
        nat_zone_ids=nat_zone_ids,
        endpoints=(),
        flow_log_retention_days=30,
        pod_addresses_needed=9_000,
        pod_addresses_reserved=32_768,
    )


def takes_labels(kind: str) -> bool:
    """Whether the provider's resource of that type has labels, read from its own SDK class."""
    package, module, short = kind.split(":")
    if package != "gcp":
        return False
    home = importlib.import_module(f"pulumi_gcp.{module.split('/')[0]}")
    return "labels" in inspect.signature(getattr(home, short)._internal_init).parameters


def unlabelled(recorder: Recorder, component: str, expected: Mapping[str, str]) -> list[str]:
    """Return the children that take labels and lack one of the expected, or all of them."""
    return [
        one.name
        for one in children_of(recorder, component)
        if takes_labels(one.type)
        and not expected.items() <= (one.inputs.get("labels") or {}).items()
    ]
