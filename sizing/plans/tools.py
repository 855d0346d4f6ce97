"""What a stack may ask of Archestra (document 002) and of the OsMEN services (document 003)."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from sizing.words import Tier

OLLAMA_VOLUME_GIB = 20
"""What document 003 gives Ollama for its models. Source: document-003, 2024-11-18."""
CHEAPEST_GPU = "cheapest"
"""In place of a GPU's name: the cheapest machine whose GPU holds the models."""


class Configuration(StrEnum):
    """A size of the OsMEN services (document 003, throughput table)."""

    MINIMUM = "minimum"
    RECOMMENDED = "recommended"
    PRODUCTION = "production"
    ENTERPRISE = "enterprise"


@dataclass(frozen=True, slots=True, kw_only=True)
class ArchestraRequest:
    """Archestra for a day's requests; where they are not stated, for the most of a size.

    Attributes:
        tier: of document 002, which is none of document 001's.
    """

    requests_per_day: int | None = None
    tier: Tier | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class OllamaRequest:
    """Local models, by Ollama's names, and the disk that keeps them.

    Attributes:
        volume_gib: of a volume; on a GPU node of the node's own disk.
        gpu: by any of its common names ("L4"), or `CHEAPEST_GPU`; "" computes on CPU.
    """

    models: tuple[str, ...] = ()
    volume_gib: int = OLLAMA_VOLUME_GIB
    gpu: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class OsmenRequest:
    """The OsMEN services that a stack has, and for how many they are.

    Attributes:
        configuration: the size; where it is None, the smallest one for the concurrent users.
        concurrent_users: users at a time; None where only a size is stated.
        users: of whom some are there at a time; None where nobody says.
        gateway: the gateway API, by the stack's own image.
    """

    configuration: Configuration | None = None
    concurrent_users: int | None = None
    users: int | None = None
    langflow: bool = False
    n8n: bool = False
    ollama: OllamaRequest | None = None
    gateway: bool = False

    @property
    def any(self) -> bool:
        """Say whether any of the services is switched on."""
        return self.langflow or self.n8n or self.gateway or self.ollama is not None


NO_OSMEN = OsmenRequest()
"""None of the services."""
