"""The key of Google Cloud that opens the secret store's servers at each start."""

from __future__ import annotations

import re

import pulumi

from components.kubernetes.vault_config import Seal, gcp_seal

_KEY = re.compile(r"projects/[^/]+/locations/[^/]+/keyRings/([^/]+)/cryptoKeys/([^/]+)")


def ring_and_key(key_id: str) -> tuple[str, str]:
    """Return the names of a key's ring and of the key in it.

    Raises:
        ValueError: not a key's whole id.
    """
    found = _KEY.fullmatch(key_id)
    if found is None:
        raise ValueError(f"{key_id!r} is no key's id: projects/../keyRings/../cryptoKeys/..")
    return found[1], found[2]


def vault_seal(key_id: pulumi.Input[str], *, project: str, region: str) -> Seal:
    """Return the seal by a key, whose names are known only once it exists.

    Args:
        key_id: of the key.
        project: of the key.
        region: where the key stands: a region, or several (`components.gcp.keys.multi_region`).
    """
    names = pulumi.Output.from_input(key_id).apply(ring_and_key)
    return gcp_seal(project, region, names[0], names[1])
