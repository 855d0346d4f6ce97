"""Every part of the pages that the code makes, by the name that its marks give it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping
from functools import partial
from types import MappingProxyType
from typing import Final

from preview import command_docs, initial_docs, workload_docs
from preview.docs import stack_tables, version_tables
from preview.docs.stack_tables import VERDICTS, table
from sizing.audit import claims
from sizing.serving.calibration import accuracy, fitted_half, held_out_half
from sizing.serving.profiles import CURRENT
from sizing.tiers import TIERS
from sizing.words import Cloud
from sizing.workload.reference import PEAK_REQUESTS_PER_SECOND, PROFILES
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


def audit() -> str:
    """Return how many claims of each sizing document hold, with the sum."""
    told = [(one.document, one.recompute().verdict) for one in claims()]
    documents = sorted({document for document, _ in told})
    every = Counter(verdict for _, verdict in told)
    rows = [
        (
            document,
            *(str(Counter(v for d, v in told if d == document)[one]) for one in VERDICTS),
        )
        for document in documents
    ]
    rows.append(("all", *(str(every[one]) for one in VERDICTS)))
    return table(("sizing document", *VERDICTS), rows, VERDICTS)


def tiers() -> str:
    """Return up to which load each tier goes."""
    columns = ("requests/s at peak", "tokens a day", "users at once")
    rows = (
        (
            tier,
            f"{peak.value:,.0f}",
            _most(TIERS[tier].llm_cost.daily_tokens),
            _most(PROFILES[tier].concurrent_users.high),
        )
        for tier, peak in PEAK_REQUESTS_PER_SECOND.items()
    )
    return table(("tier, up to", *columns), rows, columns)


def _most(value: float | None) -> str:
    return "any" if value is None else f"{value:,.0f}"


TABLES: Final[Mapping[str, Callable[[], str]]] = MappingProxyType(
    {
        "audit": audit,
        "bills-aws": partial(stack_tables.bills, Cloud.AWS),
        "bills-gcp": partial(stack_tables.bills, Cloud.GCP),
        "charts": version_tables.charts,
        "clouds": version_tables.clouds,
        "exit-codes": command_docs.exits,
        "fields": workload_docs.table,
        "images": version_tables.images,
        "init": initial_docs.questions,
        "keys": config_docs.markdown,
        "parts-aws": partial(stack_tables.parts, Cloud.AWS),
        "parts-gcp": partial(stack_tables.parts, Cloud.GCP),
        "stacks": stack_tables.overview,
        "support": version_tables.support,
        "throughput": throughput,
        "tiers": tiers,
        "variables": command_docs.variables,
        "verbs": command_docs.verbs,
    }
)
