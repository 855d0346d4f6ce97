"""What must hold of every object of every stack, whoever made it."""

from __future__ import annotations

from ipaddress import ip_network

import pytest

from components.kubernetes.guest_reader import READER
from components.kubernetes.images import facts, reference
from preview.offline import SECRET
from sizing.plan import plan
from sizing.versions import IMAGES
from sizing.words import SubnetKind
from stacks.config import load, stack_files
from tests.kubernetes.charts import unknown_keys
from tests.kubernetes.schemas import violations
from tests.stacks.manifests import (
    HOSTS,
    RELEASE,
    SERVING,
    STACKS,
    WORKLOADS,
    Manifest,
    containers,
    namespace,
    place,
    pod_labels,
    rendered,
    selects,
    strings,
    template,
    values,
)

each_stack = pytest.mark.parametrize("stack", STACKS)


@each_stack
def test_every_object_is_valid_for_the_pinned_kubernetes(stack: str) -> None:
    found = {place(one): violations(one) for one in rendered(stack).objects}
    assert len(found) > 20
    assert {where: wrong for where, wrong in found.items() if wrong} == {}


@each_stack
def test_every_value_of_a_chart_is_one_that_it_reads(stack: str) -> None:
    charts = rendered(stack).charts
    assert stack in HOSTS or {"keda", "external-secrets", "kube-prometheus-stack"} <= charts.keys()
    releases = [one for one in rendered(stack).recording.resources if one.type == RELEASE]
    wrong = {
        # where a chart is there twice, each release has a name of its own
        str(one.inputs["name"]): unknown_keys(
            str(one.inputs["chart"]).rpartition("/")[2], values(one)
        )
        for one in releases
    }
    assert {name: keys for name, keys in wrong.items() if keys} == {}


@each_stack
def test_no_object_holds_a_secret(stack: str) -> None:
    made = rendered(stack)
    assert list(made.of("Secret")) == []
    in_cluster = [r for r in made.recording.resources if r.type.startswith("kubernetes:")]
    assert [r.urn for r in in_cluster if r.secret_paths] == []
    for one in in_cluster:
        texts = set(strings(one.inputs))
        assert SECRET not in texts
        assert not {s for s in made.recording.secret_values if any(s in t for t in texts)}


@each_stack
def test_every_container_is_sized_and_restricted(stack: str) -> None:
    for workload in rendered(stack).of(*WORKLOADS):
        pod = template(workload)["spec"]
        assert pod["securityContext"]["runAsNonRoot"] is True, place(workload)
        assert pod["securityContext"]["seccompProfile"] == {"type": "RuntimeDefault"}
        for one in containers(workload):
            where = f"{place(workload)} {one['name']}"
            for kind in ("requests", "limits"):
                assert {"cpu", "memory"} <= one["resources"][kind].keys(), where
            context = one["securityContext"]
            assert context["allowPrivilegeEscalation"] is False, where
            assert context["readOnlyRootFilesystem"] is True, where
            assert context["capabilities"] == {"drop": ["ALL"]}, where


@each_stack
def test_every_serving_container_is_probed(stack: str) -> None:
    for workload in rendered(stack).of(*SERVING):
        for one in template(workload)["spec"]["containers"]:
            probes = {"startupProbe", "readinessProbe", "livenessProbe"}
            assert probes <= one.keys(), f"{place(workload)} {one['name']}"


@each_stack
def test_every_workload_is_behind_a_policy_of_its_own(stack: str) -> None:
    made = rendered(stack)
    for workload in made.of(*WORKLOADS):
        own = [
            one
            for one in made.of("NetworkPolicy")
            if namespace(one) == namespace(workload)
            and one["spec"]["podSelector"].get("matchLabels")
            and selects(one["spec"]["podSelector"], pod_labels(workload))
        ]
        assert own, place(workload)
    closed = {namespace(one) for one in made.of("NetworkPolicy") if not one["spec"]["podSelector"]}
    assert closed == {one["metadata"]["name"] for one in made.of("Namespace")}


@each_stack
def test_images_run_as_their_own_user_with_the_folders_that_they_write(stack: str) -> None:
    own = {reference(name, ""): facts(name) for name in IMAGES}
    for workload in rendered(stack).of(*WORKLOADS):
        for one in containers(workload):
            where, known = f"{place(workload)} {one['name']}", own.get(one["image"])
            user = one["securityContext"]["runAsUser"]
            if known is None:  # the stack's own, whose file names it with tag or digest
                assert user > 0, where
                assert ":" in one["image"].rpartition("/")[2], where
                continue
            assert user == known.uid, where
            assert known.source.startswith("https://"), where
            mounts = [m["mountPath"] for m in one.get("volumeMounts", ()) if not m.get("readOnly")]
            # what runs before the program itself has none of its data
            data = known.data if one in template(workload)["spec"]["containers"] else ()
            for folder in (*known.writable, *data):
                assert any(f"{folder}/".startswith(f"{m}/") for m in mounts), f"{where}: {folder}"


