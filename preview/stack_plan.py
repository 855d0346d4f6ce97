"""A stack's plan, findings and bill, without its program: what most verbs need of a stack."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from preview.misuse import MisuseError, unknown_stack

if TYPE_CHECKING:
    from preview.facts import Sized
    from sizing.plans import PlanRequest


def stack_file(stack: str, root: Path | None) -> Path:
    """Return a stack's file.

    Args:
        stack: its name ("prod-large").
        root: folder of Pulumi.yaml; None is where aigw is installed from.

    Raises:
        MisuseError: there is no such stack, or no such folder.
    """
    from stacks.config import FOLDER, stack_files

    folder = root / "stacks" if root else FOLDER
    if not folder.is_dir():
        raise MisuseError(f"--root: found {root}; allowed: a folder that holds stacks/")
    files = stack_files(folder)
    if stack not in files:
        raise MisuseError(unknown_stack(stack, sorted(files), folder.name))
    return files[stack]


def planned(stack: str, root: Path | None) -> Sized:
    """Plan, check and price a stack; nothing of it runs.

    Raises:
        MisuseError: there is no such stack, or its file is refused.
    """
    from preview.facts import sized
    from stacks.config import ConfigError, load

    try:
        return sized(load(stack_file(stack, root)))
    except ConfigError as error:
        raise MisuseError(*error.messages) from error


def requested(stack: str, root: Path | None) -> PlanRequest:
    """Return what a stack's plan is made from.

    Raises:
        MisuseError: there is no such stack, or its file is refused.
    """
    from stacks.config import ConfigError, load

    try:
        return load(stack_file(stack, root)).request()
    except ConfigError as error:
        raise MisuseError(*error.messages) from error
