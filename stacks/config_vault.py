"""What a stack's config says of its secret store.

Knows no file, no engine and no cloud. A key's description is what an editor, the documentation
and the error messages say of it, so it stands here once.
"""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from stacks.config_parts import Strict
from stacks.config_values import Slug

Database = Literal["collections", "permissions", "users"]
"""Of which short-lived logins are made: applications that change their tables get none."""


class VaultConfig(Strict):
    """The secret store of table 2.6, on where nothing is said."""

    enabled: bool = Field(default=True, description="run Vault")
    recovery_region: str | None = Field(
        default=None,
        description="another region of the cloud, in which a bucket with a key of its own gets "
        "each snapshot as well",
    )
    readers: dict[Slug, tuple[Database, ...]] = Field(
        default_factory=dict,
        description="databases that a service account of the namespace `apps` may get short-lived "
        "logins of, by its name: collections, permissions, users",
    )

    @property
    def logins(self) -> tuple[tuple[str, int], ...]:
        """Return of how many databases each reader gets logins, by its name."""
        return tuple((name, len(set(of))) for name, of in sorted(self.readers.items()))
