"""Claims of document 003: what models and machines cost, and what it was tested on."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from sizing.audit.claim import Block, Claim, Recomputed
from sizing.audit.judge import PRICED, agrees, of
from sizing.capacity import osmen_settings as model
from sizing.capacity.ends import highest
from sizing.catalog import HOURS_PER_MONTH, instance
from sizing.documents import osmen_cost, osmen_performance
from sizing.documents.osmen_cost import LlmCostRow
from sizing.model import Figure
from sizing.tiers import PLANNING_FACTORS
from sizing.units import GIB, GIGA
from sizing.words import Cloud, Kind

LLM = Block("003-llm-cost", "LLM Usage")
MACHINES = Block("003-infrastructure-cost", "Infrastructure")
TESTED = Block("003-test-environment", "Planning Checklist")
RENTED, TEST_HOST = "t3.xlarge", "c5.4xlarge"  # the machines that the document's text names
# The catalogue holds what plans may take; this type is only spoken of.
RENTED_HOUR = Figure(
    value=0.1664,
    unit="USD an hour of t3.xlarge in us-east-1",
    source="karpenter-pricing-2026-01",
    date="2026-01-19",
    kind=Kind.VENDOR,
)


def claims() -> Iterator[Claim]:
    """Return the claims of costs and of the machines tested."""
    for row in (osmen_cost.GPT4_COST, osmen_cost.GPT35_COST):
        yield _llm(row)
    rented = osmen_cost.INFRASTRUCTURE_COST[0]
    yield MACHINES.claim(
        RENTED,
        f"{rented.option} costs {rented.monthly.written}",
        machine_cost,
        usd=rented.monthly.value,
        usd_per_hour=RENTED_HOUR.value,
    )
    host, setup = osmen_performance.TEST_ENVIRONMENT, osmen_performance.START_SETUP
    yield TESTED.claim(
        "vcpu",
        f"{host.written}: {host.vcpu.value:g} vCPU",
        vcpu,
        vcpu=host.vcpu.value,
        instance_type=TEST_HOST,
    )
    yield TESTED.claim(
        "memory",
        f"{host.written}: {host.memory.value / GIGA:g} GB",
        memory,
        memory_gb=host.memory.value / GIGA,
        instance_type=TEST_HOST,
    )
    yield TESTED.claim(
        "single-agent",
        f"{host.vcpu.value:g} vCPU in the test environment, {setup.vcpu.value:g} in the setup",
        one_host,
        vcpu=host.vcpu.value,
        other_vcpu=setup.vcpu.value,
    )


def _llm(row: LlmCostRow) -> Claim:
    price = row.price_per_thousand_tokens
    return LLM.claim(
        row.model.lower().replace(" ", "-"),
        f"{row.requests_per_day.written} requests a day to {row.model} cost {row.monthly.written}",
        llm_cost,
        usd=highest(row.monthly),
        requests_per_day=row.requests_per_day.value,
        input_usd=price.input_usd.value,
        output_usd=price.output_usd.value,
        input_tokens=PLANNING_FACTORS.input_tokens.planned,
        output_tokens=PLANNING_FACTORS.output_tokens.planned,
    )


def llm_cost(
    *,
    usd: float,
    requests_per_day: float,
    input_usd: float,
    output_usd: float,
    input_tokens: float,
    output_tokens: float,
) -> Recomputed:
    """Compare a month's sum with its requests at the document's own prices."""
    row = osmen_cost.GPT4_COST
    price = row.price_per_thousand_tokens
    asked = replace(
        row,
        price_per_thousand_tokens=replace(
            price,
            input_usd=replace(price.input_usd, low=input_usd, high=input_usd),
            output_usd=replace(price.output_usd, low=output_usd, high=output_usd),
        ),
        requests_per_day=replace(row.requests_per_day, low=requests_per_day, high=requests_per_day),
        monthly=replace(row.monthly, low=usd, high=usd),
    )
    return of(model.llm_cost(asked, input_tokens=input_tokens, output_tokens=output_tokens))


def machine_cost(*, usd: float, usd_per_hour: float) -> Recomputed:
    """Compare a machine's month with its list price."""
    return agrees(
        usd,
        usd_per_hour * HOURS_PER_MONTH.value,
        unit="USD a month",
        formula="USD an hour on demand x 730",
        tolerance=PRICED.value,
    )


def vcpu(*, vcpu: float, instance_type: str) -> Recomputed:
    """Compare a machine's vCPU with its vendor's list."""
    found = instance(Cloud.AWS, instance_type)
    return agrees(vcpu, found.vcpu, unit="vCPU", formula="the vendor's list")


def memory(*, memory_gb: float, instance_type: str) -> Recomputed:
    """Compare a machine's memory with its vendor's list, "GB" meaning GiB as vendors write it."""
    found = instance(Cloud.AWS, instance_type)
    return agrees(memory_gb, found.memory_bytes / GIB, unit="GiB", formula="the vendor's list")


def one_host(*, vcpu: float, other_vcpu: float) -> Recomputed:
    """Compare the machines of two statements of what was tested on."""
    return agrees(
        vcpu, other_vcpu, unit="vCPU", formula="test environment; setup of the single-agent test"
    )
