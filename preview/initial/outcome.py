"""What `aigw init` says when it is done: file, check, what was taken unasked, what is next."""

from __future__ import annotations

import shlex
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from preview.bill import at_least
from preview.initial.answers import NONE, Answers
from preview.initial.questions import QUESTIONS, applies, value
from preview.tables import Section, Table
from preview.words import advice, count, dollars
from sizing.words import Severity, Verdict

if TYPE_CHECKING:
    from preview.facts import Sized
    from sizing.model import Json
    from sizing.plans import Finding

SCHEMA = 1


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """A stack's file and what its check found.

    Attributes:
        text: what stands in the file.
        platform: the values of `aigw:platform`.
        sized: the plan with its findings.
        written: it stands in the folder; else it was shown alone.
        root: what --root said, None for nothing.
        refused_now: what is wrong since with the files of its guests, a line each.
    """

    answers: Answers
    text: str
    platform: dict[str, Json]
    sized: Sized
    written: bool
    root: Path | None = None
    refused_now: tuple[str, ...] = ()

    @property
    def place(self) -> str:
        """Return where the file stands, as people name it."""
        path = self.answers.path
        return f"{path.parent.name}/{path.name}"


def document(made: Outcome) -> Json:
    """Return the outcome as JSON."""
    from sizing.model import plain

    return {
        "schema": SCHEMA,
        "stack": made.answers.stack,
        "path": made.place,
        "written": made.written,
        "text": made.text,
        "config": made.platform,
        "taken": dict(taken(made.answers)),
        "findings": [plain(one) for one in made.sized.findings],
        "refused_now": list(made.refused_now),
        "next": list(following(made)),
    }


def sections(made: Outcome) -> tuple[Section, ...]:
    """Return the outcome as it is read."""
    table = Table(
        columns=("flag", "taken"),
        rows=tuple((f"--{flag}", said) for flag, said in taken(made.answers)),
    )
    left = tuple(advice(one) for one in of_config(made.sized))
    return tuple(
        one
        for one in (
            Section(title=f"{made.place} is written", lines=(_checked(made), _bill(made.sized))),
            Section(title="Taken without asking", table=table) if table.rows else None,
            Section(title="What the file leaves open", lines=left) if left else None,
            Section(title="Refused from now on", lines=made.refused_now)
            if made.refused_now
            else None,
            Section(title="Next", lines=following(made)),
        )
        if one is not None
    )


def taken(answers: Answers) -> tuple[tuple[str, str], ...]:
    """Return what stands in the file though nobody said it, by flag."""
    found = (
        (one.flag, value(answers, one.flag))
        for one in QUESTIONS
        if applies(one, answers) and one.flag not in answers.said
    )
    return tuple((flag, said) for flag, said in found if said is not None and said != NONE)


def of_config(sized: Sized) -> tuple[Finding, ...]:
    """Return what the file itself leaves open; the plan's own findings are `aigw check`'s."""
    return tuple(
        one
        for one in sized.findings
        if one.component == "config" and one.severity is Severity.WARNING
    )


def following(made: Outcome) -> tuple[str, ...]:
    """Return what to type next, in order."""
    answers, stack = made.answers, made.answers.stack
    where = "" if made.root is None else f" --root {shlex.quote(str(made.root))}"
    lines = [
        f"aigw plan {stack}{where}    # sizes, resources, cost, quotas to ask for",
        f"pulumi stack init {stack} --secrets-provider <of docs/bootstrap.md>",
        f"pulumi preview --stack {stack}",
    ]
    secret = None if answers.in_hosts_cluster else value(answers, "huggingface-secret")
    if secret is not None:
        lines.insert(1, f"put the token of Hugging Face into the secret {secret} (docs/models.md)")
    return tuple(lines)


def _checked(made: Outcome) -> str:
    findings = made.sized.findings
    unproven = sum(one.verdict is Verdict.UNPROVEN for one in findings)
    return (
        f"It checks clean: {count(len(findings), 'constraint')}, none refuted, {unproven} unproven "
        f"(aigw check {made.answers.stack} lists them)"
    )


def _bill(sized: Sized) -> str:
    bill = sized.bill
    month = f"A month is {at_least(bill)}{dollars(bill.monthly_usd)} at list prices of "
    if bill.floor_usd == bill.ceiling_usd:
        return f"{month}{bill.prices_as_of}"
    scaled = f"{dollars(bill.floor_usd)} to {dollars(bill.ceiling_usd)}"
    return f"{month}{bill.prices_as_of}, {scaled} as pools scale"
