"""Whom the proxy trusts when it opens its stores."""

from __future__ import annotations

from dataclasses import replace

import pulumi

from components.kubernetes.litellm_stores import Store
from components.kubernetes.secrets import Remote
from tests.components.kubernetes.test_litellm import args, built, config, pod


def test_a_store_of_its_own_authority_is_trusted_by_that_alone() -> None:
    own = Store(
        host="10.0.0.3",
        token=Remote(name="prod/state"),
        port=6378,
        authority=pulumi.Output.from_input("-----BEGIN CERTIFICATE-----"),
    )
    made = built(replace(args(), state=own))
    said = config(made)["general_settings"]["coordination_redis"]
    assert (said["port"], said["ssl"], said["ssl_check_hostname"]) == (6378, True, False)
    folder, _, file = said["ssl_ca_certs"].rpartition("/")
    (container,) = pod(made)["containers"]
    assert folder in {one["mountPath"] for one in container["volumeMounts"]}
    assert file in made.one("ConfigMap", "etc-redis-state").inputs["data"]
    # the other store's host is vouched for by the web's authorities
    assert "ssl_ca_certs" not in config(made)["litellm_settings"]["cache_params"]
