"""An engine is told what the plan counted with, and no more."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import replace

import pytest

from components.kubernetes import vllm_arguments as vllm
from sizing.plans.workloads import ModelPlan
from sizing.units import GIB
from tests.components.kubernetes.model_samples import model_plan

pytestmark = pytest.mark.cloud_free("flags of an engine, worked out of its model alone")
MEMORY = 32 * GIB
PROXY_IDLE_SECONDS = 120  # LiteLLM's own, AIOHTTP_KEEPALIVE_TIMEOUT


def told(model: ModelPlan, memory: int = MEMORY) -> Mapping[str, str]:
    """Return the flags with their values, "" for those that have none."""
    found: dict[str, str] = {}
    name = ""
    for word in vllm.flags(model, memory):
        if word.startswith("--"):
            assert word not in found
            name = word
            found[name] = ""
        else:
            assert not found[name]
            found[name] = word
    return found


def test_an_engine_is_told_what_the_plan_counted_with() -> None:
    flags = told(model_plan())
    assert flags["--served-model-name"] == "llama-3.1-8b"
    assert flags["--tensor-parallel-size"] == "1"
    assert flags["--max-model-len"] == "32768"
    assert flags["--max-num-seqs"] == "64"
    assert flags["--gpu-memory-utilization"] == "0.9"
    assert flags["--dtype"] == "bfloat16"
    assert flags["--kv-cache-dtype"] == "auto"
    assert flags["--port"] == "8000"
    assert "--enable-prefix-caching" in flags
    assert "--quantization" not in flags


def test_weights_are_narrowed_only_where_the_plan_says_so() -> None:
    flags = told(replace(model_plan(), precision="fp8", quantization="fp8", cache_dtype="fp8"))
    assert flags["--quantization"] == "fp8"
    assert flags["--kv-cache-dtype"] == "fp8"
    assert flags["--dtype"] == "auto"


@pytest.mark.parametrize("parallel", [1, 2, 4, 8])
def test_weights_on_their_way_stay_within_half_of_the_containers_memory(parallel: int) -> None:
    flags = told(replace(model_plan(), tensor_parallel=parallel))
    assert flags["--load-format"] == "runai_streamer"
    streaming = json.loads(flags["--model-loader-extra-config"])
    # each GPU has a process of its own
    assert streaming["memory_limit"] * parallel <= MEMORY // 2
    assert streaming["distributed"] == (parallel > 1)
    # vLLM refuses every other key
    assert streaming.keys() == {"concurrency", "distributed", "memory_limit"}


def test_the_largest_tensor_of_a_large_model_always_fits_the_stream() -> None:
    largest = 128_256 * 8192 * 2  # Llama 3 70B: vocabulary by width, 2 bytes each
    flags = told(replace(model_plan(), tensor_parallel=8), 8 * GIB)
    assert json.loads(flags["--model-loader-extra-config"])["memory_limit"] >= largest


def test_a_stopping_engine_finishes_its_answers_within_what_an_autoscaler_grants() -> None:
    assert 0 < int(told(model_plan())["--shutdown-timeout"]) < 600


@pytest.mark.parametrize(
    ("repository", "parser"),
    [
        ("meta-llama/Llama-3.1-8B-Instruct", "llama3_json"),
        ("Qwen/Qwen2.5-7B-Instruct", "hermes"),
    ],
)
def test_models_that_are_known_to_call_tools_may(repository: str, parser: str) -> None:
    flags = told(replace(model_plan(), repository=repository))
    assert flags["--tool-call-parser"] == parser
    assert "--enable-auto-tool-choice" in flags


def test_a_model_that_is_not_known_to_is_not_told_how() -> None:
    flags = told(replace(model_plan(), repository="acme/new-model"))
    assert not {"--tool-call-parser", "--enable-auto-tool-choice"} & flags.keys()


def test_nothing_leaves_an_engine_and_every_cache_is_where_it_may_write() -> None:
    variables = vllm.environment()
    assert int(variables["VLLM_HTTP_TIMEOUT_KEEP_ALIVE"]) > PROXY_IDLE_SECONDS
    assert variables["HF_HUB_OFFLINE"] == variables["VLLM_NO_USAGE_STATS"] == "1"
    assert variables["DO_NOT_TRACK"] == "1"
    paths = {name: value for name, value in variables.items() if value.startswith("/")}
    assert {"HOME", "HF_HOME", "VLLM_CACHE_ROOT", "TRITON_CACHE_DIR", "TMPDIR"} <= paths.keys()
    assert all(path.startswith((vllm.HOME, vllm.TEMPORARY)) for path in paths.values())


def test_code_of_a_repository_is_never_run() -> None:
    assert "--trust-remote-code" not in told(model_plan())
