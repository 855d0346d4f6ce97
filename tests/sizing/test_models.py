"""What engines are told of their models, and what is found of the files that they load."""

from __future__ import annotations

import re
from dataclasses import replace

import pytest

from sizing.check import check
from sizing.plan import plan
from sizing.planning.models import SEQUENCES
from sizing.plans import Finding, ModelPlan, PlatformPlan
from sizing.plans.request import Switches
from sizing.serving.checkpoints import checkpoint, is_gated, narrowed_to
from sizing.serving.models import model_shape
from sizing.serving.tables import rows, table
from sizing.sources import source
from sizing.units import GIB
from sizing.words import Environment, Mode, Severity, Tier, Verdict
from sizing.workload import ServedModel
from tests.both_clouds import here
from tests.sizing.proof.samples import plans
from tests.sizing.requests import ENGINE, PRESETS, WIDEST, planned, request, service

SAMPLE = 30
LLAMA = "meta-llama/Llama-3.1-8B-Instruct"
COMMIT = "f" * 40


def served(**changed: object) -> PlatformPlan:
    """A plan whose only model differs by what is given."""
    load = request().load
    (model,) = load.models
    other: ServedModel = replace(model, **changed)  # type: ignore[arg-type]
    # narrow weights may be served by many small GPUs
    asked = replace(request(), vpc_cidr=WIDEST[here()])
    return plan(replace(asked, workload=replace(load, models=(other,))))


def only(found: PlatformPlan) -> ModelPlan:
    (model,) = found.models
    return model


def findings(found: PlatformPlan, constraint: str) -> list[Finding]:
    return [
        one
        for one in check(found)
        if one.component.startswith("models.") and one.constraint == constraint
    ]


def test_the_reference_model_is_pinned_and_gated() -> None:
    model = only(planned())
    assert (model.name, model.service, model.repository) == ("llama-3.1-8b", ENGINE, LLAMA)
    assert model.revision == "0e9e39f249a16976918f6564b8830bc894c89659"
    assert model.gated
    assert (model.precision, model.quantization, model.cache_dtype) == ("bf16", "", "auto")
    assert model.weight_bytes == pytest.approx(16.06e9, rel=0.01)  # 8.03 G weights of 2 bytes
    assert model.share == 1


def test_every_engine_serves_a_model_and_every_model_has_its_engine() -> None:
    for found in plans(SAMPLE):
        engines = {one.name: one for one in found.services if one.model}
        assert {one.service for one in found.models} == set(engines)
        for model in found.models:
            assert engines[model.service].model == model.name
            assert engines[model.service].gpus == model.tensor_parallel


def test_what_an_engine_is_told_is_what_the_plan_counts_on() -> None:
    for found in plans(SAMPLE):
        for model in found.models:
            slots = service(found, model.service).slots
            assert model.max_sequences == (slots or int(SEQUENCES))
            assert 0.5 < model.gpu_memory_utilisation < 1
            assert model.context_tokens > 0


def test_shares_of_the_models_are_those_of_the_load() -> None:
    for found in plans(SAMPLE):
        asked = {one.name: one.share for one in found.request.load.models}
        assert all(one.share == asked[one.name] for one in found.models)


def test_engines_on_several_gpus_have_more_shared_memory() -> None:
    assert only(planned()).shared_memory_bytes == 2 * GIB
    assert only(served(tensor_parallel=2)).shared_memory_bytes == 20 * GIB


@pytest.mark.parametrize(
    ("precision", "repository", "quantization"),
    [
        ("bf16", LLAMA, ""),
        ("fp8", LLAMA, "fp8"),
        ("fp8", "RedHatAI/Llama-3.1-8B-Instruct-FP8", ""),
        ("int4", "org/Llama-3.1-8B-Instruct-AWQ-INT4", ""),
    ],
)
def test_an_engine_narrows_only_what_is_wide(
    precision: str, repository: str, quantization: str
) -> None:
    assert only(served(precision=precision, repository=repository)).quantization == quantization


def test_a_narrow_cache_is_told_to_the_engine() -> None:
    assert only(served(cache_precision="fp8")).cache_dtype == "fp8"


