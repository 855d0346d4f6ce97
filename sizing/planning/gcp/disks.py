"""What Persistent Disks give by their size."""

from __future__ import annotations

from sizing.model import Figure
from sizing.words import Kind

BALANCED_IOPS = Figure(
    value=6,
    unit="IOPS per GiB of a balanced disk",
    source="gce-disk-performance",
    date="2026",
    kind=Kind.VENDOR,
)
DISK_MOST = Figure(
    value=65_536, unit="GiB of a disk", source="gce-disk-sizes", date="2026-11-21", kind=Kind.VENDOR
)
# In thousandths, so that a throughput is a whole number.
BALANCED_THROUGHPUT = Figure(
    value=280,
    unit="thousandths of a MiB/s per GiB of a balanced disk",
    source="gce-disk-performance",
    date="2026",
    kind=Kind.VENDOR,
)


def balanced_iops(gib: int) -> int:
    """Return the IOPS of a balanced disk by its size; a baseline above it is not counted."""
    return gib * int(BALANCED_IOPS)


def balanced_throughput(gib: int) -> int:
    """Return the MiB/s of a balanced disk by its size."""
    return gib * int(BALANCED_THROUGHPUT) // 1000