@each_stack
def test_quotas_hold_what_their_namespace_runs_at_most(stack: str) -> None:
    config = load(stack_files()[stack])
    decided = plan(config.request())
    made = rendered(stack)
    quotas = {namespace(one): one["spec"]["hard"] for one in made.of("ResourceQuota")}
    for name, hard in quotas.items():
        own = [one for one in decided.services if one.namespace == name]
        beside = [one for one in decided.helpers if one.namespace == name]
        pods = sum(s.scale.maximum for s in own) + sum(
            h.pods for h in beside if h.kind != "sidecar"
        )
        assert int(hard["pods"]) >= pods, name


# what charts start, by the chart; the last is of the cloud's own add-ons
OF_CHARTS = {
    "aws-load-balancer-controller": {"aws-load-balancer-controller"},
    "cluster-autoscaler": {"cluster-autoscaler"},
    "external-secrets": {
        "external-secrets",
        "external-secrets-cert-controller",
        "external-secrets-webhook",
    },
    "keda": {"keda-admission", "keda-metrics-apiserver", "keda-operator"},
    "grafana": {"grafana"},
    "jaeger": {"jaeger"},
    "jaeger-collector": {"jaeger-collector"},
    "jaeger-query": {"jaeger-query"},
    "kube-prometheus-stack": {"prometheus-operator"},
    "kube-state-metrics": {"kube-state-metrics"},
    "otel-collector": {"otel-collector"},
    "thanos": {"thanos-compact", "thanos-query", "thanos-store"},
    "vault": {"vault"},
}
OF_ADDONS = {
    "coredns",
    "ebs-csi-controller",
    "efs-csi-controller",
    "kube-dns",
    "metrics-server",
}


@each_stack
def test_every_service_of_the_plan_runs(stack: str) -> None:
    config = load(stack_files()[stack])
    decided = plan(config.request())
    made = rendered(stack)
    running = {one["metadata"]["name"] for one in made.of(*SERVING, "Alertmanager", "Prometheus")}
    for chart in made.charts:
        running |= OF_CHARTS.get(chart, set())
    planned = {one.name for one in decided.services} - OF_ADDONS
    if config.ingress is None:  # its pods are planned all the same: a way in may come any day
        planned -= {"aws-load-balancer-controller"}
    assert planned - running == set()
    # what runs and is not planned would have neither nodes nor a price
    assert {one["metadata"]["name"] for one in made.of("Deployment", "StatefulSet")} <= planned


def replicas_of(workload: Manifest) -> int | None:
    """Return the replicas that a workload states."""
    found = workload["spec"].get("replicas")
    return None if found is None else int(found)


@each_stack
def test_replicas_are_absent_where_an_autoscaler_owns_them(stack: str) -> None:
    made = rendered(stack)
    scaled = {
        f"{namespace(one)}/{one['spec']['scaleTargetRef']['name']}"
        for one in made.of("HorizontalPodAutoscaler", "ScaledObject")
    }
    for workload in made.of("Deployment", "StatefulSet"):
        assert (replicas_of(workload) is None) == (place(workload) in scaled), place(workload)


@each_stack
def test_what_a_public_balancer_reaches_is_open_to_no_other_address(stack: str) -> None:
    config, made = load(stack_files()[stack]), rendered(stack)
    inside = [
        ip_network(one.cidr)
        for one in plan(config.request()).network.subnets
        if one.kind is not SubnetKind.PUBLIC
    ]
    if config.ingress is None or config.ingress.internal:
        return
    policies = made.named("NetworkPolicy")
    for binding in made.of("TargetGroupBinding"):
        spec = policies[f"{namespace(binding)}/{binding['spec']['serviceRef']['name']}"]["spec"]
        peers = [peer for rule in spec["ingress"] for peer in rule["from"]]
        blocks = [ip_network(one["ipBlock"]["cidr"]) for one in peers if "ipBlock" in one]
        assert blocks, place(binding)
        assert not any(one.overlaps(other) for one in blocks for other in inside)


@each_stack
def test_nothing_of_ours_reads_secrets_or_writes_through_the_kubernetes_api(stack: str) -> None:
    made = rendered(stack)
    for role in made.of("Role", "ClusterRole"):
        for rule in role["rules"]:
            # tokens of the one account as which a guest's secrets are read
            if rule.get("resourceNames") == [READER]:
                assert rule["resources"] == ["serviceaccounts/token"], place(role)
                continue
            assert set(rule["verbs"]) <= {"get", "list", "watch"}, place(role)
            assert not {"*", "secrets"} & set(rule["resources"]), place(role)
    for workload in made.of(*WORKLOADS):
        assert template(workload)["spec"]["automountServiceAccountToken"] is False, place(workload)
