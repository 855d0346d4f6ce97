"""The sentences that rules are made of: each returns a check over a resource's inputs."""

from __future__ import annotations

import re
from collections.abc import Collection

from sizing.model import Json
from sizing.rules.rule import Check, Inputs
from sizing.rules.values import absent, blocks, items, known, number, read, shown, text


def needs(*paths: str) -> Check:
    """Every path is set."""

    def check(inputs: Inputs) -> str | None:
        missing = [path for path in paths if absent(inputs, path)]
        return f"{', '.join(missing)} missing" if missing else None

    return check


def refused(*paths: str) -> Check:
    """No path is set."""

    def check(inputs: Inputs) -> str | None:
        there = [path for path in paths if known(inputs, path)]
        return f"{', '.join(there)} set" if there else None

    return check


def at_most_one(*paths: str) -> Check:
    """No two of the paths are set together."""

    def check(inputs: Inputs) -> str | None:
        there = [path for path in paths if known(inputs, path)]
        return f"{' and '.join(there)} set together" if len(there) > 1 else None

    return check


def exactly_one(*paths: str) -> Check:
    """One of the paths is set, and no other."""
    several = at_most_one(*paths)

    def check(inputs: Inputs) -> str | None:
        if all(absent(inputs, path) for path in paths):
            return f"none of {', '.join(paths)} set"
        return several(inputs)

    return check


def is_set(path: str) -> Check:
    """The path is there and its value known; only for the first part of a `when`."""

    def check(inputs: Inputs) -> str | None:
        return None if known(inputs, path) else f"{path} not known"

    return check


def equals(path: str, *values: Json) -> Check:
    """The path holds one of the values; absence counts as None, the unknown as none of them.

    Only for the first part of a `when`: an unknown value must not select a rule.
    """

    def check(inputs: Inputs) -> str | None:
        value = read(inputs, path)
        return None if value in values else f"{path} is {shown(value)}"

    return check


def when(condition: Check, then: Check) -> Check:
    """Where the condition holds, the other check must, too."""

    def check(inputs: Inputs) -> str | None:
        return then(inputs) if condition(inputs) is None else None

    return check


def every(*checks: Check) -> Check:
    """All checks hold; the first that does not is reported."""

    def check(inputs: Inputs) -> str | None:
        return next((said for one in checks if (said := one(inputs)) is not None), None)

    return check


def each(path: str, inner: Check) -> Check:
    """Every known block of a list passes a check."""

    def check(inputs: Inputs) -> str | None:
        said = (inner(block) for block in blocks(inputs, path))
        return next((f"{path}: {one}" for one in said if one is not None), None)

    return check


def among(path: str, values: Collection[Json], *, absent_is: Json = None) -> Check:
    """A known value is one of the allowed; `absent_is` is what the service takes by default."""

    def check(inputs: Inputs) -> str | None:
        value = read(inputs, path)
        if value is None:
            value = absent_is
        if isinstance(value, str | int | float) and value not in values:
            return f"{path} is {shown(value)}"
        return None

    return check


def between(path: str, low: float | None, high: float | None) -> Check:
    """A known number lies within the bounds, both of which belong to it."""

    def check(inputs: Inputs) -> str | None:
        value = number(inputs, path)
        if value is None:
            return None
        wrong = (low is not None and value < low) or (high is not None and value > high)
        return f"{path} is {shown(value)}" if wrong else None

    return check


def counts(path: str, low: int | None, high: int | None) -> Check:
    """A known list has that many members."""

    def check(inputs: Inputs) -> str | None:
        found = items(inputs, path)
        if found is None:
            return None
        wrong = (low is not None and len(found) < low) or (high is not None and len(found) > high)
        return f"{path} has {len(found)} members" if wrong else None

    return check


def matches(path: str, pattern: str, *, secret: bool = False) -> Check:
    """A known text matches the whole pattern; a secret one is never shown."""

    def check(inputs: Inputs) -> str | None:
        value = text(inputs, path)
        # compiled once, and only where something is held against it
        if value is None or re.fullmatch(pattern, value):
            return None
        return f"{path} has another form" if secret else f"{path} is {value!r}"

    return check


def avoids(path: str, pattern: str) -> Check:
    """A known text has no part that matches the pattern."""

    def check(inputs: Inputs) -> str | None:
        value = text(inputs, path)
        return f"{path} is {value!r}" if value is not None and re.search(pattern, value) else None

    return check


def ordered(low: str, high: str, *, strictly: bool = False) -> Check:
    """Of two known numbers the first is not above the second, or strictly below it."""

    def check(inputs: Inputs) -> str | None:
        first, second = number(inputs, low), number(inputs, high)
        if first is None or second is None or first < second or (first == second and not strictly):
            return None
        return f"{low} is {shown(first)}, {high} is {shown(second)}"

    return check


def is_true(path: str) -> Check:
    """The path is switched on; absence counts as off."""

    def check(inputs: Inputs) -> str | None:
        return f"{path} is not true" if read(inputs, path) in (None, False) else None

    return check
