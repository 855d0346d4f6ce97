"""A proxy that is told to stop ends what it has begun and takes nothing more."""

from __future__ import annotations

import os
import signal
from concurrent.futures import ThreadPoolExecutor

import pytest

from tests.services.litellm.model_server import WORDS, ModelServer
from tests.services.litellm.proxy import Proxy

pytestmark = pytest.mark.services


def test_an_answer_under_way_is_finished(proxy: Proxy, models: ModelServer) -> None:
    models.held.clear()
    with ThreadPoolExecutor() as callers:
        answer = callers.submit(proxy.complete, "llama", "to the end", stream=True)
        models.wait_until_asked("served/llama")
        os.kill(proxy.program.process.pid, signal.SIGTERM)
        proxy.program.wait_until(lambda: not proxy.takes_callers(), 30)
        models.held.set()
        text = answer.result(timeout=60).text
    assert all(word.strip() in text for word in WORDS)
    assert text.endswith("data: [DONE]\n\n")
    # its server ends itself by the signal that it was told by
    assert proxy.program.process.wait(60) == -signal.SIGTERM
