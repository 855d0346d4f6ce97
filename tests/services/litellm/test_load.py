"""A load made by the real Locust through the real proxy, and what is said of it.

Locust is told to be quick about it: a few seconds at a few requests a second, as much as any
machine makes. How fast the answers were is nothing that these tests rest on, but for a model that
is slow by seconds.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import pytest

from preview.loadtest_run import run
from sizing.loadtest import Line, Result, Run, compare, profile
from sizing.model import Figure
from sizing.words import Tier, Verdict
from sizing.workload import Workload, reference
from tests.services.litellm.model_server import WORDS, ModelServer
from tests.services.litellm.proxy import MASTER, Proxy
from tests.services.locust.environment import locust

pytestmark = [pytest.mark.services, pytest.mark.cloud_free("a proxy on loopback")]
SLOW_S = 3.0
TEN_A_SECOND = Run(stack="tests", scale=1, warm_up_seconds=1, duration_seconds=8)


@pytest.fixture(autouse=True)
def healthy(models: ModelServer) -> Iterator[None]:
    yield
    models.failing.clear()
    models.delay_s = 0.0


def load(model: str = "llama") -> Workload:
    """Return ten requests a second of a model, with objectives that a busy machine meets."""
    stated = reference(Tier.SMALL)
    served = replace(stated.models[0], name=model)
    return replace(stated, models=(served,), self_hosted_share=1.0)


def made(proxy: Proxy, of: Workload, *, processes: int = 1) -> tuple[Result, dict[str, Line]]:
    """Make the load; return what was measured and what is said of it."""
    asked = profile(of, TEN_A_SECOND)
    found = run(asked, proxy.url(""), key=MASTER, processes=processes, program=[locust()])
    return found, {one.id: one for one in compare(found, asked, of.objectives)}


def limited(of: Workload, first_token_ms: float) -> Workload:
    """Return a workload whose users are as impatient as that."""
    limit: Figure = replace(of.objectives.first_token_p95_ms, value=first_token_ms)
    return replace(of, objectives=replace(of.objectives, first_token_p95_ms=limit))


def test_every_request_is_answered_timed_and_counted(proxy: Proxy, models: ModelServer) -> None:
    before = models.asked["served/llama"]
    found, lines = made(proxy, load())
    assert found.sent == found.answered > 45
    assert found.failed == {}
    assert lines["errors"].measured == 0
    first, ours = lines["first-token-p95"], found.tokens_out["self-hosted"]
    assert first.measured is not None
    assert first.measured > 0
    assert 0 < found.first_token["self-hosted"].total < found.answered
    # what the model itself counted
    assert ours == found.whole["self-hosted"].total * len(WORDS)
    assert models.asked["served/llama"] > before


def test_a_second_run_asks_nothing_that_the_cache_knows_of_the_first(
    proxy: Proxy, models: ModelServer
) -> None:
    unrepeated = replace(load(), cache_hit_share=0.0)
    made(proxy, unrepeated)
    before = models.asked["served/llama"]
    found, _ = made(proxy, unrepeated)
    assert found.whole["cached"].total == 0
    assert models.asked["served/llama"] - before >= found.answered


def test_a_repeated_request_is_known_as_the_cache_s(proxy: Proxy, models: ModelServer) -> None:
    before = models.asked["served/llama"]
    found, _ = made(proxy, replace(load(), cache_hit_share=0.8))
    cached = found.whole["cached"].total
    assert cached > found.answered / 3
    assert models.asked["served/llama"] - before < found.answered


def test_two_processes_make_one_load(proxy: Proxy) -> None:
    found, _ = made(proxy, load(), processes=2)
    assert found.parts == (2, 2)
    assert found.sent == found.answered > 45


def test_a_slow_model_refutes_the_first_token_and_slows_no_arrival(
    proxy: Proxy, models: ModelServer
) -> None:
    models.delay_s = SLOW_S
    found, lines = made(proxy, limited(load(), first_token_ms=100))
    assert lines["first-token-p95"].verdict is Verdict.REFUTED
    assert lines["first-token-p95"].measured is not None
    assert lines["first-token-p95"].measured > SLOW_S
    # ten clients who wait for their answers would have asked 27 times in these 8 s
    assert found.sent > 45


def test_a_failing_model_refutes_the_errors(proxy: Proxy, models: ModelServer) -> None:
    models.failing.add("served/short")
    found, lines = made(proxy, replace(load("short"), input_tokens=2, output_tokens=2))
    assert found.answered < found.sent
    assert lines["errors"].verdict is Verdict.REFUTED
