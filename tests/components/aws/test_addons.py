"""Add-ons come after what they need, with an identity of their own where they speak to AWS."""

from __future__ import annotations

import pytest

from tests.components.aws.make_ground import NODES_KEY as VOLUME_KEY
from tests.components.aws.make_ground import addons as build
from tests.components.aws.samples import ADDONS, addon
from tests.components.support import Recorder


@pytest.fixture(scope="module")
def recorder() -> Recorder:
    return build(*ADDONS)


def test_only_what_needs_nodes_is_installed_here_and_after_them(recorder: Recorder) -> None:
    nodes = recorder.one("Role", "stand-in").urn
    made = recorder.all("Addon")
    assert {a.inputs["addonName"] for a in made} == {
        plan.name for plan in ADDONS if not plan.before_nodes
    }
    assert all(nodes in a.depends_on for a in made)


def test_a_driver_alone_has_the_role_of_its_own_service_account(
    recorder: Recorder,
) -> None:
    driver = recorder.one("Addon", "ebs").inputs
    (binding,) = driver["podIdentityAssociations"]
    assert binding["serviceAccount"] == "ebs-csi-controller-sa"
    assert binding["roleArn"].endswith(":addons-aws-ebs-csi-driver-role")
    assert "serviceAccountRoleArn" not in driver
    assert "podIdentityAssociations" not in recorder.one("Addon", "coredns").inputs
    (trust,) = recorder.one("Role", "ebs").document("assumeRolePolicy")["Statement"]
    assert trust["Condition"]["StringEquals"] == {
        "aws:RequestTag/kubernetes-namespace": "kube-system",
        "aws:RequestTag/kubernetes-service-account": "ebs-csi-controller-sa",
    }


def test_the_volume_driver_uses_and_hands_on_the_nodes_key_alone(recorder: Recorder) -> None:
    use, grant = recorder.one("RolePolicy").document("policy")["Statement"]
    assert use["Resource"] == grant["Resource"] == [VOLUME_KEY]
    assert grant["Condition"] == {"Bool": {"kms:GrantIsForAWSResource": "true"}}


def test_an_unsourced_version_is_left_to_aws_and_a_sourced_one_is_pinned() -> None:
    made = build(
        addon("coredns", before_nodes=False),
        addon("metrics-server", before_nodes=False, version="v0.8.0-eksbuild.2"),
    )
    assert "addonVersion" not in made.one("Addon", "coredns").inputs
    assert made.one("Addon", "metrics").inputs["addonVersion"] == "v0.8.0-eksbuild.2"


def test_a_hands_edit_is_overwritten(recorder: Recorder) -> None:
    for made in recorder.all("Addon"):
        assert made.inputs["resolveConflictsOnCreate"] == "OVERWRITE"
        assert made.inputs["resolveConflictsOnUpdate"] == "OVERWRITE"


def test_a_role_for_an_add_on_with_unknown_needs_is_refused() -> None:
    with pytest.raises(ValueError, match="no policy is known"):
        build(addon("mystery", before_nodes=False, service_account="kube-system/mystery"))
