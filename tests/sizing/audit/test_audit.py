"""The audit: rows over all documents, each reacting to its inputs, no verdict written down."""

from __future__ import annotations

import ast
import inspect
from collections.abc import Iterator
from pathlib import Path

import pytest

import sizing.audit
from sizing.audit import Claim, claims
from sizing.documents import agent_router, osmen_performance
from sizing.documents.homes import homes
from sizing.documents.index import documents
from sizing.tiers import HPA, TIERS
from sizing.words import Tier, Verdict

pytestmark = pytest.mark.cloud_free("the documents' own figures, checked by their own words")

FACTORS = (1e-6, 1e-3, 0.1, 0.2, 0.5, 0.9, 1.1, 1.5, 2, 10, 30, 100, 200, 1000, 1e6)
NEAR = (1, 0.84)
"""Of what would agree: all of it, and just more than the headroom of a rate leaves."""
STATED = (0.001, 1, 2, 5, 30, 1000, 1e6, 1e12)
"""What a figure that the document leaves out may be."""
OTHERS = {
    "gpu_name": ("T4", "A10G", "A100-40GB", "A100-80GB", "H100"),
    "gpu_model": ("T4", "A100", "H100"),
    "model": ("llama-3.1-8b", "llama-3.1-70b", "llama-3.2-1b"),
    "precision": ("bf16", "fp8", "int4"),
    "instance_type": (
        *("m5.xlarge", "m5.8xlarge", "g4dn.xlarge", "g5.4xlarge", "p4d.24xlarge"),
        *("n2-standard-4", "c2-standard-8", "a2-highgpu-4g"),
    ),
    "cpu_type": ("m5.xlarge", "m5.8xlarge"),
    "gpu_type": ("g4dn.xlarge", "p4d.24xlarge"),
    "topology": ("Single (dev)", "HA"),
}
NAMES = ("cloud",)
"""Inputs that say where another one is looked up."""
CLAIMS = {one.id: one for one in claims()}


def mutants(one: Claim, name: str) -> Iterator[Claim]:
    """Return a claim with one input changed, in every way that tells something."""
    before = one.inputs[name]
    if isinstance(before, str):
        yield from (one.with_input(name, other) for other in OTHERS[name] if other != before)
    elif before is None:
        missing = [other for other, value in one.inputs.items() if value is None]
        for value in STATED:
            yield one.with_input(name, value)
            whole = one
            for other in missing:
                whole = whole.with_input(other, value)
            yield whole
    else:
        for value in changed(before, one):
            yield one.with_input(name, value)


def changed(before: float, one: Claim) -> Iterator[float]:
    """Return other values of a figure: many times it, another input's, and what would agree."""
    yield from (before * factor for factor in FACTORS)
    yield from (value for value in one.inputs.values() if isinstance(value, int | float))
    yield from (0, 1)
    found = one.recompute()
    sides = [one for one in (found.documented, found.value) if isinstance(one, int | float) and one]
    if len(sides) == len(("documented", "ours")):
        for ratio in (sides[0] / sides[1], sides[1] / sides[0]):
            yield from (before * ratio * near for near in NEAR)


def reached(one: Claim, name: str) -> set[tuple[object, object]]:
    """Return the values and verdicts of a claim with one input changed."""
    return {found for other in mutants(one, name) if (found := outcome(other)) is not None}


def reacts(one: Claim, name: str) -> bool:
    return bool(reached(one, name) - {outcome(one)})


def outcome(one: Claim) -> tuple[object, object] | None:
    """Return value and verdict; None where the inputs cannot be."""
    try:
        found = one.recompute()
    except (ValueError, KeyError, ArithmeticError):
        return None
    return found.value, found.verdict


def test_the_audit_covers_all_documents_with_stable_ids() -> None:
    ids = [one.id for one in claims()]
    assert len(ids) >= 120
    assert ids == sorted(set(ids))
    assert {one.document for one in claims()} == {"000", "001", "002", "003", "004"}
    assert all(one.id.startswith(f"{one.document}-") and one.section for one in claims())


