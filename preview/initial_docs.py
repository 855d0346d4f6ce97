"""The table of docs/new-stack.md: every flag, whether it is asked, what is taken unasked."""

from __future__ import annotations

from pathlib import Path

from preview.docs.stack_tables import table
from preview.initial.answers import NONE, Answers
from preview.initial.questions import Question, by_flag, value
from sizing.words import Cloud, Environment, Tier

OWNERS = {"account": "210987654321", "project": "acme-dev"}


def questions() -> str:
    """Return every flag, with what is taken for dev-large where it is not said."""
    rows = (
        (
            f"`--{flag}`",
            "; on Google Cloud: ".join(one.text for one in asked),
            "yes" if asked[0].asked else "no",
            _taken(asked[0]),
        )
        for flag, asked in by_flag().items()
    )
    return table(("flag", "what", "asked", "where nothing is said"), rows)


def _taken(question: Question) -> str:
    found = value(_example(question.clouds[0]), question.flag)
    if found == NONE:
        return "nothing"
    if found is not None and question.flag not in OWNERS:
        return f"`{found}`"
    return f"with `--{question.with_flag}`, must be said" if question.with_flag else "must be said"


def _example(cloud: Cloud) -> Answers:
    """Return a stack of which only the owner is known, beside no other."""
    return Answers(
        environment=Environment.DEV,
        tier=Tier.LARGE,
        cloud=cloud,
        path=Path("Pulumi.dev-large.yaml"),
        said=OWNERS,
    )
