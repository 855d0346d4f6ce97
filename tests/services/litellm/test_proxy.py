"""The generated config starts the real LiteLLM proxy, which then does what the config says.

It runs without its database, whose client needs an engine that no package registry carries: see
docs/checking-on-a-cluster.md for what that leaves out.
"""

from __future__ import annotations

import json
import re

import pytest

from components.kubernetes.litellm_config import CACHE_NAMESPACE
from components.kubernetes.litellm_metrics import METRICS as EXPORTED
from components.kubernetes.litellm_metrics import UNBOUNDED, labels
from components.kubernetes.litellm_models import usable
from components.kubernetes.litellm_runtime import LIVENESS, METRICS, READINESS
from tests.services.litellm.conftest import CACHE_TTL, ENGINE_KEY, GRANTED, Surroundings
from tests.services.litellm.model_server import WORDS, ModelServer
from tests.services.litellm.proxy import PROVIDER_KEY, Proxy

pytestmark = [pytest.mark.services, pytest.mark.cloud_free("a proxy on loopback")]
ANSWER = "".join(WORDS)
# What a scrape adds to the labels of a metric: a histogram's bucket, and the process of a gauge.
OF_THE_LIBRARY = {"le", "pid"}


def test_it_starts_without_a_complaint(proxy: Proxy) -> None:
    complaints = re.findall(r'"level": "(?:WARNING|ERROR|CRITICAL)".*', proxy.said)
    assert complaints == []
    assert "llama" in proxy.said


def test_it_lives_and_is_ready(proxy: Proxy) -> None:
    assert proxy.get(LIVENESS).status == 200
    assert proxy.get(READINESS).status == 200


def test_a_completion_comes_from_our_engines_with_their_key(
    proxy: Proxy, models: ModelServer
) -> None:
    reply = proxy.complete("llama", "a plain one")
    assert reply.body["choices"][0]["message"]["content"] == ANSWER
    assert models.keys == f"Bearer {ENGINE_KEY}"


def test_a_streamed_completion_comes_in_parts(proxy: Proxy) -> None:
    reply = proxy.complete("llama", "a streamed one", stream=True)
    lines = [line.removeprefix("data: ") for line in reply.text.splitlines() if line]
    assert lines[-1] == "[DONE]"
    chunks = [json.loads(line) for line in lines[:-1]]
    words = [choice["delta"].get("content") for chunk in chunks for choice in chunk["choices"]]
    assert [word for word in words if word] == list(WORDS)


def test_a_repeated_completion_is_answered_by_the_cache_alone(
    proxy: Proxy, models: ModelServer, surroundings: Surroundings
) -> None:
    asked, kept = models.asked["served/llama"], surroundings.cache.names()
    proxy.complete("llama", "the same again")
    # an answer is kept after it was given
    proxy.program.wait_until(lambda: len(surroundings.cache.names()) > len(kept), 30)
    replies = [proxy.complete("llama", "the same again") for _ in range(2)]
    assert {reply.body["choices"][0]["message"]["content"] for reply in replies} == {ANSWER}
    assert models.asked["served/llama"] == asked + 1
    for key in surroundings.cache.names():
        assert 0 < int(surroundings.cache.ask("TTL", key)[0]) <= CACHE_TTL


def test_counters_stand_in_the_store_that_evicts_nothing(
    proxy: Proxy, surroundings: Surroundings
) -> None:
    assert proxy.complete("bought", "counted").status == 200
    state, cache = surroundings.state, surroundings.cache
    proxy.program.wait_until(lambda: any("azure-here/bought" in one for one in state.names()), 30)
    assert not [key for key in state.names() if key.startswith(CACHE_NAMESPACE)]
    assert not [key for key in cache.names() if not key.startswith(CACHE_NAMESPACE)]


def test_another_model_answers_for_one_that_fails(proxy: Proxy, models: ModelServer) -> None:
    models.failing.add("served/fragile")
    try:
        before = models.asked["served/llama"]
        reply = proxy.complete("fragile", "who answers?")
        assert reply.body["choices"][0]["message"]["content"] == ANSWER
        assert models.asked["served/fragile"] > 0
        assert models.asked["served/llama"] == before + 1
    finally:
        models.failing.clear()


def test_a_prompt_too_long_for_a_model_goes_to_a_longer_one(
    proxy: Proxy, models: ModelServer
) -> None:
    before = models.asked["served/llama"]
    reply = proxy.complete("short", "word " * 100)
    assert reply.status == 200
    assert models.asked["served/short"] == 0
    assert models.asked["served/llama"] == before + 1


def test_a_provider_is_asked_no_more_often_than_its_model_may(
    proxy: Proxy, models: ModelServer
) -> None:
    # a new minute may begin once meanwhile, which grants as much again
    most = 2 * usable(GRANTED)
    before = models.asked["gpt-4o-mini"]
    statuses = [200]
    while statuses[-1] == 200 and len(statuses) <= most + 1:
        statuses.append(proxy.complete("bought", f"number {len(statuses)}").status)
    assert statuses[-1] == 429
    assert models.asked["gpt-4o-mini"] - before <= most
    assert models.keys == PROVIDER_KEY


@pytest.mark.parametrize(
    ("key", "status"),
    [
        ("", 401),
        # a key is looked up in the database, which is not there
        ("wrong", 400),
        ("sk-wrong", 400),
    ],
)
def test_a_wrong_key_is_refused(proxy: Proxy, models: ModelServer, key: str, status: int) -> None:
    before = models.asked.total()
    assert proxy.complete("llama", "let me in", key=key).status == status
    assert models.asked.total() == before


def test_metrics_need_a_key_where_callers_are(proxy: Proxy) -> None:
    assert proxy.get(f"{METRICS}/").status == 401


def test_metrics_have_the_labels_of_the_list_and_no_others(proxy: Proxy) -> None:
    assert proxy.complete("llama", "measured").status == 200
    counted = "litellm_proxy_total_requests_metric_total"
    proxy.program.wait_until(lambda: counted in _labels(proxy.metrics()), 30)
    found = _labels(proxy.metrics())
    allowed = {name: {*labels(name, teams=True, keys=False), *OF_THE_LIBRARY} for name in EXPORTED}
    listed = {
        series: names - allowed[metric]
        for series, names in found.items()
        for metric in EXPORTED
        if re.fullmatch(rf"{metric}(_total|_created|_sum|_count|_bucket)?", series)
    }
    assert len(listed) > 10
    assert {series: extra for series, extra in listed.items() if extra} == {}
    assert not [series for series, names in found.items() if names & UNBOUNDED]


def _labels(exposition: str) -> dict[str, set[str]]:
    """Return the labels of every series, by its name."""
    found: dict[str, set[str]] = {}
    for line in exposition.splitlines():
        series, _, rest = line.partition("{")
        if line and not line.startswith("#"):
            found.setdefault(series.split(" ")[0], set()).update(re.findall(r'(\w+)="', rest))
    return found
