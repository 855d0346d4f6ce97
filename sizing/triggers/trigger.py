"""One scaling trigger."""

from __future__ import annotations

from dataclasses import dataclass

from sizing.tiers.vocabulary import Unit


@dataclass(frozen=True, slots=True, kw_only=True)
class Trigger:
    """A metric, the lines that it should not pass, and what to do where it does.

    Attributes:
        subject: what it watches; one rules for each subject, see `ruling`.
        metric: the document's words.
        warning: share of one where the unit is a percentage; None where no figure is given.
        query: PromQL that gives the metric in `unit`; "" where the document names no metric.
        component: part of the plan that it watches, "services" for every workload.
        scales: whether capacity may follow it; a GPU is busy with a single stream already.
        source: who says the thresholds, likewise `section`; `exporter` shows the metric's name.
    """

    id: str
    subject: str
    metric: str
    warning: float | None
    critical: float | None
    unit: Unit
    query: str
    component: str
    action: str
    scales: bool
    source: str
    section: str
    exporter: str
