"""Whatever one object of a stack names, another one is."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator, Mapping

import pytest

from tests.stacks.manifests import (
    HOSTS,
    STACKS,
    WORKLOADS,
    Manifest,
    Rendered,
    containers,
    namespace,
    place,
    pod_labels,
    rendered,
    selects,
    strings,
    template,
)
from tests.stacks.of_charts import chart_objects

each_stack = pytest.mark.parametrize("stack", STACKS)
# "<service>.<namespace>.svc[.cluster.local][:<port>]" wherever it stands in a text
HOST = re.compile(r"\b([a-z0-9-]+)\.([a-z0-9-]+)\.svc(?:\.cluster\.local)?(?::(\d+))?")
# Services of the API itself and of charts, with their ports
OF_OTHERS = {
    "kubernetes": {443},
    "vault": {8200},
    "vault-active": {8200},
    "vault-internal": {8200, 8201},
    "vault-standby": {8200},
}
# pods that an operator makes of its object, with the ports that they name
OF_OPERATORS = {
    "Alertmanager": {"web": 9093},
    "Prometheus": {"web": 9090, "http": 10902},
}


def ports_of(workload: Manifest) -> dict[str, int]:
    """Return the ports that a workload's pods name."""
    if workload["kind"] in OF_OPERATORS:
        return OF_OPERATORS[workload["kind"]]
    return {
        port["name"]: port["containerPort"]
        for one in containers(workload)
        for port in one.get("ports", ())
    }


@each_stack
def test_every_service_reaches_a_port_of_pods_that_exist(stack: str) -> None:
    made = rendered(stack)
    for service in made.of("Service"):
        selector = {"matchLabels": service["spec"]["selector"]}
        behind = [one for one in serving(made) if _in_reach(service, selector, one)]
        assert len(behind) == 1, place(service)
        for port in service["spec"]["ports"]:
            open_ports = ports_of(behind[0])
            known = {*open_ports, *open_ports.values()}
            assert port["targetPort"] in known, f"{place(service)} {port['name']}"


def serving(made: Rendered) -> list[Manifest]:
    """Return whatever has pods that stay."""
    beside = (one for one in chart_objects(made) if one["kind"] != "Service")
    return [*made.of("Deployment", "StatefulSet", *OF_OPERATORS), *beside]


def reached(made: Rendered) -> list[Manifest]:
    """Return every Service, those of charts included."""
    return [*made.of("Service"), *(o for o in chart_objects(made) if o["kind"] == "Service")]


def _in_reach(one: Manifest, selector: Manifest, workload: Manifest) -> bool:
    return namespace(one) == namespace(workload) and selects(selector, labels_of(workload))


def labels_of(workload: Manifest) -> Mapping[str, str]:
    if workload["kind"] in OF_OPERATORS:
        # what Prometheus' operator puts on its pods (design/overview of its documentation)
        return {"app.kubernetes.io/name": workload["kind"].lower()}
    return pod_labels(workload)


@each_stack
def test_every_host_that_is_named_is_a_service_with_that_port(stack: str) -> None:
    made = rendered(stack)
    beside = reached(rendered(HOSTS[stack])) if stack in HOSTS else []
    services = {
        **made.named("Service"),
        **{place(one): one for one in (*beside, *reached(made))},
    }
    seen = 0
    for text in (text for one in made.objects for text in strings(one)):
        for name, where, port in HOST.findall(text):
            if name in OF_OTHERS:
                assert not port or int(port) in OF_OTHERS[name], f"{name}.{where}:{port}"
                continue
            service = services.get(f"{where}/{name}")
            assert service is not None, f"{name}.{where}: nobody serves it, named in {text[:200]}"
            open_ports = {one["port"] for one in service["spec"]["ports"]}
            assert not port or int(port) in open_ports, f"{name}.{where}:{port} is not open"
            seen += 1
    assert seen


@each_stack
def test_every_secret_that_pods_read_is_fetched_with_its_keys(stack: str) -> None:
    made = rendered(stack)
    fetched = {
        f"{namespace(one)}/{one['spec']['target']['name']}": keys_of(one)
        for one in made.of("ExternalSecret")
    }
    for workload in made.of(*WORKLOADS):
        for secret, key in secret_keys(workload):
            where = f"{namespace(workload)}/{secret}"
            assert where in fetched, f"{place(workload)} reads {where}, which nobody fetches"
            assert key is None or key in fetched[where], f"{place(workload)}: {where} has no {key}"


def keys_of(external: Manifest) -> set[str]:
    spec = external["spec"]
    template_keys = set(spec["target"].get("template", {}).get("data", {}))
    return template_keys or {one["secretKey"] for one in spec.get("data", ())}


def secret_keys(workload: Manifest) -> Iterator[tuple[str, str | None]]:
    """Return each secret that a workload's pods read, with the key where one is named."""
    for one in containers(workload):
        for variable in one.get("env", ()):
            ref = variable.get("valueFrom", {}).get("secretKeyRef")
            if ref:
                yield ref["name"], ref["key"]
        for source in one.get("envFrom", ()):
            if "secretRef" in source:
                yield source["secretRef"]["name"], None
    for volume in template(workload)["spec"].get("volumes", ()):
        if "secret" in volume:
            items = volume["secret"].get("items") or [{"key": None}]
            yield from ((volume["secret"]["secretName"], item["key"]) for item in items)
        for source in volume.get("projected", {}).get("sources", ()):
            if "secret" in source:
                yield source["secret"]["name"], None


