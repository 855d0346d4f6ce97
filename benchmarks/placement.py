"""Measure placement: 10,000 pods onto 1,000 nodes, and the cheapest mix of every prod tier.

    python -m benchmarks.placement

The pods have 40 shapes: some want GPUs, some spread over three zones, some tolerate taints, some
want a label. Each figure is the median of several runs in this process; a tier's includes its plan.
"""

from __future__ import annotations

import statistics
import sys
import time
from collections.abc import Callable, Iterator

from preview.stack_plan import planned
from sizing.pack import Item
from sizing.placement.nodes import lost_with_zone, place_pods
from sizing.placement.platform import compare
from sizing.placement.pods import NodeKind, Pod
from sizing.reserve import Room
from sizing.units import GIB, MIB

RUNS = 5
SHAPES, REPLICAS = 40, 250
ZONES = ("a", "b", "c")
GPU, DATA = frozenset({"nvidia.com/gpu=present"}), frozenset({"role=data"})
STACKS = ("prod-small", "prod-medium", "prod-large", "prod-enterprise")


def pods() -> Iterator[Pod]:
    """Yield 40 shapes of 250 pods; every fifth wants a GPU, every seventh the data nodes."""
    for shape in range(SHAPES):
        gpu, data = shape % 5 == 4, shape % 7 == 6 and shape % 5 != 4
        yield Pod(
            item=Item(
                name=f"shape-{shape:02}",
                replicas=REPLICAS,
                millis=100 + 37 * shape,
                memory_bytes=(256 + 61 * shape) * MIB,
                gpus=1 if gpu else 0,
            ),
            tolerations=GPU if gpu else DATA if data else frozenset(),
            labels=DATA if data else frozenset(),
            spread=shape % 2 == 0,
            per_node=4 if shape % 3 == 0 and not gpu else 0,
        )


def nodes() -> tuple[NodeKind, ...]:
    """Return 1,005 nodes of three kinds, a third in each zone."""
    general = Room(millis=15_540, memory_bytes=56 * GIB, pods=102, gpus=0)
    gpu = Room(millis=46_000, memory_bytes=180 * GIB, pods=240, gpus=8)
    return tuple(
        NodeKind(name=name, zone=zone, count=count, room=room, taints=taints, labels=labels)
        for name, count, room, taints, labels in (
            ("general", 205, general, frozenset[str](), frozenset[str]()),
            ("data", 40, general, DATA, DATA),
            ("gpu", 90, gpu, GPU, frozenset[str]()),
        )
        for zone in ZONES
    )


def median(work: Callable[[], object]) -> float:
    """Return the median seconds of several runs."""
    taken = []
    for _ in range(RUNS):
        begun = time.perf_counter()
        work()
        taken.append(time.perf_counter() - begun)
    return statistics.median(taken)


def rows() -> Iterator[tuple[str, str, str]]:
    """Measure everything; a row is what, the limit, the figure."""
    wanted, there = tuple(pods()), nodes()
    placed = place_pods(wanted, there)
    what = (
        f"{sum(pod.item.replicas for pod in wanted):,} pods of {SHAPES} shapes onto "
        f"{sum(kind.count for kind in there):,} nodes, "
        f"{sum(one.pods for one in placed.unplaced):,} left over"
    )
    yield what, "1 s", f"{median(lambda: place_pods(wanted, there)) * 1e3:.0f} ms"
    seconds = median(lambda: lost_with_zone(wanted, there))
    yield "the same with each of three zones lost", "", f"{seconds * 1e3:.0f} ms"
    for stack in STACKS:
        report = compare(planned(stack, None).plan)
        assert report.gap is not None
        assert report.distance is not None
        seconds = median(lambda stack=stack: compare(planned(stack, None).plan))  # type: ignore[misc]
        yield (
            f"cheapest mix of {stack}: {report.gap:.1%} above bound, plan {report.distance:.1%}",
            "10 s",
            f"{seconds:.2f} s",
        )


def main() -> None:
    """Print the figures as a table."""
    sys.stdout.write("| What | Limit | Measured |\n|---|---|---|\n")
    for what, limit, figure in rows():
        sys.stdout.write(f"| {what} | {limit} | {figure} |\n")


if __name__ == "__main__":
    main()
