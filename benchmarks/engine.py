"""Time the engine's own preview of a stack, over the stand-in plugins, beside `aigw plan`.

`python -m benchmarks.engine [STACK]` needs `pulumi` on PATH; the first preview fills the stand-in's
cache of shapes and is not counted.
"""

from __future__ import annotations

import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from tests.engine.harness import ROOT, copy_project, engine

RUNS = 3


def main() -> None:
    """Print both medians for one stack.

    Raises:
        SystemExit: there is no `pulumi` on PATH.
    """
    stack = sys.argv[1] if len(sys.argv) > 1 else "prod-enterprise"
    cli = shutil.which("pulumi")
    if cli is None:
        raise SystemExit("pulumi is not on PATH")
    with tempfile.TemporaryDirectory() as folder:
        place = Path(folder)
        project = engine(cli, copy_project(place / "project"), place, place / "shapes")
        project.init(stack)
        project.preview(stack)
        previews, plans = [], []
        for _ in range(RUNS):
            begun = time.perf_counter()
            project.preview(stack)
            previews.append(time.perf_counter() - begun)
            begun = time.perf_counter()
            subprocess.run(
                [sys.executable, "-m", "preview.cli", "plan", stack, "--json"],
                cwd=ROOT,
                stdout=subprocess.DEVNULL,
                check=True,
            )
            plans.append(time.perf_counter() - begun)
    print(f"pulumi preview --json, {stack}: {statistics.median(previews):.2f} s")
    print(f"aigw plan --json, {stack}: {statistics.median(plans):.2f} s")


if __name__ == "__main__":
    main()
