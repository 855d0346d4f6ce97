"""The collectors' configuration: nothing unused, memory first, a trace's spans at one collector."""

from __future__ import annotations

import re
from dataclasses import replace
from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from components.kubernetes import otel_redaction
from components.kubernetes.otel_config import agent, gateway, unused
from components.kubernetes.otel_settings import (
    AgentConfig,
    GatewayConfig,
    LogStore,
    Memory,
    Sampling,
)
from components.kubernetes.search_access import FOLDER
from sizing.units import MIB
from sizing.words import Tier
from sizing.workload import reference
from tests.components.kubernetes.samples import service_plan
from tests.components.kubernetes.search_samples import SIGNED, login

pytestmark = pytest.mark.cloud_free("text of the collectors' file; kinds of store are parameters")


LOGS = LogStore(endpoint="https://search", sign_in=SIGNED, index="prod-logs")
BY_PASSWORD = replace(LOGS, sign_in=login("otel-collector"))
SAMPLING = Sampling(share=0.1, slow_ms=27_000, wait_seconds=33, traces=1000, traces_per_second=9)
FULL = GatewayConfig(
    memory=Memory(limit_mib=819, spike_mib=163),
    sampling=SAMPLING,
    members="otel-collector-members.prod-observability.svc.cluster.local",
    jaeger="jaeger:4317",
    logs=LOGS,
)
AGENT = agent(
    AgentConfig(
        memory=Memory(limit_mib=204, spike_mib=40),
        gateway="otel-collector:4317",
        cluster="aigw-prod",
        own=("node-system_otel-agent",),
    )
)
FORMS = [
    replace(FULL, members=members, jaeger=jaeger, logs=logs)
    for members, jaeger, logs in product(
        (FULL.members, ""), (FULL.jaeger, ""), (LOGS, BY_PASSWORD, None)
    )
    if jaeger or logs
]


@pytest.mark.parametrize("form", FORMS)
def test_whatever_is_defined_is_used_and_the_other_way_round(form: GatewayConfig) -> None:
    assert unused(gateway(form)) == []


def test_an_agents_parts_are_all_used() -> None:
    assert unused(AGENT) == []


def test_a_part_that_is_unused_or_undefined_is_named() -> None:
    made = gateway(FULL)
    made["receivers"]["zipkin"] = {}
    made["service"]["extensions"].append("zpages")
    assert unused(made) == ["extensions.zpages", "receivers.zipkin"]


@pytest.mark.parametrize("made", [*map(gateway, FORMS), AGENT])
def test_memory_is_looked_at_first_and_batches_are_made_last(made: dict[str, object]) -> None:
    service = made["service"]
    assert isinstance(service, dict)
    for name, one in service["pipelines"].items():
        assert one["processors"][0] == "memory_limiter", name
        # what only hands spans on makes batches of its own, one for each collector
        assert name == "traces/spread" or one["processors"][-1] == "batch", name


def test_nothing_reaches_a_store_that_was_not_redacted() -> None:
    for one in gateway(FULL)["service"]["pipelines"].values():
        if one["exporters"] != ["load_balancing"]:
            assert otel_redaction.NAME in one["processors"]


def test_several_collectors_bring_a_traces_spans_together_before_one_decides() -> None:
    made = gateway(FULL)
    pipelines = made["service"]["pipelines"]
    assert pipelines["traces/spread"]["receivers"] == ["otlp"]
    assert pipelines["traces"]["receivers"] == ["otlp/whole"]
    assert made["exporters"]["load_balancing"]["routing_key"] == "traceID"
    port = made["exporters"]["load_balancing"]["resolver"]["dns"]["port"]
    whole = made["receivers"]["otlp/whole"]["protocols"]["grpc"]["endpoint"]
    assert whole.endswith(f":{port}")


def test_a_single_collector_has_nobody_to_hand_spans_to() -> None:
    made = gateway(replace(FULL, members=""))
    assert set(made["service"]["pipelines"]) == {"traces", "logs"}
    assert made["service"]["pipelines"]["traces"]["receivers"] == ["otlp"]


def test_errors_and_slow_traces_are_kept_whatever_share_of_the_others_is() -> None:
    policies = gateway(FULL)["processors"]["tail_sampling"]["policies"]
    assert [one["type"] for one in policies] == ["status_code", "latency", "probabilistic"]
    assert policies[0]["status_code"] == {"status_codes": ["ERROR"]}
    assert policies[1]["latency"] == {"threshold_ms": 27_000}
    assert policies[2]["probabilistic"] == {"sampling_percentage": 10}


def test_requests_to_the_store_of_logs_are_signed() -> None:
    made = gateway(FULL)
    assert made["extensions"]["sigv4auth"] == {"region": "us-east-1", "service": "es"}
    assert made["exporters"]["opensearch"]["http"]["auth"] == {"authenticator": "sigv4auth"}
    assert "sigv4auth" not in gateway(replace(FULL, logs=None))["extensions"]


def test_logs_reach_members_with_a_password_that_no_configuration_holds() -> None:
    made = gateway(replace(FULL, logs=BY_PASSWORD))
    assert made["extensions"]["basicauth"] == {
        "client_auth": {
            "username": "otel-collector",
            "password_file": f"{FOLDER}/otel-collector",
        }
    }
    http = made["exporters"]["opensearch"]["http"]
    assert http["auth"] == {"authenticator": "basicauth"}
    assert http["tls"] == {"ca_file": f"{FOLDER}/ca.crt"}
    assert "sigv4auth" not in made["extensions"]


