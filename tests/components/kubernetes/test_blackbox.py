"""The prober: a handshake and no more, each scrape about one certificate, nobody else reached."""

from __future__ import annotations

import pytest
import yaml

from components.kubernetes import blackbox_config
from components.kubernetes.access import Blocks, Pods
from components.kubernetes.blackbox import Blackbox, BlackboxArgs, Probed
from components.kubernetes.blackbox_config import Module
from components.kubernetes.exporter import Surroundings
from sizing.plans import Scale
from tests.components.kubernetes.controllers import peers, refused
from tests.components.kubernetes.samples import cluster, service_plan
from tests.components.kubernetes.surroundings import here
from tests.components.support import Recorder, record

NAME = "blackbox-exporter"
VAULT = Probed(
    host="vault.prod-vault.svc.cluster.local",
    port=8200,
    peer=Pods(namespace="prod-vault", name="vault", ports=(8200,)),
    module=Module.OWN,
)


def probed() -> dict[str, Probed]:
    inside = Blocks(blocks=(here().vpc,), ports=(here().cache_port,))
    found = {
        role: Probed(host=f"{role}.example.org", port=here().cache_port, peer=inside)
        for role in ("cache", "state")
    }
    return {**found, "vault": VAULT}


@pytest.fixture(scope="module")
def made(_cloud: None) -> Recorder:
    def program() -> None:
        scale = Scale(minimum=1, planned=1, maximum=1)
        plan = service_plan(NAME, role="observability", scale=scale)
        around = Surroundings(cluster=cluster(), namespace="prod-observability")
        Blackbox(NAME, BlackboxArgs(plan=plan, around=around, probed=probed()))

    return record(program)


def test_the_api_server_takes_every_object(made: Recorder) -> None:
    assert refused(made) == {}
    assert made.all("Secret") == []


def test_each_scrape_names_one_certificate_and_how_it_is_judged(made: Recorder) -> None:
    asked = {}
    for one in made.all("ServiceMonitor"):
        (endpoint,) = one.inputs["spec"]["endpoints"]
        (relabeling,) = endpoint["relabelings"]
        assert (endpoint["path"], relabeling["targetLabel"]) == ("/probe", "instance")
        # Prometheus forgets after five minutes: two scrapes at the least are within them
        assert 15 < int(endpoint["interval"].removesuffix("s")) <= 150
        asked[relabeling["replacement"]] = endpoint["params"]
    assert asked == {
        "cache": {"module": ["tls"], "target": [f"cache.example.org:{here().cache_port}"]},
        "state": {"module": ["tls"], "target": [f"state.example.org:{here().cache_port}"]},
        "vault": {"module": ["tls-own"], "target": ["vault.prod-vault.svc.cluster.local:8200"]},
    }


def test_prometheus_alone_asks_it_and_it_asks_what_it_probes(made: Recorder) -> None:
    assert peers(made, NAME, "ingress") == [("prod-observability/prometheus", 9115)]
    called = peers(made, NAME, "egress")
    assert called.count((here().vpc, here().cache_port)) == 1
    assert ("prod-vault/vault", 8200) in called
    assert "0.0.0.0/0" not in {peer for peer, _ in called}


def test_a_handshake_says_nothing_and_only_an_authority_of_our_own_goes_unjudged() -> None:
    modules = yaml.safe_load(blackbox_config.text())["modules"]
    assert modules.keys() == {one.value for one in Module}
    for name, module in modules.items():
        assert (module["prober"], module["tcp"]["tls"]) == ("tcp", True)
        assert "query_response" not in module["tcp"]
        unjudged = module["tcp"].get("tls_config", {}).get("insecure_skip_verify", False)
        assert unjudged == (name == Module.OWN)
