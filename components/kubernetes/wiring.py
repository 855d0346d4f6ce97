"""What a container and its namespace need for the stores that a program of the stack's own asks."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

import pulumi

from components.kubernetes.peers import Place
from components.kubernetes.secrets import Remote

AUTHORITIES = "/etc/aigw/authorities"
"""Folder of the certificates of those who vouch for stores."""
KEPT = "/etc/aigw/kept"
"""Folder of files that the cloud's store keeps: certificates that are known once others run."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Wiring:
    """What a container and its namespace need for a store.

    Attributes:
        environment: plain variables.
        entries: entries of the cloud's store, by key of the secret.
        texts: variables that hold a secret, as templates over the entries.
        places: what is called.
        files: text by file name, in `AUTHORITIES`.
        kept: files of the secret by name, in `KEPT`, as templates over the entries.
    """

    environment: Mapping[str, pulumi.Input[str]] = field(default_factory=dict)
    entries: Mapping[str, Remote] = field(default_factory=dict)
    texts: Mapping[str, pulumi.Input[str]] = field(default_factory=dict)
    places: tuple[Place, ...] = ()
    files: Mapping[str, pulumi.Input[str]] = field(default_factory=dict)
    kept: Mapping[str, pulumi.Input[str]] = field(default_factory=dict)


def merged(parts: Iterable[Wiring]) -> Wiring:
    """Return several wirings as one; names come from different stores, and never meet."""
    known = tuple(parts)
    return Wiring(
        environment={k: v for one in known for k, v in one.environment.items()},
        entries={k: v for one in known for k, v in one.entries.items()},
        texts={k: v for one in known for k, v in one.texts.items()},
        places=tuple(place for one in known for place in one.places),
        files={k: v for one in known for k, v in one.files.items()},
        kept={k: v for one in known for k, v in one.kept.items()},
    )


def shown(key: str) -> str:
    """Return the template that gives an entry as it is."""
    return f"{{{{ .{key} }}}}"


def encoded(key: str) -> str:
    """Return the template that gives an entry as a part of an address."""
    return f"{{{{ .{key} | urlquery }}}}"
