"""What is stored in the cluster and beside it: vectors, secrets, weights and shared files."""

from __future__ import annotations

from dataclasses import replace

from sizing.capacity import files, qdrant, vault
from sizing.capacity.constraint import Constraint
from sizing.checks.constraints import constrained
from sizing.checks.load import named
from sizing.checks.verdicts import Subject, finding
from sizing.planning.stateful import QDRANT, vector_copies
from sizing.planning.vault import VAULT
from sizing.plans import Finding, ServicePlan
from sizing.tiers.vocabulary import VaultTopology
from sizing.units import GIB
from sizing.words import Verdict

MODELS = "models"
NOTHING_LOST = "dev may stand still while a zone is away"
SINGLE = (
    "the document gives this tier a single server: with its zone nobody gets a secret until it "
    "stands again, and how long that takes is not measured"
)

ONE_REGION = "the document asks for recovery from a disaster, and every snapshot is in one region"


def check_data(subject: Subject) -> list[Finding]:
    """Return the findings of vectors, secrets, the model cache, shared files and volumes."""
    return [
        *_vectors(subject),
        *_secrets(subject),
        _weights(subject),
        _files(subject),
        *_volumes(subject),
    ]


def _vectors(subject: Subject) -> list[Finding]:
    service, zones = named(subject, QDRANT), _zones(subject)
    members = service.scale.planned
    copies = vector_copies(members, zones)
    load, component = subject.setting.load, f"services.{QDRANT}"
    stored = (
        qdrant.memory(
            load, member_bytes=service.memory_limit_bytes, members=members, copies=copies
        ),
        qdrant.disk(load, volume_bytes=service.volume_gib * GIB, members=members, copies=copies),
    )
    said = f"{copies} copies on {members} members"
    fix = "plan in proven mode, which raises memory and volumes; beyond the largest node, keep "
    found = [
        constrained(subject, component, one, said=said, fix=fix + "fewer vectors") for one in stored
    ]
    if subject.setting.is_dev:
        return [*found, _inapplicable(subject, component, "survival")]
    lost = _fullest(service, zones)
    one = qdrant.survival(members=members, copies=copies, lost=lost)
    return [*found, constrained(subject, component, one, said=said, fix="give three zones")]


def _secrets(subject: Subject) -> list[Finding]:
    if subject.plan.vault is None:
        return []
    service, component = named(subject, VAULT), f"services.{VAULT}"
    row = replace(
        subject.setting.tables.vault,
        cpu_millis=service.cpu_request_millis,
        memory_bytes=service.memory_request_bytes,
        storage_gb=service.volume_gib,
    )
    advised: tuple[Constraint, ...] = (vault.processor(row), vault.memory(row), vault.disk(row))
    if not subject.setting.is_dev:
        advised = (*advised, vault.nodes(service.scale.planned))
    found = [
        constrained(subject, component, one, said="beside the vendor's design") for one in advised
    ]
    return [*found, _sealed(subject, service), *_elsewhere(subject)]


def _sealed(subject: Subject, service: ServicePlan) -> Finding:
    """Judge the votes that are left with a zone lost."""
    component = f"services.{VAULT}"
    if subject.setting.is_dev:
        return _inapplicable(subject, component, "zone-loss")
    if subject.setting.tables.vault.nodes == 1:
        return finding(
            subject,
            component,
            "zone-loss",
            Verdict.UNPROVEN,
            SINGLE,
            fix="choose tier medium, or measure a restore and accept its length",
            source="document-001",
        )
    return constrained(
        subject,
        component,
        vault.zone_loss(service.scale.planned, zones=_zones(subject)),
        fix="give three zones, or an odd number of nodes",
    )


def _elsewhere(subject: Subject) -> list[Finding]:
    """Judge whether a copy is in another region, where the table asks for recovery."""
    if subject.setting.tables.vault.topology is not VaultTopology.HA_DR or subject.setting.is_dev:
        return []
    region = "" if subject.plan.vault is None else subject.plan.vault.recovery_region
    return [
        finding(
            subject,
            f"services.{VAULT}",
            "recovery",
            Verdict.HOLDS if region else Verdict.UNPROVEN,
            f"snapshots go to {region} as well" if region else ONE_REGION,
            fix="" if region else "set services.vault.recovery_region",
            source="document-001",
        )
    ]


def _weights(subject: Subject) -> Finding:
    bucket = next(one for one in subject.plan.buckets if one.name == MODELS)
    return constrained(
        subject,
        f"buckets.{MODELS}",
        files.model_cache(subject.setting.load, cache_bytes=bucket.planning_gib * GIB),
        said="a bucket is not provisioned by size; the figure is what the bill counts",
        fix="plan in proven mode, which counts every model twice",
    )


def _files(subject: Subject) -> Finding:
    planned = subject.plan.files.planning_gib * GIB
    return constrained(subject, "files", files.shared_files(None, planned_bytes=planned))


def _volumes(subject: Subject) -> list[Finding]:
    """Judge the largest volume of each service against the largest that the cloud sells."""
    cloud = subject.plan.request.cloud
    return [
        constrained(
            subject,
            f"services.{service.name}",
            files.volume(service.volume_gib, cloud),
            fix="keep less: fewer vectors, or a shorter time",
            blocking=True,
        )
        for service in subject.plan.services
        if service.volume_gib
    ]


def _zones(subject: Subject) -> int:
    return len(subject.setting.store_zone_ids)


def _fullest(service: ServicePlan, zones: int) -> int:
    """Return the members of the fullest zone."""
    return -(-service.scale.planned // zones)


def _inapplicable(subject: Subject, component: str, constraint: str) -> Finding:
    return finding(subject, component, constraint, Verdict.NOT_APPLICABLE, NOTHING_LOST)
