"""What rights of Google Cloud alone are: of the account itself, on the resource, by a role."""

from __future__ import annotations

import pulumi
import pytest

from components.gcp.vault_seal import ring_and_key, vault_seal
from components.gcp.workload_identity import Condition, Right, Target
from components.gcp.workload_policies import (
    LOOKS_AT_BUCKET,
    READS,
    model_asking_rights,
    model_caller,
    model_reader_rights,
    model_writer_rights,
    snapshot_rights,
    store_rights,
)
from sizing.planning.vault import SEALS
from sizing.words import Cloud
from tests.components.clouds.rights import granted
from tests.components.gcp.make_edge import rights as build
from tests.components.gcp.samples import KEY, PROJECT
from tests.components.support import record


def test_no_google_service_account_and_no_key_is_made() -> None:
    recorder = build(a=model_writer_rights("models"))
    assert not [one for one in recorder.resources if "serviceaccount" in one.type.lower()]


def test_a_loader_of_models_looks_at_the_bucket_itself_and_nobody_else_does() -> None:
    roles = {one.inputs["role"] for one in granted(model_reader_rights("b"))}
    assert roles == {READS, LOOKS_AT_BUCKET}
    assert {one.inputs["role"] for one in granted(store_rights("b"))} == {READS}


def test_a_proxy_asks_models_of_a_project_and_does_nothing_else_there() -> None:
    (one,) = granted(model_asking_rights("ours"))
    assert one.type.endswith(":IAMMember")
    assert one.inputs["project"] == "ours"
    assert one.inputs["role"] == model_caller("ours") == "projects/ours/roles/aigwModelCaller"


def test_the_key_of_the_seal_is_called_by_the_names_in_its_id() -> None:
    assert ring_and_key(KEY) == ("keys", "data")
    with pytest.raises(ValueError, match="no key's id"):
        ring_and_key("keys-data-id")


def test_the_seal_reads_the_names_from_the_key_once_it_exists() -> None:
    found: list[object] = []

    def program() -> None:
        seal = vault_seal(KEY, project=PROJECT, region="us")
        assert (seal.kind, dict(seal.settings)) == (
            SEALS[Cloud.GCP],
            {"project": PROJECT, "region": "us"},
        )
        pulumi.Output.all(*seal.environment.values()).apply(found.extend)

    record(program)
    assert found == ["keys", "data"]


def test_what_only_buckets_take_is_refused_elsewhere_and_a_quote_in_a_folder_everywhere() -> None:
    right = Right(
        name="x",
        target=Target.KEY,
        resource=KEY,
        role="roles/cloudkms.viewer",
        condition=Condition(title="t", expression="true"),
    )
    with pytest.raises(ValueError, match="takes no condition"):
        build(one=[right])
    with pytest.raises(ValueError, match="no folder"):
        snapshot_rights("backups", 'a"/')
