"""Who brings metrics deletes none, who reads writes none, and each on its own things alone."""

from __future__ import annotations

from typing import Any

from components.aws.metrics_policies import (
    compactor_statements,
    search_metrics_statements,
    shipper_statements,
    store_statements,
)
from tests.components.aws.store_plans import OBJECTS_KEY
from tests.components.aws.test_workload_policies import rendered
from tests.components.support import ACCOUNT, REGION

METRICS = "arn:aws:s3:::metrics"
DOMAIN = f"arn:aws:es:{REGION}:{ACCOUNT}:domain/search"


def actions(statement: dict[str, Any]) -> set[str]:
    found = statement["Action"]
    return {found} if isinstance(found, str) else {str(one) for one in found}


def test_a_sidecar_brings_blocks_and_takes_none_away() -> None:
    found = rendered(shipper_statements(METRICS, OBJECTS_KEY, REGION))
    used = {one for statement in found.values() for one in actions(statement)}
    assert {"s3:PutObject", "s3:GetObject", "s3:ListBucket"} <= used
    assert not [one for one in used if "Delete" in one]


def test_the_store_reads_alone() -> None:
    found = rendered(store_statements(METRICS, OBJECTS_KEY, REGION))
    used = {one for statement in found.values() for one in actions(statement)}
    assert used <= {"s3:GetObject", "s3:ListBucket", "kms:Decrypt"}


def test_the_compactor_alone_deletes() -> None:
    found = rendered(compactor_statements(METRICS, OBJECTS_KEY, REGION))
    assert "s3:DeleteObject" in {one for each in found.values() for one in actions(each)}
    resources = {str(each["Resource"]) for each in found.values()}
    assert not [one for one in resources if one == "*"]


def test_the_exporter_gets_from_the_domain_and_sends_nothing() -> None:
    (found,) = rendered(search_metrics_statements(DOMAIN)).values()
    assert actions(found) == {"es:ESHttpGet"}
    assert found["Resource"] in (f"{DOMAIN}/*", [f"{DOMAIN}/*"])
