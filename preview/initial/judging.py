"""What is wrong with answers: the config's own judgement, told of the flag that was answered.

The file's text is judged as if it stood there already, beside the other files of its folder.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

from preview.initial.answers import Answers, parts
from preview.initial.file_text import text
from preview.initial.questions import QUESTIONS, Question, applies, value
from preview.workload_file import FileError

if TYPE_CHECKING:
    from stacks.config import StackConfig
    from stacks.config_errors import Problem

IN_A_FILE = (" in quotes", ", in quotes")
"""Said of a file's text; what is typed here is put in quotes where it must be."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Refusal:
    """What is wrong with one answer; flag is "" where no single one is to blame."""

    flag: str
    found: str
    allowed: str

    @property
    def line(self) -> str:
        """Return the message that a person reads."""
        start = f"--{self.flag}: " if self.flag else ""
        return f"{start}{self.words}"

    @property
    def words(self) -> str:
        """Return the same where it is known what is meant."""
        return f"found {self.found}; allowed: {self.allowed}"


def judged(answers: Answers) -> tuple[StackConfig | None, tuple[Refusal, ...]]:
    """Return the stack's config, and what is wrong with the answers.

    Where something is not answered yet, a stand-in is judged in its place: only what was said, or
    is a default, can be wrong.
    """
    from stacks import config

    refused = tuple(_elsewhere(answers))
    try:
        made, problems = config.judged(text(answers), answers.path)
    except FileError as error:
        wrong = Refusal(flag="workload", found=str(error), allowed="a workload file")
        return None, (*refused, wrong)
    told = [_refusal(one, answers) for one in problems]
    known = [one for one in told if one is not None]
    if made is not None and not problems:
        known += _unplannable(made)
    return made, tuple(dict.fromkeys((*refused, *known)))


def _elsewhere(answers: Answers) -> Iterator[Refusal]:
    """Refuse what was said though this stack has nothing of the kind."""
    from stacks.config_errors import shown

    known = {one.flag for one in QUESTIONS if applies(one, answers)}
    for flag, said in answers.said.items():
        if flag in known:
            continue
        ours = [one for one in QUESTIONS if one.flag == flag and answers.cloud in one.clouds]
        if not ours:
            why = f"{answers.stack} stands on {answers.cloud}"
        elif ours[0].with_flag and not answers.in_hosts_cluster:
            why = f"it goes with --{ours[0].with_flag}"
        else:
            why = f"{answers.stack} stands in the cluster of {answers.host and answers.host.stack}"
        yield Refusal(flag=flag, found=shown(said), allowed=f"nothing: {why}")


def _refusal(problem: Problem, answers: Answers) -> Refusal | None:
    """Return a problem as its flag's, None where a stand-in alone has it."""
    question = _asked_of(problem.path, answers)
    if question is not None and value(answers, question.flag) is None:
        return None
    flag = question.flag if question else "shares" if problem.path == "shares" else ""
    allowed = problem.allowed
    for words in IN_A_FILE:
        allowed = allowed.replace(words, "")
    return Refusal(
        flag=flag,
        found=problem.found if flag else f"{problem.path}: {problem.found}",
        allowed=allowed,
    )


def _asked_of(path: str, answers: Answers) -> Question | None:
    """Return the question whose answer stands at a path, or above it."""
    if path in {"cluster.access", "cluster.runner"}:
        path = "cluster.allow_list"
    found = [
        one
        for one in QUESTIONS
        if applies(one, answers)
        and (path == one.path or path.startswith((f"{one.path}.", f"{one.path}[")))
    ]
    if len(found) > 1:  # administrators, and behind them who deploys
        named = len(parts(value(answers, "administrators") or found[0].stand_in))
        index = path.partition("[")[2].removesuffix("]")
        found = [one for one in found if (one.flag == "deployer") == (index == str(named))]
    return found[0] if found else None


def _unplannable(config: StackConfig) -> Iterator[Refusal]:
    """Refuse addresses that are too few, and what else no plan can be made of."""
    from sizing.catalog import UnknownNameError
    from sizing.plan import plan

    try:
        plan(config.request())
    except (ValueError, UnknownNameError) as error:
        reason = str(error.args[0] if error.args else error)
        found, _, allowed = reason.partition("; ")
        flag = "vpc-cidr" if reason.startswith(config.network.vpc_cidr) else ""
        yield Refusal(flag=flag, found=found, allowed=allowed or "what a plan can be made of")
