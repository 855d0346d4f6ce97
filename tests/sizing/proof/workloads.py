"""Random workloads as a platform may be asked for: sizes over decades, models that some GPU holds.

One seed gives one request, whatever was drawn before it.
"""

from __future__ import annotations

from dataclasses import replace
from functools import cache
from math import exp, log
from random import Random

from sizing.catalog import instances, region_zone_ids
from sizing.plans import PlanRequest
from sizing.serving.memory import fit
from sizing.serving.models import model_names, model_shape
from sizing.words import Access, Cloud, Environment, Verdict
from sizing.workload import OBJECTIVES, ServedModel, Workload
from sizing.workload.tier import tier_for

REGIONS = {
    Cloud.AWS: ("us-east-1", "us-west-2", "eu-west-1"),
    Cloud.GCP: ("us-central1", "us-east4", "europe-west1"),
}
# The largest network that each cloud sells, and zones that the control plane accepts.
VPC_CIDRS = {Cloud.AWS: "10.0.0.0/16", Cloud.GCP: "10.0.0.0/8"}
ZONES = {"us-east-1": ("use1-az1", "use1-az2", "use1-az4")}
PRECISIONS = ("bf16", "fp8", "int8", "int4")
GROUPS = (1, 2, 4, 8)
CONTEXTS = (8192, 16_384, 32_768)


def request(seed: int) -> PlanRequest:
    """Return the request of a seed."""
    random = Random(seed)
    cloud = random.choice(list(Cloud))
    region = random.choice(REGIONS[cloud])
    load = workload(random, cloud, region)
    return PlanRequest(
        tier=tier_for(load).tier,
        environment=random.choice(list(Environment)),
        cloud=cloud,
        region=region,
        zone_ids=ZONES.get(region) or region_zone_ids(cloud, region)[:3],
        vpc_cidr=VPC_CIDRS[cloud],
        service_cidr="172.20.0.0/16",
        access=Access.ALLOWLIST,
        workload=load,
    )


def workload(random: Random, cloud: Cloud, region: str) -> Workload:
    """Return what users do, each figure drawn on its own; tokens by the requests."""
    peak, factor = _between(random, 0.01, 5000), random.uniform(1, 12)
    inputs, outputs = _between(random, 50, 4000), _between(random, 20, 1500)
    users = round(_between(random, 1, 1e6))
    return Workload(
        requests_per_second_peak=peak,
        tokens_per_day=peak / factor * 86_400 * (inputs + outputs),
        peak_factor=factor,
        input_tokens=inputs,
        output_tokens=outputs,
        input_spread=random.uniform(0, 2),
        output_spread=random.uniform(0, 2),
        streaming_share=random.random(),
        cache_hit_share=random.uniform(0, 0.6),
        self_hosted_share=random.choice((0.0, 1.0, *(random.random() for _ in range(4)))),
        models=_models(random, cloud, region),
        model_names=random.randint(1, 50),
        providers=(),
        users=users,
        keys=max(1, round(users * random.uniform(0.01, 1))),
        regions=1,
        retention_days=round(_between(random, 1, 90)),
        cache_ttl_seconds=round(_between(random, 60, 86_400)),
        vectors=round(_between(random, 1e4, 1e7)),
        vector_dimensions=random.choice((None, 384, 768, 1536)),
        trace_share=random.random(),
        prompts_stored=random.random() < 0.3,
        limits_requests_per_minute=None,
        objectives=OBJECTIVES,
    )


def grown(asked: PlanRequest, factor: float) -> PlanRequest:
    """Return a request with so many times the load, in the tier of what it was."""
    return replace(asked, workload=asked.whole_load.scaled(factor))


def _between(random: Random, low: float, high: float) -> float:
    """Draw alike from every decade."""
    return exp(random.uniform(log(low), log(high)))


def _models(random: Random, cloud: Cloud, region: str) -> tuple[ServedModel, ...]:
    names = random.sample(model_names(), random.randint(1, 6))
    parts = [random.uniform(0.05, 1) for _ in names]
    found = []
    for name, part in zip(names, parts, strict=True):
        ways = _ways(cloud, region, name)
        precision, group, context = random.choice(ways)
        found.append(
            ServedModel(
                name=name,
                repository=name,
                precision=precision,
                tensor_parallel=group,
                context_tokens=context,
                share=part / sum(parts),
            )
        )
    return tuple(found)


@cache
def _ways(cloud: Cloud, region: str, name: str) -> tuple[tuple[str, int, int], ...]:
    """Return precision, GPUs and context with which a region's machines hold a model for sure."""
    heads = model_shape(name).heads
    found = []
    for precision in PRECISIONS:
        for context in CONTEXTS:
            groups = [one for one in GROUPS if not heads % one]
            fitting = [one for one in groups if _held(cloud, region, name, precision, one, context)]
            found += [(precision, one, context) for one in fitting[:2]]
    return tuple(found)


def _held(cloud: Cloud, region: str, name: str, precision: str, group: int, context: int) -> bool:
    model = ServedModel(
        name=name,
        repository=name,
        precision=precision,
        tensor_parallel=group,
        context_tokens=context,
        share=1,
    )
    return any(
        one.gpus >= group
        and one.offered(region)
        and one.price(region) is not None
        and fit(model, one).verdict is Verdict.HOLDS
        for one in instances(cloud)
    )
