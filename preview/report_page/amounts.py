"""CPU and memory as a reader of pictures takes them in at a glance."""

from __future__ import annotations

from sizing.units import GIB, MIB, MILLIS_PER_CPU

GIB_FROM = 0.95
"""From this many GiB on, memory is told in GiB."""


def cpu(millis: int) -> str:
    """Return "2 CPU" or "0.25 CPU"."""
    return f"{millis / MILLIS_PER_CPU:g} CPU"


def memory(size_bytes: int) -> str:
    """Return "9.8 GiB", or MiB below one."""
    if size_bytes >= GIB_FROM * GIB:
        return f"{size_bytes / GIB:,.3g} GiB"
    return f"{size_bytes / MIB:,.0f} MiB"
