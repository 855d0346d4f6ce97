"""Ollama on a GPU: which machine, in which pool, and what is said where a model does not fit."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sizing.catalog import instance, instances
from sizing.check import check
from sizing.cost import cost
from sizing.part_costs import part_costs
from sizing.plan import plan
from sizing.planning import ollama, osmen
from sizing.plans import (
    Finding,
    NodePoolPlan,
    Overrides,
    PlanRequest,
    PlatformPlan,
    PoolOverride,
)
from sizing.plans.request import Switches
from sizing.plans.tools import CHEAPEST_GPU, OllamaRequest, OsmenRequest
from sizing.quotas import quotas
from sizing.unit_costs import usd_per_million_self_hosted
from sizing.words import Cloud, Environment, Mode, Tier, Verdict
from sizing.workload.reference import reference
from tests.both_clouds import here
from tests.sizing.requests import request, rules, service

SMALL_MODEL = ("llama3.2:3b",)
# AWS rents A10Gs, Google Cloud does not.
MACHINES = {
    (Cloud.AWS, "l4"): "g6.xlarge",
    (Cloud.AWS, "NVIDIA A10G"): "g5.xlarge",
    (Cloud.GCP, "l4"): "g2-standard-4",
}
OF_GPUS = {"nvidia-device-plugin", "dcgm-exporter"}
# Of several GPUs, which two models share.
SHARED = {Cloud.AWS: "g5.12xlarge", Cloud.GCP: "g2-standard-96"}
# What no other GPU pool of the stack has.
OTHER = {Cloud.AWS: ("L4", "g6.xlarge"), Cloud.GCP: ("T4", "n1-standard-4+t4")}


def asking(
    given: PlanRequest,
    gpu: str = CHEAPEST_GPU,
    models: tuple[str, ...] = SMALL_MODEL,
    gib: int = 20,
) -> PlatformPlan:
    asked = OllamaRequest(models=models, gpu=gpu, volume_gib=gib)
    return plan(replace(given, switches=Switches(osmen=OsmenRequest(ollama=asked))))


def home(found: PlatformPlan) -> NodePoolPlan:
    name = service(found, osmen.OLLAMA).pool
    return next(one for one in found.node_pools if one.name == name)


def findings(found: PlatformPlan) -> dict[str, Finding]:
    return {one.id: one for one in check(found)}


@pytest.mark.parametrize(
    ("model", "parameters", "weights"),
    [
        ("llama3.2:3b", 3e9, 1.5e9),
        ("qwen2.5:0.5b-instruct-fp16", 0.5e9, 1e9),
        ("llama3.1:8b-instruct-q8_0", 8e9, 8e9),
        ("hf.co/acme/Model-13B-GGUF:Q5_K_M", 13e9, 13e9 * 5 / 8),
        ("nomic-embed-text", None, None),
        ("mixtral:8x7b", None, None),
        ("gemma3n:e4b", None, None),
    ],
)
def test_a_models_name_says_what_it_takes_at_the_least(
    model: str, parameters: float | None, weights: float | None
) -> None:
    assert (ollama.parameters(model), ollama.weights(model)) == (parameters, weights)


@given(st.lists(st.sampled_from(["a:1b", "a:7b", "a:13b", "a:70b", "a:405b", "nobody-knows"])))
def test_a_gpu_is_as_large_as_the_largest_model_asks(models: list[str]) -> None:
    alone = [ollama.gpu_bytes((one,)) for one in models]
    assert ollama.gpu_bytes(models) == max([ollama.gpu_bytes(()), *alone])
    assert all(ollama.gpu_bytes(models) >= (ollama.weights(one) or 0) for one in models)


@pytest.mark.parametrize("models", [SMALL_MODEL, ("llama3.1:8b",), ("llama3.3:70b",)])
def test_the_cheapest_is_the_cheapest_that_holds_the_model(models: tuple[str, ...]) -> None:
    given = request()
    chosen = instance(given.cloud, home(asking(given, models=models)).instance_types[0])
    paid = chosen.price(given.region)
    assert paid is not None
    assert ollama.usable(chosen) >= ollama.gpu_bytes(models)
    cheaper = [one for one in instances(given.cloud) if 0 < (one.price(given.region) or 0) < paid]
    for one in cheaper:
        assert not ollama.fits(OllamaRequest(models=models, gpu=CHEAPEST_GPU), one)


@pytest.mark.parametrize("gpu", ["l4", "NVIDIA A10G"])
def test_a_named_gpu_is_had_on_its_cheapest_machine(gpu: str) -> None:
    if (here(), gpu) not in MACHINES:
        with pytest.raises(ValueError, match="rents no NVIDIA A10G"):
            asking(request(), gpu)
        return
    given, machine = request(), MACHINES[here(), gpu]
    found = asking(given, gpu)
    pool = home(found)
    assert (pool.instance_types[0], pool.scale.minimum, pool.scale.maximum) == (machine, 1, 1)
    assert [taint.key for taint in pool.taints] == ["nvidia.com/gpu"]
    assert rules(found)["ollama-gpu"].planned == instance(given.cloud, machine).gpu_model
    assert rules(found)["ollama-pool"].monthly_usd


def test_it_asks_for_one_gpu_and_no_volume_and_nothing_scales_it() -> None:
    found = asking(request())
    one = service(found, osmen.OLLAMA)
    assert (one.gpus, one.volume_gib, one.pool_role, one.scaling) == (1, 0, "gpu", None)
    assert (one.cpu_limit_millis, one.memory_limit_bytes) == (4000, 8 << 30)
    apps = next(space for space in found.namespaces if space.role == "apps")
    assert apps.gpus == 1


def test_a_gpu_that_the_cloud_does_not_rent_is_refused_with_those_that_it_does() -> None:
    unknown = {Cloud.AWS: "A40", Cloud.GCP: "L40S"}[here()]
    said = rf"services.ollama.gpu: {here()} rents no {unknown}; it has A100"
    with pytest.raises(ValueError, match=said):
        asking(request(), unknown)


def with_two_models(nodes_type: str, tier: Tier) -> PlanRequest:
    load = reference(tier)
    model = load.models[0]
    halves = tuple(
        replace(model, name=name, repository=name, share=0.5) for name in ("llama-3-8b", model.name)
    )
    by_hand = Overrides(pools=(PoolOverride(role="gpu", instance_type=nodes_type),))
    return replace(request(tier=tier, overrides=by_hand), workload=replace(load, models=halves))


def test_a_gpu_that_engines_leave_is_taken_for_nothing() -> None:
    given = with_two_models(SHARED[here()], Tier.MEDIUM)
    without, found = plan(given), asking(given)
    pool = home(found)
    assert "vllm" in " ".join(one.name for one in found.services if one.pool == pool.name)
    (bare,) = [one for one in without.node_pools if one.name == pool.name]
    assert pool.scale == bare.scale
    assert pool.requested_gpus == bare.requested_gpus + 1
    assert [one.name for one in found.node_pools] == [one.name for one in without.node_pools]
    assert cost(found).monthly_usd == pytest.approx(cost(without).monthly_usd, abs=1)
    assert findings(found)[f"node_pools.{pool.name}.zone-loss"].verdict is Verdict.HOLDS


def test_a_gpu_is_not_taken_from_engines_nor_of_another_kind() -> None:
    alone = asking(request())  # a model alone takes every GPU of its pool
    assert home(alone).name.endswith("-ollama")
    given = with_two_models(SHARED[here()], Tier.MEDIUM)
    gpu, machine = OTHER[here()]
    assert home(asking(given, gpu)).instance_types == (machine,)


def test_its_pool_is_billed_and_asked_of_quotas_and_makes_no_token_dearer() -> None:
    given = request()
    without, found = plan(given), asking(given)
    priced = cost(found)
    pool = home(found)
    assert [one for one in priced.items if one.item.startswith(f"{pool.name}:")]
    (part,) = [one for one in part_costs(found, priced) if one.name == "ollama"]
    assert part.workloads[-1] == "ollama"
    assert any(one.startswith(pool.name) for one in part.pools)
    assert part.monthly_usd > 0
    asked = {one.name: one.needed for one in quotas(without)}
    assert {one.name for one in quotas(found) if one.needed > asked.get(one.name, 0)}
    assert usd_per_million_self_hosted(found, priced) == usd_per_million_self_hosted(
        without, cost(without)
    )


@pytest.mark.parametrize("environment", [Environment.PROD, Environment.STAGING])
@pytest.mark.parametrize("mode", list(Mode))
def test_a_lone_gpu_refutes_nothing_as_nothing_rests_on_it(
    environment: Environment, mode: Mode
) -> None:
    found = asking(request(environment, Tier.MEDIUM, mode))
    own = {key: one for key, one in findings(found).items() if home(found).name in key}
    assert own
    assert not [one.id for one in own.values() if one.verdict is Verdict.REFUTED]
    assert own[f"node_pools.{home(found).name}.zone-loss"].verdict is Verdict.NOT_APPLICABLE


def test_a_stack_that_serves_no_model_itself_has_ollamas_pool_alone() -> None:
    load = replace(reference(Tier.SMALL), self_hosted_share=0.0, models=())
    given = replace(request(tier=Tier.SMALL), workload=load)
    found = asking(given)
    assert [one.name for one in found.node_pools if one.gpus_per_node] == [home(found).name]
    # GKE brings a plugin of its own
    own = {"dcgm-exporter"} | ({"nvidia-device-plugin"} if here() is Cloud.AWS else set())
    assert {one.name for one in found.helpers} & OF_GPUS == own
    assert "nothing-self-hosted" in rules(found)
    assert usd_per_million_self_hosted(found, cost(found)) is None


def test_a_count_by_hand_is_of_engines() -> None:
    by_hand = Overrides(pools=(PoolOverride(role="gpu", planned=7),))
    found = asking(request(overrides=by_hand))
    counts = {one.name: one.scale.planned for one in found.node_pools if one.role == "gpu"}
    assert counts.pop(home(found).name) == 1
    assert list(counts.values()) == [7]


@pytest.mark.parametrize(
    ("models", "verdict"),
    [
        (("llama3.3:70b",), Verdict.REFUTED),
        (("llama3.3:70b", "nomic-embed-text"), Verdict.REFUTED),
        (("llama3.2:3b", "nomic-embed-text"), Verdict.UNPROVEN),
        (("llama3.2:3b",), Verdict.UNPROVEN),
        ((), Verdict.HOLDS),
    ],
)
def test_a_model_is_compared_with_the_memory_of_the_gpu(
    models: tuple[str, ...], verdict: Verdict
) -> None:
    told = findings(asking(request(), "T4", models))["services.ollama.gpu-memory"]
    assert told.verdict is verdict
    assert ("services.ollama.gpu" in told.fix) is (verdict is Verdict.REFUTED)


def test_more_files_than_the_nodes_disk_holds_are_refuted() -> None:
    held, over = (findings(asking(request(), gib=gib)) for gib in (300, 301))
    assert held["services.ollama.node-disk"].verdict is Verdict.HOLDS
    assert over["services.ollama.node-disk"].verdict is Verdict.REFUTED


def test_on_cpu_nothing_is_said_of_gpus() -> None:
    told = findings(asking(request(), ""))
    assert "services.ollama.models" in told
    assert not {"services.ollama.gpu-memory", "services.ollama.node-disk"} & told.keys()
    assert not [one for one in instances(here()) if one.gpus and ollama.usable(one) == 0]
