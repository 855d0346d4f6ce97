"""What one worker of LiteLLM takes on this machine, and what the load test's generator costs.

    uv run python -m benchmarks.loadtest

LiteLLM and Locust run as the tests of services run them, the models are a server that costs next
to nothing. Prints rows of benchmarks/loadtest.md; CPU seconds are of one process each.
"""

from __future__ import annotations

import os
import resource
import sys
import tempfile
from dataclasses import replace
from pathlib import Path

from components.kubernetes.litellm_runtime import Runtime
from preview.loadtest_run import run
from sizing.loadtest import Result, Run, profile
from sizing.words import Tier
from sizing.workload import Workload, reference
from tests.services.litellm.conftest import Surroundings
from tests.services.litellm.model_server import ModelServer
from tests.services.litellm.proxy import MASTER, Proxy, start
from tests.services.litellm.stores import certificates, store
from tests.services.locust.environment import locust
from tests.services.programs import LOOPBACK, Programs, free_port, listening

FIRST_MS, BETWEEN_MS = 100, 10
RATES = (5.0, 10.0, 20.0, 40.0)
TOKENS_IN, TOKENS_OUT = 100, 20
WARM_UP, SECONDS = 5.0, 30.0


def load(rate: float) -> Workload:
    """Return short requests at a rate, of one model, none of which the cache holds."""
    stated = reference(Tier.SMALL)
    return replace(
        stated,
        requests_per_second_peak=rate,
        tokens_per_day=1e12,
        input_tokens=TOKENS_IN,
        output_tokens=TOKENS_OUT,
        cache_hit_share=0.0,
        self_hosted_share=1.0,
        models=(replace(stated.models[0], name="llama"),),
    )


def made(url: str, rate: float) -> tuple[Result, float]:
    """Make the load; return what was measured, and the CPU seconds of the generator."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    asked = profile(load(rate), Run(stack="-", warm_up_seconds=WARM_UP, duration_seconds=SECONDS))
    found = run(asked, url, key=MASTER, processes=1, program=[locust()])
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return found, after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime


def cpu_seconds(proxy: Proxy) -> float:
    """Return what the proxy and its children have taken until now."""
    ticks, todo = 0, [proxy.program.process.pid]
    while todo:
        pid = todo.pop()
        fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
        ticks += int(fields[11]) + int(fields[12])
        todo += map(int, Path(f"/proc/{pid}/task/{pid}/children").read_text().split())
    return ticks / os.sysconf("SC_CLK_TCK")


def row(what: str, rate: float, found: Result, generator: float, proxy: float | None) -> str:
    """Return a row of the page."""
    ours = found.first_token["self-hosted"]
    first = [ours.percentile(share) or 0 for share in (0.5, 0.95)]
    cells = (
        what,
        f"{rate:g}",
        f"{found.sent:,}",
        f"{found.answered:,}",
        f"{first[0] * 1000:,.0f}",
        f"{first[1] * 1000:,.0f}",
        f"{(found.late.percentile(0.95) or 0) * 1000:,.0f}",
        f"{generator:.1f}",
        "" if proxy is None else f"{proxy:.1f}",
    )
    return "| " + " | ".join(cells) + " |"


def main() -> int:
    """Measure and print."""
    with tempfile.TemporaryDirectory() as folder:
        programs = Programs(folder=Path(folder))
        try:
            _measure(programs)
        finally:
            programs.stop()
    return 0


def _measure(programs: Programs) -> None:
    port = free_port()
    server = str(Path(__file__).parent / "model_server.py")
    models = programs.start([sys.executable, server, str(port), str(FIRST_MS), str(BETWEEN_MS)])
    models.wait_until(lambda: listening(port), 30)
    for rate in RATES:
        found, generator = made(f"http://{LOOPBACK}:{port}", rate)
        print(row("model server alone", rate, found, generator, None), flush=True)
    trusted = certificates(programs.folder)
    around = Surroundings(
        models=ModelServer(port=port),
        state=store(programs, trusted, password="password-of-state", clustered=False),
        cache=store(programs, trusted, password="password-of-cache", clustered=True),
    )
    runtime = Runtime(workers=1, prepared_statements=False)
    proxy = start(programs, around.config(), runtime, around.values())
    for rate in RATES:
        before = cpu_seconds(proxy)
        found, generator = made(proxy.url(""), rate)
        taken = cpu_seconds(proxy) - before
        print(row("LiteLLM, one worker", rate, found, generator, taken), flush=True)


if __name__ == "__main__":
    sys.exit(main())