def test_every_registered_block_has_its_claims_and_every_claim_its_block() -> None:
    prefixes = {prefix for home in homes() for prefix in home.audit}
    assert {p for p in prefixes if not any(i.startswith(f"{p}-") for i in CLAIMS)} == set()
    assert {i for i in CLAIMS if not any(i.startswith(f"{p}-") for p in prefixes)} == set()


def test_sections_are_those_of_the_documents() -> None:
    known = {
        (source[-3:], block.section) for source, blocks in documents().items() for block in blocks
    }
    assert {(one.document, one.section) for one in claims()} <= known


@pytest.mark.parametrize("claim_id", sorted(CLAIMS))
def test_a_claim_reacts_to_each_of_its_inputs(claim_id: str) -> None:
    one = CLAIMS[claim_id]
    names = [name for name in one.inputs if name not in NAMES]
    silent = [name for name in names if not reacts(one, name)]
    # a figure may matter only once another is within reach: both ends of a range, say
    still = [
        name
        for name in silent
        if not any(
            reacts(other, name)
            for second in names
            if second != name
            for other in mutants(one, second)
            if outcome(other) is not None
        )
    ]
    assert still == []


@pytest.mark.parametrize("claim_id", sorted(CLAIMS))
def test_no_verdict_stands_whatever_the_inputs(claim_id: str) -> None:
    one = CLAIMS[claim_id]
    names = [name for name in one.inputs if name not in NAMES]
    verdicts = {verdict for name in names for _, verdict in reached(one, name)}
    assert verdicts - {one.recompute().verdict}


def test_verdicts_are_named_only_where_figures_are_compared() -> None:
    folder = Path(inspect.getfile(sizing.audit)).parent
    found = {
        path.name
        for path in folder.glob("*.py")
        for node in ast.walk(ast.parse(path.read_text()))
        if isinstance(node, ast.Attribute)
        and isinstance(node.value, ast.Name)
        and node.value.id == "Verdict"
    }
    # Prometheus' "1Gi" is read as CPU first and then as memory
    assert found == {"judge.py", "guide_platform.py"}


def test_every_claim_says_how_it_was_recomputed() -> None:
    for one in claims():
        found = one.recompute()
        assert found.formula, one.id
        assert found.unit, one.id
        if found.verdict is Verdict.UNPROVEN:
            assert found.note, one.id


def test_documented_figures_are_the_typed_tables() -> None:
    """Spot checks: what stands in a claim is the same object's figure."""
    large = TIERS[Tier.LARGE]
    assert CLAIMS["001-1.1-axes-large"].inputs["tokens_per_day"] == large.profile.daily_tokens.high
    assert CLAIMS["001-2.1-rate-large"].inputs["max_rps"] == large.litellm.max_rps.value
    assert CLAIMS["001-2.1-hpa-maximum-small"].inputs["maximum"] == HPA.maximum
    assert CLAIMS["001-2.4-storage-large"].inputs["other_gb"] == large.storage.postgres_gb
    assert CLAIMS["001-4.1-cpu-nodes-large"].inputs["usd"] == large.cost.lines[1].monthly.usd
    stated = osmen_performance.LOAD_TEST_THROUGHPUT.value
    assert CLAIMS["003-load-test-rate"].inputs["requests_per_second"] == stated
    calls = agent_router.CALLS_PER_MONTH.target.value
    assert CLAIMS["004-windows-rate-daily-peak"].inputs["calls"] == calls


def test_an_unknown_input_is_refused_with_those_that_there_are() -> None:
    with pytest.raises(KeyError, match="requests_per_second"):
        CLAIMS["001-1.1-axes-small"].with_input("rps", 1)


def test_a_claim_is_left_as_it_was_when_an_input_changes() -> None:
    one = CLAIMS["001-1.1-axes-small"]
    before = one.recompute()
    one.with_input("requests_per_second", 1).recompute()
    assert one.recompute() == before


