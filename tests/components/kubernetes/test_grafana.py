"""Grafana: closed, without secrets in its values, its state in the database, nothing installed."""

from __future__ import annotations

import json
from typing import Any

import pytest

from components.kubernetes.access import Blocks, Pods
from components.kubernetes.dashboards.render import PROMETHEUS_UID
from components.kubernetes.grafana import Grafana, GrafanaArgs, Login, generated
from components.kubernetes.grafana_config import (
    GrafanaConfig,
    Oidc,
    Sources,
    datasources,
    login_variables,
    providers,
    settings,
)
from components.kubernetes.secrets import Remote
from sizing.plans import Scale
from tests.components.kubernetes.controllers import at, peers, refused, values
from tests.components.kubernetes.samples import NAMESPACES, cluster, service_plan
from tests.components.kubernetes.surroundings import here
from tests.components.support import Recorder, record
from tests.kubernetes.charts import unknown_keys

HOME = NAMESPACES["observability"]
OIDC = Oidc(
    auth_url="https://id.example.com/authorize",
    token_url="https://id.example.com/token",
    api_url="https://id.example.com/userinfo",
    client_id="grafana",
    scopes=("openid", "email"),
    role_path="contains(groups[*], 'admins') && 'Admin' || 'Viewer'",
    domains=("example.com",),
)
CLIENT = Remote(name="aigw/grafana-client")


def built(*, oidc: Oidc | None = None, host: str = "") -> Recorder:
    plan = service_plan(
        "grafana", role="observability", scale=Scale(minimum=2, planned=2, maximum=2)
    )
    args = GrafanaArgs(
        plan=plan,
        cluster=cluster(),
        namespace=HOME,
        config=GrafanaConfig(host=host, pool=5, oidc=oidc),
        sources=Sources(prometheus="http://prometheus:9090"),
        boards={"aigw-overview.json": "{}"},
        database=Login(
            host="database.example.com",
            role="grafana_a",
            password=Remote(name="database-grafana", property="grafana_a"),
            authority="-----BEGIN CERTIFICATE-----",
        ),
        keys="grafana",
        client_secret=CLIENT if oidc else None,
        called_by=(Blocks(blocks=("10.40.0.0/20",), ports=(3000,)),) if host else (),
        calls=(Pods(namespace=HOME, name="prometheus", ports=(9090,)),),
    )
    return record(lambda: Grafana("grafana", args))


@pytest.fixture(scope="module")
def made(_cloud: None) -> Recorder:
    return built()


@pytest.fixture(scope="module")
def given(made: Recorder) -> dict[str, Any]:
    return values(made, "grafana")


@pytest.fixture(scope="module")
def outside(_cloud: None) -> Recorder:
    return built(oidc=OIDC, host="grafana.ai.example.com")


def test_the_chart_reads_every_value(given: dict[str, Any], outside: Recorder) -> None:
    assert unknown_keys("grafana", given) == []
    assert unknown_keys("grafana", values(outside, "grafana")) == []


def test_its_objects_are_what_the_api_takes(made: Recorder) -> None:
    assert refused(made) == {}


def test_what_is_secret_is_named_and_never_stands_in_a_value(given: dict[str, Any]) -> None:
    assert given["admin"]["existingSecret"] == "grafana-secrets"
    kept = {name: one["secretKeyRef"] for name, one in given["envValueFrom"].items()}
    assert set(kept) == {"GF_SECURITY_SECRET_KEY", "GF_DATABASE_PASSWORD"}
    assert all(one["name"] == "grafana-secrets" for one in kept.values())
    assert "adminPassword" not in given
    assert "password" not in json.dumps(given["grafana.ini"])


def test_single_sign_on_brings_its_secret_and_ends_the_password_form(outside: Recorder) -> None:
    found = values(outside, "grafana")
    assert found["envValueFrom"]["GF_AUTH_GENERIC_OAUTH_CLIENT_SECRET"]["secretKeyRef"] == {
        "name": "grafana-secrets",
        "key": "oidc-client-secret",
    }
    assert found["env"]["GF_AUTH_GENERIC_OAUTH_ROLE_ATTRIBUTE_PATH"] == OIDC.role_path
    assert at(found, "env.GF_AUTH_GENERIC_OAUTH_ALLOWED_DOMAINS") == "example.com"
    assert found["grafana.ini"]["auth"]["disable_login_form"] is True
    assert found["grafana.ini"]["security"]["cookie_secure"] is True


