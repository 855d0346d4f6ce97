"""What is known of a stack whose file does not stand yet: its name, its neighbours, what was said.

An answer is text, as it is typed; `preview.initial.file_text` makes values of it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING

from sizing.words import Cloud, Environment, Tier

if TYPE_CHECKING:
    from stacks.config import StackConfig
    from stacks.config_isolation import Claim

NONE = "none"
"""What is typed to leave something out that need not be said."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Answers:
    """One stack to be.

    Attributes:
        path: where its file is to stand.
        claims: what the other stacks of the folder take for themselves alone.
        host: the stack whose infrastructure it uses, None where all is its own.
        said: answers by flag, without the dashes.
    """

    environment: Environment
    tier: Tier
    cloud: Cloud
    path: Path
    claims: tuple[Claim, ...] = ()
    host: StackConfig | None = None
    said: Mapping[str, str] = field(default_factory=dict)

    @property
    def stack(self) -> str:
        """Return the stack's name, which its file's name says."""
        return self.path.name.removeprefix("Pulumi.").removesuffix(".yaml")

    @property
    def in_hosts_cluster(self) -> bool:
        """Say whether the stack has no network and no cluster of its own."""
        return self.host is not None and self.environment is Environment.DEV

    def answered(self, flag: str, text: str) -> Answers:
        """Return the same with one more answer."""
        return replace(self, said={**self.said, flag: text})


def parts(text: str) -> list[str]:
    """Return the values of a list that was typed with commas or blanks between them."""
    return text.replace(",", " ").split()
