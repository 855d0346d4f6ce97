"""Brings rendered objects into a cluster, in an order in which each finds what it names."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from contextlib import suppress
from typing import Any

from components.kubernetes.cluster import NAME_LABEL
from tests.cluster.api import Api, Manifest, RefusedError, wait
from tests.components.support import Recorder

# what others stand in, run on or act as; all else in any order
_FIRST = ("Namespace", "StorageClass", "PriorityClass", "ServiceAccount", "ConfigMap")
WORKLOADS = ("Deployment", "StatefulSet", "DaemonSet", "Job", "CronJob")


def recorded(recorder: Recorder) -> list[Manifest]:
    """Return what a component would create in its cluster; auto-named objects get their name."""
    return [
        named(one.inputs, one.name)
        for one in recorder.resources
        if one.custom and one.type.startswith("kubernetes:") and "kind" in one.inputs
    ]


def named(manifest: Manifest, logical: str) -> Manifest:
    """Return an object with a name: the provider makes one up where there is none."""
    return {**manifest, "metadata": {"name": logical, **manifest["metadata"]}}


def create_all(api: Api, manifests: Iterable[Manifest]) -> dict[str, str]:
    """Create objects and return what the server said against any, by kind and name."""
    said: dict[str, str] = {}
    made = sorted(manifests, key=_rank)
    for one in made:
        where = f"{one['kind']} {one['metadata'].get('namespace', '')}/{one['metadata']['name']}"
        try:
            warnings = api.create(one)
        except RefusedError as refused:
            said[where] = str(refused)
        else:
            if warnings:
                said[where] = "; ".join(warnings)
        if one["kind"] == "ResourceQuota" and where not in said:
            _await_quota(api, one)
    return said


def pods_of(workload: Manifest) -> Manifest:
    """Return a pod as a workload's controller would create it."""
    spec = workload["spec"]
    if workload["kind"] == "CronJob":
        spec = spec["jobTemplate"]["spec"]
    made: Mapping[str, Any] = spec["template"]
    claims = [one["metadata"]["name"] for one in spec.get("volumeClaimTemplates", ())]
    volumes = [{"name": n, "persistentVolumeClaim": {"claimName": f"{n}-0"}} for n in claims]
    body = dict(made["spec"])
    if volumes:
        body["volumes"] = [*body.get("volumes", ()), *volumes]
    metadata = workload["metadata"]
    return {
        "apiVersion": "v1",
        "kind": "Pod",
        "metadata": {
            **made.get("metadata", {}),
            "name": metadata["name"],
            "namespace": metadata["namespace"],
        },
        "spec": body,
    }


def volumes_of(stateful: Manifest) -> Iterator[Manifest]:
    """Return the volumes that a storage driver would make for a StatefulSet's claims."""
    spec, where = stateful["spec"], stateful["metadata"]
    for claim in spec.get("volumeClaimTemplates", ()):
        for number in range(spec["replicas"]):
            name = f"{claim['metadata']['name']}-{where['name']}-{number}"
            yield {
                "apiVersion": "v1",
                "kind": "PersistentVolume",
                "metadata": {"name": f"{where['namespace']}-{name}"},
                "spec": {
                    "capacity": claim["spec"]["resources"]["requests"],
                    "accessModes": claim["spec"]["accessModes"],
                    "storageClassName": claim["spec"]["storageClassName"],
                    "claimRef": {"name": name, "namespace": where["namespace"]},
                    "csi": {"driver": "example.org", "volumeHandle": name},
                },
            }


def stalled(api: Api, wanted: Mapping[str, int]) -> dict[str, str]:
    """Return what keeps workloads from running, by pod or by the workload that lacks pods.

    Args:
        wanted: pods that must run, or have run to their end, by "<namespace>/<workload>".
    """
    found: dict[str, str] = {}
    up: Counter[str] = Counter()
    for space in {one.partition("/")[0] for one in wanted}:
        for pod in api.all("v1", "Pod", space):
            if pod["status"].get("phase") in ("Running", "Succeeded"):
                up[f"{space}/{pod['metadata']['labels'][NAME_LABEL]}"] += 1
            else:
                said = (c.get("message", "") for c in pod["status"].get("conditions") or ())
                found[f"{space}/{pod['metadata']['name']}"] = " ".join(said)
    few = {one: f"{up[one]} of {count} run" for one, count in wanted.items() if up[one] < count}
    return {**few, **found}


def run(api: Api, wanted: Mapping[str, int]) -> dict[str, str]:
    """Wait until the pods run and return what keeps the rest, nothing where all do."""
    found: dict[str, str] = {}

    def settled() -> bool:
        # kept, and not asked for again: an autoscaler may add another pod at any time
        nonlocal found
        found = stalled(api, wanted)
        return not found

    with suppress(TimeoutError):
        wait(settled, "every pod runs")
    return found


def roll(api: Api, workloads: Iterable[Manifest]) -> dict[str, str]:
    """Replace every pod and return which workloads do not get to the end, and how far they came."""
    every = list(workloads)
    for one in every:
        again = {"metadata": {"annotations": {"example.org/rolled": "1"}}}
        api.change(one, {"spec": {"template": again}})
    found: dict[str, str] = {}

    def rolled() -> bool:
        nonlocal found
        found = {f"{o['kind']} {o['metadata']['name']}": _behind(api.get(o)) for o in every}
        found = {one: how for one, how in found.items() if how}
        return not found

    with suppress(TimeoutError):
        wait(rolled, "every workload is rolled")
    return found


def _behind(workload: Manifest) -> str:
    """Return how far a rollout is, nothing where it is over."""
    wanted, status = workload["spec"]["replicas"], workload["status"]
    said = {n: status.get(n, 0) for n in ("replicas", "updatedReplicas", "readyReplicas")}
    begun = status.get("observedGeneration") == workload["metadata"]["generation"]
    return "" if begun and set(said.values()) == {wanted} else f"{said} of {wanted}"


def _rank(manifest: Manifest) -> int:
    kind = manifest["kind"]
    return _FIRST.index(kind) if kind in _FIRST else len(_FIRST)


def _await_quota(api: Api, quota: Manifest) -> None:
    """Until it is counted, no pod is admitted."""
    name = f"quota of {quota['metadata']['namespace']}"
    wait(lambda: "used" in api.get(quota).get("status", {}), name)
