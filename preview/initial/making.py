"""From a command line to a stack file that checks clean, or to what keeps it from that."""

from __future__ import annotations

import sys
from argparse import Namespace
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from preview.initial.answers import Answers
from preview.initial.clean import clean
from preview.initial.judging import judged
from preview.initial.naming import CHOICES, DEFAULTS, STAND_INS, Named, answers, named
from preview.initial.outcome import Outcome
from preview.initial.questions import QUESTIONS, missing
from preview.initial.saving import may_stand, save
from preview.misuse import MisuseError
from preview.progress import working

if TYPE_CHECKING:
    from rich.console import Console


def make(options: Namespace) -> Outcome:
    """Ask what is to be asked, judge it, write the file and check it.

    Raises:
        MisuseError: an answer is missing or refused, or the file may not be written.
        UncleanError: a finding would refuse the stack; nothing is written.
    """
    folder = _folder(options.root)
    console = _console()
    name = named(options.stack, {key: getattr(options, key) for key in CHOICES})
    if console is not None:
        from preview.initial.asking import ask_name

        name = ask_name(console, name, only_needed=options.yes)
    known, unnamed = _known(name)
    flags = dict.fromkeys(one.flag for one in QUESTIONS)
    said = {flag: getattr(options, flag.replace("-", "_")) for flag in flags}
    draft = answers(
        known, folder, options.shares, {flag: _text(one) for flag, one in said.items() if one}
    )
    if not options.dry_run and not unnamed:
        may_stand(draft.path, force=options.force)
    _sound(draft, unnamed, asking=console is not None)
    if console is not None:
        from preview.initial.asking import ask

        draft = ask(console, draft, only_needed=options.yes)
    with working(f"checking {draft.stack}"):
        return _made(draft, options)


def _made(draft: Answers, options: Namespace) -> Outcome:
    from preview.initial.file_text import platform, text

    config, refused = judged(draft)
    if config is None or refused:
        raise MisuseError(*(one.line for one in refused))
    plan, content = clean(draft, config), text(draft)
    made = Outcome(
        answers=draft,
        text=content,
        platform=platform(draft),  # type: ignore[arg-type]  # text, lists and mappings of them
        sized=plan,
        written=not options.dry_run,
        root=options.root,
    )
    if options.dry_run:
        return made
    save(draft.path, content, force=options.force)
    return _checked(made)


def _checked(made: Outcome) -> Outcome:
    """Return the outcome as `aigw check` finds it, from the file that stands there now."""
    from preview.stack_plan import planned

    return replace(
        made,
        sized=planned(made.answers.stack, made.root),
        refused_now=tuple(_refused_guests(made.answers)),
    )


def _folder(root: Path | None) -> Path:
    from stacks.config import FOLDER

    folder = root / "stacks" if root else FOLDER
    if not folder.is_dir():
        raise MisuseError(f"--root: found {root}; allowed: a folder that holds stacks/")
    return folder


def _console() -> Console | None:
    """Return where questions are asked, None where nobody is there to answer them."""
    if sys.stdin is None or not (sys.stdin.isatty() and sys.stderr.isatty()):
        return None
    from rich.console import Console

    return Console(stderr=True, highlight=False)


def _known(name: Named) -> tuple[Named, tuple[str, ...]]:
    """Return a name without gaps, and the flags that it lacks."""
    said = {key: getattr(name, key) for key in CHOICES}
    lacking = tuple(key for key, one in said.items() if not one and key not in DEFAULTS)
    return Named(**{key: one or STAND_INS[key] for key, one in said.items()}), lacking


def _text(said: str | list[str]) -> str:
    return ",".join(said) if isinstance(said, list) else said


def _sound(draft: Answers, unnamed: tuple[str, ...], *, asking: bool) -> None:
    """Refuse what flags say wrong, and, where nobody can be asked, what they do not say."""
    config, refused = judged(draft)
    wrong = [one.line for one in refused if one.flag in draft.said or one.flag in {"", "shares"}]
    if not asking:
        wrong += [f"--{one} is missing; allowed: {', '.join(CHOICES[one])}" for one in unnamed]
        wrong += [f"--{one.flag} is missing: {one.text}" for one in missing(draft)]
    if wrong:
        raise MisuseError(*wrong)
    if asking and config is not None and not refused:
        clean(draft, config)  # or somebody answers everything else in vain


def _refused_guests(draft: Answers) -> Iterator[str]:
    """Return what is wrong with files that name the stack as their host."""
    from stacks.config import ConfigError, load, stack_files
    from stacks.stack_file import read

    for path in stack_files(draft.path.parent).values():
        content = read(path.read_text(encoding="utf-8", errors="replace")).platform
        if isinstance(content, dict) and content.get("shares") == draft.stack:
            try:
                load(path)
            except ConfigError as error:
                yield from error.messages
