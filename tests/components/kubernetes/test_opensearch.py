"""What the search engine in the cluster is made of."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import Any

import pytest

from components.kubernetes.access import Pods
from components.kubernetes.certificate_job import CertificateArgs
from components.kubernetes.cluster import Cluster
from components.kubernetes.opensearch import (
    PASSWORD_SECRET,
    TLS_SECRET,
    OpenSearch,
    OpenSearchArgs,
    names,
)
from components.kubernetes.opensearch_config import (
    ADMINISTRATOR,
    AUTHORITY,
    CONFIG_FOLDER,
    DATA_FOLDER,
    HTTP_PORT,
    MEMBERS_PORT,
    PASSWORD_KEY,
    PASSWORD_VARIABLE,
    TLS,
    MembersConfig,
    heap_bytes,
    java_options,
    settings,
    users,
)
from components.kubernetes.secrets import Remote
from sizing.plans import HelperPlan, NodePoolPlan, Scale, ServicePlan, TaintPlan
from sizing.units import GIB, MIB
from tests.components.aws.samples import pool
from tests.components.kubernetes.samples import cluster, service_plan
from tests.components.support import Recorder, record
from tests.kubernetes.schemas import violations

JOB = HelperPlan(
    name="opensearch-certificates",
    namespace="prod-data",
    kind="job",
    pods=2,
    cpu_request_millis=10,
    cpu_limit_millis=50,
    memory_request_bytes=16 * MIB,
    memory_limit_bytes=32 * MIB,
)
KEPT = CertificateArgs(
    plan=JOB,
    region="us-central1",
    server="projects/p/secrets/opensearch-tls",
    authority="projects/p/secrets/opensearch-authority",
    entry="prod-opensearch-tls",
)
PASSWORD = Remote(name="prod/opensearch", property=PASSWORD_KEY)
SUBJECT = "CN=opensearch"
COLLECTOR = Pods(namespace="prod-observability", name="otel-gateway", ports=(HTTP_PORT,))


def search_pool() -> NodePoolPlan:
    taint = TaintPlan(key="aigw.io/role", value="search", effect="NO_SCHEDULE")
    marks = (("aigw.io/role", "search"),)
    return replace(pool("search"), name="search", role="search", labels=marks, taints=(taint,))


def around() -> Cluster:
    on = cluster()
    return replace(on, pools=(*on.pools, search_pool()))


def plan(members: int = 3) -> ServicePlan:
    return service_plan(
        "opensearch",
        role="data",
        pool_role="search",
        scale=Scale(minimum=members, planned=members, maximum=members),
        volume_gib=100,
    )


def built(members: int = 3, **changes: Any) -> Recorder:  # noqa: ANN401  (any field of it)
    plain: dict[str, Any] = {
        "cluster": around(),
        "namespace": "prod-data",
        "plan": plan(members),
        "name": "prod",
        "password": PASSWORD,
        "certificates": KEPT,
        "callers": (COLLECTOR,),
    }
    return record(lambda: OpenSearch("opensearch", OpenSearchArgs(**{**plain, **changes})))


def pod(made: Recorder) -> dict[str, Any]:
    spec = made.one("StatefulSet").inputs["spec"]["template"]["spec"]
    assert isinstance(spec, dict)
    return spec


def member(made: Recorder) -> dict[str, Any]:
    (container,) = pod(made)["containers"]
    assert isinstance(container, dict)
    return container


def told(container: dict[str, Any]) -> dict[str, str]:
    return {one["name"]: one["value"] for one in container["env"] if "value" in one}


def said(members: int = 3) -> dict[str, Any]:
    """Return opensearch.yml as the pods get it."""
    texts = [one.inputs["data"] for one in built(members).all("ConfigMap")]
    (given,) = (one["opensearch.yml"] for one in texts if "opensearch.yml" in one)
    found = json.loads(given)
    assert isinstance(found, dict)
    return found


@pytest.mark.parametrize("members", [1, 3])
def test_every_object_is_one_that_the_api_server_takes(members: int) -> None:
    objects = [one for one in built(members).resources if one.type.startswith("kubernetes:")]
    assert {one.name: found for one in objects if (found := violations(one.inputs))} == {}
    assert {one.type.rpartition(":")[2] for one in objects} >= {
        "ConfigMap",
        "ExternalSecret",
        "NetworkPolicy",
        "PodDisruptionBudget",
        "StatefulSet",
    }


def test_nothing_of_a_pod_runs_as_root_or_asks_a_right() -> None:
    spec = pod(built())
    for one in (*spec["initContainers"], *spec["containers"]):
        rights = one["securityContext"]
        assert rights["runAsNonRoot"]
        assert rights["runAsUser"] == 1000
        assert rights["readOnlyRootFilesystem"]
        assert not rights["allowPrivilegeEscalation"]
        assert rights["capabilities"] == {"drop": ["ALL"]}
    assert "hostPath" not in json.dumps(spec)


def test_no_map_of_memory_asks_the_node_for_more_of_them() -> None:
    assert said()["node.store.allow_mmap"] is False


def test_members_find_each_other_by_the_names_of_their_own_service() -> None:
    found = said()
    assert found["cluster.name"] == "prod"
    assert found["discovery.seed_hosts"] == ["opensearch.prod-data.svc.cluster.local"]
    assert found["cluster.initial_cluster_manager_nodes"] == [f"opensearch-{n}" for n in range(3)]
    assert found["node.name"] == "${HOSTNAME}"
    service = built().one("Service", "service-service").inputs["spec"]
    assert service["clusterIP"] == "None"
    assert service["publishNotReadyAddresses"]


def test_an_only_member_looks_for_nobody() -> None:
    assert said(1)["discovery.seed_hosts"] == []
    assert said(1)["cluster.initial_cluster_manager_nodes"] == ["opensearch-0"]


@pytest.mark.parametrize("layer", ["http", "transport"])
def test_both_ports_speak_tls_with_files_of_the_secret(layer: str) -> None:
    made, found = built(), said()
    files = {
        kind: found[f"plugins.security.ssl.{layer}.{kind}_filepath"]
        for kind in ("pemcert", "pemkey", "pemtrustedcas")
    }
    assert files == {
        "pemcert": "tls/tls.crt",
        "pemkey": "tls/tls.key",
        "pemtrustedcas": "tls/ca.crt",
    }
    mounts = {one["mountPath"]: one["name"] for one in member(made)["volumeMounts"]}
    volumes = {one["name"]: one for one in pod(made)["volumes"]}
    secret = volumes[mounts[f"{CONFIG_FOLDER}/{TLS}"]]["secret"]
    assert secret["secretName"] == TLS_SECRET
    assert {one["path"] for one in secret["items"]} == {"tls.crt", "tls.key", "ca.crt"}


def test_who_shows_the_certificate_is_a_member_and_nobody_is_an_administrator_by_one() -> None:
    found = said()
    assert found["plugins.security.nodes_dn"] == [SUBJECT]
    assert found["plugins.security.ssl.http.enabled"] is True
    assert not any("admin_dn" in key or key.endswith(".disabled") for key in found)


def test_a_certificate_names_all_members_and_each() -> None:
    domain = "opensearch.prod-data.svc.cluster.local"
    assert names(plan()) == (domain, f"*.{domain}", "localhost")


def test_the_password_is_named_and_its_hash_is_nowhere() -> None:
    made = built()
    held = {
        one["name"]: one["valueFrom"]["secretKeyRef"]
        for one in member(made)["env"]
        if "valueFrom" in one
    }
    assert held == {PASSWORD_VARIABLE: {"name": PASSWORD_SECRET, "key": PASSWORD_KEY}}
    known = json.loads(users())
    assert {*known} == {"_meta", ADMINISTRATOR}
    assert known[ADMINISTRATOR]["hash"] == f"${{envbc.{PASSWORD_VARIABLE}}}"
    assert "$2" not in users()


def test_ours_takes_the_place_of_the_demo_s() -> None:
    made = built()
    assert member(made)["command"] == ["/usr/share/opensearch/bin/opensearch"]
    assert told(member(made))["DISABLE_INSTALL_DEMO_CONFIG"] == "true"
    (before,) = pod(made)["initContainers"]
    script = before["command"][-1]
    assert f"{CONFIG_FOLDER}/opensearch-security/internal_users.yml" in script
    folder = told(member(made))["OPENSEARCH_PATH_CONF"]
    mounts = [
        {one["mountPath"]: one["name"] for one in container["volumeMounts"]}[folder]
        for container in (before, member(made))
    ]
    assert mounts[0] == mounts[1]


def test_what_a_member_keeps_lies_on_its_volume() -> None:
    made = built()
    mounts = {one["mountPath"]: one["name"] for one in member(made)["volumeMounts"]}
    assert mounts[DATA_FOLDER] == "data"
    assert said()["path.data"] == DATA_FOLDER
    assert said()["path.logs"] in mounts
    (claim,) = made.one("StatefulSet").inputs["spec"]["volumeClaimTemplates"]
    assert claim["spec"]["resources"]["requests"] == {"storage": "100Gi"}


def test_the_heap_is_half_of_the_memory_and_never_above_31_gib() -> None:
    assert heap_bytes(16 * GIB) == 8 * GIB
    assert heap_bytes(128 * GIB) == 31 * GIB
    assert {"-Xms8192m", "-Xmx8192m"} <= {*java_options(16 * GIB).split()}
    limit = member(built())["resources"]["limits"]["memory"]
    assert told(member(built()))["OPENSEARCH_JAVA_OPTS"] == java_options(int(limit))


def test_members_stand_apart_on_their_own_pool_and_go_one_at_a_time() -> None:
    made = built()
    spec = pod(made)
    assert spec["nodeSelector"] == {"aigw.io/role": "search"}
    assert [one["value"] for one in spec["tolerations"]] == ["search"]
    spread = {
        one["topologyKey"]: one["whenUnsatisfiable"] for one in spec["topologySpreadConstraints"]
    }
    assert spread == {
        "topology.kubernetes.io/zone": "DoNotSchedule",
        "kubernetes.io/hostname": "DoNotSchedule",
    }
    assert made.one("PodDisruptionBudget").inputs["spec"]["maxUnavailable"] == 1


def test_members_alone_speak_at_their_port() -> None:
    made = built()
    by_port: dict[int, set[str]] = {}
    for rule in made.one("NetworkPolicy", "service-peers").inputs["spec"]["ingress"]:
        (peer,) = rule["from"]
        name = peer["podSelector"]["matchLabels"]["app.kubernetes.io/name"]
        for port in rule["ports"]:
            by_port.setdefault(port["port"], set()).add(name)
    assert by_port == {HTTP_PORT: {"otel-gateway"}, MEMBERS_PORT: {"opensearch"}}


def test_a_member_is_ready_when_it_knows_its_users_and_is_asked_by_its_name() -> None:
    asked = member(built())["readinessProbe"]["exec"]["command"]
    assert asked[0] == "curl"
    assert asked[-1] == f"https://localhost:{HTTP_PORT}/_plugins/_security/health"
    assert asked[asked.index("--cacert") + 1] == f"{CONFIG_FOLDER}/{TLS}/{AUTHORITY}"


def test_other_settings_start_the_members_anew() -> None:
    def checksum(**changes: Any) -> object:  # noqa: ANN401  (any field of it)
        template = built(**changes).one("StatefulSet").inputs["spec"]["template"]
        return template["metadata"]["annotations"]

    assert checksum(name="another") != checksum()


def test_a_certificate_is_made_before_members_start_and_again_every_week() -> None:
    made = built()
    once, again = made.one("Job", "certificates-job"), made.one("CronJob", "renewal-cron")
    (tls,) = (
        one for one in made.all("ExternalSecret") if one.inputs["metadata"]["name"] == TLS_SECRET
    )
    assert once.urn in made.before(tls)
    assert tls.urn in made.before(made.one("StatefulSet"))
    assert {one["remoteRef"]["key"] for one in tls.inputs["spec"]["data"]} == {KEPT.entry}
    pods = (once.inputs["spec"], again.inputs["spec"]["jobTemplate"]["spec"])
    accounts = {one["template"]["spec"]["serviceAccountName"] for one in pods}
    assert accounts == {"opensearch-certificates"}


def test_members_show_their_certificate_as_servers_and_as_clients() -> None:
    spec = built().one("Job", "certificates-job").inputs["spec"]["template"]["spec"]
    (container,) = spec["containers"]
    assert container["command"][-1].endswith(".certificates")
    asked = told(container)
    assert asked["AIGW_CERTIFICATE_NAMES"].split() == [*names(plan())]
    assert asked["AIGW_CERTIFICATE_USAGES"].split() == ["server", "client"]
    assert [f"CN={asked['AIGW_CERTIFICATE_SUBJECT']}"] == said()["plugins.security.nodes_dn"]
    assert asked["AIGW_SERVER_SECRET"] == KEPT.server
    assert asked["AIGW_AUTHORITY_SECRET"] == KEPT.authority


def test_members_without_a_volume_are_refused() -> None:
    with pytest.raises(ValueError, match="on a volume"):
        built(plan=replace(plan(), volume_gib=0))


def test_settings_are_the_same_to_the_byte() -> None:
    config = MembersConfig(cluster="c", host="h", members=("m-0",), subject=SUBJECT)
    assert settings(config) == settings(replace(config))
