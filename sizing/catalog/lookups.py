"""Lookups over the packaged tables; each table is read once and kept."""

from __future__ import annotations

import json
from difflib import get_close_matches
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, TypeVar

from sizing.catalog.shapes import (
    CacheNode,
    EksSupport,
    InstanceType,
    LlmPrice,
    RdsClass,
    SearchNode,
    UnknownNameError,
)
from sizing.model import Figure
from sizing.words import Cloud, Kind, PostgresForm

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

# 8,760 hours a year over 12 months: the convention of the AWS price list.
HOURS_PER_MONTH: Final = Figure(
    value=730, unit="hours a month", source="sizing-decisions", date="2026-11-21", kind=Kind.DERIVED
)
PRICES_AS_OF: Final = "2026-11-21"
REFERENCE_REGIONS: Final = {Cloud.AWS: "us-east-1", Cloud.GCP: "us-central1"}
GIB: Final = 1 << 30
DATA: Final = Path(__file__).parent / "data"
NEAREST: Final = 3  # names that an error message offers

T = TypeVar("T")


def instance(cloud: Cloud, name: str) -> InstanceType:
    """Return a machine type.

    Raises:
        UnknownNameError: the catalogue does not hold it.
    """
    return _pick(_machines()[cloud], name, f"{cloud} instance type")


def instances(cloud: Cloud) -> tuple[InstanceType, ...]:
    """Return all machine types of a cloud, by name."""
    return tuple(_machines()[cloud].values())


def rds_class(name: str) -> RdsClass:
    """Return a DB instance class.

    Raises:
        UnknownNameError: the catalogue does not hold it.
    """
    return _pick(_rds(), name, "DB instance class")


def rds_classes(form: PostgresForm) -> tuple[RdsClass, ...]:
    """Return the classes that are sold in a deployment kind, by name."""
    return tuple(c for c in _rds().values() if form in c.forms)


def cache_node(name: str) -> CacheNode:
    """Return an ElastiCache node type.

    Raises:
        UnknownNameError: the catalogue does not hold it.
    """
    return _pick(_cache(), name, "cache node type")


def cache_nodes() -> tuple[CacheNode, ...]:
    """Return all ElastiCache node types, by name."""
    return tuple(_cache().values())


def search_node(name: str) -> SearchNode:
    """Return an OpenSearch node type.

    Raises:
        UnknownNameError: the catalogue does not hold it.
    """
    return _pick(_search(), name, "OpenSearch node type")


def search_nodes() -> tuple[SearchNode, ...]:
    """Return all OpenSearch node types, by name."""
    return tuple(_search().values())


def price(item: str, region: str) -> Figure | None:
    """Return the list price of an item ("ebs.gp3.gib_month"), None where the region's is unknown.

    Raises:
        UnknownNameError: no such item, in any region.
    """
    return _pick(_prices(), item, "priced item").get(region)


def price_items() -> tuple[str, ...]:
    """Return the names that `price` knows, sorted."""
    return tuple(_prices())


def llm_price(name: str) -> LlmPrice:
    """Return an external model's price.

    Raises:
        UnknownNameError: the catalogue does not hold it.
    """
    return _pick(_llm(), name, "model")


def llm_prices() -> tuple[LlmPrice, ...]:
    """Return all external models, by name."""
    return tuple(_llm().values())


def eks_support(version: str) -> EksSupport | None:
    """Return when a Kubernetes minor ("1.35") leaves support on EKS, None where unknown."""
    return _eks().get(version)


def regions(cloud: Cloud) -> tuple[str, ...]:
    """Return the regions of which the catalogue knows zones, sorted."""
    return tuple(_zones()[cloud])


def region_zone_ids(cloud: Cloud, region: str) -> tuple[str, ...]:
    """Return the zones (zone ids on AWS, letters' full names on GCP) seen in a region.

    Raises:
        UnknownNameError: no zone of the region is known.
    """
    return _pick(_zones()[cloud], region, f"{cloud} region")


def control_plane_refused_zone_ids() -> tuple[str, ...]:
    """Return the AWS zone ids where EKS takes no control-plane subnet (cloud rule 3)."""
    return tuple(_table("zones")["control_plane_refused"])


def _pick(table: Mapping[str, T], name: str, what: str) -> T:
    try:
        return table[name]
    except KeyError:
        near = get_close_matches(name, table, n=NEAREST) or sorted(table)[:NEAREST]
        raise UnknownNameError(
            f"{what} {name!r} is not in the catalogue; near it: {', '.join(near)}"
        ) from None


def _table(name: str) -> dict[str, Any]:
    text = (DATA / f"{name}.json").read_text(encoding="utf-8")
    table: dict[str, Any] = json.loads(text)
    return table


def _rows(name: str) -> Iterable[dict[str, Any]]:
    rows: list[dict[str, Any]] = _table(name)["rows"]
    return sorted(rows, key=lambda row: str(row.get("name", row.get("item"))))


def _memory(row: dict[str, Any]) -> int:
    return int(row.pop("memory_gib") * GIB)


@cache
def _machines() -> dict[Cloud, dict[str, InstanceType]]:
    found: dict[Cloud, dict[str, InstanceType]] = {cloud: {} for cloud in Cloud}
    for row in _rows("instances"):
        cloud = Cloud(row.pop("cloud"))
        row["zones"] = {region: tuple(zones) for region, zones in row["zones"].items()}
        row["derived"], row["sold"] = tuple(row["derived"]), tuple(row["sold"])
        found[cloud][row["name"]] = InstanceType(cloud=cloud, memory_bytes=_memory(row), **row)
    return found


@cache
def _rds() -> dict[str, RdsClass]:
    found = {}
    for row in _rows("rds"):
        row["forms"] = tuple(PostgresForm(form) for form in row["forms"])
        row["derived"] = tuple(PostgresForm(form) for form in row["derived"])
        for field in ("prices", "rank"):
            row[field] = {PostgresForm(form): value for form, value in row[field].items()}
        row["sold"] = tuple(row["sold"])
        found[row["name"]] = RdsClass(memory_bytes=_memory(row), **row)
    return found


@cache
def _cache() -> dict[str, CacheNode]:
    found = {}
    for row in _rows("cache"):
        row["sold"] = tuple(row["sold"])
        found[row["name"]] = CacheNode(memory_bytes=_memory(row), **row)
    return found


@cache
def _search() -> dict[str, SearchNode]:
    found = {}
    for row in _rows("search"):
        row["sold"] = tuple(row["sold"])
        found[row["name"]] = SearchNode(memory_bytes=_memory(row), **row)
    return found


@cache
def _prices() -> dict[str, dict[str, Figure | None]]:
    found: dict[str, dict[str, Figure | None]] = {}
    for row in _rows("prices"):
        known = row["value"] is not None
        found.setdefault(row["item"], {})[row["region"]] = (
            Figure(
                value=row["value"],
                unit=row["unit"],
                source=row["source"],
                date=row["date"],
                kind=Kind(row["kind"]),
            )
            if known
            else None
        )
    return found


@cache
def _llm() -> dict[str, LlmPrice]:
    return {row["name"]: LlmPrice(**row) for row in _rows("llm")}


@cache
def _eks() -> dict[str, EksSupport]:
    return {row["name"]: EksSupport(**row) for row in _rows("eks")}


@cache
def _zones() -> dict[Cloud, dict[str, tuple[str, ...]]]:
    table = _table("zones")
    return {
        cloud: {region: tuple(zones) for region, zones in sorted(table[cloud].items())}
        for cloud in Cloud
    }