@each_stack
def test_the_store_of_secrets_is_open_where_one_is_fetched_and_nowhere_else(stack: str) -> None:
    made = rendered(stack)
    fetching = {namespace(one) for one in made.of("ExternalSecret")}
    for store in made.of("ClusterSecretStore"):
        (condition,) = store["spec"]["conditions"]
        assert set(condition["namespaces"]) == fetching


@each_stack
def test_every_config_account_and_claim_that_pods_name_is_there(stack: str) -> None:
    made = rendered(stack)
    maps, accounts = made.named("ConfigMap"), made.named("ServiceAccount")
    claims, classes = made.named("PersistentVolumeClaim"), made.named("StorageClass")
    for workload in made.of(*WORKLOADS):
        spec, home = template(workload)["spec"], namespace(workload)
        assert f"{home}/{spec['serviceAccountName']}" in accounts, place(workload)
        for volume in spec.get("volumes", ()):
            if "configMap" in volume:
                assert f"{home}/{volume['configMap']['name']}" in maps, place(workload)
            if "persistentVolumeClaim" in volume:
                claim = volume["persistentVolumeClaim"]["claimName"]
                assert f"{home}/{claim}" in claims, place(workload)
        for claim in workload["spec"].get("volumeClaimTemplates", ()):
            assert f"/{claim['spec']['storageClassName']}" in classes, place(workload)


@each_stack
def test_every_object_lives_in_a_namespace_of_the_stack(stack: str) -> None:
    made = rendered(stack)
    known = {one["metadata"]["name"] for one in made.named("Namespace").values()}
    cluster_wide = {
        "Namespace",
        "StorageClass",
        "ClusterSecretStore",
        "PersistentVolume",
        "PriorityClass",
        "ClusterRole",
        "ClusterRoleBinding",
    }
    for one in made.objects:
        if one["kind"] not in cluster_wide:
            assert namespace(one) in known, f"{one['kind']} {place(one)}"


@each_stack
def test_what_scales_watches_or_guards_a_workload_names_one(stack: str) -> None:
    made = rendered(stack)
    workloads = {(one["kind"], place(one)) for one in made.of("Deployment", "StatefulSet")}
    for one in made.of("HorizontalPodAutoscaler", "ScaledObject"):
        target = one["spec"]["scaleTargetRef"]
        assert (target["kind"], f"{namespace(one)}/{target['name']}") in workloads, place(one)
    for one in made.of("PodDisruptionBudget"):
        selector = one["spec"]["selector"]
        assert any(_in_reach(one, selector, work) for work in serving(made)), place(one)


@each_stack
def test_every_monitor_asks_a_port_that_a_service_names(stack: str) -> None:
    made = rendered(stack)
    for one in made.of("ServiceMonitor"):
        asked = [service for service in reached(made) if _monitored(one, service)]
        assert asked, place(one)
        for endpoint in one["spec"]["endpoints"]:
            for service in asked:
                names = {port["name"] for port in service["spec"]["ports"]}
                assert endpoint["port"] in names, place(one)


def _monitored(monitor: Manifest, service: Manifest) -> bool:
    labels = service["metadata"]["labels"]
    same = namespace(monitor) == namespace(service)
    return same and selects(monitor["spec"]["selector"], labels)


@each_stack
def test_every_binding_joins_a_service_of_its_namespace(stack: str) -> None:
    made = rendered(stack)
    services = made.named("Service")
    for one in made.of("TargetGroupBinding"):
        named = one["spec"]["serviceRef"]
        service = services[f"{namespace(one)}/{named['name']}"]
        assert named["port"] in {
            value for port in service["spec"]["ports"] for value in (port["port"], port["name"])
        }


@each_stack
def test_network_policies_of_both_sides_agree(stack: str) -> None:
    """Whom a workload may call lets it in, a guest's host too: half an opening is none."""
    made = rendered(stack)
    policies: dict[str, list[Manifest]] = defaultdict(list)
    for one in made.named("NetworkPolicy").values():
        name = one["spec"]["podSelector"].get("matchLabels", {}).get("app.kubernetes.io/name")
        for whom in (name, "*"):
            policies[f"{namespace(one)}/{whom}"].append(one["spec"])
    for caller in made.of(*WORKLOADS):
        rules = (rule for spec in policies[place(caller)] for rule in spec.get("egress", ()))
        for rule in rules:
            for peer in rule.get("to", ()):
                called = _callee(peer)
                if called is None or not policies[called]:
                    continue
                ports = {one["port"] for one in rule["ports"]}
                open_to = {port for spec in policies[called] for port in _opened(spec, caller)}
                assert ports <= open_to, f"{place(caller)} -> {called}"


def _callee(peer: Manifest) -> str | None:
    """Return whom a rule lets through to: pods of a name, or any of a namespace."""
    where = peer.get("namespaceSelector", {}).get("matchLabels", {})
    if not where:
        return None
    labels = peer.get("podSelector", {}).get("matchLabels", {})
    name = labels.get("app.kubernetes.io/name", "*")
    return f"{where['kubernetes.io/metadata.name']}/{name}"


def _opened(spec: Manifest, caller: Manifest) -> set[int]:
    """Return the ports that a policy opens to a workload's pods."""
    found: set[int] = set()
    for rule in spec.get("ingress", ()):
        for peer in rule.get("from", ()):
            where = peer.get("namespaceSelector", {}).get("matchLabels", {})
            same = where.get("kubernetes.io/metadata.name") == namespace(caller)
            if same and selects(peer.get("podSelector", {}), pod_labels(caller)):
                found |= {one["port"] for one in rule["ports"]}
    return found
