"""How soon an engine answers that does not run yet: node, image, weights, compilation.

It sets startup probes and the minima of what scales on GPUs. Each figure is one published run; the
runs differ by model and cloud, so that a budget is a budget, not a forecast.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from types import MappingProxyType

from sizing.model import Figure
from sizing.serving.models import ModelShape, weight_bytes
from sizing.units import GIB
from sizing.words import Kind

KAITO, KAITO_DATE = "kaito-2325", "2026-09-07"
TENSORFUSE, TENSORFUSE_DATE = "tensorfuse-cold-start", "2026-11-21"


class Store(StrEnum):
    """Where weights are read from."""

    OBJECT_STORE = "object-store"
    FILE_SYSTEM = "file-system"
    HUB = "hub"
    LOCAL_DISK = "local-disk"


NODE_SECONDS = Figure(
    value=284 + 126,
    unit="s from a pending pod to a GPU node that is ready: machine, then drivers and plug-ins",
    source=KAITO,
    date=KAITO_DATE,
    kind=Kind.MEASURED,
)
IMAGE_BYTES = Figure(
    value=10e9,
    unit="bytes of an engine's image, compressed; they run to 28 GB",
    source="vllm-17163",
    date="2026-11-21",
    kind=Kind.MEASURED,
)
PULLED_BYTES_PER_SECOND = Figure(
    value=5.60e9 / 101,
    unit="bytes of image pulled and unpacked a second",
    source=KAITO,
    date=KAITO_DATE,
    kind=Kind.MEASURED,
)
START_SECONDS = Figure(
    value=7 + 3 + 74 + 21,
    unit="s of volumes, container, imports and engine before weights are read",
    source=KAITO,
    date=KAITO_DATE,
    kind=Kind.MEASURED,
)
COMPILE_SECONDS = Figure(
    value=195,
    unit="s of memory profile, compilation, graphs and warm-up, nothing cached",
    source=KAITO,
    date=KAITO_DATE,
    kind=Kind.MEASURED,
)
CACHED_COMPILE_SECONDS = Figure(
    value=10 + 13 + 7,
    unit="s of compilation and graphs with a kept compile cache",
    source=TENSORFUSE,
    date=TENSORFUSE_DATE,
    kind=Kind.MEASURED,
)
READ_BYTES_PER_SECOND: Mapping[Store, Figure] = MappingProxyType(
    {
        Store.OBJECT_STORE: Figure(
            value=51.75 * GIB / 62,
            unit="bytes of weights read and placed a second",
            source=KAITO,
            date=KAITO_DATE,
            kind=Kind.MEASURED,
        ),
        Store.FILE_SYSTEM: Figure(
            value=894 * GIB / (43 * 60),
            unit="bytes of weights read a second from EFS",
            source="modelplane-204",
            date="2026",
            kind=Kind.MEASURED,
        ),
        Store.HUB: Figure(
            value=16.06e9 / (61 + 33),
            unit="bytes of weights downloaded, then placed, a second",
            source=TENSORFUSE,
            date=TENSORFUSE_DATE,
            kind=Kind.MEASURED,
        ),
        Store.LOCAL_DISK: Figure(
            value=16.06e9 / 18,
            unit="bytes of weights placed a second, kept on the node",
            source=TENSORFUSE,
            date=TENSORFUSE_DATE,
            kind=Kind.MEASURED,
        ),
    }
)


@dataclass(frozen=True, slots=True, kw_only=True)
class ColdStart:
    """Seconds of each phase, one after the other.

    Attributes:
        node_s: 0 where a node stands ready.
        image_s: 0 where the node has the image.
        start_s: container and engine, up to the first byte of weights.
    """

    node_s: float
    image_s: float
    start_s: float
    weights_s: float
    compile_s: float

    @property
    def total_s(self) -> float:
        """Return all phases together."""
        return self.node_s + self.image_s + self.probe_s

    @property
    def probe_s(self) -> float:
        """Return what passes in the container: what a startup probe must wait for."""
        return self.start_s + self.weights_s + self.compile_s


def cold_start(
    shape: ModelShape,
    precision: str = "bf16",
    *,
    store: Store = Store.OBJECT_STORE,
    node_ready: bool = False,
    image_ready: bool = False,
    compiled: bool = False,
    image_bytes: float = IMAGE_BYTES.value,
) -> ColdStart:
    """Return the budget of one engine's start.

    Args:
        shape: the model; its weights are read once a machine, whatever GPUs share them.
        precision: of its weights.
        store: where they are read from.
        node_ready: no machine has to be started first.
        image_ready: the machine keeps the image.
        compiled: a compile cache of the same model, engine and GPU is kept.
        image_bytes: of the engine's image.

    Raises:
        KeyError: no such precision.
    """
    weights = weight_bytes(shape, precision) / READ_BYTES_PER_SECOND[store].value
    compiling = CACHED_COMPILE_SECONDS if compiled else COMPILE_SECONDS
    return ColdStart(
        node_s=0 if node_ready else NODE_SECONDS.value,
        image_s=0 if image_ready else image_bytes / PULLED_BYTES_PER_SECOND.value,
        start_s=START_SECONDS.value,
        weights_s=weights,
        compile_s=compiling.value,
    )