def test_single_sign_on_without_its_secret_is_refused() -> None:
    plan = service_plan("grafana", role="observability")
    args = GrafanaArgs(
        plan=plan,
        cluster=cluster(),
        namespace=HOME,
        config=GrafanaConfig(host="", pool=5, oidc=OIDC),
        sources=Sources(prometheus="http://prometheus:9090"),
        boards={},
        database=Login(host="x", role="grafana_a", password=CLIENT, authority=""),
        keys="grafana",
        client_secret=None,
        called_by=(),
        calls=(),
    )
    with pytest.raises(ValueError, match="come together"):
        record(lambda: Grafana("grafana", args))


def test_it_keeps_its_state_in_the_database_that_proves_itself(given: dict[str, Any]) -> None:
    database = given["grafana.ini"]["database"]
    assert database["type"] == "postgres"
    assert database["ssl_mode"] == "verify-full"
    assert database["max_open_conn"] == 5
    assert given["env"]["GF_DATABASE_HOST"] == "database.example.com:5432"
    assert given["env"]["GF_DATABASE_USER"] == "grafana_a"
    (mount,) = given["extraConfigmapMounts"]
    assert database["ca_cert_path"].startswith(mount["mountPath"])


def test_nothing_is_installed_reported_or_asked_for_at_home() -> None:
    found = settings(GrafanaConfig(host="", pool=5))
    assert found["plugins"] == {
        "preinstall_disabled": True,
        "preinstall_auto_update": False,
        "plugin_admin_enabled": False,
        "public_key_retrieval_disabled": True,
    }
    assert not any(found["analytics"].values())
    assert found["security"]["disable_gravatar"] is True
    for section in (
        "auth.anonymous",
        "snapshots",
        "public_dashboards",
        "unified_alerting",
    ):
        assert found[section] == {"enabled": False}
    assert found["news"] == {"news_feed_enabled": False}


def test_nobody_reaches_it_but_prometheus_unless_it_has_a_host(
    made: Recorder, outside: Recorder
) -> None:
    scraped = ("prod-observability/prometheus", 3000)
    assert peers(made, "grafana", "ingress") == [scraped]
    assert set(peers(outside, "grafana", "ingress")) == {("10.40.0.0/20", 3000), scraped}


def test_it_reaches_the_internet_for_the_identity_provider_alone(
    made: Recorder, outside: Recorder
) -> None:
    assert not any(port == 443 for _, port in peers(made, "grafana", "egress"))
    assert ("0.0.0.0/0", 443) in peers(outside, "grafana", "egress")
    assert (here().vpc, 5432) in peers(made, "grafana", "egress")


def test_its_pods_are_restricted_and_their_root_is_read_only(given: dict[str, Any]) -> None:
    assert given["securityContext"]["runAsNonRoot"] is True
    assert given["securityContext"]["runAsUser"] == 472
    assert given["containerSecurityContext"]["readOnlyRootFilesystem"] is True
    assert given["automountServiceAccountToken"] is False
    assert given["rbac"] == {"create": False}
    assert [one["mountPath"] for one in given["extraEmptyDirMounts"]] == ["/tmp"]


def test_dashboards_are_files_beside_it(made: Recorder, given: dict[str, Any]) -> None:
    (boards,) = [
        one
        for one in made.all("ConfigMap")
        if one.inputs["metadata"]["name"] == "grafana-dashboards"
    ]
    assert boards.inputs["data"] == {"aigw-overview.json": "{}"}
    assert given["dashboardsConfigMaps"] == {"platform": "grafana-dashboards"}
    (provider,) = providers()["providers"]
    assert provider["options"]["path"] == "/var/lib/grafana/dashboards/platform"
    home = given["grafana.ini"]["dashboards"]["default_home_dashboard_path"]
    assert home == f"{provider['options']['path']}/aigw-overview.json"


def test_data_sources_are_those_that_the_stack_has() -> None:
    alone = datasources(Sources(prometheus="http://p:9090"))
    assert [one["uid"] for one in alone["datasources"]] == [PROMETHEUS_UID]
    assert alone["prune"] is True
    every = datasources(
        Sources(
            prometheus="http://t:10902",
            thanos=True,
            alertmanager="http://a:9093",
            jaeger="http://j:16686",
        )
    )["datasources"]
    assert [one["type"] for one in every] == ["prometheus", "alertmanager", "jaeger"]
    assert every[0]["jsonData"]["prometheusType"] == "Thanos"
    assert [one["isDefault"] for one in every] == [True, False, False]


def test_without_an_identity_provider_no_variable_names_one() -> None:
    assert login_variables(None) == {}
    assert "GF_AUTH_GENERIC_OAUTH_ROLE_ATTRIBUTE_STRICT" in login_variables(OIDC)


def test_what_seals_its_secrets_is_made_once_and_kept() -> None:
    kept = {one.name: one.permanent for one in generated(protect=True).keys}
    assert kept == {"admin-password": False, "secret-key": True}
