"""`aigw size`: from a workload that somebody states to a tier, sizes, findings and a bill."""

from __future__ import annotations

import argparse
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

from preview.misuse import FINE, FOUND, MisuseError
from preview.progress import working
from preview.result import write
from preview.verbs.arguments import FILE, REGION, add_json, completed, verb
from sizing.words import Cloud, Environment, Severity, Tier

if TYPE_CHECKING:
    from sizing.alternatives import Offers
    from sizing.costs import Costs
    from sizing.plans import Bill, Finding, PlatformPlan
    from sizing.workload.axes import Resolved
    from sizing.workload.questions import OpenQuestion
    from sizing.workload.statement import Problem, Statement
    from sizing.workload.tier import TierChoice

EXAMPLES = """\
examples:
  aigw size --users 60000 --calls-per-month 1.9e6 --window 2h/22d --models 25
  aigw size examples/workload.yaml --cloud gcp --region us-central1
  aigw size --tier large --json
"""
ZONES = 3
VPC_CIDRS = MappingProxyType({Cloud.AWS: "10.0.0.0/16", Cloud.GCP: "10.0.0.0/8"})
"""The largest network that each cloud takes: a size must not fail on somebody's short range."""

SERVICE_CIDR = "172.20.0.0/16"

FLAGS: Mapping[str, tuple[str, str, str]] = MappingProxyType(
    {
        "rps-peak": ("requests.per_second_peak", "N", "requests/s at peak"),
        "rps-avg": ("requests.per_second_average", "N", "requests/s on average"),
        "calls-per-month": ("requests.per_month", "N", "requests in 30 days"),
        "tokens-per-day": ("tokens.per_day", "N", "tokens a day, in and out"),
        "users": ("users", "N", "people that use the platform"),
        "interactions": ("interactions_per_user", "N", "requests of one user's session"),
        "arrivals": ("arrivals_per_second", "N", "new users a second at peak"),
        "session": ("session", "TIME", 'how long a session lasts, "15m"'),
        "window": ("peak.window", "H/D", 'when traffic stands, "2h/22d": it gives the peak factor'),
        "peak-factor": ("peak.factor", "X", "peak over average"),
        "burst": ("peak.burst", "X", "short spikes: multiplies the peak"),
        "headroom": ("headroom", "SHARE", 'room asked for above the peak, "30 %%"'),
        "models": ("model_names", "N", "models that callers can name"),
        "input-tokens": ("tokens.input", "N", "tokens in of a request"),
        "output-tokens": ("tokens.output", "N", "tokens out of a request"),
        "streaming": ("shares.streaming", "SHARE", 'requests that stream, 0.7 or "70 %%"'),
        "cache-hits": ("shares.cache_hits", "SHARE", "requests that the cache answers"),
        "self-hosted": ("shares.self_hosted", "SHARE", "requests that own models answer"),
        "keys": ("keys", "N", "API keys"),
        "regions": ("regions", "N", "regions of even share"),
        "retention": ("retention", "TIME", 'how long the spend log is kept, "30d"'),
        "vectors": ("vectors.count", "N", "vectors stored"),
    }
)
"""Flag -> path in a workload file, placeholder, help."""

