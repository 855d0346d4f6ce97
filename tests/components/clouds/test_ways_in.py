"""The way in reaches exactly the planned ports, waits for streams and answers known hosts alone."""

from __future__ import annotations

from dataclasses import replace

import pytest

from components.aws.ingress import Ingress as AwsIngress
from components.gcp.ingress import Ingress as GcpIngress
from sizing.words import Cloud
from tests.components.clouds.ways_in import ADDRESS, HOSTS, PORTS, SIDES, Side
from tests.components.clouds.words import at
from tests.components.support import Recorder


@pytest.fixture(scope="module")
def side(cloud: Cloud) -> Side:
    return SIDES[cloud]


@pytest.fixture(scope="module")
def recorder(side: Side) -> Recorder:
    return side.build()


def test_a_stream_is_waited_for_and_clients_keep_their_connections(
    side: Side, recorder: Recorder
) -> None:
    for (kind, path), seconds in side.waits.items():
        assert {at(one.inputs, path) for one in recorder.all(kind)} == {seconds}, kind


def test_a_target_is_asked_for_its_health_where_it_answers(side: Side, recorder: Recorder) -> None:
    kind, wanted = side.target
    made = recorder.one(kind, "mcp").inputs
    assert {path: at(made, path) for path in wanted} == wanted


def test_each_host_leads_to_its_own_targets(side: Side, recorder: Recorder) -> None:
    assert side.hosts(recorder) == {host: side.led_to.format(one) for one, host in HOSTS.items()}


def test_a_request_for_another_host_ends_in_404(side: Side, recorder: Recorder) -> None:
    assert side.refuses(recorder) == 404


def test_plain_http_is_sent_to_https(side: Side, recorder: Recorder) -> None:
    assert side.redirects(recorder)


def test_pods_let_the_balancer_in_on_the_targets_ports_alone(
    side: Side, recorder: Recorder
) -> None:
    assert side.opened(recorder) == {(one, port) for one in side.sources for port in PORTS}


@pytest.mark.parametrize("internal", [False, True])
def test_the_balancer_stands_for_the_world_or_for_the_network(side: Side, internal: bool) -> None:
    assert side.world(side.build(side.plan(internal=internal))) is not internal


def test_every_host_has_a_name_that_follows_the_balancer(
    cloud: Cloud, side: Side, recorder: Recorder
) -> None:
    kind, dot, path = side.records
    records = [one for one in recorder.all(kind) if one.inputs["type"] == "A"]
    assert {one.inputs["name"]: at(one.inputs, path) for one in records} == {
        host + dot: ADDRESS[cloud] for host in HOSTS.values()
    }
    assert not [one for one in records if "records" in one.inputs], "an alias has no address"


def test_each_host_is_proven_before_anything_is_served(side: Side, recorder: Recorder) -> None:
    proofs = {
        one.urn
        for one in recorder.all(side.proof)
        if one.inputs.get("type") == "CNAME" or side.proof.endswith("Validation")
    }
    assert proofs
    served = [one for one in recorder.all(side.served) if one.inputs.get("port") != 80]
    assert served
    assert all(proofs <= recorder.before(one) for one in served)


@pytest.mark.parametrize("logged", [True, False])
def test_every_request_is_logged_or_none(side: Side, logged: bool) -> None:
    kind, path = side.logs
    made = side.build(access_logs=logged)
    assert {bool(at(one.inputs, path)) for one in made.all(kind)} == {logged}
    assert bool(made.all("Bucket")) <= logged


def test_what_the_cluster_needs_is_there_by_target_name(side: Side) -> None:
    seen: list[AwsIngress | GcpIngress] = []
    side.build(seen=seen)
    (made,) = seen
    assert set(getattr(made, side.handles)) == HOSTS.keys()
    assert (made.url, made.hosts) == ("https://api.ai.example.com", HOSTS)
    assert {type(one).__name__ for one in made.ready} == side.ready


def test_another_order_of_targets_changes_nothing(side: Side, recorder: Recorder) -> None:
    plan = side.plan()
    other = side.build(replace(plan, targets=plan.targets[::-1]))
    assert {one.name for one in other.resources} == {one.name for one in recorder.resources}
    assert side.hosts(other) == side.hosts(recorder)
