"""Whatever a stack keeps behind TLS is asked for its certificate, and the prober is let through."""

from __future__ import annotations

import pytest

from components.kubernetes.blackbox_config import Module
from sizing.planning.observability import BLACKBOX_EXPORTER
from sizing.words import Cloud
from tests.stacks.manifests import CONFIGS, HOSTS, STACKS, rendered

OF_OWN = {
    Cloud.AWS: ("documents", "postgres", "vault"),
    Cloud.GCP: ("cache", "crawler", "search", "state", "vault"),
}
"""What an authority that no public one vouches for has signed."""
# whether Cloud SQL takes a handshake from the first byte nobody says
ASKED = {Cloud.AWS: {"postgres", "cache", "state"}, Cloud.GCP: {"search", "cache", "state"}}
PROBED = [one for one in STACKS if one not in HOSTS]


def asked(stack: str) -> dict[str, str]:
    """Return how each of them is judged, by the name that alerts give it."""
    made = rendered(stack).of("ServiceMonitor")
    own = [one for one in made if one["metadata"]["name"].startswith(f"{BLACKBOX_EXPORTER}-")]
    endpoints = [one["spec"]["endpoints"][0] for one in own]
    return {
        one["relabelings"][0]["replacement"]: one["params"]["module"][0]
        for one in endpoints
        if "module" in one.get("params", {})
    }


@pytest.mark.parametrize("stack", PROBED)
def test_stores_and_databases_are_asked_and_those_of_no_public_authority_unjudged(
    stack: str,
) -> None:
    found = asked(stack)
    prober = [one for one in rendered(stack).named("Deployment") if BLACKBOX_EXPORTER in one]
    assert bool(found) == bool(prober)
    if not found:
        return
    cloud = CONFIGS[stack].cloud
    assert ASKED[cloud] <= found.keys()
    assert ("documents" in found) == (CONFIGS[stack].document_db == "documentdb")
    unjudged = {name for name, module in found.items() if module == Module.OWN}
    assert unjudged == found.keys() & set(OF_OWN[cloud])


@pytest.mark.parametrize("cloud", Cloud)
def test_some_stack_is_asked(cloud: Cloud) -> None:
    assert any(asked(one) for one in PROBED if CONFIGS[one].cloud is cloud)
