"""What GKE alone asks of a control plane: networks, windows, its own logs, its first node."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from components.gcp.gke_settings import callers
from components.gcp.kubeconfig import kubeconfig
from components.naming import gke_cluster_name, service_account_id
from sizing.model import Json
from sizing.rules import refusals
from sizing.words import Access
from tests.components.gcp.cluster_samples import (
    LOGS_KEY,
    NETWORK_CIDR,
    NODES,
    NODES_KEY,
    build_cluster,
    cluster_plan,
    gke_args,
)
from tests.components.gcp.samples import LONGEST_STACK, PROJECT, REGION, ZONES
from tests.components.support import Recorder

KIND = "gcp:container/cluster:Cluster"
WEEK = ("MO", "TU", "WE", "TH", "FR", "SA", "SU")
LEAST_HOURS, IN_DAYS, LEAST_STRETCH = 48, 32, 4
"""What GKE asks of a window (maintenance windows and exclusions)."""


@pytest.fixture(scope="module")
def recorder() -> Recorder:
    return build_cluster()


@pytest.fixture(scope="module")
def made(recorder: Recorder) -> dict[str, Any]:
    return recorder.one(KIND).inputs


@pytest.fixture(scope="module")
def private() -> dict[str, Any]:
    return build_cluster(gke_args(cluster_plan(access=Access.PRIVATE))).one(KIND).inputs


def test_no_other_customers_machines_and_no_name_lead_to_the_api(
    made: dict[str, Any], private: dict[str, Any]
) -> None:
    for cluster in (made, private):
        listed = cluster["masterAuthorizedNetworksConfig"]
        assert listed["gcpPublicCidrsAccessEnabled"] is False
        assert listed["privateEndpointEnforcementEnabled"] is True
        by_name = cluster["controlPlaneEndpointsConfig"]["dnsEndpointConfig"]
        assert set(by_name.values()) == {False}


def test_a_private_api_is_reached_from_a_connected_network_that_is_listed() -> None:
    found = callers(Access.PRIVATE, ("192.168.7.0/24", "203.0.113.0/24"), NETWORK_CIDR)
    assert found == [NETWORK_CIDR, "192.168.7.0/24"]


def test_the_cluster_stands_in_the_whole_region_and_nodes_in_the_plans_zones(
    made: dict[str, Any],
) -> None:
    assert (made["location"], made["nodeLocations"]) == (REGION, list(ZONES))


def test_pods_and_services_have_the_named_ranges_of_the_nodes_subnet(made: dict[str, Any]) -> None:
    policy = made["ipAllocationPolicy"]
    assert policy["clusterSecondaryRangeName"] == "pods"
    assert policy["servicesSecondaryRangeName"] == "services"
    assert (made["networkingMode"], made["datapathProvider"]) == ("VPC_NATIVE", "ADVANCED_DATAPATH")


def test_the_data_plane_alone_enforces_policies(made: dict[str, Any]) -> None:
    assert "networkPolicy" not in made
    assert made["addonsConfig"]["networkPolicyConfig"] == {"disabled": True}


def test_service_accounts_have_identities_in_the_projects_pool(made: dict[str, Any]) -> None:
    assert made["workloadIdentityConfig"] == {"workloadPool": f"{PROJECT}.svc.id.goog"}


def test_the_channel_moves_patches_and_the_plan_moves_minors(made: dict[str, Any]) -> None:
    assert made["releaseChannel"] == {"channel": "REGULAR"}
    assert made["minMasterVersion"] == "1.35"
    (minors,) = [
        one
        for one in made["maintenancePolicy"]["maintenanceExclusions"]
        if one["exclusionOptions"]["scope"] == "NO_MINOR_UPGRADES"
    ]
    assert minors["exclusionOptions"]["endTimeBehavior"] == "UNTIL_END_OF_SUPPORT"
    assert "endTime" not in minors


def test_maintenance_has_the_hours_that_gke_asks_for(made: dict[str, Any]) -> None:
    window = made["maintenancePolicy"]["recurringWindow"]
    start, end = (datetime.fromisoformat(window[key]) for key in ("startTime", "endTime"))
    hours = (end - start).total_seconds() / 3600
    frequency, days = window["recurrence"].split(";")
    days = days.removeprefix("BYDAY=").split(",")
    assert frequency == "FREQ=WEEKLY"
    assert hours >= LEAST_STRETCH
    assert hours * len(days) * (IN_DAYS // 7) >= LEAST_HOURS
    assert start.strftime("%a").upper()[:2] in days, "the first day is one of the days"


def test_a_time_without_changes_is_passed_on(made: dict[str, Any]) -> None:
    (freeze,) = [
        one
        for one in made["maintenancePolicy"]["maintenanceExclusions"]
        if one["exclusionName"] == "freeze"
    ]
    assert freeze["exclusionOptions"] == {"scope": "NO_UPGRADES"}
    assert (freeze["startTime"], freeze["endTime"]) == (
        "2026-12-20T00:00:00Z",
        "2027-01-04T00:00:00Z",
    )


def test_the_node_that_every_cluster_begins_with_goes_and_its_settings_never_matter_again(
    recorder: Recorder,
) -> None:
    cluster = recorder.one(KIND)
    assert (cluster.inputs["initialNodeCount"], cluster.inputs["removeDefaultNodePool"]) == (
        1,
        True,
    )
    assert cluster.ignore_changes == ("initialNodeCount", "nodeConfig")


def test_even_that_node_runs_as_our_account_on_an_encrypted_disk(made: dict[str, Any]) -> None:
    node = made["nodeConfig"]
    assert (node["serviceAccount"], node["bootDiskKmsKey"]) == (NODES, NODES_KEY)
    assert node["workloadMetadataConfig"] == {"mode": "GKE_METADATA"}


def test_only_gkes_own_parts_are_logged_and_measured_by_google(made: dict[str, Any]) -> None:
    assert made["loggingConfig"]["enableComponents"] == ["APISERVER", "SYSTEM_COMPONENTS"]
    assert made["monitoringConfig"]["managedPrometheus"] == {"enabled": False}
    assert made["monitoringConfig"]["enableComponents"] == ["SYSTEM_COMPONENTS"]


def test_what_the_cluster_logs_is_kept_once_for_the_planned_days_under_its_key(
    recorder: Recorder,
) -> None:
    bucket = recorder.one("ProjectBucketConfig").inputs
    assert (bucket["retentionDays"], bucket["location"]) == (90, REGION)
    assert bucket["cmekSettings"]["kmsKeyName"] == LOGS_KEY
    sink, once = recorder.one("ProjectSink"), recorder.one("ProjectExclusion")
    assert 'cluster_name="aigw-prod-large"' in sink.inputs["filter"]
    assert once.inputs["filter"] == sink.inputs["filter"], "or lines are paid for twice"
    assert sink.urn in once.depends_on
    assert once.urn in recorder.one(KIND).depends_on, "the first lines are the cluster's birth"


def test_gke_brings_volumes_gateways_and_costs_and_no_secrets(made: dict[str, Any]) -> None:
    addons = made["addonsConfig"]
    assert addons["gcePersistentDiskCsiDriverConfig"] == {"enabled": True}
    assert addons["gcpFilestoreCsiDriverConfig"] == {"enabled": True}
    assert addons["httpLoadBalancing"] == {"disabled": False}
    assert made["gatewayApiConfig"] == {"channel": "CHANNEL_STANDARD"}
    assert made["costManagementConfig"] == {"enabled": True}
    assert made["secretManagerConfig"] == {"enabled": False}
    assert made["binaryAuthorization"] == {"evaluationMode": "DISABLED"}
    assert made["enableShieldedNodes"] is True


def test_nodes_have_an_account_without_a_key_that_only_logs_and_measures(
    recorder: Recorder,
) -> None:
    assert recorder.one("Account").inputs["accountId"] == "aigw-prod-large-nodes"
    granted = recorder.one("IAMMember", "nodes")
    assert granted.inputs["role"] == "roles/container.defaultNodeServiceAccount"
    assert granted.inputs["member"] == f"serviceAccount:{NODES}"
    assert granted.urn in recorder.one(KIND).depends_on, "no node starts without its rights"
    assert not [one for one in recorder.resources if one.type.endswith("Key")]


def test_the_agent_of_backups_runs_where_the_plan_backs_volumes_up() -> None:
    for wanted in (True, False):
        made = build_cluster(replace(gke_args(), volume_backups=wanted)).one(KIND).inputs
        assert made["addonsConfig"]["gkeBackupAgentConfig"] == {"enabled": wanted}


def test_a_name_that_gke_or_iam_refuses_is_refused_here() -> None:
    for stack in ("Prod", "prod_large", "p" * 40):
        with pytest.raises(ValueError, match="cluster name"):
            gke_cluster_name(stack)
    with pytest.raises(ValueError, match="account's id"):
        service_account_id("prod", "nodes_of")


def test_two_stacks_whose_names_begin_alike_have_two_accounts() -> None:
    names = {service_account_id(f"{LONGEST_STACK}-{end}", "nodes") for end in "ab"}
    assert len(names) == 2


def test_the_components_kubeconfig_is_the_programs_own(recorder: Recorder) -> None:
    shown = recorder.one("aigw:gcp:Gke")
    assert shown.inputs["kubernetes_version"] == "1.35"


def test_a_program_uses_its_own_credentials_and_a_person_the_ones_logged_in_with() -> None:
    def token(*, own_credentials: bool) -> dict[str, Any]:
        text = kubeconfig(
            cluster_name="aigw-prod-large",
            endpoint="https://203.0.113.10",
            certificate_authority="Q0E=",
            own_credentials=own_credentials,
        )
        (user,) = json.loads(text)["users"]
        found = user["user"]["exec"]
        assert isinstance(found, dict)
        return found

    own = token(own_credentials=True)
    assert own["command"] == "gke-gcloud-auth-plugin"
    assert own["provideClusterInfo"] is True
    assert own["args"] == ["--use_application_default_credentials"]
    assert token(own_credentials=False)["args"] == []


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
        KIND,
        {
            "maintenancePolicy": {"recurringWindow": window},
            "masterAuthorizedNetworksConfig": {"cidrBlocks": [{"cidrBlock": "192.0.2.0/24"}]},
        },
    )
    # four whole weeks of the 32 days, whichever day they begin on
    assert (said == ()) == (hours >= LEAST_STRETCH and hours * len(days) * 4 >= LEAST_HOURS)
