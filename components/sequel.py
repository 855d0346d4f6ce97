"""Small objects one after the other, so that whatever needs all of them depends on the last alone.

When a deletion fails, the engine follows every path from it through the dependencies, each as often
as there are ways to it (`markAsDependency` of Pulumi's dependency graph). Of five objects side by
side at each of ten levels there are millions; of five in a row, one.
"""

from __future__ import annotations

from collections.abc import Sequence

import pulumi

from components.base import PlatformComponent


class Sequel:
    """A row of children of one component."""

    def __init__(self, owner: PlatformComponent, after: Sequence[pulumi.Resource]) -> None:
        """Begin a row.

        Args:
            owner: whose children they are.
            after: what the first one follows.
        """
        self._owner = owner
        self._last: tuple[pulumi.Resource, ...] = tuple(after)

    @property
    def next(self) -> pulumi.ResourceOptions:
        """Return the options of the next one."""
        return self._owner.child_with(depends_on=self._last)

    @property
    def last(self) -> Sequence[pulumi.Resource]:
        """Return what the whole row is waited for by."""
        return self._last

    def add(self, made: pulumi.Resource) -> None:
        """Let the next one follow this."""
        self._last = (made,)
