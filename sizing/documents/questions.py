"""Document 004's seven capacity questions, each with the id of its topic.

Source: document-004, the last list. The wording is ours.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """Something that nobody but the platform's operator can answer."""

    id: str
    text: str


QUESTIONS = (
    Question(
        id="peaking-factor",
        text="How far does the peak rate stand above the monthly average, in which window?",
    ),
    Question(
        id="streaming-and-tokens",
        text="Which share of requests streams, and how are tokens per request spread?",
    ),
    Question(
        id="providers-and-quotas",
        text="How many providers serve the models, with which rate limits and quotas?",
    ),
    Question(id="regions", text="One region or several, and which share of users is in each?"),
    Question(
        id="infrastructure",
        text="Which machines carry the data plane, so that one replica can be measured?",
    ),
    Question(
        id="cardinality-and-sampling",
        text="How many label values does the metrics store bear, how many traces at peak?",
    ),
    Question(
        id="headroom",
        text="How much room above the peak is asked for failover and rolling updates?",
    ),
)
