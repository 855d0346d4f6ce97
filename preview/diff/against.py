"""Stacks of the working tree compared with a commit: each side planned by its own code.

Each side is a process of its own in the sources of that side, so that an older commit's plan is
what that commit would have built, with its tables, prices and rules.
"""

from __future__ import annotations

import os
import re
import subprocess
import sys
from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from pathlib import Path

from preview.diff import cache
from preview.diff.comparison import Comparison, compared
from preview.diff.places import Place, place
from preview.diff.repository import Commit, commit, committed, digest, standing
from preview.diff.side import Side, nothing, parsed, side
from preview.misuse import FINE, FOUND, MisuseError, unknown_stack

FORM = "1"
"""Counts up when what is kept of a plan, or how it is made, changes its meaning."""

WORKING = "working tree"
STACK_FILE = re.compile(r"stacks/Pulumi\.([^./]+)\.yaml")


@dataclass(frozen=True, slots=True, kw_only=True)
class Sources:
    """One side's files.

    Attributes:
        label: what it is called.
        files: hashes by path.
        of: the commit; None for the working tree.
    """

    label: str
    files: Mapping[str, str]
    of: Commit | None

    def has(self, stack: str) -> bool:
        """Say whether a stack's file is there."""
        return stack_path(stack) in self.files

    def key(self, stack: str) -> str:
        """Return what a plan of a stack is kept under."""
        version = f"{sys.version_info.major}.{sys.version_info.minor}"
        return digest({**self.files, "": f"{FORM} {version} {stack}"})


def stack_path(stack: str) -> str:
    """Return a stack's file, below the root."""
    return f"stacks/Pulumi.{stack}.yaml"


def stack_of(path: str) -> str:
    """Return the stack of a stack's file; "" for any other file."""
    found = STACK_FILE.fullmatch(path)
    return found[1] if found else ""


def against(
    stacks: Sequence[str], name: str, root: Path, cached: bool = True
) -> tuple[Comparison, ...]:
    """Compare stacks of the working tree with those of a commit.

    Args:
        stacks: their names.
        name: of the commit.
        root: the folder of Pulumi.yaml.
        cached: whether plans that are known by their content are taken from the cache.

    Raises:
        MisuseError: no such stack or commit, a stack file is refused, or a side has no plan.
    """
    earlier = commit(root, name)
    old = Sources(label=earlier.label, files=committed(root, earlier), of=earlier)
    new = Sources(label=WORKING, files=standing(root), of=None)
    for stack in stacks:
        if not (old.has(stack) or new.has(stack)):
            known = sorted(stack_of(path) for path in new.files if stack_of(path))
            raise MisuseError(unknown_stack(stack, known, "stacks"))
    wanted = [(each, stack) for stack in stacks for each in (old, new) if each.has(stack)]
    plans = planned(wanted, root, cached=cached)
    found = []
    for stack in stacks:
        before, after = (
            # equal content is planned once, under one of both labels
            replace(plans[each.key(stack)], label=each.label)
            if each.has(stack)
            else nothing(f"{each.label}, without this stack")
            for each in (old, new)
        )
        found.append(compared(stack, before, after))
    return tuple(found)


def planned(wanted: Sequence[tuple[Sources, str]], root: Path, *, cached: bool) -> dict[str, Side]:
    """Return the plan of each side and stack, by key; equal content is planned once.

    Raises:
        MisuseError: a stack file is refused, or a commit cannot be planned.
    """
    by_key = {sources.key(stack): (sources, stack) for sources, stack in wanted}
    found: dict[str, Side] = {}
    for key, (sources, _) in by_key.items():
        text = cache.read("plans", key) if cached else None
        if text is not None:
            found[key] = side(parsed(text, sources.label), sources.label)
    missing = {key: one for key, one in by_key.items() if key not in found}
    places = {sources.label: place(sources, root) for sources, _ in missing.values()}
    with ThreadPoolExecutor(max_workers=os.cpu_count() or 1) as pool:
        made = {
            key: pool.submit(_plan, places[sources.label], sources, stack, key)
            for key, (sources, stack) in missing.items()
        }
        for key, one in made.items():
            found[key] = one.result()
    return found


def _plan(place: Place, sources: Sources, stack: str, key: str) -> Side:
    """Plan one stack in a process of its own, and keep the plan.

    A failed program is a side without resources: it is told, and not kept.
    """
    done = subprocess.run(
        [place.python, "-m", "preview.cli", "plan", stack, "--json"],
        cwd=place.folder,
        env={**os.environ, "PYTHONPATH": str(place.folder)},
        capture_output=True,
        text=True,
        check=False,
    )
    said = done.stderr.strip() or f"exit code {done.returncode}"
    if done.returncode == FOUND and not done.stdout:
        return replace(nothing(sources.label), failed=said)
    if done.returncode not in (FINE, FOUND):
        raise MisuseError(f"{sources.label}: {stack} cannot be planned: {said}")
    kept = side(parsed(done.stdout, sources.label), sources.label)
    cache.write("plans", key, done.stdout)
    return kept
