"""What a stack would create in its cluster, as the Kubernetes API would get it."""

from __future__ import annotations

import functools
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from preview.offline import Recording, Resource, run
from sizing.words import Cloud
from stacks.config import load_all, stack_files

Manifest = Mapping[str, Any]

CONFIGS = load_all()
STACKS = tuple(CONFIGS)
ON_AWS = tuple(name for name, one in CONFIGS.items() if one.cloud is Cloud.AWS)
HOSTS = {name: one.shares for name, one in CONFIGS.items() if one.shares}
"""Stacks whose cluster these run in, by the guest's name."""
WITH_CLUSTER = tuple(one for one in STACKS if one not in HOSTS)
RELEASE = "kubernetes:helm.sh/v3:Release"


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Rendered:
    """The objects of one stack, and its charts' values by chart.

    Attributes:
        beside: what else is in the cluster: the objects of a guest's host.
    """

    recording: Recording
    objects: tuple[Manifest, ...]
    charts: Mapping[str, Manifest]
    beside: tuple[Manifest, ...] = ()

    def of(self, *kinds: str) -> Iterator[Manifest]:
        """Return the objects of some kinds."""
        return (one for one in self.objects if one["kind"] in kinds)

    def named(self, kind: str) -> dict[str, Manifest]:
        """Return all objects of a kind in the cluster by "<namespace>/<name>"."""
        return {place(one): one for one in (*self.beside, *self.objects) if one["kind"] == kind}


def rendered(stack: str) -> Rendered:
    """Run a stack's own program and return what it would create in its cluster."""
    files = stack_files()
    return of_file(files[stack], files[HOSTS[stack]] if stack in HOSTS else None)


@functools.cache
def of_file(file: Path, host: Path | None = None) -> Rendered:
    """Run the program of a stack's file, once for all that ask.

    Args:
        file: of the stack.
        host: of the stack whose cluster it runs in, None for its own.
    """
    recording = run(file)
    made = [one for one in recording.resources if one.type.startswith("kubernetes:")]
    return Rendered(
        recording=recording,
        objects=tuple(one.inputs for one in made if "kind" in one.inputs),
        charts={str(one.inputs["name"]): values(one) for one in made if one.type == RELEASE},
        beside=of_file(host).objects if host else (),
    )


def values(release: Resource) -> Manifest:
    """Return what a release says beyond its chart."""
    said = release.inputs["values"]
    assert isinstance(said, dict)
    return said


def place(manifest: Manifest) -> str:
    """Return an object's "<namespace>/<name>"; a job's own name is made by the engine."""
    metadata = manifest["metadata"]
    name = metadata.get("name") or metadata["labels"]["app.kubernetes.io/name"]
    return f"{metadata.get('namespace', '')}/{name}"


def namespace(manifest: Manifest) -> str:
    """Return the namespace that an object lives in, "" for none."""
    return str(manifest["metadata"].get("namespace", ""))


WORKLOADS = ("Deployment", "StatefulSet", "DaemonSet", "Job", "CronJob")
SERVING = ("Deployment", "StatefulSet", "DaemonSet")


def template(workload: Manifest) -> Manifest:
    """Return the pods' template of a workload."""
    spec = workload["spec"]
    if workload["kind"] == "CronJob":
        spec = spec["jobTemplate"]["spec"]
    made = spec["template"]
    assert isinstance(made, dict)
    return made


def pod_labels(workload: Manifest) -> Mapping[str, str]:
    """Return what a workload's pods are labelled with."""
    found = template(workload)["metadata"]["labels"]
    assert isinstance(found, dict)
    return found


def containers(workload: Manifest) -> list[Manifest]:
    """Return every container of a workload's pods, those that run first included."""
    spec = template(workload)["spec"]
    return [*spec.get("initContainers", ()), *spec["containers"]]


def selects(selector: Mapping[str, Any], labels: Mapping[str, str]) -> bool:
    """Say whether a selector of labels alone takes these; an empty one takes all."""
    wanted = selector.get("matchLabels", {})
    return all(labels.get(key) == value for key, value in wanted.items())


def strings(value: object) -> Iterator[str]:
    """Return every text of a value, keys included."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, Mapping):
        for key, item in value.items():
            yield str(key)
            yield from strings(item)
    elif isinstance(value, list | tuple):
        for item in value:
            yield from strings(item)
