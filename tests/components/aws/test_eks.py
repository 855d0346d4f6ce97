"""What EKS alone asks of a control plane: entries, its own logs, add-ons before nodes."""

from __future__ import annotations

import json

import pytest

from components.aws.kubeconfig import kubeconfig
from tests.components.aws import make_ground
from tests.components.aws.samples import ADDONS, cluster_plan
from tests.components.support import REGION, Recorder


@pytest.fixture(scope="module")
def recorder() -> Recorder:
    return make_ground.cluster()


def cluster(recorder: Recorder) -> dict[str, object]:
    return recorder.one("aws:eks/cluster:Cluster").inputs


def test_support_and_the_services_range_are_the_plans(recorder: Recorder) -> None:
    assert cluster(recorder)["upgradePolicy"] == {"supportType": "STANDARD"}
    assert cluster(recorder)["kubernetesNetworkConfig"] == {
        "ipFamily": "ipv4",
        "serviceIpv4Cidr": "172.20.0.0/16",
    }


def test_secrets_are_encrypted_with_the_clusters_key(recorder: Recorder) -> None:
    assert cluster(recorder)["encryptionConfig"] == {
        "provider": {"keyArn": make_ground.SECRETS_KEY},
        "resources": ["secrets"],
    }
    (use,) = recorder.one("RolePolicy").document("policy")["Statement"]
    assert use["Resource"] == [make_ground.SECRETS_KEY]


def test_networking_is_installed_with_the_cluster_and_the_rest_is_left_for_later(
    recorder: Recorder,
) -> None:
    made = {a.inputs["addonName"] for a in recorder.all("Addon")}
    assert made == {plan.name for plan in ADDONS if plan.before_nodes}
    assert cluster(recorder)["bootstrapSelfManagedAddons"] is False


def test_the_log_group_has_the_name_that_eks_gives_its_own(recorder: Recorder) -> None:
    assert recorder.one("LogGroup").inputs["name"] == "/aws/eks/aigw-prod-large/cluster"
    assert cluster(recorder)["enabledClusterLogTypes"] == list(cluster_plan().log_types)


def test_the_kubeconfig_names_region_and_role_where_there_is_one() -> None:
    def arguments(role: str | None) -> list[str]:
        text = kubeconfig(
            cluster_name="c", endpoint="e", certificate_authority="a", region=REGION, role_arn=role
        )
        (user,) = json.loads(text)["users"]
        return [str(one) for one in user["user"]["exec"]["args"]]

    asked = arguments(make_ground.ADMINS[0])
    assert asked[asked.index("--region") + 1] == REGION
    assert asked[asked.index("--role-arn") + 1] == make_ground.ADMINS[0]
    assert "--role-arn" not in arguments(None)
