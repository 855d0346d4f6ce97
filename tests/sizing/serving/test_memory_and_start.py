"""Whether a model fits, three-valued; and how soon it starts."""

from __future__ import annotations

from dataclasses import replace
from types import ModuleType

import pytest

from sizing.catalog import instance
from sizing.model import Figure
from sizing.serving import cold_start as cold_start_module
from sizing.serving import profiles
from sizing.serving.cold_start import READ_BYTES_PER_SECOND, Store, cold_start
from sizing.serving.gpus import gpu
from sizing.serving.memory import fit, fits
from sizing.serving.models import model_shape
from sizing.serving.request import Serving
from sizing.sources import source
from sizing.words import Cloud, Verdict
from sizing.workload import ServedModel

pytestmark = pytest.mark.cloud_free("weights beside the memory of given GPUs")

EIGHT = ServedModel(
    name="llama-3.1-8b",
    repository="meta-llama/Llama-3.1-8B-Instruct",
    precision="bf16",
    tensor_parallel=1,
    context_tokens=32_768,
    share=1.0,
)


@pytest.mark.parametrize(
    ("machine", "context", "verdict"),
    [
        ("g4dn.xlarge", 1024, Verdict.REFUTED),  # no bf16 on Turing
        ("g5.4xlarge", 16_384, Verdict.HOLDS),
        ("g5.4xlarge", 32_768, Verdict.UNPROVEN),  # the guide's own context
        ("g5.4xlarge", 65_536, Verdict.REFUTED),
        ("p4d.24xlarge", 131_072, Verdict.HOLDS),
    ],
)
def test_a_context_fits_surely_perhaps_or_not(machine: str, context: int, verdict: Verdict) -> None:
    found = fit(replace(EIGHT, context_tokens=context), instance(Cloud.AWS, machine))

    assert found.verdict is verdict
    assert bool(found.reason) is (verdict is Verdict.REFUTED)
    assert found.conservative is not None
    assert found.physical is not None
    assert found.conservative < found.physical


def test_a_machine_of_an_unknown_gpu_proves_nothing() -> None:
    machine = replace(instance(Cloud.AWS, "g5.4xlarge"), gpu_model="NVIDIA Unseen")

    found = fit(EIGHT, machine)

    assert found.verdict is Verdict.UNPROVEN
    assert found.conservative is None
    assert found.needed > 16_000_000_000


def test_a_model_of_no_table_is_an_error() -> None:
    with pytest.raises(KeyError, match="near it"):
        fit(replace(EIGHT, name="llama-9-1b"), instance(Cloud.AWS, "g5.4xlarge"))


@pytest.mark.parametrize(
    ("card", "precision", "group", "verdict"),
    [
        ("A100-40", "bf16", 2, Verdict.REFUTED),  # 141 GB on 80
        ("A100-40", "int4", 2, Verdict.HOLDS),
        ("A100-80", "bf16", 2, Verdict.HOLDS),
        ("H100", "fp8", 1, Verdict.HOLDS),
        ("H100", "bf16", 1, Verdict.REFUTED),
        ("L40S", "int4", 1, Verdict.HOLDS),
        ("H200", "bf16", 1, Verdict.UNPROVEN),  # 141.1 GB, all but all of it
    ],
)
def test_seventy_billion_weights_find_their_gpus(
    card: str, precision: str, group: int, verdict: Verdict
) -> None:
    asked = Serving(
        gpu=gpu(card),
        model=model_shape("llama-3.1-70b"),
        tensor_parallel=group,
        precision=precision,
        input_tokens=1500,
        output_tokens=500,
    )

    assert fits(asked).verdict is verdict


def test_more_gpus_than_heads_of_the_cache_keep_copies() -> None:
    asked = Serving(
        gpu=gpu("A100-80"),
        model=model_shape("qwen3-30b-a3b"),
        tensor_parallel=4,
        input_tokens=1,
        output_tokens=1,
        context_tokens=100_000,
    )

    needed = [fits(replace(asked, tensor_parallel=group)).needed for group in (4, 8)]

    assert needed[1] - needed[0] == pytest.approx(100_000 * 98_304, rel=1e-6)


def test_a_start_is_the_sum_of_its_phases() -> None:
    found = cold_start(model_shape("llama-3.1-8b"))

    assert found.total_s == pytest.approx(
        found.node_s + found.image_s + found.start_s + found.weights_s + found.compile_s
    )
    assert found.probe_s < found.total_s


def test_the_start_that_was_measured_is_met() -> None:
    """kaito 2325: 51.75 GiB of weights and an image of 5.60 GB, 873 s without its benchmark."""
    like = model_shape("gemma-2-27b")  # 54.5 GB of weights

    found = cold_start(like, image_bytes=5.60e9)

    assert found.total_s == pytest.approx(966 - 92 - 1, rel=0.02)


@pytest.mark.parametrize("ready", ["node_ready", "image_ready", "compiled"])
def test_what_is_ready_saves_time(ready: str) -> None:
    shape = model_shape("llama-3.1-8b")

    assert cold_start(shape, **{ready: True}).total_s < cold_start(shape).total_s  # type: ignore[arg-type]


def test_larger_weights_and_slower_stores_take_longer() -> None:
    small, large = model_shape("llama-3.1-8b"), model_shape("llama-3.1-70b")
    by_store = {store: cold_start(large, store=store).weights_s for store in Store}

    assert cold_start(large).weights_s > 8 * cold_start(small).weights_s
    assert cold_start(large, "fp8").weights_s < cold_start(large).weights_s
    assert by_store[Store.HUB] == max(by_store.values())
    assert set(by_store) == set(READ_BYTES_PER_SECOND)


@pytest.mark.parametrize("module", [cold_start_module, profiles], ids=["cold_start", "profiles"])
def test_every_figure_names_a_source_that_exists(module: ModuleType) -> None:
    found = [one for one in vars(module).values() if isinstance(one, Figure)]
    found += READ_BYTES_PER_SECOND.values()

    assert len(found) >= 6
    assert all(source(one.source).where for one in found)