def test_a_revision_of_the_stack_stands_over_the_catalogues() -> None:
    switches = Switches(revisions=(("llama-3.1-8b", COMMIT),))
    assert only(plan(replace(request(), switches=switches))).revision == COMMIT


def test_an_unpinned_revision_is_a_warning_that_says_what_to_pin() -> None:
    found = served(repository="somebody/Llama-3.1-8B-Instruct")
    assert only(found).revision == ""
    (unpinned,) = findings(found, "revision")
    assert (unpinned.verdict, unpinned.severity) == (Verdict.UNPROVEN, Severity.WARNING)
    assert "somebody/Llama-3.1-8B-Instruct" in unpinned.message
    assert "pin the model's revision" in unpinned.fix


@pytest.mark.parametrize(("environment", "tier"), PRESETS)
def test_no_preset_serves_what_nobody_pinned(environment: Environment, tier: Tier) -> None:
    found = planned(environment, tier)
    assert {one.verdict for one in findings(found, "revision")} == {Verdict.HOLDS}


@pytest.mark.parametrize(
    ("precision", "repository", "said"),
    [
        ("int4", LLAMA, "bf16"),
        ("bf16", "org/Llama-3.1-8B-Instruct-AWQ-INT4", "int4"),
        ("fp8", "org/Llama-3.1-8B-Instruct-GPTQ-Int8", "int8"),
    ],
)
def test_a_checkpoint_of_another_precision_is_found(
    precision: str, repository: str, said: str
) -> None:
    (found,) = findings(served(precision=precision, repository=repository), "checkpoint")
    assert found.verdict is Verdict.UNPROVEN
    assert found.message.endswith(f"its weights are {said}")


@pytest.mark.parametrize("precision", ["bf16", "fp8"])
def test_a_wide_checkpoint_serves_wide_or_narrowed(precision: str) -> None:
    (found,) = findings(served(precision=precision), "checkpoint")
    assert found.verdict is Verdict.HOLDS


@pytest.mark.parametrize("mode", Mode)
def test_shared_memory_counts_as_the_containers(mode: Mode) -> None:
    found = planned(mode=mode)
    (holds,) = findings(found, "shared-memory")
    assert holds.verdict is Verdict.HOLDS
    limit = service(found, ENGINE).memory_limit_bytes
    more = replace(only(found), shared_memory_bytes=limit + 1)
    (short,) = findings(replace(found, models=(more,)), "shared-memory")
    assert short.verdict is Verdict.REFUTED


@pytest.mark.parametrize(
    ("repository", "precision"),
    [
        (LLAMA, ""),
        ("RedHatAI/Llama-3.3-70B-Instruct-FP8-dynamic", "fp8"),
        ("RedHatAI/Llama-3.1-8B-Instruct-quantized.w8a8", "int8"),
        ("RedHatAI/Llama-3.1-8B-Instruct-quantized.w4a16", "int4"),
        ("Qwen/Qwen2.5-7B-Instruct-GPTQ-Int8", "int8"),
        ("Qwen/Qwen2.5-7B-Instruct-AWQ", "int4"),
        ("unsloth/llama-3-8b-bnb-4bit", "int4"),
    ],
)
def test_a_repositorys_name_tells_how_its_weights_were_narrowed(
    repository: str, precision: str
) -> None:
    assert narrowed_to(repository) == precision


def test_licences_are_asked_for_by_publisher() -> None:
    assert is_gated("Meta-Llama/Llama-3.3-70B-Instruct")
    assert is_gated("google/gemma-2-9b-it")
    assert not is_gated("Qwen/Qwen2.5-7B-Instruct")
    assert not is_gated("somebody/meta-llama-copy")


def test_every_pinned_checkpoint_is_a_whole_commit_of_a_known_model_with_a_source() -> None:
    for row in rows("checkpoints"):
        assert re.fullmatch(r"[0-9a-f]{40}", row["revision"]), row
        assert model_shape(row["repository"]).layers > 0
        assert source(row["source"]).where
        assert row["date"]
    assert checkpoint(LLAMA.upper()) == checkpoint(LLAMA) is not None
    assert checkpoint("nobody/nothing") is None
    names = [row["repository"].lower() for row in rows("checkpoints")]
    assert len(set(names)) == len(names)
    assert all(source(row["source"]).where for row in table("checkpoints")["gated"])
