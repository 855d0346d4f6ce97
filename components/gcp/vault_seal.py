"""The key of Google Cloud that opens the secret store's servers at each start."""

from __future__ import annotations

import re

import pulumi

from components.gcp.keys import multi_region
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
        key_id: of the plan's key "vault", which stands in the multi-region around `region`.
        project: of the key.
        region: of the stack.

    Raises:
        ValueError: no multi-region is known around the region.
    """
    names = pulumi.Output.from_input(key_id).apply(ring_and_key)
    return gcp_seal(project, multi_region(region), names[0], names[1])
