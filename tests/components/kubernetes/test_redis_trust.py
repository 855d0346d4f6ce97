"""Whom clients of Redis trust, and how they get in where no password opens a store."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import pulumi
import pytest

from components.kubernetes.app_stores import Redis, Stores
from components.kubernetes.exporter import Surroundings
from components.kubernetes.exporters import RedisExporter, RedisExporterArgs
from components.kubernetes.litellm_stores import Store
from components.kubernetes.secrets import Remote
from sizing.plans import Scale
from tests.components.kubernetes.samples import cluster, service_plan, store
from tests.components.kubernetes.surroundings import here
from tests.components.kubernetes.test_app_service import application
from tests.components.kubernetes.test_litellm import args, built, config
from tests.components.kubernetes.test_litellm import variables as proxy_variables
from tests.components.kubernetes.test_tools import build_n8n
from tests.components.support import Recorder, record

ACCOUNT = "projects/-/serviceAccounts/cache@some-project.iam.gserviceaccount.com"
SHARDS = Store(
    host="10.64.0.9",
    account=ACCOUNT,
    clustered=True,
    shard_ports=(11_000, 13_047),
    authority="-----BEGIN CERTIFICATE-----\nof the cluster\n",
)


def template(made: Recorder, kind: str) -> dict[str, Any]:
    found: dict[str, Any] = made.one(kind).inputs["spec"]["template"]["spec"]
    return found


def read(made: Recorder, kind: str, path: str) -> str:
    """Return the text of a file as the only container of a workload sees it."""
    pod = template(made, kind)
    (container,) = pod["containers"]
    folder, _, name = path.rpartition("/")
    (volume,) = (one["name"] for one in container["volumeMounts"] if one["mountPath"] == folder)
    (source,) = (one["configMap"]["name"] for one in pod["volumes"] if one["name"] == volume)
    maps = {one.inputs["metadata"]["name"]: one.inputs["data"] for one in made.all("ConfigMap")}
    return str(maps[source][name])


def exporter(stores: Mapping[str, Store]) -> Recorder:
    one = Scale(minimum=1, planned=1, maximum=1)

    def program() -> None:
        around = Surroundings(cluster=cluster(), namespace="prod-observability")
        plan = service_plan("redis-exporter", role="observability", scale=one)
        RedisExporter("redis-exporter", RedisExporterArgs(plan=plan, around=around, stores=stores))

    return record(program)


def flag(made: Recorder) -> str:
    (container,) = template(made, "Deployment")["containers"]
    found = [one for one in container["args"] if one.startswith("-tls-ca-cert-file=")]
    assert len(found) <= 1
    return found[0].partition("=")[2] if found else ""


def test_the_exporter_trusts_every_store_by_one_file() -> None:
    stores = {role: store(role) for role in ("cache", "state")}
    if here().cache_authority:
        later = pulumi.Output.from_input("-----BEGIN CERTIFICATE-----\nof another\n")
        stores["cache"] = replace(stores["cache"], authority=later)
        made = exporter(stores)
        text = read(made, "Deployment", flag(made))
        assert text == "-----BEGIN CERTIFICATE-----\nof another\n" + here().cache_authority
    else:
        assert flag(exporter(stores)) == ""


def test_the_exporter_leaves_out_what_no_password_opens() -> None:
    made = exporter({"cache": SHARDS, "state": store("state")})
    asked = {one.inputs["metadata"]["name"] for one in made.all("ServiceMonitor")}
    assert asked == {"redis-exporter-state"}
    held = made.one("ExternalSecret").inputs["spec"]
    assert [one["secretKey"] for one in held["data"]] == ["state"]
    assert "10.64.0.9" not in str(held["target"])


def test_the_exporter_takes_no_file_that_would_shut_a_store_out() -> None:
    of_the_web = replace(store("state"), authority=None)
    own = replace(store("cache"), authority="-----BEGIN CERTIFICATE-----\n")
    with pytest.raises(Exception, match="or the web's"):
        exporter({"cache": own, "state": of_the_web})


def test_n8n_trusts_the_queue_s_authority_beside_the_web_s() -> None:
    made = record(build_n8n)
    for kind in ("StatefulSet", "Deployment"):
        (container,) = template(made, kind)["containers"]
        told = {one["name"]: one.get("value") for one in container["env"]}
        file = told.get("NODE_EXTRA_CA_CERTS")
        assert (read(made, kind, file) if file else "") == here().cache_authority
        # n8n checks the whole certificate, or none of it
        assert "QUEUE_BULL_REDIS_TLS_VALIDATE_CERTIFICATE" not in told


def test_an_application_finds_the_authority_of_each_store() -> None:
    authority = here().cache_authority or None
    port, token = here().cache_port, Remote(name="prod/cache")
    stores = Stores(
        cache=Redis(host="cache.example", port=port, token=token, authority=authority),
        broker=Redis(host="state.example", port=port, token=token, authority=authority),
    )
    made = record(lambda: application(stores=stores))
    (container,) = template(made, "Deployment")["containers"]
    files = {
        one["name"]: one["value"] for one in container["env"] if one["name"].endswith("_CA_FILE")
    }
    named = {"REDIS_CACHE_CA_FILE", "REDIS_BROKER_CA_FILE"} if authority else set()
    assert set(files) == named
    assert {read(made, "Deployment", one) for one in files.values()} == (
        {authority} if authority else set()
    )


def test_an_account_opens_a_cluster_for_the_proxy() -> None:
    made = built(replace(args(), cache=SHARDS))
    said = config(made)["litellm_settings"]["cache_params"]
    assert said["gcp_service_account"] == "os.environ/CACHE_REDIS_ACCOUNT"
    assert "password" not in said
    told = proxy_variables(made)
    assert told["CACHE_REDIS_ACCOUNT"] == ACCOUNT
    assert "CACHE_REDIS_PASSWORD" not in told
    assert told["STATE_REDIS_PASSWORD"]["key"] == "STATE_REDIS_PASSWORD"


def test_the_proxy_reaches_each_shard_and_who_hands_out_its_tokens() -> None:
    made = built(replace(args(), cache=SHARDS))
    ways = [
        (to["ipBlock"]["cidr"], port["port"], port.get("endPort"))
        for rule in made.one("NetworkPolicy", "litellm-peers").inputs["spec"]["egress"]
        for to in rule["to"]
        for port in rule["ports"]
        if "ipBlock" in to
    ]
    assert (here().vpc, 11_000, 13_047) in ways
    assert (here().credentials, 80, None) in ways
    plain = built(args()).one("NetworkPolicy", "litellm-peers").inputs["spec"]["egress"]
    assert "endPort" not in str(plain)


def test_n8n_never_waits_for_a_password_that_nobody_has() -> None:
    lonely = replace(SHARDS, clustered=False)
    with pytest.raises(Exception, match="no password does"):
        record(lambda: build_n8n(lonely))


@pytest.mark.parametrize(
    "keys", [{}, {"token": Remote(name="prod/cache"), "account": ACCOUNT}], ids=["none", "both"]
)
def test_one_key_opens_a_store(keys: dict[str, Any]) -> None:
    with pytest.raises(ValueError, match="a token, or else"):
        Store(host="10.64.0.9", **keys)
