"""The load: what the documents claim of the fleet, and where they contradict themselves.

The documents give rates without a measurement behind them. A check that rests on such a claim is
unproven at best, whatever the claim says.
"""

from __future__ import annotations

from sizing.catalog import instance
from sizing.checks.verdicts import DIGITS, Amount, Subject, finding
from sizing.fit import fit
from sizing.plans import Finding, NodePoolPlan
from sizing.tiers import VLLM_ROWS
from sizing.tiers.schema import ServiceRow
from sizing.units import GIB
from sizing.words import Verdict
from sizing.workload import SELF_HOSTED_MODEL

# The document's words for the catalogue's GPUs, by model and nominal GiB.
GPU_WORDS = {
    ("NVIDIA A10G", 24): "A10G",
    ("NVIDIA A100", 40): "A100-40GB",
    ("NVIDIA A100", 80): "A100-80GB",
    ("NVIDIA H100", 80): "H100",
}


def check_load(subject: Subject) -> list[Finding]:
    """Return the findings of the workload."""
    tables = subject.setting.tables
    return [
        _axes(subject),
        _rate(subject, "litellm", tables.litellm),
        _rate(subject, "agent-gateway", tables.agent_gateway),
        _tokens(subject),
        _memory(subject),
    ]


def _axes(subject: Subject) -> Finding:
    load = subject.plan.request.whole_load
    return finding(
        subject,
        "workload",
        "axes",
        Verdict.UNPROVEN,
        f"the tier's requests imply {load.axes_ratio:.1f} times the tokens that it states; "
        "gateways are sized by requests, serving by tokens",
        amount=Amount(
            demand=load.tokens_per_day_by_requests,
            capacity=load.tokens_per_day,
            unit="tokens a day",
        ),
        fix="measure one of the two and state it as the workload",
        source="document-001",
    )


def _rate(subject: Subject, name: str, row: ServiceRow) -> Finding:
    service = next(one for one in subject.plan.services if one.name == name)
    request = subject.plan.request
    demand = request.load.requests_per_second_peak
    claim = row.max_rps.value * service.scale.planned // row.replicas.value
    short = "" if demand <= claim else ", which is less"
    return finding(
        subject,
        f"services.{name}",
        "requests",
        Verdict.UNPROVEN,
        f"{demand:g} requests/s at peak; the document claims {claim:g} for {service.scale.planned} "
        f"replicas{short}, and no measurement stands behind it",
        amount=Amount(demand=demand, capacity=claim, unit="requests/s"),
        fix="load-test one replica and state what it carries",
        source="document-001",
    )


def _gpu_pool(subject: Subject) -> NodePoolPlan:
    return next(pool for pool in subject.plan.node_pools if pool.role == "gpu")


def _tokens(subject: Subject) -> Finding:
    request = subject.plan.request
    pool = _gpu_pool(subject)
    machine = instance(request.cloud, pool.instance_types[0])
    engine = next(one for one in subject.plan.services if one.name == "vllm-engine")
    load = request.load
    demand = load.output_tokens_per_second_at_peak
    word = GPU_WORDS.get((machine.gpu_model, machine.gpu_memory_gib))
    low = next(
        (
            row.tokens_per_second.low
            for row in VLLM_ROWS
            if row.gpu_model == word and row.model.lower() == load.models[0].name
        ),
        None,
    )
    claim = None if low is None else low * engine.scale.planned
    said = (
        f"the document has no figure for {machine.gpu_model}"
        if claim is None
        else f"the document claims {claim:,.0f} for {engine.scale.planned} engines on {word}"
    )
    return finding(
        subject,
        "services.vllm-engine",
        "tokens",
        Verdict.UNPROVEN,
        f"{demand:,.0f} output tokens/s at peak; {said}, and does not say whether prompts count",
        amount=Amount(demand=round(demand, 1), capacity=claim, unit="output tokens/s"),
        fix="measure an engine at 1,500 tokens in and 500 out",
        source="document-001",
    )


def _memory(subject: Subject) -> Finding:
    pool = _gpu_pool(subject)
    machine = instance(subject.plan.request.cloud, pool.instance_types[0])
    model = SELF_HOSTED_MODEL
    result = fit(model, machine)
    needed = result.needed / GIB
    have = None if result.conservative is None else round(result.conservative / GIB, DIGITS)
    given = "an unknown part" if have is None else f"{have:.1f}"
    best = "" if result.physical is None else f", {result.physical / GIB:.1f} at the physical best"
    return finding(
        subject,
        "services.vllm-engine",
        "gpu-memory",
        result.verdict,
        f"{model.name} in {model.precision} and one context of {model.context_tokens} tokens take "
        f"{needed:.1f} GiB; {machine.gpu_model} gives {given}"
        f"{best}",
        amount=Amount(demand=round(needed, DIGITS), capacity=have, unit="GiB a GPU"),
        fix="start an engine and read its log; a shorter context, an 8-bit cache or a larger GPU "
        "needs an override",
        source="vllm-10517",
    )
