"""Questions on a terminal: a wrong answer is explained and asked again, three times at most."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from preview.initial.answers import Answers, parts
from preview.initial.clean import unclean
from preview.initial.judging import judged
from preview.initial.naming import CHOICES, DEFAULTS, Named, text_of
from preview.initial.questions import QUESTIONS, Question, applies, value
from preview.misuse import MisuseError

if TYPE_CHECKING:
    from rich.console import Console

TRIES = 3
DECIDING = frozenset({"region", "workload"})
"""Answers that a whole plan depends on: it is made of them at once."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Prompt:
    """One line to be typed."""

    flag: str
    text: str
    choices: tuple[str, ...] = ()
    default: str | None = None


def ask_name(console: Console, name: Named, *, only_needed: bool) -> Named:
    """Ask what neither name nor flags say of which stack it is to be.

    Raises:
        MisuseError: no good answer came.
    """
    said = {key: getattr(name, key) for key in CHOICES}
    for key, choices in CHOICES.items():
        if said[key] or (only_needed and key in DEFAULTS):
            said[key] = said[key] or DEFAULTS[key]
        else:
            prompt = Prompt(flag=key, text=text_of(key), choices=choices, default=DEFAULTS.get(key))
            said[key] = _typed(console, prompt, _one_of(choices))
    return Named(**said)


def ask(console: Console, answers: Answers, *, only_needed: bool) -> Answers:
    """Ask what no flag says, each answer judged at once.

    Args:
        console: where questions are shown.
        answers: what is known.
        only_needed: ask nothing that has a default.

    Raises:
        MisuseError: no good answer came.
    """
    for one in QUESTIONS:
        if not one.asked or one.flag in answers.said or not applies(one, answers):
            continue
        default = value(answers, one.flag)
        if default is None or not only_needed:
            choices = one.choices(answers)
            prompt = Prompt(flag=one.flag, text=one.text, choices=choices, default=default)
            answers = answers.answered(one.flag, _typed(console, prompt, _judge_of(one, answers)))
    return answers


def _one_of(choices: tuple[str, ...]) -> Callable[[str], tuple[str, ...]]:
    from stacks.config_errors import shown, words

    def judge(typed: str) -> tuple[str, ...]:
        wrong = f"found {shown(typed)}; allowed: {words(choices)}"
        return () if typed in choices else (wrong,)

    return judge


def _judge_of(question: Question, answers: Answers) -> Callable[[str], tuple[str, ...]]:
    def judge(typed: str) -> tuple[str, ...]:
        if not parts(typed):
            return (f"found nothing; allowed: {question.text}",)
        told = answers.answered(question.flag, typed)
        config, refused = judged(told)
        if config is not None and not refused and question.flag in DECIDING:
            from preview.facts import sized

            return unclean(told, sized(config))
        return tuple(one.words for one in refused if one.flag == question.flag)

    return judge


def _typed(console: Console, prompt: Prompt, judge: Callable[[str], tuple[str, ...]]) -> str:
    """Return an answer that is right, or what Enter stands for."""
    from rich.text import Text

    console.print(Text(f"{prompt.text[0].upper()}{prompt.text[1:]}"))
    if prompt.choices:
        console.print(Text(", ".join(prompt.choices), style="dim"))
    wrong: tuple[str, ...] = ()
    for _ in range(TRIES):
        default = "" if prompt.default is None else f" [{prompt.default}]"
        try:
            typed = console.input(Text(f"{prompt.flag}{default}: ", style="bold")).strip()
        except EOFError:
            console.print()
            raise MisuseError(f"--{prompt.flag}: the input ended before an answer") from None
        typed = typed or prompt.default or ""
        wrong = judge(typed)
        if not wrong:
            console.print()
            return typed
        for line in wrong:
            console.print(Text(line, style="red"))
    raise MisuseError(*(f"--{prompt.flag}: {line}" for line in wrong))
