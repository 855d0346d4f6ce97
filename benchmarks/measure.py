"""Measure what benchmarks/README.md states, and print it as a Markdown table.

Each figure is the median of several fresh processes. `--write` puts the table into
benchmarks/results.md, with the machine it was measured on.
"""

from __future__ import annotations

import argparse
import json
import os
import platform
import statistics
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
RESULTS = ROOT / "benchmarks" / "results.md"
OTHERS = "## Other measurements"
"""What stands below this line is written by hand, from what the other benchmarks print."""

RUNS = 5
# compiled modules are kept, as on any machine that runs the command twice
ENVIRONMENT = {k: v for k, v in os.environ.items() if k != "PYTHONDONTWRITEBYTECODE"}

LOADED = """
import contextlib, io, json, sys
from preview.cli import main
with contextlib.redirect_stdout(io.StringIO()):
    main(["plan", STACK, "--json"])
sdks = ("pulumi", "pulumi_aws", "pulumi_gcp", "pulumi_kubernetes", "pulumi_random")
print(json.dumps([m for m in sys.modules if m.partition(".")[0] in sdks]))
"""

SDK = """
import importlib, time
start = time.perf_counter()
for module in MODULES:
    importlib.import_module(module)
sdk = time.perf_counter() - start
"""

PLAN = """
import contextlib, io, json, resource, sys
from preview.cli import main
out = io.StringIO()
sys.argv = ["aigw", "plan", STACK, "--json"]  # as its own process calls it
begun = time.perf_counter()
with contextlib.redirect_stdout(out):
    code = main()
ours = time.perf_counter() - begun
peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
print(json.dumps({"code": code, "sdk": sdk, "ours": ours, "peak_mib": peak}))
"""

WHOLE = """
import json, subprocess, sys, time, resource
begun = time.perf_counter()
subprocess.run([sys.executable, "-m", "preview.cli", "plan", STACK], stdout=subprocess.DEVNULL)
wall = time.perf_counter() - begun
peak = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1024
print(json.dumps({"wall": wall, "peak_mib": peak}))
"""

ALL = """
import contextlib, io, json, sys, time
begun = time.perf_counter()
from preview.cli import main
with contextlib.redirect_stdout(io.StringIO()):
    for stack in STACKS:
        main(["plan", stack])
print(json.dumps({"wall": time.perf_counter() - begun}))
"""

SIZING = """
import json, time
begun = time.perf_counter()
import sizing.plan, sizing.check, sizing.cost, sizing.quotas
imported = time.perf_counter() - begun
from pathlib import Path
from stacks.config import load
request = load(Path("stacks/Pulumi.prod-enterprise.yaml")).request()
from sizing.plan import plan
from sizing.check import check
from sizing.cost import cost
def once():
    begun = time.perf_counter()
    made = plan(request); check(made); cost(made)
    return time.perf_counter() - begun
first = once()
print(json.dumps({"import": imported, "first": first, "warm": sorted(once() for _ in range(9))[4]}))
"""


VERB = """
import json, subprocess, sys, time
begun = time.perf_counter()
subprocess.run([sys.executable, "-m", "preview.cli", *ARGUMENTS], stdout=subprocess.DEVNULL)
print(json.dumps({"wall": time.perf_counter() - begun}))
"""

DIFF = """
import json, os, subprocess, sys, tempfile, time
def timed(cache):
    begun = time.perf_counter()
    subprocess.run(
        [sys.executable, "-m", "preview.cli", "diff", STACK, "--against", "HEAD~1"],
        stdout=subprocess.DEVNULL, check=True, env={**os.environ, "XDG_CACHE_HOME": cache},
    )
    return time.perf_counter() - begun
with tempfile.TemporaryDirectory() as cache:
    print(json.dumps({"cold": timed(cache), "cached": timed(cache)}))
"""

THROUGHPUT = (
    "throughput --gpu H100 --tp 2 --model llama-3.1-70b --precision fp8 --isl 5000 --osl 500"
)
VERBS = (
    ("size --users 60000 --calls-per-month 1.9e6 --window 2h/22d --models 25", "0.8 s"),
    ("size examples/workload.yaml --cloud gcp --region us-central1", "0.8 s"),
    ("check prod-large", "0.8 s"),
    ("check prod-enterprise", "0.8 s"),
    ("audit", "0.8 s"),
    ("forecast prod-large --growth 8% --months 24", "0.8 s"),
    (f"{THROUGHPUT} --concurrency 50", "0.8 s"),
    ("review prod-large", "0.8 s"),
    ("tiers", "0.8 s"),
    ("schema", "0.8 s"),
    ("place prod-small", "10 s"),
    ("place prod-medium", "10 s"),
    ("place prod-large", "10 s"),
    ("place prod-enterprise", "10 s"),
)
"""Command lines of whole processes, each with its limit."""


