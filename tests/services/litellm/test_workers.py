"""A proxy of several workers counts as one and ends what it has begun when it is told to stop."""

from __future__ import annotations

import os
import signal
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path

import pytest

from components.kubernetes.litellm_runtime import Runtime
from tests.services.litellm.conftest import ENGINE_KEY, Surroundings
from tests.services.litellm.model_server import WORDS, ModelServer
from tests.services.litellm.proxy import Proxy, start
from tests.services.programs import Programs

pytestmark = [pytest.mark.services, pytest.mark.cloud_free("a proxy on loopback")]


@pytest.fixture(scope="module")
def workers(programs: Programs, surroundings: Surroundings) -> Proxy:
    runtime = Runtime(workers=2, recycle_after_requests=10_000, prepared_statements=False)
    config = surroundings.config()
    keyless = replace(config, models=replace(config.models, engines_keyed=False))
    return start(programs, keyless, runtime, surroundings.values())


def test_engines_that_ask_for_no_key_see_none_of_ours(workers: Proxy, models: ModelServer) -> None:
    assert workers.complete("llama", "without a key").status == 200
    assert ENGINE_KEY not in models.keys


def test_metrics_of_all_workers_are_read_at_one_place(workers: Proxy) -> None:
    asked = 8
    before = sum(_answered(workers))
    for number in range(asked):
        assert workers.complete("llama", f"counted {number}").status == 200
    # counted after the answer
    workers.program.wait_until(lambda: sum(_answered(workers)) >= before + asked, 30)


def test_an_answer_under_way_is_finished(workers: Proxy, models: ModelServer) -> None:
    models.asked.clear()
    models.held.clear()
    with ThreadPoolExecutor() as callers:
        answer = callers.submit(workers.complete, "llama", "to the end", stream=True)
        models.wait_until_asked("served/llama")
        before = _children(workers)
        os.kill(workers.program.process.pid, signal.SIGTERM)
        # the worker that is idle goes at once
        workers.program.wait_until(lambda: _children(workers) < before, 30)
        models.held.set()
        text = answer.result(timeout=60).text
    assert all(word.strip() in text for word in WORDS)
    assert text.endswith("data: [DONE]\n\n")
    # its server may end itself by the signal that it was told by
    assert workers.program.process.wait(60) in (0, -signal.SIGTERM)


def _answered(proxy: Proxy) -> list[float]:
    """Return the values of the series that counts answers."""
    return [
        float(line.rsplit(" ", 1)[1])
        for line in proxy.metrics().splitlines()
        if line.startswith("litellm_proxy_total_requests_metric_total{") and '"200"' in line
    ]


def _children(proxy: Proxy) -> int:
    """Return how many processes it has started that still run."""
    pid = proxy.program.process.pid
    children = Path(f"/proc/{pid}/task/{pid}/children").read_text().split()
    states = [Path(f"/proc/{child}/stat").read_text().rpartition(")")[2] for child in children]
    return len([state for state in states if not state.startswith(" Z")])