def test_an_agent_reads_every_pods_lines_but_the_collectors_own() -> None:
    lines = AGENT["receivers"]["file_log"]
    assert lines["include"] == ["/var/log/pods/*/*/*.log"]
    assert lines["exclude"] == ["/var/log/pods/node-system_otel-agent*/*/*.log"]


@pytest.mark.parametrize(
    ("line", "first"),
    [
        ("Traceback (most recent call last):", True),
        ('  File "main.py", line 3, in <module>', False),
        ("\tat com.example.Main.main(Main.java:5)", False),
        ("Caused by: java.io.IOException", False),
        ("During handling of the above exception, another exception occurred:", False),
        ("ValueError: no such model", False),
        ("httpx.ReadError", False),
        ("ERROR no such model", True),
        ('{"level": "info"}', True),
        ("}", False),
    ],
)
def test_lines_of_one_error_stay_together(line: str, first: bool) -> None:
    asked = AGENT["receivers"]["file_log"]["operators"][1]["is_first_entry"]
    pattern = asked.removeprefix("body not matches `").removesuffix("`")
    assert (re.match(pattern, line) is None) is first


@given(mib=st.integers(64, 64 * 1024))
def test_a_limiter_leaves_a_part_of_the_pods_memory_free(mib: int) -> None:
    plan = replace(service_plan("otel-collector"), memory_limit_bytes=mib * MIB)
    found = Memory.of(plan)
    assert 0 < found.spike_mib < found.limit_mib < mib


def test_a_trace_is_waited_for_until_its_slowest_span_can_be_there() -> None:
    load = reference(Tier.LARGE)
    found = Sampling.of(load, collectors=3)
    assert found.wait_seconds > load.request_seconds
    assert found.slow_ms == pytest.approx(load.request_seconds * 1000, abs=1)
    assert found.share == load.trace_share


@given(collectors=st.integers(1, 20), rate=st.floats(0.1, 5000))
def test_the_collectors_left_keep_every_trace_that_is_waited_for(
    collectors: int, rate: float
) -> None:
    load = replace(reference(Tier.LARGE), requests_per_second_peak=rate)
    found = Sampling.of(load, collectors=collectors)
    left = max(1, collectors - 1)
    assert left * found.traces >= rate * found.wait_seconds


@pytest.mark.parametrize("share", [-0.1, 1.1])
def test_a_share_beyond_its_bounds_is_refused(share: float) -> None:
    with pytest.raises(ValueError, match="0 to 1"):
        replace(SAMPLING, share=share)


SECRETS = {
    "Authorization: Bearer sk-live-abcdef123456": "sk-live-abcdef123456",
    "authorization: Basic dXNlcjpwYXNzd29yZA==": "dXNlcjpwYXNzd29yZA",
    '{"api_key": "topsecretvalue", "msg": "ok"}': "topsecretvalue",
    "x-api-key=topsecretvalue": "topsecretvalue",
    "password=hunter2hunter2": "hunter2hunter2",
    "logging in with hf_abcdefghijklmnopqrstu": "hf_abcdefghijklmnopqrstu",
    "key AKIAIOSFODNN7EXAMPLE": "AKIAIOSFODNN7EXAMPLE",
    "eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxMjM0NTY3ODkwIn0.c2lnbmF0dXJl": "c2lnbmF0dXJl",
    "redis://:pw12345@cache:6379/0": "pw12345",
    "GET /key/info?key=sk-abcdef1234567890": "sk-abcdef1234567890",
    "token hvs.CAESIJabcdefghijklmnop": "hvs.CAESIJabcdefghijklmnop",
}
ORDINARY = (
    "user said hello, prompt_tokens=17",
    "basic information about tokens",
    "GET /v1/models 200 in 3 ms",
    "http://otel-collector.prod-observability.svc:4317",
    "task-queue is empty",
)


def redacted(line: str) -> str:
    for pattern in otel_redaction.processor()["blocked_values"]:
        line = re.sub(pattern, "****", line)
    return line


@pytest.mark.parametrize(("line", "secret"), SECRETS.items())
def test_no_key_token_or_password_stays_in_a_line(line: str, secret: str) -> None:
    assert secret not in redacted(line)


@pytest.mark.parametrize("line", ORDINARY)
def test_a_line_without_a_secret_stays_as_it_is(line: str) -> None:
    assert redacted(line) == line


def blocked(key: str) -> bool:
    patterns = otel_redaction.processor()["blocked_key_patterns"]
    return any(re.search(one, key) for one in patterns)


@pytest.mark.parametrize(
    "key",
    [
        "http.request.header.authorization",
        "Set-Cookie",
        "x-api-key",
        "metadata.user_api_key",
        "aws.access_token",
        "db.password",
        "gen_ai.prompt.0.content",
        "gen_ai.input.messages",
        "gen_ai.output.messages",
        "gen_ai.tool.call.arguments",
        "llm.prompts.1.user",
        "input.value",
    ],
)
def test_headers_keys_prompts_and_answers_lose_their_values(key: str) -> None:
    assert blocked(key)


@pytest.mark.parametrize(
    "key",
    [
        "gen_ai.usage.input_tokens",
        "gen_ai.usage.output_tokens",
        "llm.usage.total_tokens",
        "gen_ai.request.model",
        "http.route",
        "metadata.user_api_key_alias",
        "k8s.pod.name",
    ],
)
def test_what_counts_and_names_is_kept(key: str) -> None:
    assert not blocked(key)
