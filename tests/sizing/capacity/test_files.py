"""Weights in the model cache, and shared files."""

from __future__ import annotations

from dataclasses import replace

import pytest

from sizing.capacity import files
from sizing.tiers import TIERS
from sizing.units import GIGA
from sizing.words import Tier, Verdict
from sizing.workload import SELF_HOSTED_MODEL, ServedModel
from tests.sizing.capacity.loads import load

pytestmark = pytest.mark.cloud_free("bytes of weights and files")

EIGHT = SELF_HOSTED_MODEL
SEVENTY = replace(EIGHT, name="llama-3.1-70b", repository="meta-llama/Llama-3.1-70B-Instruct")
UNHEARD = replace(EIGHT, name="unheard-of", repository="nobody/unheard-of")


@pytest.mark.parametrize(
    ("models", "gigabytes"),
    [  # 8.03 B and 70.55 B parameters; in fp8 the embeddings stay in 16 bits
        ((EIGHT,), 16.06),
        ((replace(EIGHT, precision="fp8"),), 9.08),
        ((EIGHT, SEVENTY), 157.16),
        ((EIGHT, replace(EIGHT, name="again", share=0.5)), 16.06),  # the same weights, once
    ],
)
def test_weights_go_by_parameters_and_precision(
    models: tuple[ServedModel, ...], gigabytes: float
) -> None:
    size, unknown = files.weights_bytes(models)

    assert size == pytest.approx(gigabytes * GIGA, rel=1e-3)
    assert unknown == ()


@pytest.mark.parametrize(
    ("tier", "models", "verdict"),
    [  # table 3.3: 100 GB, 500 GB; two releases of 16.06 GB and 141.1 GB
        (Tier.SMALL, (EIGHT,), Verdict.HOLDS),
        (Tier.SMALL, (EIGHT, SEVENTY), Verdict.REFUTED),
        (Tier.MEDIUM, (EIGHT, SEVENTY), Verdict.HOLDS),
        (Tier.MEDIUM, (EIGHT, UNHEARD), Verdict.UNPROVEN),
        (Tier.SMALL, (SEVENTY, UNHEARD), Verdict.REFUTED),
    ],
)
def test_the_model_cache_holds_two_releases_of_each_model(
    tier: Tier, models: tuple[ServedModel, ...], verdict: Verdict
) -> None:
    cache = TIERS[tier].storage.model_cache_gb * GIGA

    found = files.model_cache(load(tier, models=models), cache_bytes=cache)

    assert found.verdict is verdict


def test_a_model_without_known_weights_is_named() -> None:
    found = files.model_cache(load(models=(EIGHT, UNHEARD)), cache_bytes=1e12)

    assert found.measure == "state the weights of unheard-of"


def test_weights_may_be_stated_by_hand() -> None:
    found = files.model_cache(
        load(models=(UNHEARD,)), cache_bytes=20 * GIGA, weigh=lambda _: 10 * GIGA
    )

    assert found.verdict is Verdict.HOLDS


@pytest.mark.parametrize(
    ("repository", "precision"), [("nobody/unheard-of", "bf16"), (EIGHT.repository, "fp3")]
)
def test_what_the_table_does_not_have_weighs_an_unknown_amount(
    repository: str, precision: str
) -> None:
    model = replace(EIGHT, name=repository, repository=repository, precision=precision)

    assert files.catalogued(model) is None


@pytest.mark.parametrize(
    ("used", "verdict"),
    [(50 * GIGA, Verdict.HOLDS), (51 * GIGA, Verdict.UNPROVEN), (None, Verdict.UNPROVEN)],
)
def test_shared_files_outgrow_the_bill_and_never_the_file_system(
    used: float | None, verdict: Verdict
) -> None:
    assert files.shared_files(used, planned_bytes=50 * GIGA).verdict is verdict
