"""Whether a stack would be refused by a finding, and in which region it would not be."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import TYPE_CHECKING

from preview.initial.answers import Answers
from preview.initial.judging import judged
from preview.initial.questions import QUESTIONS

if TYPE_CHECKING:
    from preview.facts import Sized
    from stacks.config import StackConfig


class UncleanError(Exception):
    """The stack would be refused; the messages say by what, a line each."""

    def __init__(self, *messages: str) -> None:
        super().__init__(*messages)
        self.messages = messages


def clean(answers: Answers, config: StackConfig) -> Sized:
    """Return the plan of a stack that no finding refuses.

    Raises:
        UncleanError: one does.
    """
    from preview.facts import sized

    made = sized(config)
    reasons = unclean(answers, made)
    if reasons:
        told = f"{answers.stack} would be refused, so that nothing is written"
        raise UncleanError(told, *reasons)
    return made


def unclean(answers: Answers, made: Sized) -> tuple[str, ...]:
    """Return why a finding refuses a stack, a line each; nothing where none does."""
    from preview.words import refusals

    lines = refusals(made.findings)
    if not lines:
        return ()
    better = ", ".join(_clean_regions(answers))
    return (*lines, f"--region: nothing would refuse it in {better}") if better else lines


def _clean_regions(answers: Answers) -> Iterator[str]:
    """Return the regions in which no finding refuses the same stack; a guest has its host's."""
    from preview.facts import sized

    if answers.host is not None:
        return
    region = next(one for one in QUESTIONS if one.flag == "region")
    said = {flag: one for flag, one in answers.said.items() if flag != "zones"}
    for other in region.choices(answers):
        config, refused = judged(replace(answers, said={**said, "region": other}))
        if config is not None and not refused and not sized(config).refused:
            yield other
