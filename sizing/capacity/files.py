"""Shared files, volumes and the model cache: weights by precision beside table 3.3.

A model is fetched while the one before it still serves, so the cache holds so many releases of
each at once.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from types import MappingProxyType

from sizing.capacity.constraint import Constraint
from sizing.catalog import UnknownNameError
from sizing.model import Figure
from sizing.serving.models import model_shape, weight_bytes
from sizing.words import Cloud, Kind
from sizing.workload import ServedModel, Workload

Weigh = Callable[[ServedModel], float | None]
"""Bytes of a model's weights at its precision; None where no source shows them."""

RELEASES = 2  # the one that serves and the one that replaces it
SURE_VOLUME_GIB: Mapping[Cloud, Figure] = MappingProxyType(
    {
        Cloud.AWS: Figure(
            value=16_384,
            unit="GiB of a gp3 volume",
            source="ebs-volume-sizes",
            date="2026-11-21",
            kind=Kind.VENDOR,
        ),
        Cloud.GCP: Figure(
            value=65_536,
            unit="GiB of a disk",
            source="gce-disk-sizes",
            date="2026-11-21",
            kind=Kind.VENDOR,
        ),
    }
)
"""The largest volume that a cloud's pages surely sell in the form that pods get."""
LARGEST_VOLUME_GIB = Figure(
    value=65_536,
    unit="GiB of a volume of any form, on either cloud",
    source="ebs-volume-sizes",
    date="2026-11-21",
    kind=Kind.VENDOR,
)


def catalogued(model: ServedModel) -> float | None:
    """Return what the table of models gives; None for a model or a precision it does not have."""
    for name in (model.repository, model.name):  # a mirror has a name of its own
        try:
            return weight_bytes(model_shape(name), model.precision)
        except (UnknownNameError, KeyError):
            continue
    return None


def weights_bytes(
    models: Iterable[ServedModel], weigh: Weigh = catalogued
) -> tuple[float, tuple[str, ...]]:
    """Return the bytes of all weights that are known, and the models whose are not.

    Two entries of one model at one precision share their weights.
    """
    distinct = {(one.repository, one.precision): one for one in models}
    known = {key: weigh(model) for key, model in distinct.items()}
    unknown = tuple(sorted(distinct[key].name for key, size in known.items() if size is None))
    return sum(size for size in known.values() if size is not None), unknown


def model_cache(
    load: Workload,
    *,
    cache_bytes: float,
    weigh: Weigh = catalogued,
    releases: int = RELEASES,
) -> Constraint:
    """Compare the weights of the load's own models with the model cache.

    Args:
        load: the models that it serves itself.
        cache_bytes: the cache; table 3.3 states it for each tier.
        weigh: bytes of a model's weights.
        releases: releases of each model that are there at once.
    """
    known, unknown = weights_bytes(load.models, weigh)
    missing = f"weights of {', '.join(unknown)}" if unknown else ""
    return Constraint(
        name="model-cache",
        unit="bytes",
        demand=known * releases,
        conservative=cache_bytes,
        physical=cache_bytes,
        hard=True,
        formula="sum of weights x releases",
        source="document-001",
        assumption=missing,
        measure=f"state the {missing}" if missing else "",
    )


def volume(volume_gib: int, cloud: Cloud) -> Constraint:
    """Compare a pod's volume with the largest that the cloud sells."""
    sure = SURE_VOLUME_GIB[cloud]
    return Constraint(
        name="volume",
        unit="GiB",
        demand=volume_gib,
        conservative=sure.value,
        physical=LARGEST_VOLUME_GIB.value,
        hard=True,
        formula="GiB of one pod's volume <= the largest of its kind (at most: of any kind)",
        source=sure.source,
        measure="create one volume of that size before the first up",
    )


def shared_files(used_bytes: float | None, *, planned_bytes: float) -> Constraint:
    """Compare shared files with what the bill plans for: EFS has no size to run out of.

    Args:
        used_bytes: what is stored; None where nobody has said.
        planned_bytes: what the bill counts, document 000's 50 GB.
    """
    return Constraint(
        name="shared-files",
        unit="bytes",
        demand=used_bytes,
        conservative=planned_bytes,
        physical=None,
        hard=True,
        formula="bytes stored; bytes that the bill counts",
        source="document-000",
        measure="" if used_bytes is not None else "measure the file system's StorageBytes",
    )