def fresh(code: str) -> dict[str, float]:
    """Run code in a process of its own and return the JSON line that it prints last."""
    done = subprocess.run(
        [sys.executable, "-c", code],
        cwd=ROOT,
        env=ENVIRONMENT,
        capture_output=True,
        text=True,
        check=True,
    )
    result: dict[str, float] = json.loads(done.stdout.splitlines()[-1])
    return result


def median(code: str, field: str, runs: int = RUNS) -> float:
    """Return the median of one field over fresh processes."""
    return statistics.median(fresh(code)[field] for _ in range(runs))


def modules_in_use(stack: str) -> list[str]:
    """Return the SDK modules that a plan loads, in the order in which it does."""
    done = subprocess.run(
        [sys.executable, "-c", stack + LOADED],
        cwd=ROOT,
        env=ENVIRONMENT,
        capture_output=True,
        text=True,
        check=True,
    )
    loaded: list[str] = json.loads(done.stdout.splitlines()[-1])
    return loaded


def plan_rows(name: str, limit: str) -> list[tuple[str, str, str]]:
    """Measure `aigw plan` of a stack: the whole, its memory, the SDK's part and ours."""
    stack = f"STACK = {name!r}\n"
    inside = stack + f"MODULES = {modules_in_use(stack)!r}\n" + SDK + PLAN
    return [
        (f"`aigw plan {name}`, whole process", limit, seconds(median(stack + WHOLE, "wall"))),
        ("its peak memory", "500 MB", f"{median(stack + WHOLE, 'peak_mib') * 1.048576:.0f} MB"),
        ("of which importing the SDK modules in use", "", seconds(median(inside, "sdk"))),
        ("of which ours", "2 s", seconds(median(inside, "ours"))),
    ]


def diff_rows(name: str, limit: str) -> list[tuple[str, str, str]]:
    """Measure `aigw diff` of a stack against the commit before: nothing kept, then both sides."""
    code = f"STACK = {name!r}\n{DIFF}"
    verb = f"`aigw diff {name} --against HEAD~1`"
    return [
        (f"{verb}, nothing kept", limit, seconds(median(code, "cold", 3))),
        (f"{verb}, both sides kept", "1.5 s", seconds(median(code, "cached", 3))),
    ]


def seconds(value: float) -> str:
    """Write a duration."""
    return f"{value:.2f} s"


def rows() -> list[tuple[str, str, str]]:
    """Measure everything; a row is what, the limit, the figure."""
    stacks = sorted(
        p.name.removeprefix("Pulumi.")[: -len(".yaml")]
        for p in (ROOT / "stacks").glob("Pulumi.*.yaml")
    )
    return [
        *plan_rows("prod-enterprise", "6 s"),
        *plan_rows("prod-enterprise-gcp", "8 s"),
        *diff_rows("prod-enterprise", "10 s"),
        *diff_rows("prod-enterprise-gcp", "14 s"),
        (
            f"all {len(stacks)} stacks in one process",
            "10 s",
            seconds(median(f"STACKS = {stacks!r}\n" + ALL, "wall", 3)),
        ),
        ("import of sizing, all of it", "0.2 s", seconds(median(SIZING, "import"))),
        ("plan + check + cost, first call", "20 ms", f"{median(SIZING, 'first') * 1e3:.1f} ms"),
        ("plan + check + cost, warm", "20 ms", f"{median(SIZING, 'warm') * 1e3:.1f} ms"),
        *(
            (
                f"`aigw {line}`, whole process",
                limit,
                seconds(median(f"ARGUMENTS = {line.split()!r}\n{VERB}", "wall")),
            )
            for line, limit in VERBS
        ),
    ]


def main() -> None:
    """Print the table, and write it with --write."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--write", action="store_true", help="write benchmarks/results.md")
    write: bool = parser.parse_args().write
    busy = os.getloadavg()[0]
    measured = rows()
    lines = [
        f"Python {platform.python_version()}, {os.cpu_count()} cores, {platform.machine()}; "
        f"median of {RUNS} runs. Load of the machine before it began: {busy:.1f}.",
        "",
        "| What | Limit | Measured |",
        "|---|---|---|",
        *(f"| {what} | {limit} | {figure} |" for what, limit, figure in measured),
    ]
    text = "\n".join(lines) + "\n"
    sys.stdout.write(text)
    if write:
        _, marker, others = RESULTS.read_text().partition(OTHERS)
        RESULTS.write_text(text + (f"\n{marker}{others}" if marker else ""))


if __name__ == "__main__":
    main()