AXIS_FLAGS = {
    "rps-peak": "rps_peak",
    "rps-avg": "rps_avg",
    "calls-per-month": "calls_per_month",
    "tokens-per-day": "tokens_per_day",
}
REPLACED = {"window": "peak.factor", "peak-factor": "peak.window"}
"""A flag that says the same in another way takes the file's field out."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Sizing:
    """All that `aigw size` says; the plan is that of the largest region."""

    resolved: Resolved
    choice: TierChoice
    plan: PlatformPlan
    findings: tuple[Finding, ...]
    questions: tuple[OpenQuestion, ...]
    bill: Bill
    costs: Costs
    offers: Offers

    @property
    def refused(self) -> bool:
        """Say whether a constraint is refuted."""
        return any(one.severity is Severity.ERROR for one in self.findings)


def add(verbs: Any) -> None:  # noqa: ANN401  # argparse has no public type for it
    """Register the verb."""
    parser = verb(verbs, "size", "from a workload to sizes, findings and a bill", EXAMPLES)
    workload = parser.add_argument(
        "workload", nargs="?", type=Path, metavar="FILE", help="a workload file (docs/workload.md)"
    )
    completed(workload, FILE)
    stated = parser.add_argument_group("workload", "each overrides the file's own field")
    for flag, (_, placeholder, told) in FLAGS.items():
        stated.add_argument(f"--{flag}", metavar=placeholder, help=told)
    place = parser.add_argument_group("place")
    place.add_argument(
        "--environment",
        choices=list(Environment),
        default=Environment.PROD,
        help=f"default: {Environment.PROD}",
    )
    place.add_argument(
        "--cloud", choices=list(Cloud), default=Cloud.AWS, help=f"default: {Cloud.AWS}"
    )
    region = place.add_argument(
        "--region", metavar="NAME", help="default: us-east-1 or us-central1"
    )
    completed(region, REGION)
    place.add_argument(
        "--tier", choices=list(Tier), help="use this tier; alone, size its reference load"
    )
    add_json(parser)
    parser.add_argument("--verbose", action="store_true", help="also what holds, and every item")


def run(options: argparse.Namespace) -> int:
    """Size a workload and show it."""
    from preview.size_out import document, sections
    from preview.words import refusals
    from preview.workload_file import FileError
    from sizing.catalog import UnknownNameError
    from sizing.workload.statement import WorkloadError

    try:
        with working("sizing the workload"):
            made = size(options)
    except WorkloadError as error:
        raise MisuseError(*(_told(problem, options) for problem in error.problems)) from error
    except (FileError, UnknownNameError, ValueError) as error:
        raise MisuseError(str(error.args[0] if error.args else error)) from error
    write(
        options,
        document=lambda: document(made),
        sections=lambda: sections(made, verbose=options.verbose),
        errors=refusals(made.findings),
    )
    return FOUND if made.refused else FINE


def size(options: argparse.Namespace) -> Sizing:
    """Return everything that is said of the workload that the command line names.

    Raises:
        sizing.workload.statement.WorkloadError: the workload is refused.
        preview.workload_file.FileError: its file cannot be read.
        sizing.catalog.UnknownNameError: a region that the catalogue does not know.
        ValueError: no plan can be made of it.
    """
    from sizing.alternatives import offers
    from sizing.check import check
    from sizing.cost import cost
    from sizing.costs import costs
    from sizing.plan import plan
    from sizing.plans import PlanRequest
    from sizing.words import Access
    from sizing.workload.axes import resolve
    from sizing.workload.findings import findings, measured_replicas
    from sizing.workload.questions import unanswered
    from sizing.workload.tier import tier_for

    forced = Tier(options.tier) if options.tier else None
    resolved = resolve(_statement(options), forced)
    load = resolved.of_largest_region
    choice = tier_for(load, forced)
    cloud = Cloud(options.cloud)
    region, zone_ids = _place(cloud, options.region)
    made = plan(
        PlanRequest(
            tier=choice.tier,
            environment=Environment(options.environment),
            cloud=cloud,
            region=region,
            zone_ids=zone_ids,
            vpc_cidr=VPC_CIDRS[cloud],
            service_cidr=SERVICE_CIDR,
            access=Access.ALLOWLIST,
            workload=load,
        )
    )
    bill = cost(made)
    replicas = next(one.scale.planned for one in made.services if one.name == "litellm")
    measured = measured_replicas(resolved, made.request.load, replicas)
    return Sizing(
        resolved=resolved,
        choice=choice,
        plan=made,
        findings=(*findings(resolved, choice), *filter(None, (measured,)), *check(made)),
        questions=unanswered(resolved),
        bill=bill,
        costs=costs(made, bill),
        offers=offers(made.request),
    )


def _statement(options: argparse.Namespace) -> Statement:
    from preview.workload_file import read
    from sizing.workload.statement import AXES, parse

    mapping: dict[str, Any] = dict(read(options.workload)) if options.workload else {}
    for flag, (path, _, _) in FLAGS.items():
        value = _flag(options, flag)
        if value is not None:
            _put(mapping, path, value)
            if flag in REPLACED:
                _drop(mapping, REPLACED[flag], options)
    typed = {axis for flag, axis in AXIS_FLAGS.items() if _flag(options, flag) is not None}
    if options.workload and typed:
        mapping["primary"] = next(axis for axis in AXES if axis in typed)
    return parse(mapping)


def _flag(options: argparse.Namespace, flag: str) -> str | None:
    value: str | None = getattr(options, flag.replace("-", "_"))
    return value


def _put(mapping: dict[str, Any], path: str, value: str) -> None:
    """Set a field; a group that is no mapping stays, to be refused as such."""
    group, _, name = path.rpartition(".")
    if not group:
        mapping[name] = value
    elif isinstance(mapping.get(group, {}), dict):
        mapping[group] = {**mapping.get(group, {}), name: value}


def _drop(mapping: dict[str, Any], path: str, options: argparse.Namespace) -> None:
    """Take a file's field out, unless the command line states it too."""
    if any(one == path and _flag(options, flag) for flag, (one, _, _) in FLAGS.items()):
        return
    group, _, name = path.rpartition(".")
    if isinstance(mapping.get(group), dict):
        mapping[group] = {key: value for key, value in mapping[group].items() if key != name}


def _place(cloud: Cloud, region: str | None) -> tuple[str, tuple[str, ...]]:
    """Return a region and its first zones that take a control plane."""
    from sizing.catalog import REFERENCE_REGIONS, control_plane_refused_zone_ids, region_zone_ids

    chosen = region or REFERENCE_REGIONS[cloud]
    refused = control_plane_refused_zone_ids()
    known = (one for one in region_zone_ids(cloud, chosen) if one not in refused)
    return chosen, tuple(known)[:ZONES]


def _told(problem: Problem, options: argparse.Namespace) -> str:
    """Return a problem with the flag or the file that it came from."""
    flags = {path: flag for flag, (path, _, _) in FLAGS.items() if _flag(options, flag)}
    if problem.path in flags:
        return f"--{flags[problem.path]}: {problem}"
    return f"{options.workload}: {problem}" if options.workload else str(problem)
