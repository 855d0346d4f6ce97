"""Which changed properties make the provider for Google Cloud replace a resource.

Read from the provider's own schemas, where a property forces a new resource
(terraform-provider-google, google/services). A path names a property of a block; a shorter path
stands for the whole block.
"""

from __future__ import annotations

from collections.abc import Mapping

from sizing.rules.gcp.replaces_cluster import CLUSTER
from sizing.rules.gcp.replaces_edge import EDGE
from sizing.rules.gcp.replaces_network import NETWORK
from sizing.rules.gcp.replaces_stores import STORES

REPLACES: Mapping[str, frozenset[str]] = {
    # kms/resource_kms_key_ring.go, resource_kms_crypto_key.go
    "gcp:kms/keyRing:KeyRing": frozenset({"location", "name", "project"}),
    "gcp:kms/cryptoKey:CryptoKey": frozenset(
        {
            *("cryptoKeyBackend", "destroyScheduledDuration", "importOnly", "keyRing", "name"),
            *("purpose", "versionTemplate.protectionLevel"),
        }
    ),
    **CLUSTER,
    **EDGE,
    **NETWORK,
    **STORES,
}
