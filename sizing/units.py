"""Units of sizing: whole thousandths of a vCPU and whole bytes; text only at the edges."""

from __future__ import annotations

import re

KIB = 1 << 10
MIB = 1 << 20
GIB = 1 << 30
TIB = 1 << 40
MILLIS_PER_CPU = 1000
MILLIS_PER_SECOND = 1000
MEGA = 10**6
GIGA = 10**9
GB_PER_TB = 1000
MBPS_PER_GBPS = 1000
SECONDS_PER_MINUTE = 60
SECONDS_PER_HOUR = 3600
SECONDS_PER_DAY = 86_400
DAYS_PER_MONTH = 30

_MEMORY_SUFFIXES = {
    "Ki": KIB,
    "Mi": MIB,
    "Gi": GIB,
    "Ti": TIB,
    "k": 10**3,
    "M": MEGA,
    "G": GIGA,
    "T": 10**12,
    "": 1,
}
_FORMS = (("Ti", TIB), ("Gi", GIB), ("Mi", MIB), ("Ki", KIB))
_CPU = re.compile(r"(\d+(?:\.\d+)?)(m?)", re.ASCII)
_MEMORY = re.compile(r"(\d+(?:\.\d+)?)(Ki|Mi|Gi|Ti|k|M|G|T|)", re.ASCII)


def parse_cpu(text: str) -> int:
    """Return a Kubernetes CPU quantity ("500m", "2", "0.5") in thousandths of a vCPU.

    Raises:
        ValueError: not such a quantity, or finer than a thousandth.
    """
    match = _CPU.fullmatch(text)
    if match is None:
        raise ValueError(f'"{text}" is not a CPU quantity such as "500m" or "2"')
    number, suffix = match.groups()
    factor = 1 if suffix else MILLIS_PER_CPU
    return _whole(number, factor, text, "thousandth of a vCPU")


def parse_memory(text: str) -> int:
    """Return a Kubernetes memory quantity ("512Mi", "1.5Gi", "2G", "1024") in bytes.

    Raises:
        ValueError: not such a quantity ("4GB" is none), or finer than a byte.
    """
    match = _MEMORY.fullmatch(text)
    if match is None:
        raise ValueError(f'"{text}" is not a memory quantity such as "512Mi" or "4Gi"')
    number, suffix = match.groups()
    return _whole(number, _MEMORY_SUFFIXES[suffix], text, "byte")


def format_cpu(millis: int) -> str:
    """Return thousandths of a vCPU as Kubernetes writes them: "500m", "2000m".

    Raises:
        ValueError: the amount is negative.
    """
    if millis < 0:
        raise ValueError(f"{millis} is less than no CPU")
    return f"{millis}m"


def format_memory(size_bytes: int) -> str:
    """Return bytes in the largest binary unit that keeps them whole: "512Mi", "1Gi", "0".

    Raises:
        ValueError: the amount is negative.
    """
    if size_bytes < 0:
        raise ValueError(f"{size_bytes} is less than no memory")
    for suffix, factor in _FORMS:
        if size_bytes and size_bytes % factor == 0:
            return f"{size_bytes // factor}{suffix}"
    return str(size_bytes)


def _whole(number: str, factor: int, text: str, unit: str) -> int:
    before, _, after = number.partition(".")
    parts = int("1" + "0" * len(after))
    amount, rest = divmod(int(before + after) * factor, parts)
    if rest:
        raise ValueError(f'"{text}" is finer than one {unit}')
    return amount
