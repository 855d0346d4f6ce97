"""Whom a host's operator becomes to read a guest's secrets, and how its store says so."""

from __future__ import annotations

import pytest

from components.kubernetes.external_secrets import GoogleReader, GoogleSecretManager
from components.kubernetes.guest_reader import READER, GuestReader, GuestReaderArgs
from tests.components.support import Recorder, record
from tests.kubernetes.schemas import violations

pytestmark = pytest.mark.cloud_free("Google Cloud alone has it")


def made() -> Recorder:
    args = GuestReaderArgs(namespace="dev-data", operators="platform-system", after=())
    return record(lambda: GuestReader("secret-reader", args))


def test_every_object_is_one_that_kubernetes_takes() -> None:
    objects = [
        one for kind in ("ServiceAccount", "Role", "RoleBinding") for one in made().all(kind)
    ]
    assert len(objects) == 3
    assert [wrong for one in objects for wrong in violations(one.inputs)] == []
    places = {
        (one.inputs["metadata"]["namespace"], one.inputs["metadata"]["name"]) for one in objects
    }
    assert places == {("dev-data", READER)}


def test_the_operator_makes_tokens_of_that_account_and_does_nothing_else() -> None:
    (role,), (binding,) = made().all("Role"), made().all("RoleBinding")
    assert role.inputs["rules"] == [
        {
            "apiGroups": [""],
            "resources": ["serviceaccounts/token"],
            "resourceNames": [READER],
            "verbs": ["create"],
        }
    ]
    assert binding.inputs["subjects"] == [
        {"kind": "ServiceAccount", "name": "external-secrets", "namespace": "platform-system"}
    ]


def test_a_store_that_is_read_as_an_account_names_it_and_the_cluster_that_vouches_for_it() -> None:
    reader = GoogleReader(
        account=READER, namespace="dev-data", cluster="aigw-staging", region="us-central1"
    )
    found = GoogleSecretManager(project="acme-aigw", reader=reader).provider
    assert found["gcpsm"]["projectID"] == "acme-aigw"
    assert found["gcpsm"]["auth"]["workloadIdentity"] == {
        "serviceAccountRef": {"name": READER, "namespace": "dev-data"},
        "clusterProjectID": "acme-aigw",
        "clusterLocation": "us-central1",
        "clusterName": "aigw-staging",
    }
    assert "auth" not in GoogleSecretManager(project="acme-aigw").provider["gcpsm"]