# By hand, from the documents' own figures.
HAND = {
    "000-nodes-rate-least": (454, "unproven"),  # 20 vCPU x 22.7 against 100 x 4
    "000-database-disk-hours-most": (10e9 / (1000 * 1000) / 3600, "unproven"),
    "001-1.1-axes-small": (576e6, "refuted"),  # 10 / 3 x 86,400 x 2,000
    "001-1.1-axes-large": (28.8e9, "refuted"),
    "001-1.1-axes-enterprise": (28.8e9, "refuted"),
    "001-2.1-hpa-maximum-enterprise": (40, "refuted"),
    "001-2.1-hpa-nodes-small": (3 * 3.57, "refuted"),
    "001-2.1-replica-lost-large": (500, "refuted"),  # of 400
    "001-2.4-clients-enterprise": (40 * 4 * 10, "refuted"),
    "001-2.4-full-small": (50e9 / (10 / 3 * 86_400 * 1500), "unproven"),
    "001-2.4-iops-medium": (3000, "refuted"),
    "001-2.4-pool-stock-1-large": (97, "refuted"),  # 105 of 100 - 3
    "001-3.1-gpus-by-requests-large": (500 * 0.85 * 0.7 * 500, "refuted"),
    "001-3.1-gpus-by-tokens-large": (1e9 / 86_400 * 3 * 0.25 * 0.85 * 0.7, "refuted"),
    "001-4.1-control-plane-large": (73, "refuted"),
    "001-4.1-cpu-nodes-small": (3 * 0.192 * 730, "refuted"),
    "001-4.1-cpu-nodes-enterprise": (20 * 1.536 * 730, "refuted"),
    "001-4.1-gpu-nodes-small": (0.526 * 730, "holds"),
    "001-4.1-sum-enterprise": (75_546, "holds"),
    "001-4.2-cache-small": (127.5, "refuted"),
    "001-5.2-latency": (2 + 500 * 0.05, "refuted"),
    "002-measured-latency-p99": (10 / 155, "refuted"),
    "002-measured-latency-many": (500 / 272, "unproven"),
    "002-configurations-day-small": (86.4, "refuted"),
    "002-operations-calls-3": (6, "holds"),
    "002-configurations-processes-large": (2 * 17, "refuted"),  # 2,000 / (155 x 80 %) in each
    "003-throughput-cores-small": (16, "refuted"),  # growth has 16 for 10 to 50 users
    "003-throughput-growth-large": (100_000 / 86_400 * 3, "holds"),
    "003-growth-configuration-4": (8, "holds"),
    "003-agent-cpu-burst": (2.8, "unproven"),
    "003-agent-memory-peak": (5.4e9, "holds"),
    "003-load-test-rate": (1000 / 300, "refuted"),
    "003-infrastructure-cost-t3.xlarge": (0.1664 * 730, "holds"),
    "003-llm-cost-gpt-4": (0.075 * 30_000, "refuted"),
    "003-qdrant-performance-memory-1536": (1e6 * 1536 * 4 * 1.5, "refuted"),
    "003-gpus-4090": (35e9, "refuted"),
    "003-totals-minimum-memory": (18e9, "refuted"),
    "004-method-units": (12 * 0.85 * 27, "refuted"),
    "004-method-replicas": (2, "unproven"),  # 275 in flight in 80 % of 1,024, and one more
    "004-scaled-by-controller": (25, "unproven"),
    "004-derived-average": (1.9e6 / 2_592_000, "holds"),
    "004-windows-rate-daily-peak": (1.9e6 / 158_400, "holds"),
    "004-peak-over-average-daily-peak": (2_592_000 / 158_400, "holds"),
}


@pytest.mark.parametrize("claim_id", sorted(HAND))
def test_claims_come_to_what_they_do_by_hand(claim_id: str) -> None:
    value, verdict = HAND[claim_id]
    found = CLAIMS[claim_id].recompute()
    assert found.value == pytest.approx(value, rel=2e-3)
    assert found.verdict == verdict
