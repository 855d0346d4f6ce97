"""GPUs and models are found by any common spelling, and their figures are the published ones."""

from __future__ import annotations

import pytest

from sizing.catalog import UnknownNameError, instances
from sizing.serving.gpus import gpu, gpu_names, gpu_of
from sizing.serving.models import (
    kv_bytes_per_token,
    model_names,
    model_shape,
    read_bytes,
    weight_bytes,
)
from sizing.serving.tables import rows
from sizing.sources import source
from sizing.units import GIB
from sizing.words import Cloud

pytestmark = pytest.mark.cloud_free("tables of models and GPUs, beside both clouds' machines")

BILLION = 10**9


@pytest.mark.parametrize(
    ("said", "name"),
    [
        ("H100", "H100"),
        ("NVIDIA H100 80GB HBM3", "H100"),
        ("h100-pcie", "H100-pcie"),
        ("A100-80", "A100-80"),
        ("a100-80gb", "A100-80"),
        ("NVIDIA A100-SXM4-80GB", "A100-80"),
        ("a100_40GB", "A100-40"),
        ("A10G", "A10G"),
        ("Tesla T4", "T4"),
        ("RTX 4090", "RTX-4090"),
        ("h200 141gb", "H200"),
    ],
)
def test_a_gpu_is_found_by_its_common_spellings(said: str, name: str) -> None:
    assert gpu(said).name == name


@pytest.mark.parametrize(
    ("said", "name"),
    [
        ("meta-llama/Llama-3.1-8B-Instruct", "llama-3.1-8b"),
        ("Meta-Llama-3.1-70B-Instruct-FP8", "llama-3.1-70b"),
        ("mistralai/Mistral-7B-Instruct-v0.3", "mistral-7b"),
        ("mistralai/Mixtral-8x22B-Instruct-v0.1", "mixtral-8x22b"),
        ("Qwen/Qwen2.5-7B-Instruct", "qwen2.5-7b"),
        ("deepseek-ai/DeepSeek-R1-Distill-Llama-8B", "llama-3.1-8b"),
        ("meta-llama/Llama-2-7b-chat-hf", "llama-2-7b"),
        ("google/gemma-2-9b-it", "gemma-2-9b"),
    ],
)
def test_a_model_is_found_by_its_repository(said: str, name: str) -> None:
    assert model_shape(said).name == name


def test_an_unknown_name_offers_the_nearest() -> None:
    with pytest.raises(UnknownNameError, match=r"'L40X'.*L40S"):
        gpu("L40X")
    with pytest.raises(UnknownNameError, match=r"llama-3\.1-8b"):
        model_shape("llama-3.1-9b")


def test_every_gpu_and_model_answers_to_its_own_name() -> None:
    assert [gpu(name).name for name in gpu_names()] == list(gpu_names())
    assert [model_shape(name).name for name in model_names()] == list(model_names())


def test_every_gpu_that_a_cloud_sells_is_known() -> None:
    sold = {
        (machine.gpu_model, machine.gpu_memory_gib)
        for cloud in Cloud
        for machine in instances(cloud)
        if machine.gpus
    }
    wanted = {("NVIDIA T4", 16), ("NVIDIA L4", 24), ("NVIDIA A10G", 24), ("NVIDIA A100", 80)}

    assert wanted <= {one for one in sold if gpu_of(*one)}


# Billions of weights as each model's own page counts them.
@pytest.mark.parametrize(
    ("name", "whole", "active"),
    [
        ("llama-2-7b", 6.74, 6.74),
        ("llama-3.1-8b", 8.03, 8.03),
        ("llama-3.1-70b", 70.55, 70.55),
        ("llama-3.1-405b", 405.85, 405.85),
        ("llama-3.2-1b", 1.24, 1.24),
        ("mistral-small-24b", 23.57, 23.57),
        ("mixtral-8x7b", 46.70, 12.88),
        ("mixtral-8x22b", 140.62, 39.15),
        ("qwen2.5-7b", 7.61, 7.61),
        ("qwen2.5-72b", 72.70, 72.70),
        ("qwen3-30b-a3b", 30.53, 3.35),
        ("qwen3-235b-a22b", 235.09, 22.19),
        ("gemma-2-27b", 27.23, 27.23),
        ("phi-4", 14.66, 14.66),
    ],
)
def test_weights_follow_from_the_shape(name: str, whole: float, active: float) -> None:
    shape = model_shape(name)

    assert shape.parameters / BILLION == pytest.approx(whole, abs=0.01)
    assert shape.active_parameters / BILLION == pytest.approx(active, abs=0.01)


def test_a_cache_takes_what_an_engine_logs() -> None:
    """vLLM issue 10517: 3.81 GiB for 1,952 blocks of 16 tokens."""
    logged = 3.81 * GIB / (1952 * 16)

    assert kv_bytes_per_token(model_shape("llama-3.1-8b")) == pytest.approx(logged, rel=0.002)
    assert kv_bytes_per_token(model_shape("llama-3.1-8b"), "fp8") == 65_536


def test_narrow_weights_take_less_and_four_bits_more_than_half_a_byte() -> None:
    shape = model_shape("qwen2.5-14b")
    sizes = [weight_bytes(shape, precision) for precision in ("bf16", "fp8", "int4")]

    assert sizes == sorted(sizes, reverse=True)
    assert sizes[-1] / 1e9 == pytest.approx(9.4, abs=0.9)  # the AWQ checkpoint, as published


def test_a_batch_reads_more_experts_than_one_sequence() -> None:
    mixtral = model_shape("mixtral-8x7b")
    one, many = (read_bytes(mixtral, "bf16", sequences) for sequences in (1, 256))

    assert one / 1e9 == pytest.approx(2 * 12.75, abs=0.2)
    assert many / 1e9 == pytest.approx(2 * 46.57, abs=0.2)


@pytest.mark.parametrize("table", ["gpus", "models", "measurements"])
def test_every_row_names_a_source_that_exists(table: str) -> None:
    for row in rows(table):
        assert source(row["source"]).date
        assert row["date"]
        if "usable_source" in row:
            assert source(row["usable_source"]).where
