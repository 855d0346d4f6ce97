"""Alertmanager: what it reads, whom it may reach, and that its texts come through whole."""

from __future__ import annotations

import re
from typing import Any

import pytest

from components.kubernetes import alertmanager_config as config
from components.kubernetes.alertmanager import Alertmanager, AlertmanagerArgs, escaped
from components.kubernetes.alertmanager_config import Receivers, Slack
from components.kubernetes.secrets import Remote
from sizing.plans import Scale
from tests.components.kubernetes.controllers import peers, refused
from tests.components.kubernetes.samples import cluster, service_plan
from tests.components.support import Recorder, record

TOLD = Receivers(slack=Slack(channel="#platform"))
ONE = Scale(minimum=1, planned=1, maximum=1)
ANY = Remote(name="prod/pgbouncer", property="pgbouncer_stats")


def build(**changes: Any) -> Recorder:  # noqa: ANN401  (any field of Alertmanager)
    plain: dict[str, Any] = {
        "plan": service_plan(
            "alertmanager",
            role="observability",
            pool_role="data",
            scale=Scale(minimum=2, planned=2, maximum=2),
            volume_gib=1,
        ),
        "cluster": cluster(),
        "namespace": "prod-observability",
        "config": config.text(TOLD),
        "secrets": {config.SLACK_KEY: Remote(name="slack")},
        "anything": ANY,
        "ports": (443,),
    }
    return record(lambda: Alertmanager("alertmanager", AlertmanagerArgs(**{**plain, **changes})))


@pytest.fixture(scope="module")
def made(_cloud: None) -> Recorder:
    return build()


@pytest.fixture(scope="module")
def nobody(_cloud: None) -> Recorder:
    return build(config=config.text(Receivers()), secrets={}, ports=())


def spec(made: Recorder) -> dict[str, Any]:
    found = made.one("Alertmanager", "server").inputs["spec"]
    assert isinstance(found, dict)
    return found


def filled(text: str) -> str:
    """Fill a template in as the operator of secrets does where it holds nothing but quotes."""
    return re.sub(r'\{\{ "([{}]{2})" \}\}', r"\1", text)


def test_the_api_server_takes_every_object(made: Recorder, nobody: Recorder) -> None:
    assert refused(made) == refused(nobody) == {}


def test_what_it_is_told_comes_through_whole(made: Recorder) -> None:
    wanted = config.text(TOLD)
    assert "{{" in wanted
    secret = made.one("ExternalSecret", "config").inputs["spec"]
    assert secret["target"]["name"] == spec(made)["configSecret"]
    template = secret["target"]["template"]["data"][config.CONFIG_KEY]
    assert filled(template) == wanted
    # nothing of it is taken for the operator's own
    assert "{{ ." not in template


@pytest.mark.parametrize("text", ["plain", "{{ .Status }}", "}}{{", "a {{ b }} c {{ d }}"])
def test_braces_are_said_and_not_meant(text: str) -> None:
    assert filled(escaped(text)) == text


def test_receivers_read_their_secrets_from_files(made: Recorder, nobody: Recorder) -> None:
    assert spec(made)["secrets"] == [config.SECRET]
    kept = made.one("ExternalSecret", "receivers").inputs["spec"]
    assert [one["secretKey"] for one in kept["data"]] == [config.SLACK_KEY]
    assert spec(nobody)["secrets"] == []
    assert len(nobody.all("ExternalSecret")) == 1


def test_it_reaches_the_internet_only_where_somebody_is_told(
    made: Recorder, nobody: Recorder
) -> None:
    def outside(one: Recorder) -> set[str]:
        policies = [p.inputs["spec"] for p in one.all("NetworkPolicy")]
        blocks = [peer for p in policies for rule in p["egress"] for peer in rule["to"]]
        return {peer["ipBlock"]["cidr"] for peer in blocks if "ipBlock" in peer}

    assert outside(made) == {"0.0.0.0/0"}
    assert outside(nobody) == set()


def test_a_pair_notices_that_one_has_gone_and_one_alone_has_nobody_to_ask(made: Recorder) -> None:
    protocols = {
        port["protocol"]
        for one in made.all("NetworkPolicy")
        for rule in one.inputs["spec"]["ingress"]
        for port in rule["ports"]
        if port["port"] == 9094
    }
    assert protocols == {"TCP", "UDP"}
    single = service_plan("alertmanager", pool_role="data", scale=ONE, volume_gib=1)
    alone = build(plan=single)
    assert ("prod-observability/prometheus", 9093) in peers(alone, "alertmanager", "ingress")
