"""What Vault is made of: certificates, servers, set-up and snapshots, in this order."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import Any

import pytest

from components.kubernetes.vault import Vault
from components.kubernetes.vault_config import (
    configuration,
    gcp_seal,
    member_host,
    names,
)
from components.kubernetes.vault_jobs import Target
from components.kubernetes.vault_values import ValuesArgs, care_script, values
from tests.components.kubernetes.surroundings import here
from tests.components.kubernetes.vault_samples import NAMESPACE, arguments
from tests.components.support import Recorder, Registered, record
from tests.kubernetes.charts import unknown_keys
from tests.kubernetes.schemas import violations

GIB = 1 << 30


def built(members: int = 3, **changes: Any) -> Recorder:  # noqa: ANN401  (any field of it)
    return record(lambda: Vault("vault", arguments(members, **changes)))


def charted(members: int = 3) -> dict[str, Any]:
    args = arguments(members)
    return values(
        ValuesArgs(
            plan=args.plan,
            vault=args.vault,
            care=args.helpers.care,
            seal=args.seal,
            cluster=args.cluster,
        )
    )


def job(made: Recorder, name: str) -> Registered:
    (found,) = (
        one
        for one in (*made.all("Job"), *made.all("CronJob"))
        if one.type.startswith("kubernetes:") and one.inputs["metadata"]["labels"][NAME] == name
    )
    return found


NAME = "app.kubernetes.io/name"


def spec_of(one: Registered) -> dict[str, Any]:
    spec = one.inputs["spec"]
    found = spec.get("jobTemplate", {}).get("spec", spec)["template"]["spec"]
    assert isinstance(found, dict)
    return found


def told(one: Registered) -> dict[str, str]:
    (container,) = spec_of(one)["containers"]
    return {var["name"]: var["value"] for var in container["env"] if "value" in var}


@pytest.mark.parametrize("members", [1, 5])
def test_every_object_is_one_that_the_api_server_takes(members: int) -> None:
    objects = [
        one
        for one in built(members).resources
        if one.type.startswith("kubernetes:") and ":helm" not in one.type
    ]
    assert {one.name: found for one in objects if (found := violations(one.inputs))} == {}


@pytest.mark.parametrize("members", [1, 5])
def test_the_chart_reads_every_value(members: int) -> None:
    assert unknown_keys("vault", charted(members)) == []


def test_certificates_are_there_before_servers_and_servers_before_the_set_up() -> None:
    made = built()
    chart, tls = made.one("Release").urn, made.one("ExternalSecret", "vault-tls").urn
    assert job(made, "vault-certificates").urn in made.before(
        made.one("ExternalSecret", "vault-tls")
    )
    assert tls in made.before(made.one("Release"))
    assert chart in made.before(job(made, "vault-setup"))
    assert job(made, "vault-setup").urn in made.before(job(made, "vault-snapshots"))


def test_another_number_of_members_than_planned_is_refused() -> None:
    with pytest.raises(ValueError, match="3 members vote, 5 pods are planned"):
        built(5, vault=arguments(3).vault)


@pytest.mark.parametrize("members", [0, 2])
def test_votes_that_can_tie_are_refused(members: int) -> None:
    with pytest.raises(ValueError, match="odd number"):
        configuration(NAMESPACE, members, here().seal)


def test_members_find_each_other_by_names_that_the_certificate_has() -> None:
    said = configuration(NAMESPACE, 5, here().seal)
    joined = [member_host(NAMESPACE, f"vault-{index}") for index in range(5)]
    assert [one for one in joined if f'"https://{one}:8200"' in said] == joined
    assert said.count("retry_join") == 5
    assert member_host(NAMESPACE, "*") in names(NAMESPACE)


def test_a_single_server_keeps_what_it_knows_and_joins_nobody() -> None:
    said = configuration(NAMESPACE, 1, here().seal)
    assert 'storage "raft"' in said
    assert "retry_join" not in said
    assert "dev" not in charted(1)["server"]


def test_a_key_of_the_cloud_opens_it_and_tls_is_never_off() -> None:
    said = configuration(NAMESPACE, 3, here().seal)
    assert here().sealed in said
    assert "tls_disable" not in said
    assert charted()["global"]["tlsDisable"] is False


def test_a_key_of_google_opens_it_by_names_that_are_known_late() -> None:
    seal = gcp_seal("project", "us-central1", "ring-1a2b", "key-3c4d")
    said = configuration(NAMESPACE, 3, seal)
    assert 'seal "gcpckms" {\n  project = "project"\n  region = "us-central1"\n}' in said
    args = arguments(seal=seal)
    server = values(
        ValuesArgs(
            plan=args.plan,
            vault=args.vault,
            care=args.helpers.care,
            seal=args.seal,
            cluster=args.cluster,
        )
    )["server"]
    assert server["extraEnvironmentVars"] == {
        "VAULT_CACERT": "/vault/userconfig/vault-tls/ca.crt",
        "VAULT_GCPCKMS_SEAL_KEY_RING": "ring-1a2b",
        "VAULT_GCPCKMS_SEAL_CRYPTO_KEY": "key-3c4d",
    }


def test_a_server_that_is_not_initialised_is_ready_for_that_and_a_sealed_one_is_not() -> None:
    server = charted()["server"]
    assert server["readinessProbe"]["path"] == "/v1/sys/health?standbyok=true&uninitcode=204"
    assert "sealedcode" in server["livenessProbe"]["path"]


def test_one_may_go_at_a_time_and_a_single_one_holds_no_node() -> None:
    assert charted(5)["server"]["ha"]["disruptionBudget"] == {"enabled": True, "maxUnavailable": 1}
    assert charted(1)["server"]["ha"]["disruptionBudget"]["enabled"] is False


def test_volumes_are_the_plan_s_and_outlive_a_protected_stack() -> None:
    server = charted()["server"]
    assert (server["dataStorage"]["size"], server["auditStorage"]["size"]) == ("10Gi", "10Gi")
    args = arguments(cluster=replace(arguments().cluster, protect=True))
    kept = values(
        ValuesArgs(
            plan=args.plan,
            vault=args.vault,
            care=args.helpers.care,
            seal=args.seal,
            cluster=args.cluster,
        )
    )["server"]["persistentVolumeClaimRetentionPolicy"]
    assert kept["whenDeleted"] == "Retain"


def test_records_are_turned_over_before_they_fill_their_volume() -> None:
    said = care_script(10)
    most = int(said.partition("-gt ")[2].partition(" ")[0])
    # the one that is written, and those that are kept
    assert most * 9 < 10 * GIB
    assert "kill -HUP" in said


def test_no_pod_gets_a_token_for_the_api_and_those_that_ask_vault_one_for_vault() -> None:
    made = built()
    for name in ("vault-setup", "vault-snapshots"):
        spec = spec_of(job(made, name))
        assert spec["automountServiceAccountToken"] is False
        (volume,) = (one["projected"] for one in spec["volumes"] if "projected" in one)
        (source,) = volume["sources"]
        assert source["serviceAccountToken"]["audience"] == "vault"


def test_nothing_secret_stands_in_an_object() -> None:
    made = built()
    (container,) = spec_of(job(made, "vault-setup"))["containers"]
    (password,) = (one for one in container["env"] if one["name"] == "AIGW_DATABASE_PASSWORD")
    assert password["valueFrom"]["secretKeyRef"] == {"name": "vault-database", "key": "password"}


def test_snapshots_go_everywhere_on_the_plan_s_schedule() -> None:
    far = Target(bucket="far", region="us-west-2", prefix="vault/")
    made = built(targets=(*arguments().targets, far))
    cron = job(made, "vault-snapshots")
    assert cron.inputs["spec"]["schedule"] == "20 */6 * * *"
    found = json.loads(told(cron)["AIGW_SNAPSHOT_TARGETS"])
    assert [(one["bucket"], one["region"]) for one in found] == [
        ("prod-backups", here().region),
        ("far", "us-west-2"),
    ]


def test_without_a_database_it_makes_no_logins() -> None:
    made = built(wanted=replace(arguments().wanted, server=None, readers=()), issuer=None)
    names_made = [one.name for one in made.all("ExternalSecret")]
    assert names_made == ["vault-tls"]
