"""Ollama computes on CPU beside its volume, or on one GPU beside its node's disk."""

from __future__ import annotations

import subprocess
from pathlib import Path

from components.kubernetes import ollama
from components.kubernetes.ollama import Ollama
from sizing.units import GIB
from tests.components.kubernetes.samples import service_plan
from tests.components.kubernetes.test_tools import ONE, build_ollama, pod, variables
from tests.components.support import Recorder, record
from tests.kubernetes.schemas import violations

ON_GPU = service_plan("ollama", role="apps", pool_role="gpu", scale=ONE, gpus=1)


def test_ollama_fetches_what_it_lacks_onto_its_volume_before_it_answers() -> None:
    made = record(build_ollama)
    spec = pod(made, "StatefulSet", "ollama-set")
    (fetch,) = spec["initContainers"]
    assert fetch["command"][-2:] == ["llama3.2:3b", "nomic-embed-text"]
    for one in (fetch, *spec["containers"]):
        assert variables(one)["OLLAMA_MODELS"] == ollama.VOLUME_PATH
        assert ollama.VOLUME_PATH in {mount["mountPath"] for mount in one["volumeMounts"]}
    assert not pod(record(lambda: build_ollama(())), "StatefulSet", "ollama-set").get(
        "initContainers"
    )


FAKE = """\
#!/bin/sh
case "$1" in
  serve) sleep 30 ;;
  show) test -e "$STORE/$2" ;;
  pull) touch "$STORE/$2"; echo "$2" >> "$STORE/pulled" ;;
esac
"""


def test_a_model_that_is_there_is_not_fetched_again(tmp_path: Path) -> None:
    made = record(build_ollama)
    (fetch,) = pod(made, "StatefulSet", "ollama-set")["initContainers"]
    program = tmp_path / "ollama"
    program.write_text(FAKE)
    program.chmod(0o755)
    (tmp_path / "llama3.2:3b").touch()
    surroundings = {"PATH": f"{tmp_path}:/usr/bin:/bin", "STORE": str(tmp_path)}
    subprocess.run(fetch["command"], check=True, env=surroundings)
    assert (tmp_path / "pulled").read_text().split() == ["nomic-embed-text"]


def on_gpu() -> Recorder:
    def build() -> Ollama:
        return build_ollama(plan=ON_GPU)

    return record(build)


def test_on_a_gpu_it_runs_where_gpus_are_and_the_fetching_takes_none() -> None:
    spec = pod(on_gpu(), "Deployment", "ollama-deployment")
    assert spec["nodeSelector"] == {"aigw.io/role": "gpu"}
    (toleration,) = spec["tolerations"]
    assert (toleration["key"], toleration["effect"]) == ("nvidia.com/gpu", "NoSchedule")
    (server,), (fetch,) = spec["containers"], spec["initContainers"]
    for asked in server["resources"].values():
        assert asked["nvidia.com/gpu"] == "1"
    assert not [one for one in fetch["resources"].values() if "nvidia.com/gpu" in one]
    assert variables(fetch)["NVIDIA_VISIBLE_DEVICES"] == "void"
    assert "NVIDIA_VISIBLE_DEVICES" not in variables(server)


def test_on_a_gpu_its_models_are_on_the_nodes_disk_and_stay_loaded() -> None:
    made = on_gpu()
    spec = pod(made, "Deployment", "ollama-deployment")
    held = {one["name"]: one["emptyDir"] for one in spec["volumes"] if "emptyDir" in one}
    for one in (*spec["initContainers"], *spec["containers"]):
        (mount,) = [m for m in one["volumeMounts"] if m["mountPath"] == ollama.VOLUME_PATH]
        assert held[mount["name"]]["sizeLimit"] == str(30 * GIB)
        assert variables(one)["OLLAMA_KEEP_ALIVE"] == "-1"
    assert not made.all("kubernetes:apps/v1:StatefulSet")
    on_cpu = pod(record(build_ollama), "StatefulSet", "ollama-set")
    assert "OLLAMA_KEEP_ALIVE" not in variables(on_cpu["containers"][0])


def test_on_a_gpu_one_ends_before_its_successor_starts() -> None:
    made = on_gpu()
    deployment = made.one("Deployment", "ollama-deployment")
    assert deployment.inputs["spec"]["strategy"]["rollingUpdate"] == {
        "maxSurge": 0,
        "maxUnavailable": 1,
    }
    objects = [one for one in made.resources if one.type.startswith("kubernetes:")]
    assert not [bad for one in objects for bad in violations(one.inputs)]
