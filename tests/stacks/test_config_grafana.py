"""Dashboards of a stack: on where nothing is said, with a host only after single sign-on."""

from __future__ import annotations

import pytest

from sizing.plan import plan
from sizing.planning.edge import TARGETS
from sizing.words import Severity, Verdict
from stacks.apps.secrets import existing_names
from stacks.config_secrets import GRAFANA_OIDC, is_secret_key, looks_secret
from stacks.decision import decide
from tests.both_clouds import pytest_generate_tests as pytest_generate_tests
from tests.stacks.stack_texts import SECURE, ZONE, good, refused, there

ADDRESSES = (
    "auth_url: https://id.example.com/authorize, token_url: https://id.example.com/token, "
    "api_url: https://id.example.com/userinfo, client_id: dashboards"
)
HELD = "existing_secret: aigw/grafana"
INGRESS = f"ingress: {{domain: ai.platform.dev, zone_id: {ZONE}}}"


def grafana(*parts: str) -> str:
    return f"services: {{grafana: {{{', '.join(parts)}}}}}"


def oidc(*parts: str) -> str:
    return f"oidc: {{{', '.join((ADDRESSES, *parts))}}}"


def test_dashboards_are_there_where_nothing_is_said() -> None:
    found = good().request()
    assert found.switches.grafana
    assert not found.switches.shows_grafana
    assert any(one.name == "grafana" for one in plan(found).services)


def test_without_them_nothing_of_theirs_is_planned() -> None:
    found = plan(good(grafana("enabled: false")).request())
    assert all(one.name != "grafana" for one in found.services)
    assert "grafana" not in found.postgres.databases
    (noted,) = [one for one in found.adjustments if one.field == "services.grafana"]
    assert (noted.rule, noted.planned) == ("grafana-off", "none")


def test_a_host_is_one_more_target_of_the_load_balancer() -> None:
    config = good(f"{INGRESS}\n{grafana('host: true', oidc(HELD))}")
    targets = plan(config.request()).ingress.targets
    assert [one.host for one in targets] == [*(one.host for one in TARGETS), "grafana"]
    assert len({one.priority for one in targets}) == len(targets)


def test_a_host_without_single_sign_on_is_refused() -> None:
    (message,) = refused(f"{INGRESS}\n{grafana('host: true')}")
    assert "single sign-on first" in message


def test_a_host_without_a_load_balancer_is_refused() -> None:
    (message,) = refused(grafana("host: true", oidc(HELD)))
    assert "services.grafana.host" in message
    assert "without ingress" in message


@pytest.mark.parametrize("path", ["{{ .Env }}", "$__file{/etc/passwd}", "${HOME}"])
def test_a_role_path_that_others_would_read_as_theirs_is_refused(path: str) -> None:
    (message,) = refused(grafana(oidc(HELD, f"role_attribute_path: '{path}'")))
    assert "role_attribute_path" in message


def test_a_role_path_in_jmespath_passes() -> None:
    path = "contains(groups[*], ''admins'') && ''Admin'' || ''Viewer''"
    config = good(grafana(oidc(HELD, f"role_attribute_path: '{path}'")))
    stated = config.services.grafana.oidc
    assert stated
    assert stated.role_attribute_path == "contains(groups[*], 'admins') && 'Admin' || 'Viewer'"


def test_a_client_secret_that_nobody_keeps_stops_the_program() -> None:
    (found,) = [
        one for one in decide(good(grafana(oidc()))).findings if one.constraint == "grafana-oidc"
    ]
    assert (found.severity, found.verdict) == (Severity.ERROR, Verdict.REFUTED)
    assert GRAFANA_OIDC in found.fix


@pytest.mark.parametrize(
    ("platform", "beside"), [(oidc(HELD), ""), (oidc(), f"{GRAFANA_OIDC}: {SECURE}")]
)
def test_either_place_holds_the_client_secret(platform: str, beside: str) -> None:
    config = good(grafana(platform), beside)
    assert not [one for one in decide(config).findings if one.constraint == "grafana-oidc"]


def test_the_operator_of_secrets_may_read_the_one_that_is_named() -> None:
    assert there("aigw/grafana") in existing_names(good(grafana(oidc(HELD))))
    assert is_secret_key(GRAFANA_OIDC)
    assert looks_secret(GRAFANA_OIDC)
