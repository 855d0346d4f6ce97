"""The relational store's disk: what RDS sells as gp3, and what document and load ask of it."""

from __future__ import annotations

from dataclasses import dataclass

from sizing.catalog import price
from sizing.model import Figure
from sizing.planning.environment import Setting
from sizing.planning.needs import DatabaseNeed
from sizing.planning.notes import note, share_note
from sizing.plans import Adjustment
from sizing.words import Direction, Kind, PostgresForm

# RDS gp3 below this size gives a fixed baseline and takes no iops (cloud rule 19).
GP3_FLOOR = Figure(value=400, unit="GiB", source="cdk-preflight", date="2026", kind=Kind.MEASURED)
GP3_LEAST = Figure(value=20, unit="GiB", source="rds-api", date="2026", kind=Kind.VENDOR)
GP3_MOST = Figure(value=65_536, unit="GiB", source="rds-user-guide", date="2026", kind=Kind.VENDOR)
GP3_SMALL_IOPS = Figure(
    value=3000, unit="IOPS", source="rds-user-guide", date="2026", kind=Kind.VENDOR
)
GP3_LARGE_IOPS = Figure(
    value=12000, unit="IOPS", source="cdk-preflight", date="2026", kind=Kind.MEASURED
)
GP3_MOST_IOPS = Figure(
    value=64_000, unit="IOPS", source="rds-user-guide", date="2026", kind=Kind.VENDOR
)
CLUSTER_IOPS_PER_GIB = Figure(
    value=50, unit="IOPS a GiB at most", source="cdk-preflight", date="2026", kind=Kind.MEASURED
)
CLUSTER_GIB_PER_IOPS = Figure(
    value=2, unit="GiB an IOPS at most", source="cdk-preflight", date="2026", kind=Kind.MEASURED
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Storage:
    """Disk of one node: size, what is asked for in IOPS and what it delivers."""

    gib: int
    iops: int | None
    delivered: int


def documented_storage(setting: Setting) -> int:
    """Return the larger of the two storage figures that document 001 gives, in GB."""
    return max(setting.tables.postgres.storage_gb, setting.tables.storage.postgres_gb)


def storage(setting: Setting, form: PostgresForm, need: DatabaseNeed) -> Storage:
    """Return the disk that holds what document and load ask, as far as it is sold."""
    iops = max(setting.quantity(setting.tables.postgres.iops.value), need.iops)
    iops = min(iops, int(GP3_MOST_IOPS))
    gib = _gib(setting, form, need, iops)
    if gib < int(GP3_FLOOR):
        return Storage(gib=gib, iops=None, delivered=int(GP3_SMALL_IOPS))
    delivered, clustered = max(iops, int(GP3_LARGE_IOPS)), form is PostgresForm.MULTI_AZ_CLUSTER
    if clustered:
        delivered = max(delivered, -(-gib // int(CLUSTER_GIB_PER_IOPS)))
    # A cluster must be told its IOPS; an instance only where it wants more than the base.
    told = clustered or delivered > int(GP3_LARGE_IOPS)
    return Storage(gib=gib, iops=delivered if told else None, delivered=delivered)


def _gib(setting: Setting, form: PostgresForm, need: DatabaseNeed, iops: int) -> int:
    by_hand = setting.request.overrides.postgres_storage_gib
    if by_hand is not None:
        return by_hand
    gib = max(setting.quantity(documented_storage(setting)), need.storage_gib, int(GP3_LEAST))
    clustered = form is PostgresForm.MULTI_AZ_CLUSTER
    if clustered or (setting.proven and iops > int(GP3_SMALL_IOPS)):
        # What a cluster takes below the floor no source says: it stays above.
        gib = max(gib, int(GP3_FLOOR))
    if clustered:
        gib = max(gib, -(-iops // int(CLUSTER_IOPS_PER_GIB)))
    return min(gib, int(GP3_MOST))


def storage_notes(
    setting: Setting, form: PostgresForm, need: DatabaseNeed
) -> tuple[Adjustment, ...]:
    """Return how the disk differs from tables 2.4 and 3.3, and which rule asked for it."""
    row = setting.tables.postgres
    notes = [*_document_notes(setting, form), *_load_notes(setting, form, need)]
    if row.medium.value != "SSD":
        notes.append(
            note(
                "postgres.storage_type",
                row.medium,
                "gp3",
                direction=Direction.REPLACED,
                rule="rds-network-storage",
                reason="RDS keeps data on network volumes; local NVMe is for temporary files",
            )
        )
    return tuple(notes)


def _document_notes(setting: Setting, form: PostgresForm) -> list[Adjustment]:
    """Return what the document's own figures become, before any load is looked at."""
    row, tabled = setting.tables.postgres, setting.tables.storage
    notes, larger = [], documented_storage(setting)
    if row.storage_gb != tabled.postgres_gb:
        notes.append(
            note(
                "postgres.storage_gib",
                f"{row.storage_gb} GB (2.4), {tabled.postgres_gb} GB (3.3)",
                f"{larger} GB",
                direction=Direction.RAISED,
                rule="postgres-storage-twice",
                reason="the document gives two figures; the larger holds both",
                monthly_usd=_gib_usd(setting, form, larger - row.storage_gb),
            )
        )
    share = setting.quantity(larger)
    notes += share_note(setting, "postgres.storage_gib", f"{larger} GB", f"{share} GB")
    asked = storage(setting, form, DatabaseNeed()).gib
    by_hand = setting.request.overrides.postgres_storage_gib is not None
    if asked != share:
        notes.append(
            note(
                "postgres.storage_gib",
                f"{share} GB",
                f"{asked} GiB",
                direction=Direction.RAISED if asked > share else Direction.LOWERED,
                rule="stack-override" if by_hand else "rds-gp3-floor",
                reason="set in the stack file" if by_hand else _floor_reason(setting, asked),
                monthly_usd=_gib_usd(setting, form, asked - share),
            )
        )
    return notes


def _load_notes(setting: Setting, form: PostgresForm, need: DatabaseNeed) -> list[Adjustment]:
    """Return what the load adds to what the document's figures became."""
    asked, held = storage(setting, form, DatabaseNeed()), storage(setting, form, need)
    notes = []
    if held.gib > asked.gib:
        kept = need.storage_gib > asked.gib
        notes.append(
            note(
                "postgres.storage_gib",
                f"{asked.gib} GiB",
                f"{held.gib} GiB",
                direction=Direction.RAISED,
                rule="spend-log-kept" if kept else "rds-gp3-floor",
                reason=f"{setting.load.retention_days:g} days of the spend log, at most 2 KB a row"
                if kept
                else f"{need.iops} IOPS for the spend log's rows need a larger disk",
                monthly_usd=_gib_usd(setting, form, held.gib - asked.gib),
            )
        )
    if held.delivered > asked.delivered:
        notes.append(
            note(
                "postgres.iops",
                f"{asked.delivered} IOPS",
                f"{held.delivered} IOPS",
                direction=Direction.RAISED,
                rule="spend-log-writes",
                reason="the rows of the peak are written at once, with their indexes; a cluster's "
                f"disk has an IOPS for every {int(CLUSTER_GIB_PER_IOPS)} GiB at the least",
                monthly_usd=_iops_usd(setting, form, _billed(held) - _billed(asked)),
            )
        )
    return notes


def _floor_reason(setting: Setting, gib: int) -> str:
    if gib == int(GP3_LEAST):
        return f"RDS sells no gp3 volume below {gib} GiB"
    iops = setting.quantity(setting.tables.postgres.iops.value)
    return (
        f"{iops} IOPS asked: gp3 below {int(GP3_FLOOR)} GiB gives {int(GP3_SMALL_IOPS)} and takes "
        "no figure"
    )


def _billed(disk: Storage) -> int:
    return max(0, (disk.iops or 0) - int(GP3_LARGE_IOPS))


def _gib_usd(setting: Setting, form: PostgresForm, gib: int) -> float | None:
    figure = price(f"rds.gp3.gib_month.{form}", setting.request.region)
    return None if figure is None else figure.value * gib


def _iops_usd(setting: Setting, form: PostgresForm, iops: int) -> float | None:
    figure = price(f"rds.gp3.iops_month.{form}", setting.request.region)
    return None if figure is None else figure.value * iops
