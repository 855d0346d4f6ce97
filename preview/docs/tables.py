"""Every part of the pages that the code makes, by the name that its marks give it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import partial
from types import MappingProxyType
from typing import Final

from preview import workload_docs
from preview.docs import stack_tables
from preview.docs.stack_tables import table
from sizing.serving.calibration import accuracy, fitted_half, held_out_half
from sizing.serving.profiles import CURRENT
from sizing.versions.charts import CHARTS
from sizing.versions.images import IMAGES
from sizing.words import Cloud
from stacks import config_docs

PERCENT: Final = 100


def throughput() -> str:
    """Return how near the model of engines comes to what others measured, as a sentence."""
    held = accuracy(held_out_half(), CURRENT)
    every = held.count + accuracy(fitted_half(), CURRENT).count
    return (
        f"On the {held.count} of {every:,} public measurements that it was not fitted on, "
        f"{held.near * PERCENT:.0f} % of its predictions lie within 30 % (rms of\n"
        f"ln(predicted/measured) {held.rms:.3f}).\n"
    )


def charts() -> str:
    """Return the pinned charts."""
    rows = ((f"`{name}`", one.version, one.repository, one.seen) for name, one in CHARTS.items())
    return table(("chart", "version", "repository", "seen"), rows)


def images() -> str:
    """Return the pinned images, and whether their content is pinned by a digest."""
    rows = (
        (f"`{one.repository}`", one.tag, "yes" if one.digest else "no source shows one", one.seen)
        for one in sorted(IMAGES.values(), key=lambda one: one.repository)
    )
    return table(("image", "tag", "digest", "seen"), dict.fromkeys(rows))


TABLES: Final[Mapping[str, Callable[[], str]]] = MappingProxyType(
    {
        "bills-aws": partial(stack_tables.bills, Cloud.AWS),
        "bills-gcp": partial(stack_tables.bills, Cloud.GCP),
        "charts": charts,
        "fields": workload_docs.table,
        "images": images,
        "keys": config_docs.markdown,
        "parts-aws": partial(stack_tables.parts, Cloud.AWS),
        "parts-gcp": partial(stack_tables.parts, Cloud.GCP),
        "stacks": stack_tables.overview,
        "throughput": throughput,
    }
)
